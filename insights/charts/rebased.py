"""Prices of several subnets from one common start, which is 100 for each of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

START = 100.0

Points = Sequence[tuple[datetime, float | None]]


def common_start(series: Mapping[int, Points]) -> datetime | None:
    """The first time at which all of them have a price above zero; None if there is no such time."""
    times = [{at for at, price in points if price} for points in series.values()]
    shared = set.intersection(*times) if times else set()
    return min(shared, default=None)


def rebased(series: Mapping[int, Points], start: datetime) -> dict[int, list[tuple[datetime, float | None]]]:
    """Each price in percent of its own at `start`, from there on; unknown stays unknown."""
    found = {}
    for key, points in series.items():
        at_start = dict(points)[start]
        if not at_start:
            raise ValueError(f"there is no price of {key} at {start}")
        found[key] = [(at, None if p is None else START * (p / at_start)) for at, p in points if at >= start]
    return found
