"""Metrics over time: how what each tenant had adds up, and who stands foremost or moved furthest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum
from statistics import median

from insights.board import Row
from insights.membership import Membership
from insights.selection import UNCLASSIFIED, slug_of
from insights.statistics import is_known, known
from insights.traced import Step, Values
from subnets.models import Category
from taoanalytics.lib.metric import MONEY, Better, Metric, Unit

MOST_LINES = 5
_AMOUNTS = {*MONEY, Unit.COUNT}


class Aggregate(StrEnum):
    MEAN = "mean"
    MEDIAN = "median"
    SUM = "sum"


_ADDED_UP = {Unit.TAO, Unit.TAO_PER_DAY, Unit.TAO_PER_ALPHA}
_COUNTED_ONCE = {
    "neuron_count",
    "max_uids",
    "validator_count",
    "active_validator_count",
    "active_miner_count",
    "mechanism_count",
    "emission_share_pct",
}
_NEVER_ADDED_UP = {"high_60d_tao", "low_60d_tao", "registration_cost_tao"}


def aggregates_of(metric: Metric) -> tuple[Aggregate, ...]:
    """What may be made of many subnets' values. Alpha of different subnets is different money and has no sum."""
    added = metric.unit in _ADDED_UP and metric.key not in _NEVER_ADDED_UP
    every = (Aggregate.MEAN, Aggregate.MEDIAN)
    return (*every, Aggregate.SUM) if added or metric.key in _COUNTED_ONCE else every


_MADE: Mapping[Aggregate, Callable[[Sequence[float]], float]] = {
    Aggregate.MEAN: lambda values: fsum(values) / len(values),
    Aggregate.MEDIAN: median,
    Aggregate.SUM: fsum,
}


def aggregated(values: Iterable[float | None], how: Aggregate) -> float | None:
    """Of the known values; None where nothing is known."""
    present = known(values)
    return _MADE[how](present) if present else None


@dataclass(frozen=True, slots=True)
class Line:
    """One value per step: of the network, a category or a tenant. `counts` says of how many subnets each was made."""

    key: str
    name: str
    short: str
    values: Sequence[float | None]
    counts: Sequence[int] = field(repr=False)
    row: Row | None = None
    category: Category | None = None

    @property
    def last(self) -> float | None:
        return self.values[-1] if self.values else None

    @property
    def known(self) -> list[float]:
        return known(self.values)


def from_first_known(values: Values, steps: Sequence[Step]) -> Sequence[Step]:
    """`steps` without those before anything was known of any tenant; all of them where nothing ever was."""
    first = next((i for i, step in enumerate(steps) if known(values[step.network].values())), 0)
    return steps[first:]


def network_line(values: Values, steps: Sequence[Step], how: Aggregate) -> Line:
    columns = [known(list(values[step.network].values())) for step in steps]
    return _aggregate_line("network", "All subnets", "All", columns, how)


def category_lines(values: Values, steps: Sequence[Step], how: Aggregate, members: Membership) -> list[Line]:
    """One line per category of which something is known, the highest now first; a tenant counts where it then was."""
    kinds = {slug_of(kind): kind for kind in members.kinds}
    columns: dict[str, list[list[float]]] = {slug: [[] for _ in steps] for slug in (*kinds, UNCLASSIFIED)}
    for position, step in enumerate(steps):
        for tenant, value in values[step.network].items():
            if is_known(value):
                columns[slug_of(members.of(tenant, step.observed_at))][position].append(value)
    lines = []
    for slug in columns:
        kind = kinds.get(slug)
        name, code = (kind.name, kind.code) if kind else ("Unclassified", "UNC")
        lines.append(_aggregate_line(slug, name, code, columns[slug], how, kind))
    return sorted((line for line in lines if line.known), key=lambda line: (line.last is None, -(line.last or 0)))


def tenant_lines(values: Values, steps: Sequence[Step], rows: Iterable[Row]) -> list[Line]:
    """One line per chosen subnet, of its present tenant alone."""
    lines = []
    for row in rows:
        series = [values[step.network].get(row.snapshot.subnet_id) for step in steps]
        counts = [int(value is not None) for value in series]
        lines.append(Line(str(row.netuid), row.name, f"SN{row.netuid}", series, counts, row=row))
    return lines


def _aggregate_line(
    key: str,
    name: str,
    short: str,
    columns: Sequence[Sequence[float]],
    how: Aggregate,
    category: Category | None = None,
) -> Line:
    made = [aggregated(column, how) for column in columns]
    return Line(key, name, short, made, [len(column) for column in columns], category=category)


@dataclass(frozen=True, slots=True)
class Standing:
    """One living subnet now, and at the first step if the same tenant was there with a known value."""

    row: Row
    now: float
    before: float | None

    @property
    def difference(self) -> float | None:
        return None if self.before is None else self.now - self.before

    @property
    def change_pct(self) -> float | None:
        return None if not self.before or self.before < 0 else 100 * (self.now / self.before - 1)


def standings(values: Values, steps: Sequence[Step], rows: Iterable[Row]) -> list[Standing]:
    """Of those living subnets whose value is known now."""
    if not steps:
        return []
    then, now = values[steps[0].network], values[steps[-1].network]
    found = ((row, now.get(row.snapshot.subnet_id)) for row in rows)
    return [Standing(row, value, then.get(row.snapshot.subnet_id)) for row, value in found if is_known(value)]


def foremost(found: Iterable[Standing], metric: Metric, count: int = 10) -> list[Standing]:
    """The best by the metric's own direction, the highest where it has none."""
    return sorted(found, key=lambda each: each.now, reverse=metric.better is not Better.LOWER)[:count]


def in_percent(metric: Metric) -> bool:
    """Whether a change is told as a share of what was there: of amounts that cannot be negative."""
    return metric.unit in _AMOUNTS and metric.lower is not None and metric.lower >= 0


def most_improved(found: Iterable[Standing], metric: Metric, count: int = 10) -> list[Standing]:
    """Those that moved furthest in the metric's own direction, upwards where it has none; none that did not move so."""
    sign = -1 if metric.better is Better.LOWER else 1
    moved = []
    for each in found:
        gain = each.change_pct if in_percent(metric) else each.difference
        if gain is not None and sign * gain > 0:
            moved.append((sign * gain, each))
    return [each for _, each in sorted(moved, key=lambda pair: -pair[0])[:count]]
