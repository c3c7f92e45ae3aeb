"""What subnets say of themselves beside the chain: the text of their pages, and their icons."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models

MOST_FAILURES, MOST_DOUBLINGS = 1000, 20


class ContextSourceQuerySet(models.QuerySet["ContextSource"]):
    def with_text(self) -> Self:
        return self.exclude(text="")


class Look(models.Model):
    """How the last look at something outside went, and from when the next may be taken (null: at once)."""

    class Status(models.TextChoices):
        FETCHED = "fetched"
        THIN = "thin", "fetched, with next to no text"
        ABSENT = "absent", "no address, or nothing there"
        REFUSED = "refused", "not fetched, by rule"
        FAILED = "failed"

    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ABSENT)
    reason = models.CharField(max_length=300, blank=True)
    tried_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def is_due(self, now: datetime) -> bool:
        return self.next_try_at is None or self.next_try_at <= now

    def note_look(self, status: str, reason: str, *, at: datetime, failed: bool) -> None:
        self.status, self.reason, self.tried_at = self.Status(status), reason[:300], at
        self.failures = min(self.failures + 1, MOST_FAILURES) if failed else 0

    def pause(self, first: timedelta, longest: timedelta) -> timedelta:
        """Until the next look after a failed one: twice as long each time in a row."""
        return min(first * (1 << min(self.failures - 1, MOST_DOUBLINGS)), longest)


LOOK_FIELDS = tuple(field.name for field in Look._meta.fields)


class ContextSource(Look):
    """The newest good text of one source of one subnet. A failed look changes `status` and `reason`, never the text."""

    class Kind(models.TextChoices):
        WEBSITE = "website"
        META = "meta", "website's own description"
        README = "readme", "README"
        ISSUES = "issues", "GitHub issues"
        IDENTITY = "identity", "identity on the chain"

    subnet = models.ForeignKey("subnets.Subnet", on_delete=models.CASCADE, related_name="context_sources")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    address = models.CharField(max_length=500, blank=True, help_text="As it was asked for.")
    final_address = models.CharField(max_length=500, blank=True, help_text="Where redirects led.")
    text = models.TextField(blank=True, help_text="Cleaned and cut; empty where there has never been any.")
    digest = models.CharField(max_length=32, blank=True, help_text="Of the text.")
    hidden_characters = models.PositiveIntegerField(default=0, help_text="Text that a visitor would not have seen.")
    fetched_at = models.DateTimeField(null=True, help_text="When the text was fetched.")

    objects = ContextSourceQuerySet.as_manager()

    class Meta:
        ordering = ("subnet", "kind")
        constraints = (models.UniqueConstraint(fields=("subnet", "kind"), name="one_context_source_per_kind"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of subnet {self.subnet_id}: {self.get_status_display()}"


class SubnetIconQuerySet(models.QuerySet["SubnetIcon"]):
    def digests(self) -> dict[int, str]:
        """{subnet row: digest} of all that have an icon; one query, without the pictures."""
        return dict(self.exclude(digest="").values_list("subnet_id", "digest"))


class SubnetIcon(Look):
    """A subnet's icon as we serve it: decoded, scaled and encoded anew. A failed look never takes a good one away."""

    subnet = models.OneToOneField("subnets.Subnet", on_delete=models.CASCADE, primary_key=True, related_name="icon")
    content = models.BinaryField(blank=True, help_text="PNG; empty where there has never been one.")
    digest = models.CharField(max_length=16, blank=True, help_text="Of the content: part of its address.")
    address = models.CharField(max_length=500, blank=True)
    fetched_at = models.DateTimeField(null=True)

    objects = SubnetIconQuerySet.as_manager()

    def __str__(self) -> str:
        return f"icon of subnet {self.subnet_id}: {self.get_status_display()}"
