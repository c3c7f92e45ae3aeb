"""What is published of a subnet, field by field, and what people corrected of it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery

from taoanalytics.lib import clock


class Field(models.TextChoices):
    """What staff can correct, beside the category, whose record is `subnets.CategoryAssignment`."""

    TAGLINE = "tagline"
    WHAT_IT_DOES = "what_it_does", "what it does"
    PRIMARY_USE = "primary_use", "primary use"
    KEY_FEATURES = "key_features", "key features"
    TAGS = "tags"
    PRIVACY = "privacy", "is about privacy or security"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def in_force(self) -> Self:
        """The newest of each subnet and field, unless it hands the field back."""
        newest = self.model._default_manager.filter(subnet=OuterRef("subnet"), field=OuterRef("field"))
        return self.filter(pk=Subquery(newest.order_by("-at", "-pk").values("pk")[:1]), released=False)


class Correction(models.Model):
    """A person's word on one field, which no run writes over until it is released. Append-only."""

    subnet = models.ForeignKey("subnets.Subnet", on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=16, choices=Field.choices)
    value = models.JSONField(null=True)
    released = models.BooleanField(default=False, help_text="Hands the field back to the runs.")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=clock.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("subnet", "field", "-at"), name="correction_subnet_field_at"),)

    def __str__(self) -> str:
        return f"{self.field} of subnet {self.subnet_id} by {self.by or 'someone who left'}"


class Profile(models.Model):
    """What the site says a subnet does. Written by `enrichment.publish` alone, from corrections and accepted runs."""

    class Source(models.TextChoices):
        """Where a field comes from."""

        CURATED = "curated", "curated by staff"
        MODEL = "model", "written by a language model"
        QUOTED = "quoted", "the subnet's own words"
        RULES = "rules", "keyword rules"

    subnet = models.OneToOneField("subnets.Subnet", on_delete=models.CASCADE, primary_key=True, related_name="profile")
    tagline = models.CharField(max_length=160, blank=True)
    what_it_does = models.TextField(blank=True)
    primary_use = models.CharField(max_length=240, blank=True)
    key_features = models.JSONField(default=list, help_text="Short phrases.")
    tags = models.JSONField(default=list, help_text="At most six, in kebab case.")
    privacy = models.BooleanField(null=True, help_text="Is about privacy or security; null is unknown.")
    sources = models.JSONField(default=dict, help_text="{field: one of Source}; no entry, nothing published.")
    confidence = models.PositiveSmallIntegerField(null=True, help_text="Of the run that was published, 0 to 100.")
    provenance = models.JSONField(default=dict, help_text="{field: context, model or mixed} of the run.")
    evidence = models.JSONField(default=list, help_text="[{field, source, line, quote}], verified ones only.")
    quoted_from = models.CharField(max_length=16, blank=True, help_text="Kind of the source that a tagline quotes.")
    flagged = models.BooleanField(default=False, help_text="Its texts try to instruct the reader.")
    run = models.ForeignKey("enrichment.EnrichmentRun", on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.tagline or f"profile of subnet {self.subnet_id}"

    @property
    def level(self) -> str:
        """Confidence in a word, for no more can be said before it is calibrated; empty where it is unknown."""
        if self.confidence is None:
            return ""
        return "high" if self.confidence >= 80 else "medium" if self.confidence >= 60 else "low"

    def source_of(self, field: str) -> str:
        known: dict[str, Any] = self.sources
        return str(Profile.Source(known[field]).label) if field in known else ""
