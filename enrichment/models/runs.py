"""Each time that a subnet was classified, with all that it took to come to the answer."""

from typing import Self

from django.db import models

from taoanalytics.lib import clock

LOW_CONFIDENCE = 60
"""A run below it deserves a stronger model's opinion, and a person's look."""


class EnrichmentRunQuerySet(models.QuerySet["EnrichmentRun"]):
    def accepted(self) -> Self:
        return self.filter(accepted=True)

    def by_model(self) -> Self:
        return self.filter(method=EnrichmentRun.Method.MODEL)

    def by_rules(self) -> Self:
        return self.filter(method=EnrichmentRun.Method.RULES)


class EnrichmentRun(models.Model):
    """One classification of one subnet, by a language model or by rules. Append-only."""

    class Method(models.TextChoices):
        MODEL = "model", "language model"
        RULES = "rules"

    class Outcome(models.TextChoices):
        OK = "ok"
        ABSTAINED = "abstained", "abstained: too little to go by"
        INVALID = "invalid", "the answer broke the schema"
        TRUNCATED = "truncated", "the answer was cut off"
        REFUSED = "refused", "the model refused"
        FILTERED = "filtered", "the service filtered it"
        FAILED = "failed", "no answer"

    subnet = models.ForeignKey("subnets.Subnet", on_delete=models.CASCADE, related_name="enrichment_runs")
    method = models.CharField(max_length=8, choices=Method.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    detail = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    context_hash = models.CharField(max_length=32, help_text="Of the texts that were read.")
    pipeline_hash = models.CharField(max_length=32, help_text="Of prompt, schema, categories, model and rules.")
    context = models.TextField(blank=True, help_text="The numbered lines that were read, one `W012 text` per line.")
    context_tokens = models.PositiveIntegerField(default=0, help_text="Characters of the texts divided by four.")
    thin = models.BooleanField(default=False, help_text="Too little text to be called context.")

    category = models.ForeignKey("subnets.Category", on_delete=models.SET_NULL, null=True, related_name="+")
    payload = models.JSONField(default=dict, help_text="Validated answer by field.")
    evidence = models.JSONField(default=list, help_text="[{field, source, line, quote, verified}]")
    provenance = models.JSONField(default=dict, help_text="{field: context, model or mixed}")
    confidence = models.PositiveSmallIntegerField(null=True, help_text="0 to 100, computed by us.")
    confidence_parts = models.JSONField(default=dict, help_text="{part: points}, and the caps that held.")
    flags = models.JSONField(default=list, help_text="Signs of injected instructions, by name.")
    rules_top = models.JSONField(default=list, help_text="[[category slug, score]] that the rules found, best first.")
    accepted = models.BooleanField(default=False, help_text="Good enough to be published.")

    model_asked = models.CharField(max_length=128, blank=True)
    model_served = models.CharField(max_length=128, blank=True)

    objects = EnrichmentRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=("subnet", "method", "-started_at"), name="run_subnet_method_at"),)

    def __str__(self) -> str:
        return f"{self.get_method_display()} on subnet {self.subnet_id} at {self.started_at:%Y-%m-%d %H:%M}"


ANSWERED = (EnrichmentRun.Outcome.OK, EnrichmentRun.Outcome.ABSTAINED)
"""Outcomes of a run that says what its texts amount to."""
