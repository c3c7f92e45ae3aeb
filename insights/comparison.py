"""What is held against what: subnets beside each other, and metrics against metrics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from insights.board import Row
from insights.figures import Value
from insights.registry import METRICS, grouped
from insights.statistics import (
    Cell,
    CorrelationMatrix,
    Method,
    correlation_matrix,
    mad_outliers,
    robust_z,
    tied_by_formula,
)
from insights.trends import in_percent
from subnets.regimes import PARAMETERS
from taoanalytics.lib.metric import Better, Metric
from taoanalytics.lib.text import clean, folded

MOST_SUBNETS = 5
MOST_METRICS = 16
_MOST_ASKED = 40  # of whatever an address repeats, no more is looked at
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Picked:
    """The subnets that an address asks for, in its order: `unknown` are words that name no living one.

    `ambiguous` are (word, names that hold it); `surplus` are rows beyond the most that are shown.
    """

    rows: tuple[Row, ...] = ()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()
    surplus: tuple[Row, ...] = ()

    @property
    def netuids(self) -> list[int]:
        return [row.netuid for row in self.rows]


def picked(asked: Sequence[str], rows: Sequence[Row], most: int = MOST_SUBNETS) -> Picked:
    """Each of `asked` is a netuid, a whole name or a part that only one name has."""
    found: dict[int, Row] = {}
    unknown: list[str] = []
    ambiguous: list[tuple[str, tuple[str, ...]]] = []
    for word in dict.fromkeys(clean(raw, _LONGEST_NAME) for raw in asked[:_MOST_ASKED]):
        matches = _named(word, rows) if word else []
        if len(matches) == 1:
            found.setdefault(matches[0].netuid, matches[0])
        elif matches:
            ambiguous.append((word, tuple(f"{row.name} ({row.netuid})" for row in matches[:6])))
        elif word:
            unknown.append(word)
    chosen = tuple(found.values())
    return Picked(chosen[:most], tuple(unknown), tuple(ambiguous), chosen[most:])


def _named(word: str, rows: Sequence[Row]) -> list[Row]:
    if word.isdecimal():
        return [row for row in rows if str(row.netuid) == (word.lstrip("0") or "0")]
    wanted = folded(word)
    return [row for row in rows if folded(row.name) == wanted] or [row for row in rows if wanted in folded(row.name)]


@dataclass(frozen=True, slots=True)
class Duel:
    """One metric of the compared subnets. `best` are positions of the best values, none where there is no better.

    `difference` is the second less the first of two, the highest less the lowest of more; in percent of the first or
    the lowest where that is an amount above zero.
    """

    metric: Metric
    values: Sequence[Value]
    best: frozenset[int] = frozenset()
    difference: float | None = None
    difference_pct: float | None = None


def duels(rows: Sequence[Row], metrics: Iterable[Metric] = METRICS) -> list[Duel]:
    """Those metrics that are known of at least one of `rows`."""
    made = []
    for metric in metrics:
        values = [row.figures.get(metric.key) for row in rows]
        if any(value is not None for value in values):
            made.append(_duel(metric, values))
    return made


def grouped_duels(rows: Sequence[Row], keys: Sequence[str] = ()) -> dict[str, list[Duel]]:
    """{name of the group: its metrics}: all that are declared, or those of `keys`."""
    found = {
        name: duels(rows, [metric for metric in metrics if not keys or metric.key in keys])
        for name, metrics in grouped().items()
    }
    return {name: members for name, members in found.items() if members}


def _duel(metric: Metric, values: Sequence[Value]) -> Duel:
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return Duel(metric, values)
    low, high = (known[0], known[1]) if len(values) == 2 else (min(known), max(known))
    pct = 100 * (high / low - 1) if low > 0 and in_percent(metric) else None
    return Duel(metric, values, _best(metric, values), high - low, pct)


def _best(metric: Metric, values: Sequence[Value]) -> frozenset[int]:
    known = {position: float(value) for position, value in enumerate(values) if value is not None}
    if metric.better is Better.NEITHER or len(set(known.values())) < 2:
        return frozenset()
    best = max(known.values()) if metric.better is Better.HIGHER else min(known.values())
    return frozenset(position for position, value in known.items() if value == best)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two metrics and how they move together; `holds` says whether that survives the correction at the chosen level."""

    first: Metric
    second: Metric
    cell: Cell
    holds: bool

    @property
    def strength(self) -> float:
        return abs(self.cell.coefficient or 0)


@dataclass(frozen=True, slots=True)
class Outlier:
    """A value far from the others of its metric: `position` in the column, robust `z` in deviations from the median."""

    position: int
    value: float
    z: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The matrix, every pair of it, and what stands out in each column. `level` is the highest q that counts."""

    metrics: tuple[Metric, ...]
    matrix: CorrelationMatrix
    pairs: tuple[Pair, ...]
    outliers: Mapping[str, Sequence[Outlier]]
    level: float

    @property
    def strongest(self) -> list[Pair]:
        """Pairs that hold, strongest first."""
        return sorted((pair for pair in self.pairs if pair.holds), key=lambda pair: -pair.strength)

    @property
    def tested(self) -> int:
        return sum(pair.cell.p is not None for pair in self.pairs)

    @property
    def tied(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.cell.by_formula]

    @property
    def too_few(self) -> list[Pair]:
        """Pairs without a coefficient: too few observations, or a side that does not vary."""
        return [pair for pair in self.pairs if pair.cell.coefficient is None]


def findings(
    metrics: Sequence[Metric], columns: Mapping[str, Sequence[float | None]], *, method: Method, level: float
) -> Findings:
    """`columns` is {key: one value per subnet or time, in one order}. `tied` goes by every declaration of the site."""
    chosen = {metric.key for metric in metrics}
    tied = {pair for pair in _TIED if pair <= chosen}
    matrix = correlation_matrix({metric.key: columns[metric.key] for metric in metrics}, method=method, tied=tied)
    pairs = []
    for first, second in combinations(metrics, 2):
        cell = matrix.cell(first.key, second.key)
        pairs.append(Pair(first, second, cell, holds=cell.q is not None and cell.q <= level))
    outliers = {metric.key: outliers_of(columns[metric.key]) for metric in metrics}
    return Findings(tuple(metrics), matrix, tuple(pairs), outliers, level)


_WHO_IS_COUNTED = ("hotkeys", "coldkeys", "owner_hotkey", "owner_coldkey", "validator_permit")
_TIED = tied_by_formula(METRICS, apart_from=(*PARAMETERS, "block", *_WHO_IS_COUNTED))


def outliers_of(column: Sequence[float | None]) -> list[Outlier]:
    """Farthest first."""
    distances = robust_z(column)
    found = []
    for position in mad_outliers(column):
        value, z = column[position], distances[position]
        if value is not None and z is not None:
            found.append(Outlier(position, value, z))
    return found


def steps_of(column: Sequence[float | None]) -> list[float | None]:
    """What was added from each value to the next; unknown where either is."""
    return [None if a is None or b is None else b - a for a, b in pairwise(column)]
