"""Ranks and percentiles in which ties share their place and an unknown value has none."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeGuard

from taoanalytics.lib.metric import Better


def is_known(value: float | None) -> TypeGuard[float]:
    """Whether it is a number to reckon with: None, NaN and the infinities are not."""
    return value is not None and math.isfinite(value)


def known(values: Iterable[float | None]) -> list[float]:
    """The known values in their order."""
    return [value for value in values if is_known(value)]


def midranks(values: Sequence[float | None]) -> list[float | None]:
    """Ranks from 1 (smallest) to n (largest) among the known values; equal values share the mean of their ranks."""
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for rank, value in enumerate(sorted(known(values)), start=1):
        first.setdefault(value, rank)
        last[value] = rank
    return [(first[value] + last[value]) / 2 if is_known(value) else None for value in values]


def percentiles(values: Sequence[float | None], better: Better = Better.HIGHER) -> list[float | None]:
    """100 × (midrank − ½) ÷ n among the known values: above 0 and below 100, 50 on average, ties share.

    The best value has the highest percentile: the largest, or the smallest where LOWER is better.
    """
    ranks = midranks(values)
    count = len(ranks) - ranks.count(None)
    if better is Better.LOWER:
        ranks = [None if rank is None else count + 1 - rank for rank in ranks]
    return [None if rank is None else 100 * (rank - 0.5) / count for rank in ranks]


def percentile_among(ascending: Sequence[float], value: float, better: Better = Better.HIGHER) -> float:
    """The same percentile of one value among known values in ascending order, which hold it."""
    share = 50 * (bisect_left(ascending, value) + bisect_right(ascending, value)) / len(ascending)
    return 100 - share if better is Better.LOWER else share


def places(values: Sequence[float | None]) -> list[int | None]:
    """1 for the largest value, as in a league table: equal values share the better place."""
    descending = sorted(known(values), reverse=True)
    first: dict[float, int] = {}
    for place, value in enumerate(descending, start=1):
        first.setdefault(value, place)
    return [first[value] if is_known(value) else None for value in values]
