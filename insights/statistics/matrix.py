"""Every pair of metrics at once, with the two ways in which such a table misleads taken out: luck and tautology."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from insights.statistics.association import Association, pearson, spearman
from insights.statistics.discovery import benjamini_hochberg
from taoanalytics.lib.metric import MONEY, Metric, Unit

FEWEST_OBSERVATIONS = 8


class Method(StrEnum):
    PEARSON = "pearson"
    SPEARMAN = "spearman"


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair. `q` is p corrected for all pairs tested; a pair tied `by_formula` is not tested at all."""

    coefficient: float | None
    n: int
    p: float | None = None
    q: float | None = None
    by_formula: bool = False


@dataclass(frozen=True, slots=True)
class CorrelationMatrix:
    keys: tuple[str, ...]
    cells: Mapping[frozenset[str], Cell]

    def cell(self, first: str, second: str) -> Cell:
        """The pair in either order; a metric with itself is {key}. KeyError for a metric that is not in the matrix."""
        return self.cells[frozenset((first, second))]

    def strongest(self, min_coefficient: float = 0.3, max_q: float = 0.05) -> list[tuple[str, str, Cell]]:
        """Pairs that hold after correction, strongest first, each named in the order of `keys`."""
        found = [(a, b, self.cell(a, b)) for a, b in combinations(self.keys, 2)]
        holding = [
            (abs(cell.coefficient), a, b, cell)
            for a, b, cell in found
            if cell.coefficient is not None and abs(cell.coefficient) >= min_coefficient
            if cell.q is not None and cell.q <= max_q
        ]
        return [(a, b, cell) for _, a, b, cell in sorted(holding, key=lambda row: -row[0])]


def correlation_matrix(
    columns: Mapping[str, Sequence[float | None]],
    *,
    method: Method = Method.SPEARMAN,
    min_n: int = FEWEST_OBSERVATIONS,
    tied: Collection[frozenset[str]] = (),
) -> CorrelationMatrix:
    """All pairs of `columns` (key → one value per subnet or time, all in the same order), unknown pairs left out.

    Under `min_n` pairs the coefficient is None. `tied` pairs keep their coefficient, without p and q.
    """
    measure = pearson if method is Method.PEARSON else spearman
    cells = {frozenset((key,)): _cell(measure(values, values, min_n), tested=False) for key, values in columns.items()}
    for a, b in combinations(columns, 2):
        pair = frozenset((a, b))
        cells[pair] = _cell(measure(columns[a], columns[b], min_n), tested=pair not in tied)
    tested = [pair for pair, cell in cells.items() if cell.p is not None]
    for pair, q in zip(tested, benjamini_hochberg([cells[pair].p for pair in tested]), strict=True):
        cells[pair] = replace(cells[pair], q=q)
    return CorrelationMatrix(tuple(columns), cells)


def _cell(found: Association, *, tested: bool) -> Cell:
    return Cell(found.coefficient, found.n, found.p if tested else None, by_formula=not tested)


def tied_by_formula(metrics: Iterable[Metric], *, apart_from: Collection[str] = ()) -> frozenset[frozenset[str]]:
    """Pairs whose correlation says nothing, since their formulas bind them to each other.

    One is made from the other; or both from the same facts; or one is a part of the other: an amount of money, or a
    count beside a count, of which every fact is in the other too. `apart_from` names inputs that are no fact of a
    subnet: parameters of the chain, who a neuron is.
    """
    declared = {metric.key: metric for metric in metrics}
    made_of = {key: _made_of(key, declared) for key in declared}
    facts = {key: _facts(key, made_of, apart_from) for key in declared}

    def within(a: str, b: str) -> bool:
        return a in made_of[b] or bool(_adds_up(declared[a], declared[b]) and facts[a] and facts[a] <= made_of[b])

    return frozenset(
        frozenset((a, b))
        for a, b in combinations(declared, 2)
        if within(a, b) or within(b, a) or (facts[a] and facts[a] == facts[b])
    )


def _adds_up(part: Metric, whole: Metric) -> bool:
    return part.unit in MONEY or part.unit is whole.unit is Unit.COUNT


def _made_of(key: str, declared: Mapping[str, Metric]) -> frozenset[str]:
    """All that its formula names, and the formulas of what it names."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        metric = declared.get(waiting.pop())
        fresh = set(metric.inputs) - found if metric else set()
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)


def _facts(key: str, made_of: Mapping[str, frozenset[str]], apart_from: Collection[str]) -> frozenset[str]:
    """What was observed of that: no declared number, or one that is observed under its own name."""
    observed = frozenset(name for name in made_of[key] if name not in made_of or name in made_of[name])
    return observed.difference(apart_from) or observed
