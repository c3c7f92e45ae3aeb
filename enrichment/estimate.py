"""What it would cost to ask the model anew about every subnet that it has classified."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from enrichment import llm
from enrichment.material import Material
from enrichment.models import EnrichmentRun, LedgerEntry
from enrichment.models.runs import ANSWERED
from enrichment.pipeline import Pipeline
from enrichment.prices import Price, price_of
from subnets.models import NetworkSnapshot
from taoanalytics.lib import clock

LOOKED_BACK = timedelta(days=90)
_BYTES_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of asking about `subnets`: US dollars for each (None: unknown), and what that rests on, in words."""

    subnets: int
    usd_each: Decimal | None
    basis: str

    @property
    def usd(self) -> Decimal | None:
        return None if self.usd_each is None else self.subnets * self.usd_each

    def __str__(self) -> str:
        if self.usd is None:
            return f"{self.subnets:,} subnets, at an unknown cost: {self.basis}"
        cents = 2 if self.usd >= 1 else 4
        return f"{self.subnets:,} subnets, about ${self.usd:,.{cents}f}: {self.basis}"


def of_asking_anew() -> Estimate:
    """Five queries at most."""
    subnets = _answered()
    usd, count = _average()
    if usd is not None:
        days = LOOKED_BACK.days
        return Estimate(subnets, usd, f"${usd:.5f} each, the mean of {count:,} classifications in the last {days} days")
    price = price_of(settings.LLM_MODEL, host=llm.host(), on=clock.now().date())
    counted = price or Price.assumed()
    if counted is None:
        return Estimate(subnets, None, f"the price of {settings.LLM_MODEL} is unknown and none is assumed")
    source = "at the listed price" if price else "at the assumed price"
    each = counted.at_most(_tokens(), settings.LLM_MAX_OUTPUT_TOKENS)
    return Estimate(subnets, each, f"${each:.5f} each, for long texts and a long answer {source}")


def _answered() -> int:
    network = NetworkSnapshot.objects.newest_complete()
    if network is None:
        return 0
    of_living = EnrichmentRun.objects.by_model().filter(subnet__snapshots__network=network)
    return of_living.filter(outcome__in=ANSWERED).values("subnet").distinct().count()


def _average() -> tuple[Decimal | None, int]:
    """(US dollars of one classification, second tries and second opinions in it, how many there were)"""
    attempts = LedgerEntry.objects.classifying().since(clock.now() - LOOKED_BACK).filter(cost_usd__gt=0)
    count = attempts.filter(purpose=LedgerEntry.Purpose.CLASSIFY, outcome=LedgerEntry.Outcome.OK).count()
    spent = attempts.aggregate(usd=Sum("cost_usd"))["usd"]
    return (Decimal(spent) / count, count) if spent and count else (None, 0)


def _tokens() -> int:
    """Of a question with texts as long as the settings send."""
    question = Pipeline.current().question(Material(0, ""), model=settings.LLM_MODEL, turn="")
    told = len(question.instructions) + len(str(question.schema))
    return (told + settings.CONTEXT_WEBSITE_CHARACTERS + settings.CONTEXT_README_CHARACTERS) // _BYTES_PER_TOKEN
