"""What was calculated from each observation: one typed column per declared metric."""

from collections.abc import Mapping

from django.db import models

from subnets.metrics import METRICS
from subnets.models.snapshots import SubnetSnapshot
from taoanalytics.lib.metric import Metric, Unit

_WHOLE = {Unit.COUNT, Unit.RANK, Unit.BLOCKS}


class SubnetMetrics(models.Model):
    """Every metric of one observation; null is unknown. Rebuilt from the facts by `recompute_metrics`.

    Its columns are the declarations' keys, so a metric that is declared is stored and one that is not cannot be.
    """

    snapshot = models.OneToOneField(SubnetSnapshot, on_delete=models.CASCADE, primary_key=True, related_name="metrics")

    class Meta:
        verbose_name_plural = "subnet metrics"

    def __str__(self) -> str:
        return f"metrics of snapshot {self.snapshot_id}"

    @property
    def values(self) -> Mapping[str, float | int | None]:
        """{key: value} of all metrics."""
        return {key: getattr(self, key) for key in METRIC_COLUMNS}


def _column(
    metric: Metric,
) -> "models.BigIntegerField[int | None, int | None] | models.FloatField[float | None, float | None]":
    kind = models.BigIntegerField if metric.unit in _WHOLE else models.FloatField
    return kind(metric.heading, null=True, help_text=metric.about)


METRIC_COLUMNS = tuple(metric.key for metric in METRICS)
for _metric in METRICS:
    SubnetMetrics.add_to_class(_metric.key, _column(_metric))
