"""What questions cost: a line for each attempt before it is made, budgets that hold, tries that end."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import LazySettings

from enrichment import spending
from enrichment.llm import Answer, Question
from enrichment.models import LedgerEntry, ModelPrice
from enrichment.prices import price_of
from enrichment.replies import Outcome, Tokens
from enrichment.spending import AskedElsewhere, BudgetGone, NotServed, QuotaGone, at_most, paid
from subnets.models import Subnet
from taoanalytics.lib import clock
from tests.enrichment import acts
from tests.enrichment.asked import Asked, Behaviour, Sent
from tests.enrichment.test_llm import CANARY, a_question
from tests.enrichment.vendor import Vendor, a_vendor

pytestmark = pytest.mark.django_db
MODEL = "gpt-6-luna"
COST = Decimal("0.000305")  # of 1,500 plain and 500 cached input tokens and 300 output tokens


@pytest.fixture
def model(settings: LazySettings) -> Iterator[Vendor]:
    with a_vendor() as served:
        settings.LLM_ENABLED, settings.LLM_API_KEY, settings.LLM_BASE_URL = True, CANARY, served.url
        settings.LLM_API, settings.LLM_MODEL, settings.LLM_SCHEMA_DIALECT = "responses", MODEL, "json_schema"
        settings.LLM_REASONING_EFFORT, settings.LLM_TIMEOUT_SECONDS = "", 60.0
        settings.LLM_LONGEST_WAIT_SECONDS = 60.0
        settings.LLM_DAILY_BUDGET_USD, settings.LLM_MONTHLY_BUDGET_USD = 2.0, 20.0
        settings.LLM_ASSUMED_USD = []
        ModelPrice.objects.create(
            model=MODEL, valid_from="2026-01-01", input_usd="0.10", cached_usd="0.01", output_usd="0.50"
        )
        yield served


class Waits(list[float]):
    """Takes no time, and remembers."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def ask(model: Vendor, *behaviours: Behaviour, question: Question | None = None, waits: Waits | None = None) -> Answer:
    model.behave(*behaviours)
    return paid(question or a_question(), purpose="insight", pause=Waits() if waits is None else waits)


def outcomes() -> list[str]:
    return list(LedgerEntry.objects.order_by("pk").values_list("outcome", flat=True))


def test_an_answer_is_one_complete_line(model: Vendor) -> None:
    assert ask(model, acts.valid()).outcome is Outcome.OK
    line = LedgerEntry.objects.get()
    assert (line.outcome, line.purpose, line.attempt) == ("ok", "insight", 1)
    assert (line.model_asked, line.model_served) == (MODEL, f"{MODEL}-2026-10-01")
    assert (line.input_tokens, line.cached_tokens, line.output_tokens, line.reasoning_tokens) == (2_000, 500, 300, 100)
    assert (line.price_source, line.input_usd_per_million, line.cost_usd) == (
        "admin",
        Decimal("0.1"),
        Decimal("0.000305"),
    )
    assert line.worst_case_usd is not None
    assert line.worst_case_usd > line.cost_usd
    assert line.request_id == "req_loopback"
    assert model.url.endswith(f"{line.host}/v1")


def test_the_line_is_there_before_the_question_arrives(model: Vendor, transactional_db: None) -> None:
    seen: list[str] = []

    def look(asked: Asked) -> Sent:
        seen.extend(outcomes())
        return acts.valid()(asked)

    ask(model, look)
    assert seen == ["pending"]


@pytest.mark.parametrize(
    ("behaviour", "outcome", "attempts"),
    [
        (acts.bad_enum, "invalid", 2),
        (acts.malformed, "invalid", 2),
        (acts.truncated, "truncated", 2),
        (acts.refused, "refused", 1),
        (acts.filtered, "filtered", 1),
    ],
)
def test_useless_answers_are_billed_and_asked_for_again_only_where_it_may_help(
    model: Vendor, behaviour: Behaviour, outcome: str, attempts: int
) -> None:
    assert ask(model, behaviour).outcome == outcome
    assert outcomes() == [outcome] * attempts
    assert all(line.cost_usd == COST for line in LedgerEntry.objects.all())
    assert list(LedgerEntry.objects.order_by("pk").values_list("attempt", flat=True)) == [*range(1, attempts + 1)]


def test_a_cut_off_answer_gets_twice_the_room_and_an_invalid_one_the_same_question(model: Vendor) -> None:
    ask(model, acts.truncated, acts.bad_enum, acts.valid())
    assert outcomes() == ["truncated", "invalid", "ok"]
    assert [asked.most_tokens for asked in model.asked] == [1500, 3000, 3000]
    assert model.asked[1].material == model.asked[2].material
    assert len({asked.key for asked in model.asked}) == 3  # or the service might send what it sent before


def test_a_stumbling_service_is_asked_three_times_with_the_same_key(model: Vendor) -> None:
    waits = Waits()
    assert ask(model, acts.broken, acts.html, acts.valid(), waits=waits).outcome is Outcome.OK
    assert outcomes() == ["failed", "failed", "ok"]
    assert waits == [1.0, 2.0]
    assert len({asked.key for asked in model.asked}) == 1
    assert ask(model, acts.broken).outcome is Outcome.FAILED
    assert len(model.asked) == 6


def test_what_may_have_been_billed_stays_unknown_and_counts_at_its_most(model: Vendor) -> None:
    ask(model, acts.broken)
    assert all(line.cost_usd is None and line.input_tokens is None for line in LedgerEntry.objects.all())
    assert LedgerEntry.objects.all().charged_usd() == sum(
        line.worst_case_usd or 0 for line in LedgerEntry.objects.all()
    )


def test_a_rate_limit_is_waited_for_as_told_if_bearable_and_costs_nothing(model: Vendor) -> None:
    waits = Waits()
    assert ask(model, acts.rate_limited("7"), acts.valid(), waits=waits).outcome is Outcome.OK
    assert waits == [7.0]
    assert LedgerEntry.objects.earliest("pk").cost_usd == 0
    assert ask(model, acts.rate_limited("3600"), waits=waits).outcome is Outcome.RATE_LIMITED
    assert waits == [7.0]


def test_a_gone_quota_stops_everything_at_the_first_answer_and_is_remembered(model: Vendor) -> None:
    with pytest.raises(QuotaGone, match="exceeded your current quota"):
        ask(model, acts.quota_gone)
    assert outcomes() == ["quota gone"]
    assert "used up" in spending.halted()
    LedgerEntry.objects.update(asked_at=clock.now() - timedelta(hours=2))
    assert spending.halted() == ""


def test_a_refused_key_stops_everything_and_is_never_repeated(model: Vendor) -> None:
    with pytest.raises(NotServed) as stop:
        ask(model, acts.refuses_key)
    assert CANARY not in str(stop.value)
    assert CANARY not in LedgerEntry.objects.get().detail


def test_no_question_goes_out_that_could_overdraw_the_day(model: Vendor, settings: LazySettings) -> None:
    settings.LLM_DAILY_BUDGET_USD = 0.0031
    answered = 0

    def spend() -> None:
        nonlocal answered
        while answered < 20:
            answered += ask(model, acts.valid()).outcome is Outcome.OK

    with pytest.raises(BudgetGone, match=r"daily budget of \$0.0031 holds no further question"):
        spend()
    assert 1 <= answered == len(model.asked) == LedgerEntry.objects.count() < 20
    assert LedgerEntry.objects.all().charged_usd() <= Decimal("0.0031")


def test_the_month_is_held_too_and_yesterday_counts_in_it(model: Vendor, settings: LazySettings) -> None:
    settings.LLM_MONTHLY_BUDGET_USD = 0.01
    LedgerEntry.objects.create(purpose="insight", host="h", model_asked="m", cost_usd="0.0099")
    first_of_month = clock.start_of_day(clock.now().date().replace(day=1))
    LedgerEntry.objects.update(asked_at=first_of_month)
    with pytest.raises(BudgetGone, match="monthly"):
        ask(model, acts.valid())
    assert model.asked == []


def test_a_line_left_pending_by_a_killed_process_counts_at_its_most(model: Vendor, settings: LazySettings) -> None:
    settings.LLM_DAILY_BUDGET_USD = 0.01
    LedgerEntry.objects.create(purpose="classify", host="h", model_asked="m", worst_case_usd="0.0099")
    with pytest.raises(BudgetGone):
        ask(model, acts.valid())


def test_a_model_without_a_price_is_not_asked_unless_something_is_assumed(
    model: Vendor, settings: LazySettings
) -> None:
    question = a_question(model="gpt-unheard-of")
    with pytest.raises(BudgetGone, match=r"price of gpt-unheard-of .* is unknown"):
        ask(model, acts.valid(), question=question)
    assert (model.asked, LedgerEntry.objects.count()) == ([], 0)
    settings.LLM_ASSUMED_USD = [2.5, 10.0]
    assert ask(model, acts.valid(), question=question).outcome is Outcome.OK
    line = LedgerEntry.objects.get()
    assert (line.price_source, line.cost_usd) == ("unknown", None)
    assert line.worst_case_usd == Decimal("0.008")  # 2,000 input and 300 output tokens at what is assumed


def test_the_same_subnet_is_not_asked_about_twice_at_once(model: Vendor) -> None:
    subnet = Subnet.objects.create(netuid=1, registered_at_block=1)
    elsewhere = {"purpose": "classify", "subnet": subnet, "host": "h", "model_asked": MODEL, "asked_by": "other:1"}
    LedgerEntry.objects.create(**elsewhere)
    with pytest.raises(AskedElsewhere):
        paid(a_question(), purpose="classify", subnet=subnet)
    assert (model.asked, LedgerEntry.objects.count()) == ([], 1)
    LedgerEntry.objects.update(asked_at=clock.now() - timedelta(minutes=5))  # its time is long over
    assert paid(a_question(), purpose="classify", subnet=subnet).outcome is Outcome.OK


def test_the_price_of_staff_goes_before_the_list_and_the_most_exact_one_first() -> None:
    today = clock.now().date()
    listed = price_of("gpt-6-luna", host="api.openai.com", on=today)
    assert listed is not None
    assert (listed.source, listed.input, listed.cached, listed.output) == (
        "genai-prices", Decimal("0.1"), Decimal("0.01"), Decimal("0.5"),
    )  # fmt: skip
    assert price_of("gpt-6-luna", host="models.example", on=today) is None
    plain = {"output_usd": "1", "cached_usd": None}
    ModelPrice.objects.create(model="gpt-6", valid_from=today, input_usd="9", **plain)
    ModelPrice.objects.create(model="gpt-6-luna", valid_from=today - timedelta(days=9), input_usd="3", **plain)
    ModelPrice.objects.create(model="gpt-6-luna", valid_from=today, input_usd="4", multiplier="0.5", **plain)
    ModelPrice.objects.create(model="gpt-6-luna", valid_from=today + timedelta(days=1), input_usd="5", **plain)
    ours = price_of("gpt-6-luna-2026-10-01", host="api.openai.com", on=today)
    assert ours is not None
    assert (ours.source, ours.input, ours.cached, ours.output) == ("admin", 2, 2, Decimal("0.5"))


def test_cached_and_written_tokens_have_prices_of_their_own() -> None:
    price = price_of("gpt-6-luna", host="api.openai.com", on=clock.now().date())
    assert price is not None
    spent = price.of(Tokens(input=1_000_000, cached=400_000, cache_write=200_000, output=100_000))
    assert spent == Decimal("0.4") * Decimal("0.1") + Decimal("0.4") * Decimal("0.01") + Decimal("0.2") * Decimal(
        "0.125"
    ) + Decimal("0.1") * Decimal("0.5")


def test_a_budget_may_be_spent_to_the_last_and_is_new_at_midnight(
    model: Vendor, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    last_second = datetime(2026, 5, 6, 23, 59, 59, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: last_second)
    settings.LLM_DAILY_BUDGET_USD = float(at_most(a_question()) or 0)
    assert ask(model, acts.valid()).outcome is Outcome.OK
    with pytest.raises(BudgetGone, match="at midnight UTC"):
        ask(model, acts.valid())
    monkeypatch.setattr(clock, "now", lambda: last_second + timedelta(seconds=1))
    assert ask(model, acts.valid()).outcome is Outcome.OK
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    "counted",
    ["NaN", "-5", "Infinity", "true", '"12"', "2.5", "null", "[]", "1e400", "99999999999999999999"],
)
def test_a_usage_that_is_no_count_is_unknown_and_never_nothing(model: Vendor, counted: str) -> None:
    def says(asked: Asked) -> Sent:
        sent = acts.valid()(asked)
        return replace(sent, body=re.sub(rb'("output_tokens": ?)\d+', rb"\g<1>" + counted.encode(), sent.body))

    assert ask(model, says).outcome is Outcome.OK
    line = LedgerEntry.objects.get()
    assert (line.cost_usd, line.input_tokens, line.output_tokens) == (None, None, None)
    assert LedgerEntry.objects.all().charged_usd() == line.worst_case_usd


@pytest.mark.parametrize(("cached", "kept"), [("-4", 0), ("NaN", 0), ("999999", 2_000), ('"all"', 0)])
def test_a_part_of_the_usage_that_cannot_be_is_brought_within_the_whole(model: Vendor, cached: str, kept: int) -> None:
    def says(asked: Asked) -> Sent:
        sent = acts.valid()(asked)
        return replace(sent, body=re.sub(rb'("cached_tokens": ?)\d+', rb"\g<1>" + cached.encode(), sent.body))

    ask(model, says)
    line = LedgerEntry.objects.get()
    assert (line.input_tokens, line.cached_tokens) == (2_000, kept)
    assert line.cost_usd
    assert line.cost_usd > 0
