"""How good the classifications were found to be, each time that somebody measured."""

from typing import Self

from django.db import models

from taoanalytics.lib import clock


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def newest(self) -> "Evaluation | None":
        """The newest that had labels to compare with."""
        return self.labelled().order_by("-at", "-pk").first()

    def labelled(self) -> Self:
        return self.filter(labelled__gt=0)


class Evaluation(models.Model):
    """Figures of one measurement, as `enrichment.report` makes them. Append-only."""

    at = models.DateTimeField(default=clock.now)
    labels = models.CharField(max_length=300, help_text="Whose word the answers were compared with.")
    labelled = models.PositiveIntegerField(help_text="How many subnets had a label.")
    figures = models.JSONField(help_text="See enrichment.report.measured.")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.labelled} labelled subnets at {self.at:%Y-%m-%d %H:%M}"
