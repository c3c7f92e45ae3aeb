"""Centre, spread and what lies far outside: of the known values of one column."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev

from insights.statistics.ranks import is_known, known

NORMAL_MAD = 0.6745
"""Median absolute deviation of a normal distribution in standard deviations."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What one column looks like, in its own unit. `sd` is the sample's (n − 1), None for one value."""

    count: int
    mean: float
    median: float
    sd: float | None
    lowest: float
    highest: float


def summary(values: Sequence[float | None]) -> Summary | None:
    """None where nothing is known."""
    present = known(values)
    if not present:
        return None
    return Summary(
        count=len(present),
        mean=fmean(present),
        median=median(present),
        sd=stdev(present) if len(present) > 1 else None,
        lowest=min(present),
        highest=max(present),
    )


def quantile(values: Sequence[float | None], share: float) -> float | None:
    """The value below which `share` (0 to 1) of the known values lie, interpolated linearly between neighbours."""
    if not 0 <= share <= 1:
        raise ValueError(f"A quantile's share lies between 0 and 1, not at {share}")
    present = sorted(known(values))
    if not present:
        return None
    position = share * (len(present) - 1)
    below = math.floor(position)
    above = min(below + 1, len(present) - 1)
    return present[below] + (position - below) * (present[above] - present[below])


def winsorised(values: Sequence[float | None], tail: float = 0.01) -> list[float | None]:
    """The values with both tails (shares of the known ones) pulled in to their quantile; unknown stays unknown."""
    low, high = quantile(values, tail), quantile(values, 1 - tail)
    if low is None or high is None:
        return [None] * len(values)
    return [min(max(value, low), high) if is_known(value) else None for value in values]


def z_scores(values: Sequence[float | None], *, whole_population: bool = False) -> list[float | None]:
    """(value − mean) ÷ standard deviation: the sample's (n − 1), or the population's (n). No spread: all unknown."""
    present = known(values)
    if len(present) < 2 or min(present) == max(present):
        return [None] * len(values)
    mean = fmean(present)
    freedom = len(present) if whole_population else len(present) - 1
    deviation = math.hypot(*(value - mean for value in present)) / math.sqrt(freedom)
    if deviation == 0:
        return [None] * len(values)
    return [(value - mean) / deviation if is_known(value) else None for value in values]


def robust_z(values: Sequence[float | None], min_count: int = 8) -> list[float | None]:
    """0.6745 × (value − median) ÷ median absolute deviation: a z-score that outliers cannot hide from.

    All unknown below `min_count` values, or where more than half of them are equal (no deviation to divide by).
    """
    present = known(values)
    if len(present) < min_count:
        return [None] * len(values)
    centre = median(present)
    deviation = median(abs(value - centre) for value in present)
    if deviation == 0:
        return [None] * len(values)
    return [NORMAL_MAD * (value - centre) / deviation if is_known(value) else None for value in values]


def mad_outliers(values: Sequence[float | None], beyond: float = 3.5, min_count: int = 8) -> list[int]:
    """Positions whose |robust z| exceeds `beyond`, farthest first. 3.5: Iglewicz and Hoaglin, 1993."""
    distances = [(abs(z), position) for position, z in enumerate(robust_z(values, min_count)) if z is not None]
    return [position for z, position in sorted(distances, key=lambda pair: -pair[0]) if z > beyond]
