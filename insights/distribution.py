"""How one metric is spread over the living subnets."""

from collections.abc import Sequence
from dataclasses import dataclass

from insights.board import Row
from insights.selection import ordered
from insights.statistics import quantile
from taoanalytics.lib.metric import Metric

ENDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Distribution:
    """Of the `known` of `total` subnets, in the metric's unit; quartiles are interpolated between neighbours."""

    total: int
    values: Sequence[float]
    lowest: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    highest: float | None
    top: Sequence[Row]
    bottom: Sequence[Row]

    @property
    def known(self) -> int:
        return len(self.values)

    @property
    def unknown(self) -> int:
        return self.total - self.known

    @property
    def spread(self) -> list[tuple[str, float]]:
        """(name, value) of the five numbers, lowest first; empty where nothing is known."""
        five = (self.lowest, self.lower_quartile, self.median, self.upper_quartile, self.highest)
        names = ("Lowest", "Lower quartile", "Median", "Upper quartile", "Highest")
        return [(name, value) for name, value in zip(names, five, strict=True) if value is not None]


def distribution(metric: Metric, rows: Sequence[Row]) -> Distribution:
    """The five highest and the five lowest by size, whatever is better; no subnet stands at both ends."""
    holders = [row for row in rows if row.amount(metric) is not None]
    values = [value for row in holders if (value := row.amount(metric)) is not None]
    falling = ordered(holders, metric.key, descending=True)
    ends = min(ENDS_SHOWN, len(falling) // 2)
    return Distribution(
        total=len(rows),
        values=values,
        lowest=min(values, default=None),
        lower_quartile=quantile(values, 0.25),
        median=quantile(values, 0.5),
        upper_quartile=quantile(values, 0.75),
        highest=max(values, default=None),
        top=falling[:ends],
        bottom=falling[len(falling) - ends :][::-1],
    )
