"""Where each row stands in one figure: its percentile in the network and in its category."""

from collections.abc import Mapping, Sequence
from math import isfinite

from insights.board import Board, Row
from insights.numbers import whole_percentile
from insights.selection import slug_of
from insights.statistics import is_known, percentile_among
from subnets.models import Category
from taoanalytics.lib.metric import Metric

Place = tuple[int | None, int | None]
"""(in the network, in the category); None is unknown, unclassified, or none to compare with."""


def places_of(rows: Sequence[Row], metric: Metric) -> Mapping[int, Place]:
    """{netuid: its place} among all of `rows`, turned so that better is higher."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        if row.category:
            members.setdefault(slug_of(row.category), []).append(row)
    network = _percentiles(rows, metric)
    within = {netuid: whole for group in members.values() for netuid, whole in _percentiles(group, metric).items()}
    return {row.netuid: (network.get(row.netuid), within.get(row.netuid)) for row in rows}


def percentile_of(metric: Metric, value: float | None, now: Board, category: Category | None = None) -> int | None:
    """The whole percentile of a value that is on the board, in the network or in one category of it.

    None if there is none to compare with.
    """
    if value is None:
        return None
    ascending = now.once(("ascending", metric.key, category), lambda: _ascending(_company(now, category), metric))
    if len(ascending) < 2:
        return None
    return whole_percentile(percentile_among(ascending, value, metric.better))


def _company(now: Board, category: Category | None) -> Sequence[Row]:
    return now.rows if category is None else [row for row in now.rows if row.category == category]


def _percentiles(rows: Sequence[Row], metric: Metric) -> dict[int, int]:
    ascending = _ascending(rows, metric)
    if len(ascending) < 2:
        return {}
    values = ((row.netuid, row.amount(metric)) for row in rows)
    return {
        netuid: whole_percentile(percentile_among(ascending, value, metric.better))
        for netuid, value in values
        if is_known(value)
    }


def _ascending(rows: Sequence[Row], metric: Metric) -> list[float]:
    key = metric.key
    values = [value for row in rows if (value := row.figures.get(key)) is not None]
    return sorted(map(float, filter(isfinite, values)))
