"""The cash desk: no question goes to a model but through here, and each attempt is a line in the ledger.

The line is written, with the most that the attempt can cost, before the question goes out, and completed when the
answer is back. A process that is killed in between leaves it pending, and the budgets go on counting it at its most.
"""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from enrichment import llm
from enrichment.llm import Answer, Question
from enrichment.models import LedgerEntry
from enrichment.prices import Price, price_of
from enrichment.replies import Outcome, Tokens
from subnets.models import Subnet
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.models import first_of_month
from taoanalytics.lib import clock
from taoanalytics.lib.processes import is_alive

Purpose = LedgerEntry.Purpose
MOST_TRIES = 3  # of one question, where the service stumbles
FIRST_PAUSE_SECONDS = 1.0
QUOTA_STANDS = timedelta(hours=1)
_GRACE_SECONDS = 30.0


class Stop(Permanent):
    """No further question will be answered today or until somebody mends something; the text says what."""


class BudgetGone(Stop):
    """The next attempt could cost more than is left of a budget."""


class Unpriced(BudgetGone):
    """Nobody knows what the model costs, and the settings assume nothing: no budget could hold it."""


class QuotaGone(Stop):
    """The account at the service is used up."""


class NotServed(Stop):
    """The service takes no question at all with this key, address or model."""


class AskedElsewhere(Permanent):
    """Another process is asking the same of the same subnet just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A question, what it is for, and how often it went out without a usable answer."""

    question: Question
    purpose: str
    subnet: Subnet | None = None
    attempt: int = 1
    stumbles: int = 0
    doubled: bool = False
    repeated: bool = False


def paid(
    question: Question,
    *,
    purpose: str,
    subnet: Subnet | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Answer:
    """Ask until there is an answer, or none is to be had within the rules. Call it outside any transaction.

    Raises Stop (BudgetGone, Unpriced, QuotaGone, NotServed) or AskedElsewhere; the ledger is complete then too.
    """
    order = Order(question=question, purpose=purpose, subnet=subnet)
    while True:
        entry = reserve(order)
        answer = llm.ask(order.question)
        settle(entry, answer)
        if stop := stopped_by(answer):
            raise stop
        following = again(order, answer)
        if following is None:
            return answer
        order, wait = following
        pause(wait)


def reserve(order: Order) -> LedgerEntry:
    """The line of an attempt that is about to be made. Raises BudgetGone or AskedElsewhere: then make it not.

    Written first and judged afterwards: of two processes that would overdraw together each sees the line of the other.
    """
    at, question = clock.now(), order.question
    price = price_of(question.model, host=llm.host(), on=at.date())
    counted = price or Price.assumed()
    if counted is None:
        raise Unpriced(
            f"The price of {question.model} at {llm.host()} is unknown, so no budget can hold it. "
            "Add a model price in the admin, or set LLM_ASSUMED_USD."
        )
    with transaction.atomic(durable=True):
        entry = LedgerEntry.objects.create(
            asked_at=at,
            purpose=order.purpose,
            subnet=order.subnet,
            attempt=order.attempt,
            host=llm.host()[:253],
            model_asked=question.model[:128],
            asked_by=_this_process(),
            worst_case_usd=counted.at_most(question.most_input_tokens, question.most_tokens),
            **_unit_prices(price),
        )
    if reason := _overdraws(entry):
        _withdraw(entry)
        raise BudgetGone(reason)
    if _rival(entry):
        _withdraw(entry)
        raise AskedElsewhere("another process is asking just now")
    return entry


def settle(entry: LedgerEntry, answer: Answer) -> None:
    """Complete the line of an attempt. Tokens are billed however useless the answer is."""
    tokens, price = answer.tokens, _price_in(entry)
    entry.outcome, entry.detail = LedgerEntry.Outcome(answer.outcome), answer.detail[:300]
    entry.model_served, entry.request_id = answer.model_served, answer.request_id
    entry.latency_ms = answer.latency_ms
    if tokens is not None:
        entry.input_tokens, entry.cached_tokens, entry.cache_write_tokens = (
            tokens.input,
            tokens.cached,
            tokens.cache_write,
        )
        entry.output_tokens, entry.reasoning_tokens = tokens.output, tokens.reasoning
        entry.cost_usd = Decimal(0) if tokens == Tokens() else price.of(tokens) if price else None
        if entry.cost_usd is None and (assumed := Price.assumed()):
            entry.worst_case_usd = assumed.of(tokens)
    entry.save()


def stopped_by(answer: Answer) -> Stop | None:
    """What an answer says about all questions to come."""
    if not answer.hopeless:
        return None
    kind = QuotaGone if answer.outcome == Outcome.QUOTA_GONE else NotServed
    return kind(answer.detail or "the service takes no questions")


def again(order: Order, answer: Answer) -> tuple[Order, float] | None:
    """The order to place next and the seconds until then; None where this answer stands.

    Cut off: once more with twice the room. Not to the schema: once more, the same. A stumble of the service: as it asks
    or a little later, while that is bearable. Refused or filtered: never, for a model's no is an answer.
    """
    following = replace(order, attempt=order.attempt + 1)
    question = order.question
    if answer.outcome is Outcome.TRUNCATED and not order.doubled:
        return replace(following, doubled=True, question=_roomier(question)), 0.0
    if answer.outcome is Outcome.INVALID and not order.repeated:
        anew = replace(question, turn=f"{question.turn}+")
        return replace(following, repeated=True, question=anew), 0.0
    if not answer.heals or order.stumbles + 1 >= MOST_TRIES:
        return None
    longest = settings.LLM_LONGEST_WAIT_SECONDS
    if answer.retry_after is not None and answer.retry_after > longest:
        return None
    own = min(FIRST_PAUSE_SECONDS * 2**order.stumbles, longest)
    wait = own if answer.retry_after is None else answer.retry_after
    return replace(following, stumbles=order.stumbles + 1), wait


def at_most(question: Question) -> Decimal | None:
    """The most that one attempt at a question can cost, in US dollars; None where no price is known or assumed."""
    price = price_of(question.model, host=llm.host(), on=clock.now().date()) or Price.assumed()
    return price.at_most(question.most_input_tokens, question.most_tokens) if price else None


def halted() -> str:
    """Why tasks that come by themselves had better not ask: the account was found used up within the hour; or ""."""
    found = (
        LedgerEntry.objects.since(clock.now() - QUOTA_STANDS)
        .filter(outcome=LedgerEntry.Outcome.QUOTA_GONE, host=llm.host())
        .first()
    )
    if found is None:
        return ""
    return f"the account at {found.host} was found used up at {found.asked_at:%H:%M} UTC; it is asked again in an hour"


def _roomier(question: Question) -> Question:
    return replace(question, most_tokens=question.most_tokens * 2)


def _overdraws(entry: LedgerEntry) -> str:
    """Which budget the line would overdraw, in words; "" for none. The line itself is counted by now."""
    day = clock.start_of_day(entry.asked_at.date())
    month = clock.start_of_day(first_of_month(entry.asked_at))
    for name, since, budget, renews in (
        ("daily", day, settings.LLM_DAILY_BUDGET_USD, "at midnight UTC"),
        ("monthly", month, settings.LLM_MONTHLY_BUDGET_USD, "with the month"),
    ):
        charged = LedgerEntry.objects.since(since).charged_usd()
        if charged > Decimal(str(budget)):
            spent = charged - (entry.worst_case_usd or 0)
            return (
                f"The {name} budget of ${budget:,g} holds no further question: ${spent:,.4f} are spent or promised, "
                f"and the next may cost ${entry.worst_case_usd:,.4f}. It renews {renews}."
            )
    return ""


def _rival(entry: LedgerEntry) -> bool:
    """Whether another process that lives asks the same; one that was killed left its line pending.

    Of two that ask in the same instant both step back: better asked tomorrow than paid twice.
    """
    if entry.subnet_id is None:
        return False
    patience = timedelta(seconds=settings.LLM_TIMEOUT_SECONDS + _GRACE_SECONDS)
    others = (
        LedgerEntry.objects.pending()
        .since(entry.asked_at - patience)
        .filter(subnet=entry.subnet_id, purpose=entry.purpose)
        .exclude(asked_by=entry.asked_by)
    )
    return any(_may_live(asked_by) for asked_by in others.values_list("asked_by", flat=True))


def _may_live(asked_by: str) -> bool:
    """Of a process elsewhere nothing is known, so it does until its time is over."""
    machine, _, process = asked_by.rpartition(":")
    return machine != socket.gethostname() or not process.isdecimal() or is_alive(int(process))


def _withdraw(entry: LedgerEntry) -> None:
    """A line for an attempt that was not made is no attempt."""
    LedgerEntry.objects.filter(pk=entry.pk).delete()


def _this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[-255:]


def _unit_prices(price: Price | None) -> dict[str, Any]:
    """Copied into the line, so that a price that changes later changes no past."""
    if price is None:
        return {}
    return {
        "price_source": price.source,
        "input_usd_per_million": price.input,
        "cached_usd_per_million": price.cached,
        "cache_write_usd_per_million": price.cache_write,
        "output_usd_per_million": price.output,
    }


def _price_in(entry: LedgerEntry) -> Price | None:
    into, out = entry.input_usd_per_million, entry.output_usd_per_million
    if into is None or out is None:
        return None
    cached, written = entry.cached_usd_per_million, entry.cache_write_usd_per_million
    return Price(
        source=entry.price_source,
        input=into,
        cached=into if cached is None else cached,
        cache_write=into if written is None else written,
        output=out,
    )
