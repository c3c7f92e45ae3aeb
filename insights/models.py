"""What was judged of each observation, and how it was explained."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models

from taoanalytics.lib import clock


class ScoreRow(models.Model):
    """One score of one observation. Its parts are not stored: they follow from the metrics of the same snapshot."""

    snapshot = models.ForeignKey("subnets.SubnetSnapshot", on_delete=models.CASCADE, related_name="scores")
    version = models.CharField(max_length=32)
    value = models.FloatField(null=True, help_text="0 to 100; null where `reason` says why there is none.")
    shown = models.FloatField(null=True, help_text="As shown: the exact sum of the parts as shown.")
    level = models.PositiveSmallIntegerField(null=True, help_text="Of a signal: 1 to 5.")
    coverage = models.FloatField(help_text="Share of the declared weight whose inputs were known.")
    reason = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(null=True)
    ranked = models.PositiveSmallIntegerField(null=True, help_text="How many were ranked.")
    best_rank = models.PositiveSmallIntegerField(null=True, help_text="With the weights given some play.")
    worst_rank = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("snapshot", "version"), name="one_score_per_version"),)

    def __str__(self) -> str:
        return f"{self.version} of snapshot {self.snapshot_id}: {self.shown}"


class InsightQuerySet(models.QuerySet["Insight"]):
    def newest_of(self, subnets: Iterable[int], at: datetime | None = None) -> "dict[int, Insight]":
        """{subnet row: its newest explanation}, or the newest that had been made by `at`. One query."""
        made = self.filter(subnet__in=subnets)
        if at is not None:
            made = made.filter(made_at__lte=at)
        newest = made.filter(subnet=models.OuterRef("subnet")).order_by("-made_at", "-pk").values("pk")[:1]
        return {each.subnet_id: each for each in made.filter(pk=models.Subquery(newest))}


class Insight(models.Model):
    """An explanation of the computed signal of one subnet, with all that it was made from. Append-only."""

    class Kind(models.TextChoices):
        MODEL = "model", "written by a language model"
        TEMPLATE = "template", "composed from the figures"

    class Outcome(models.TextChoices):
        """What became of the question to a model."""

        ACCEPTED = "accepted"
        REJECTED = "rejected", "answered, and its text may not be shown"
        UNANSWERED = "unanswered", "asked, no usable answer"
        NOT_ASKED = "not asked"

    subnet = models.ForeignKey("subnets.Subnet", on_delete=models.CASCADE, related_name="insights")
    block = models.PositiveBigIntegerField(
        help_text="Of the snapshot that was read, which may have been thinned since."
    )
    observed_at = models.DateTimeField(help_text="When its figures were true.")
    level = models.PositiveSmallIntegerField(null=True, help_text="The computed signal that it explains.")
    input_hash = models.CharField(max_length=32, help_text="Of the figures, as far as they count as moved.")
    inputs = models.JSONField(help_text="All that it was made from, and all that a model was shown.")
    text = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    reason = models.CharField(max_length=200, blank=True, help_text="Why the text is not a model's, for everyone.")
    detail = models.CharField(max_length=1000, blank=True, help_text="The same with all that is known, for staff.")
    refused_text = models.TextField(blank=True, help_text="What a model wrote and may not be shown, for staff.")
    model_served = models.CharField(max_length=128, blank=True)
    prompt_version = models.CharField(max_length=32)
    ledger_entry = models.ForeignKey(
        "enrichment.LedgerEntry", on_delete=models.SET_NULL, null=True, related_name="insights"
    )
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, help_text="Empty: made by the schedule."
    )

    objects = InsightQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = (models.Index(fields=("subnet", "-made_at"), name="insight_subnet_made_at"),)

    def __str__(self) -> str:
        return f"signal {self.level or 'none'} of subnet {self.subnet_id}, explained {self.made_at:%Y-%m-%d %H:%M}"
