"""Fewer points of a series without hiding its extremes, and holes that stay holes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from statistics import median

Point = tuple[datetime, float | None]

LONGEST_STEP = timedelta(hours=36)
_STEPS_TO_A_GAP = 2.5
_VALUE = itemgetter(1)


def thinned(points: Sequence[Point], limit: int) -> list[Point]:
    """At most `limit` of `points`, in order: the first, the last, and each stretch's lowest and highest in between.

    Every point returned is one that was given. Unknown values are kept only where a whole stretch is unknown.
    Raises ValueError for a limit under 4.
    """
    if limit < 4:
        raise ValueError("a series cannot be thinned to fewer than 4 points")
    if len(points) <= limit:
        return list(points)
    inner, stretches = points[1:-1], (limit - 2) // 2
    kept = [points[0]]
    for i in range(stretches):
        kept += _extremes(inner[len(inner) * i // stretches : len(inner) * (i + 1) // stretches])
    return [*kept, points[-1]]


def _extremes(stretch: Sequence[Point]) -> list[Point]:
    known = [point for point in stretch if point[1] is not None]
    if not known:
        return list(stretch[:1])
    lowest, highest = min(known, key=_VALUE), max(known, key=_VALUE)
    return [lowest] if lowest is highest else sorted((lowest, highest))


def gaps(times: Sequence[datetime], longest_step: timedelta = LONGEST_STEP) -> list[tuple[datetime, datetime]]:
    """(last before, first after) of each hole: longer than 2.5 times the median step and than `longest_step`."""
    steps = [b - a for a, b in pairwise(times)]
    if not steps or max(steps) <= longest_step:
        return []
    usual = timedelta(seconds=median(step.total_seconds() for step in steps))
    bound = max(longest_step, usual * _STEPS_TO_A_GAP)
    return [(a, b) for a, b in pairwise(times) if b - a > bound]


def broken_at(points: Sequence[Point], holes: Sequence[tuple[datetime, datetime]]) -> list[Point]:
    """`points`, in order, with an unknown one in the middle of each hole, so that no line is drawn across it."""
    if not holes:
        return list(points)
    middles: list[Point] = [(a + (b - a) / 2, None) for a, b in holes]
    return sorted([*points, *middles], key=lambda point: point[0])
