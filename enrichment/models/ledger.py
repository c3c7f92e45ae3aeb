"""What was asked of a language model, and what it cost."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Sum
from django.db.models.functions import Coalesce

from taoanalytics.lib import clock


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def since(self, when: datetime) -> Self:
        return self.filter(asked_at__gte=when)

    def classifying(self) -> Self:
        """Attempts at a classification, second opinions among them."""
        return self.filter(purpose__in=(LedgerEntry.Purpose.CLASSIFY, LedgerEntry.Purpose.ESCALATE))

    def pending(self) -> Self:
        return self.filter(outcome=LedgerEntry.Outcome.PENDING)

    def charged_usd(self) -> Decimal:
        """What a budget counts: the cost where it is known, else the most that the call can have cost."""
        total = self.aggregate(total=Sum(Coalesce("cost_usd", "worst_case_usd")))["total"]
        return Decimal(total or 0)


class LedgerEntry(models.Model):
    """One attempt to ask a model. Written before it goes out, completed when it is back; unknown stays null."""

    class Purpose(models.TextChoices):
        CLASSIFY = "classify"
        ESCALATE = "escalate", "classify again, by the stronger model"
        INSIGHT = "insight"

    class Outcome(models.TextChoices):
        PENDING = "pending", "asked, no answer recorded"
        OK = "ok"
        INVALID = "invalid", "the answer broke the schema"
        TRUNCATED = "truncated"
        REFUSED = "refused"
        FILTERED = "filtered"
        RATE_LIMITED = "rate limited"
        QUOTA_GONE = "quota gone", "the account's quota is used up"
        TIMEOUT = "timeout"
        FAILED = "failed"

    asked_at = models.DateTimeField(default=clock.now)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    subnet = models.ForeignKey("subnets.Subnet", on_delete=models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey("enrichment.EnrichmentRun", on_delete=models.SET_NULL, null=True, related_name="attempts")
    attempt = models.PositiveSmallIntegerField(default=1)
    host = models.CharField(max_length=253)
    model_asked = models.CharField(max_length=128)
    model_served = models.CharField(max_length=128, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.PENDING)
    detail = models.CharField(max_length=300, blank=True)
    input_tokens = models.PositiveIntegerField(null=True)
    cached_tokens = models.PositiveIntegerField(null=True, help_text="Part of the input tokens.")
    cache_write_tokens = models.PositiveIntegerField(null=True, help_text="Part of the input tokens, billed dearer.")
    output_tokens = models.PositiveIntegerField(null=True)
    reasoning_tokens = models.PositiveIntegerField(null=True, help_text="Part of the output tokens.")
    price_source = models.CharField(max_length=32, default="unknown", help_text="admin, genai-prices or unknown.")
    input_usd_per_million = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    cached_usd_per_million = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    cache_write_usd_per_million = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    output_usd_per_million = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    worst_case_usd = models.DecimalField(
        max_digits=14,
        decimal_places=8,
        null=True,
        help_text="The most that it can have cost, at an assumed price where none is known.",
    )
    cost_usd = models.DecimalField(max_digits=14, decimal_places=8, null=True, help_text="Null is unknown, never 0.")
    latency_ms = models.PositiveIntegerField(null=True)
    asked_by = models.CharField(max_length=255, blank=True, help_text="Machine and process.")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        verbose_name_plural = "ledger entries"
        indexes = (models.Index(fields=("-asked_at",), name="ledger_asked_at"),)

    def __str__(self) -> str:
        return f"{self.purpose} by {self.model_asked} at {self.asked_at:%Y-%m-%d %H:%M}: {self.outcome}"


class ModelPrice(models.Model):
    """A price that staff know better than the price list: per million tokens, from a day on."""

    model = models.CharField(max_length=128, help_text="As the service calls it, or how its names begin.")
    host = models.CharField(max_length=253, blank=True, help_text="Empty: whichever host serves it.")
    valid_from = models.DateField()
    input_usd = models.DecimalField(max_digits=12, decimal_places=6)
    cached_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    output_usd = models.DecimalField(max_digits=12, decimal_places=6)
    multiplier = models.DecimalField(max_digits=6, decimal_places=4, default=Decimal(1), help_text="0.5 for a batch.")

    class Meta:
        ordering = ("model", "-valid_from")

    def __str__(self) -> str:
        return f"{self.model} from {self.valid_from}"
