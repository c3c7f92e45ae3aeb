"""The logbook: which job ran when, with what outcome, and which generation of data the pages show."""

from datetime import UTC, date, datetime, timedelta
from typing import Self

from django.db import connection, models
from django.db.models import F, Q

from taoanalytics.lib import clock

LOST_AFTER = timedelta(seconds=60)


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def running(self) -> Self:
        return self.filter(finished_at__isnull=True)


class JobRun(models.Model):
    """One run of one job. While it is unfinished it is also the lock that keeps a second run out."""

    class State(models.TextChoices):
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        PARTIAL = "partial"
        FAILED = "failed"
        INTERRUPTED = "interrupted"
        LOST = "lost", "lost (its process is gone)"

    job = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(default=clock.now)
    heartbeat_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    seen = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    error = models.TextField(blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("job",), condition=Q(finished_at__isnull=True), name="one_unfinished_run_per_job"
            ),
        )
        indexes = (models.Index(fields=("job", "-started_at"), name="jobrun_job_started"),)

    def __str__(self) -> str:
        return f"{self.job} {self.started_at:%Y-%m-%d %H:%M:%S} {self.state}"

    @property
    def duration(self) -> timedelta | None:
        return None if self.finished_at is None else self.finished_at - self.started_at


class GenerationManager(models.Manager["Generation"]):
    def current(self) -> int:
        """The number that every cached page carries; it changes only when newly published data does.

        In plain SQL, for every request asks: to have the question put into SQL would be half the cost of a kept page.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM jobs_generation WHERE id = 1")
            row = cursor.fetchone()
        return int(row[0]) if row else 0

    def bump(self) -> None:
        """Call inside the publishing transaction, so that no page of the new generation shows old data."""
        if not self.filter(pk=1).update(number=F("number") + 1, bumped_at=clock.now()):
            self.create(pk=1, number=1)


class Generation(models.Model):
    """A single row: the generation of published data."""

    number = models.PositiveBigIntegerField(default=0)
    bumped_at = models.DateTimeField(default=clock.now)

    objects = GenerationManager()

    def __str__(self) -> str:
        return f"generation {self.number}"


class ApiQuotaQuerySet(models.QuerySet["ApiQuota"]):
    def of_month(self, source: str, at: datetime) -> "ApiQuota":
        """The row of the month that `at` lies in, made if need be. A burst of calls goes on over the month's end."""
        month = first_of_month(at)
        row = self.filter(source=source, month=month).first()
        if row is not None:
            return row
        before = self.filter(source=source, month__lt=month).order_by("-month").first()
        burst = {"burst_calls": before.burst_calls, "last_call_at": before.last_call_at} if before else {}
        return self.get_or_create(source=source, month=month, defaults=burst)[0]


class ApiQuota(models.Model):
    """What one outside service was asked in one calendar month, UTC. Counted before each call, in `jobs.quota`."""

    source = models.CharField(max_length=32)
    month = models.DateField(help_text="The first day of the month, UTC.")
    calls = models.PositiveIntegerField(default=0, help_text="Calls made, or granted and not made.")
    reused = models.PositiveIntegerField(default=0, help_text="Times a kept reply was used in place of a call.")
    burst_calls = models.PositiveIntegerField(default=0, help_text="Calls since there was last a minute without one.")
    last_call_at = models.DateTimeField(null=True)

    objects = ApiQuotaQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "source")
        constraints = (models.UniqueConstraint(fields=("source", "month"), name="one_quota_row_per_month"),)

    def __str__(self) -> str:
        return f"{self.source} in {self.month:%B %Y}"


def first_of_month(at: datetime) -> date:
    return at.astimezone(UTC).date().replace(day=1)
