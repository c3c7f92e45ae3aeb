"""The real SDK against a vendor on loopback: each way that an answer can go, and what is kept of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from enrichment import llm
from enrichment.classification import SCHEMA_NAME, read, wire_schema
from enrichment.llm import Answer, Question
from enrichment.models import LedgerEntry
from enrichment.replies import Outcome, Tokens
from tests.enrichment import acts
from tests.enrichment.asked import CHAT, RESPONSES, Asked, Behaviour
from tests.enrichment.vendor import ANSWERED_BY, Vendor, a_vendor, objections

SLUGS = ["llm-inference", "finance-trading"]
CANARY = "sk-canary-7f3a9c51e0b84d26"
USED = Tokens(input=2_000, cached=500, output=300, reasoning=100)


@pytest.fixture(params=["responses", "chat"])
def model(request: pytest.FixtureRequest, settings: Any) -> Iterator[Vendor]:
    with a_vendor() as served:
        settings.LLM_ENABLED, settings.LLM_API_KEY = True, CANARY
        settings.LLM_BASE_URL, settings.LLM_API = served.url, request.param
        settings.LLM_MODEL, settings.LLM_TIMEOUT_SECONDS = "gpt-6-luna", 60.0
        settings.LLM_SCHEMA_DIALECT, settings.LLM_REASONING_EFFORT = "json_schema", ""
        yield served
        assert served.objections == []


def a_question(**fields: Any) -> Question:
    plain: dict[str, Any] = {
        "instructions": "Classify.",
        "text": "k7Q2·W001| Miners serve answers from open language models.",
        "name": SCHEMA_NAME,
        "schema": wire_schema(SLUGS),
        "read": lambda text: read(text, SLUGS),
        "model": "gpt-6-luna",
        "most_tokens": 1500,
    }
    return Question(**plain | fields)


def asked(model: Vendor, behaviour: Behaviour, **fields: Any) -> Answer:
    model.behave(behaviour)
    return llm.ask(a_question(**fields))


def test_a_valid_answer_comes_with_value_tokens_served_model_and_request_id(model: Vendor) -> None:
    answer = asked(model, acts.valid())
    assert (answer.outcome, answer.detail) == (Outcome.OK, "")
    assert answer.value.category == "llm-inference"
    assert answer.value.evidence[0].line == "W001"
    assert answer.tokens == USED
    assert (answer.model_served, answer.request_id) == ("gpt-6-luna-2026-10-01", "req_loopback")


@pytest.mark.parametrize(
    ("behaviour", "outcome", "tokens"),
    [
        (acts.bad_enum, Outcome.INVALID, USED),
        (acts.malformed, Outcome.INVALID, USED),
        (acts.writes("I would say it is about finance."), Outcome.INVALID, USED),
        (acts.writes(""), Outcome.INVALID, USED),
        (acts.truncated, Outcome.TRUNCATED, USED),
        (acts.refused, Outcome.REFUSED, USED),
        (acts.filtered, Outcome.FILTERED, USED),
        (acts.rate_limited("7"), Outcome.RATE_LIMITED, Tokens()),
        (acts.quota_gone, Outcome.QUOTA_GONE, Tokens()),
        (acts.refuses_key, Outcome.FAILED, Tokens()),
        (acts.unknown_model, Outcome.FAILED, Tokens()),
        (acts.redirects, Outcome.FAILED, Tokens()),
        (acts.broken, Outcome.FAILED, None),
        (acts.html, Outcome.FAILED, None),
        (acts.cut_json, Outcome.FAILED, None),
        (acts.empty, Outcome.FAILED, None),
        (acts.without_usage, Outcome.OK, None),
    ],
)
def test_each_way_to_answer_has_its_outcome_and_its_tokens(
    model: Vendor, behaviour: Behaviour, outcome: Outcome, tokens: Tokens | None
) -> None:
    answer = asked(model, behaviour)
    assert (answer.outcome, answer.tokens) == (outcome, tokens)
    assert (answer.value is None) == (outcome is not Outcome.OK)
    assert CANARY not in repr(answer)
    assert len(model.asked) == 1  # whoever asks again does so knowingly


def test_a_slow_vendor_is_given_up_after_the_time_for_one_answer(model: Vendor, settings: Any) -> None:
    settings.LLM_TIMEOUT_SECONDS = 0.2
    answer = asked(model, acts.slow)
    assert (answer.outcome, answer.tokens, answer.heals) == (Outcome.TIMEOUT, None, True)


def test_where_nobody_listens_nothing_was_asked_and_nothing_is_billed(model: Vendor, settings: Any) -> None:
    settings.LLM_BASE_URL = "http://127.0.0.1:9/v1"
    answer = asked(model, acts.valid())
    assert (answer.outcome, answer.tokens, answer.heals) == (Outcome.FAILED, Tokens(), True)
    assert answer.detail == "127.0.0.1:9 could not be reached"


def test_only_a_gone_quota_a_refused_key_and_an_unknown_model_are_hopeless(model: Vendor) -> None:
    hopeless = [asked(model, act).hopeless for act in (acts.quota_gone, acts.refuses_key, acts.unknown_model)]
    bearable = [asked(model, act).hopeless for act in (acts.rate_limited(), acts.broken, acts.refused, acts.valid())]
    assert all(hopeless)
    assert not any(bearable)


def test_retry_after_is_told_in_seconds_where_it_is_a_number(model: Vendor) -> None:
    assert asked(model, acts.rate_limited("7")).retry_after == 7.0
    assert asked(model, acts.rate_limited()).retry_after is None
    assert asked(model, acts.rate_limited("soon")).retry_after is None
    assert asked(model, acts.rate_limited("nan")).retry_after is None


def test_nothing_of_the_machine_goes_out_but_what_the_question_needs(
    model: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "authorization: Bearer stolen\nX-Spy: 1")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-elsewhere")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    asked(model, acts.valid())
    headers = model.asked[0].headers
    assert headers["authorization"] == f"Bearer {CANARY}"
    assert not {"x-spy", "openai-organization", "x-stainless-os"} & set(headers)


def test_the_body_holds_rules_and_material_apart_and_asks_not_to_be_kept(model: Vendor) -> None:
    asked(model, acts.valid())
    body = model.asked[0].body
    assert "temperature" not in body
    if model.asked[0].path == RESPONSES:
        assert (body["instructions"], body["store"], body["max_output_tokens"]) == ("Classify.", False, 1500)
        assert "reasoning" not in body
        assert body["text"]["format"]["strict"] is True
    else:
        assert [message["role"] for message in body["messages"]] == ["system", "user"]
        assert (body["max_tokens"], "max_completion_tokens" in body) == (1500, False)
        assert body["response_format"]["json_schema"]["strict"] is True


@pytest.mark.parametrize("dialect", ["json_schema", "json_object_schema", "json_object"])
def test_each_dialect_makes_its_own_body(model: Vendor, settings: Any, dialect: str) -> None:
    settings.LLM_SCHEMA_DIALECT, settings.LLM_REASONING_EFFORT = dialect, "low"
    assert asked(model, acts.valid()).outcome is Outcome.OK
    body = json.dumps(model.asked[0].body)
    assert ("It fits this JSON schema" in body) == (dialect == "json_object")
    assert ('"type": "json_object"' in body) == (dialect != "json_schema")
    assert '"low"' in body


def test_the_same_question_has_the_same_key_and_a_question_put_anew_has_another(model: Vendor) -> None:
    for turn in ("", "", "1"):
        asked(model, acts.valid(), turn=turn)
    first, second, third = (each.key for each in model.asked)
    assert first == second != third


def test_reasoning_or_a_fence_around_the_object_does_no_harm(model: Vendor) -> None:
    said = f"<think>hm</think>\n```json\n{json.dumps(acts.classified())}\n```"
    assert asked(model, acts.writes(said)).value.category == "llm-inference"


def test_what_this_vendor_answers_fits_the_document_of_the_real_one() -> None:
    for path, make in ((RESPONSES, acts.response_body), (CHAT, acts.chat_body)):
        question = Asked(path, {}, {"model": "gpt-6-luna"})
        found = objections(ANSWERED_BY[path], make(question, "{}"))
        assert found == []


def test_the_document_would_object_to_a_wrong_body() -> None:
    assert objections("CreateResponse", {"model": 7, "input": "x"})
    assert objections("CreateChatCompletionRequest", {"model": "m", "messages": [{"role": "boss"}]})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"LLM_ENABLED": False, "LLM_API_KEY": ""}, "LLM_API_KEY is not set"),
        ({"LLM_ENABLED": False}, "LLM_ENABLED is off"),
        ({"LLM_BASE_URL": "http://models.example/v1"}, "not an https:// address"),
        ({"LLM_BASE_URL": "https://u:p@models.example/v1"}, "holds a login"),
        ({"LLM_BASE_URL": "https://api.openai.com/v1", "LLM_API_KEY": ""}, "LLM_API_KEY is not set"),
        ({"LLM_API_KEY": "sk-ключ"}, "characters that no key has"),
        ({"LLM_MODEL": ""}, "LLM_MODEL is not set"),
    ],
)
def test_why_no_model_is_asked_is_said_in_words(settings: Any, changed: dict[str, Any], why: str) -> None:
    settings.LLM_ENABLED, settings.LLM_API_KEY = True, CANARY
    settings.LLM_BASE_URL, settings.LLM_MODEL = "https://models.example/v1", "some-model"
    assert llm.available() == ""
    for name, value in changed.items():
        setattr(settings, name, value)
    assert why in llm.available()
    answer = llm.ask(a_question())
    assert (answer.outcome, answer.hopeless, answer.tokens) == (Outcome.FAILED, True, Tokens())
    assert CANARY not in answer.detail


def test_the_ledger_knows_each_outcome_by_the_same_word() -> None:
    assert {*Outcome} | {"pending"} == {*LedgerEntry.Outcome.values}
