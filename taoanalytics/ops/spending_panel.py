"""What language models cost, for the System page: against the budgets, by model and purpose, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum

from enrichment import llm, spending
from enrichment.models import LedgerEntry
from taoanalytics.jobs.models import first_of_month
from taoanalytics.lib import clock

_MOST_FAILURES = 10
_UNKNOWN = Q(cost_usd__isnull=True)


@dataclass(frozen=True, slots=True)
class Span:
    """`charged` is what the budget counts: known costs, and the most that those of unknown cost can have been."""

    name: str
    charged: Decimal
    budget: float
    calls: int
    unknown: int

    @property
    def over(self) -> bool:
        return float(self.charged) >= self.budget


@dataclass(frozen=True, slots=True)
class Spending:
    """`no_model`: why no model is asked, or "". `halted`: why the schedule does not ask just now, or ""."""

    no_model: str
    halted: str
    spans: Sequence[Span]
    kinds: Sequence[dict[str, Any]]
    failures: Sequence[LedgerEntry]


def panel() -> Spending:
    """Seven queries."""
    today = clock.start_of_day(clock.now().date())
    month = clock.start_of_day(first_of_month(clock.now()))
    asked = LedgerEntry.objects.since(month)
    kinds: Any = (
        asked.order_by()
        .values("model_asked", "purpose")
        .annotate(
            calls=Count("pk"),
            unusable=Count("pk", filter=~Q(outcome=LedgerEntry.Outcome.OK)),
            unknown=Count("pk", filter=_UNKNOWN),
            tokens_in=Sum("input_tokens"),
            tokens_out=Sum("output_tokens"),
            usd=Sum("cost_usd"),
        )
        .order_by("model_asked", "purpose")
    )
    failures = LedgerEntry.objects.exclude(outcome=LedgerEntry.Outcome.OK).select_related("subnet__identity")
    return Spending(
        no_model=llm.available(),
        halted=spending.halted(),
        spans=[
            _span("today", today, settings.LLM_DAILY_BUDGET_USD),
            _span(f"{month:%B}", month, settings.LLM_MONTHLY_BUDGET_USD),
        ],
        kinds=list(kinds),
        failures=list(failures[:_MOST_FAILURES]),
    )


def _span(name: str, since: datetime, budget: float) -> Span:
    asked = LedgerEntry.objects.since(since)
    counts = asked.aggregate(calls=Count("pk"), unknown=Count("pk", filter=_UNKNOWN))
    return Span(name, asked.charged_usd(), budget, counts["calls"], counts["unknown"])
