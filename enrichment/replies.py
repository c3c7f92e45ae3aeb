"""The two ways to ask a model for an object, and what comes back: bodies in, plain values out. Pure: no I/O, no SDK.

A reply is read with suspicion, since compatible servers leave fields out, and every token it reports is kept even where
the answer is of no use: it is billed all the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from enrichment.prompts.classify import AS_JSON
from taoanalytics.lib.text import clean

RESPONSES, CHAT = "responses", "chat"
APIS = (RESPONSES, CHAT)
JSON_SCHEMA, JSON_OBJECT_SCHEMA, JSON_OBJECT = "json_schema", "json_object_schema", "json_object"
DIALECTS = (JSON_SCHEMA, JSON_OBJECT_SCHEMA, JSON_OBJECT)
_MOST_TOKENS = 10**9
_LONGEST_DETAIL = 200
_FILTERS = {"content_filter", "bio_policy", "misalignment_policy_violation"}


class Outcome(StrEnum):
    """How one attempt went; `LedgerEntry.Outcome` holds the same words."""

    OK = "ok"
    INVALID = "invalid"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    FILTERED = "filtered"
    RATE_LIMITED = "rate limited"
    QUOTA_GONE = "quota gone"
    TIMEOUT = "timeout"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tokens:
    """`cached` and `cache_write` are parts of `input`, `reasoning` is part of `output`."""

    input: int = 0
    cached: int = 0
    cache_write: int = 0
    output: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`text` is what the model wrote, where the outcome is OK. Tokens None: the service did not say."""

    outcome: Outcome
    text: str = ""
    detail: str = ""
    tokens: Tokens | None = None
    model_served: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a service wants to be asked."""

    api: str
    dialect: str
    effort: str = ""
    at_openai: bool = True


def body(
    form: Form, *, model: str, instructions: str, text: str, name: str, schema: Mapping[str, Any], most_tokens: int
) -> dict[str, Any]:
    """The request body of one question. Instructions and material travel apart; the temperature is the model's own."""
    if form.dialect == JSON_OBJECT:
        instructions += AS_JSON.format(schema=json.dumps(schema))
    make = _responses_body if form.api == RESPONSES else _chat_body
    return {"model": model, **make(form, instructions, text, _format(form, name, schema), most_tokens)}


def _format(form: Form, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    if form.dialect == JSON_OBJECT:
        return {"type": "json_object"}
    if form.dialect == JSON_OBJECT_SCHEMA:
        return {"type": "json_object", "schema": schema}
    described = {"name": name, "strict": True, "schema": schema}
    if form.api == RESPONSES:
        return {"type": "json_schema", **described}
    return {"type": "json_schema", "json_schema": described}


def _responses_body(form: Form, rules: str, text: str, wanted: dict[str, Any], most_tokens: int) -> dict[str, Any]:
    asked: dict[str, Any] = {"text": {"format": wanted}, "max_output_tokens": most_tokens, "store": False}
    if form.dialect == JSON_OBJECT:  # the service wants to find the word JSON in a message
        asked["input"] = [{"role": "developer", "content": rules}, {"role": "user", "content": text}]
    else:
        asked |= {"instructions": rules, "input": text}
    return asked | ({"reasoning": {"effort": form.effort}} if form.effort else {})


def _chat_body(form: Form, rules: str, text: str, wanted: dict[str, Any], most_tokens: int) -> dict[str, Any]:
    limit = {"max_completion_tokens": most_tokens, "store": False} if form.at_openai else {"max_tokens": most_tokens}
    messages = [{"role": "system", "content": rules}, {"role": "user", "content": text}]
    asked = {"messages": messages, "response_format": wanted, **limit}
    return asked | ({"reasoning_effort": form.effort} if form.effort else {})


def read_reply(text: str, api: str) -> Reply:
    """What a reply with status 200 amounts to. Never raises."""
    if not text.strip():
        return Reply(outcome=Outcome.FAILED, detail="an empty reply")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        kind = "HTML" if text.lstrip().startswith("<") else "broken or truncated JSON"
        return Reply(outcome=Outcome.FAILED, detail=f"{kind} in place of an answer")
    if not isinstance(value, Mapping):
        return Reply(outcome=Outcome.FAILED, detail="JSON that is no object in place of an answer")
    outcome, detail, wrote = (_read_responses if api == RESPONSES else _read_chat)(value)
    if outcome is Outcome.OK and not wrote.strip():
        outcome, detail = Outcome.INVALID, "the answer holds no text"
    return Reply(
        outcome=outcome,
        text=wrote if outcome is Outcome.OK else "",
        detail=clean(detail, _LONGEST_DETAIL),
        tokens=_tokens(value.get("usage")),
        model_served=clean(_text(value.get("model")), 128),
    )


def _read_responses(value: Mapping[str, Any]) -> tuple[Outcome, str, str]:
    status, error = _text(value.get("status")), _mapping(value.get("error"))
    if status == "incomplete":
        reason = _text(_mapping(value.get("incomplete_details")).get("reason"))
        if reason == "max_output_tokens":
            return Outcome.TRUNCATED, reason, ""
        return (Outcome.FILTERED if reason in _FILTERS else Outcome.FAILED), reason or status, ""
    if error or status != "completed":
        return _failure(error, status or "a reply without a status")
    parts = [
        _mapping(part)
        for item in map(_mapping, _list(value.get("output")))
        if item.get("type") == "message"
        for part in _list(item.get("content"))
    ]
    if any(part.get("type") == "refusal" for part in parts):
        return Outcome.REFUSED, "", ""
    return Outcome.OK, "", "".join(_text(part.get("text")) for part in parts if part.get("type") == "output_text")


def _read_chat(value: Mapping[str, Any]) -> tuple[Outcome, str, str]:
    if error := _mapping(value.get("error")):
        return _failure(error, "an error")
    choice = _mapping(next(iter(_list(value.get("choices"))), None))
    message, reason = _mapping(choice.get("message")), _text(choice.get("finish_reason"))
    if reason in ("length", "max_tokens"):
        return Outcome.TRUNCATED, reason, ""
    if reason in _FILTERS:
        return Outcome.FILTERED, reason, ""
    if message.get("refusal"):
        return Outcome.REFUSED, "", ""
    if not message:
        return Outcome.FAILED, "a reply without a choice", ""
    return Outcome.OK, "", _text(message.get("content"))


def _failure(error: Mapping[str, Any], otherwise: str) -> tuple[Outcome, str, str]:
    """Some services write an error into a reply of status 200."""
    code = str(error.get("code") or error.get("type") or "")
    if code in _FILTERS:
        return Outcome.FILTERED, code, ""
    if code in ("429", "rate_limit_exceeded"):
        return Outcome.RATE_LIMITED, code, ""
    return Outcome.FAILED, f"{code or otherwise}: {_text(error.get('message'))}".rstrip(": "), ""


def _tokens(usage: Any) -> Tokens | None:
    """Under either API's names; None unless both sums are there."""
    usage = _mapping(usage)
    asked = _count(usage.get("input_tokens", usage.get("prompt_tokens")))
    wrote = _count(usage.get("output_tokens", usage.get("completion_tokens")))
    if asked is None or wrote is None:
        return None
    of_input = _mapping(usage.get("input_tokens_details") or usage.get("prompt_tokens_details"))
    of_output = _mapping(usage.get("output_tokens_details") or usage.get("completion_tokens_details"))
    cached = min(_count(of_input.get("cached_tokens")) or 0, asked)
    written = min(_count(of_input.get("cache_write_tokens")) or 0, asked - cached)
    return Tokens(asked, cached, written, wrote, min(_count(of_output.get("reasoning_tokens")) or 0, wrote))


def _count(value: Any) -> int | None:
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS
    return value if usable else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
