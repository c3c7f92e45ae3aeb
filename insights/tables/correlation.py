"""/correlation/ as files: the pairs, and the values that stand out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from insights.board import Row
from insights.comparison import Findings, Pair
from insights.exports import NETUID, TENANT, Cell, Column, Table
from insights.statistics import Method, is_known
from insights.tables.spans import SPAN, span_cells
from insights.traced import Step


@dataclass(frozen=True, slots=True)
class Sample:
    """{key: one value per subnet or time}, and what each position is.

    Across the network: a row of the board, all of one observation. Over time: the `rests_on` of each position is one
    observation of the subnet `of`, or two where the position is what was added from one to the next.
    """

    columns: Mapping[str, Sequence[float | None]]
    rests_on: Sequence[Sequence[Step]]
    rows: Sequence[Row] = ()
    of: Row | None = None

    @property
    def size(self) -> int:
        return len(self.rests_on)

    @property
    def times(self) -> list[datetime]:
        """Of each position, if it is over time."""
        return [] if self.rows else [steps[-1].observed_at for steps in self.rests_on]

    @property
    def made_of(self) -> str:
        return "changes" if any(len(steps) > 1 for steps in self.rests_on) else "values"

    def under(self, pair: Pair) -> list[Step]:
        """The observations that a pair's coefficient rests on: those at which both sides are known."""
        sides = (self.columns[pair.first.key], self.columns[pair.second.key])
        both = [is_known(first) and is_known(second) for first, second in zip(*sides, strict=True)]
        return [step for steps, known in zip(self.rests_on, both, strict=True) if known for step in steps]


def correlation_table(found: Findings, sample: Sample, method: Method, notes: Sequence[str]) -> Table:
    """One line per pair; `notes` has a word on each."""
    metric = "/methodology/ and the key lead to how it is made"
    columns = [
        Column("first", "first metric", f"Key of one metric: {metric}"),
        Column("second", "second metric", f"Key of the other: {metric}"),
        Column("coefficient", "coefficient", "Correlation, -1 to 1", formula=_FORMULAS[method]),
        Column("n", "n", "Subnets or times at which both were known"),
        Column("p", "p", "Two-sided, of this pair alone; empty if not tested"),
        Column("q", "q", "p corrected for all pairs tested, after Benjamini and Hochberg"),
        Column("note", "note", "What to make of it"),
        Column("method", "method", "pearson or spearman"),
        Column("first_version", "first version", "Of the first metric's formula"),
        Column("second_version", "second version", "Of the second metric's formula"),
        Column("of", "of", "values of each subnet or time, or changes from one observation to the next"),
        _OVER,
        *(_ONE_NETUID, TENANT),
        *SPAN,
    ]
    return Table(columns, _pairs(found, sample, method, notes))


_FORMULAS: Mapping[Method, str] = {
    Method.PEARSON: "covariance ÷ (deviation of the first × deviation of the second)",
    Method.SPEARMAN: "Pearson's coefficient of the midranks",
}
_OVER = Column("over", "over", "network: one value per living subnet; time: one per observation of one subnet")
_ONE_NETUID = Column("netuid", "netuid", "The subnet, if it is over time; empty if it is across the network")


def _pairs(found: Findings, sample: Sample, method: Method, notes: Sequence[str]) -> Iterator[list[Cell]]:
    for pair, note in zip(found.pairs, notes, strict=True):
        yield [
            pair.first.key,
            pair.second.key,
            pair.cell.coefficient,
            pair.cell.n,
            pair.cell.p,
            pair.cell.q,
            note,
            str(method),
            pair.first.version,
            pair.second.version,
            sample.made_of,
            "time" if sample.of else "network",
            *_tenant(sample.of),
            *span_cells(sample.under(pair)),
        ]


def _tenant(row: Row | None) -> list[Cell]:
    return [row.netuid, row.snapshot.subnet.registered_at_block] if row else [None, None]


def outliers_table(found: Findings, sample: Sample) -> Table:
    """One line per value that lies far from the others of its metric, the farthest of each first."""
    columns = [
        Column("metric", "metric", "Key of the metric: /methodology/ and the key lead to how it is made"),
        Column("version", "version", "Of its formula"),
        NETUID,
        TENANT,
        Column("value", "value", "In the unit of the metric; of changes what was added"),
        Column("z", "robust z", "Deviations from the median", formula="0.6745 × (value − median) ÷ MAD"),
        *SPAN,
    ]
    rows = (
        [
            metric.key,
            metric.version,
            *_tenant(sample.rows[each.position] if sample.rows else sample.of),
            each.value,
            each.z,
            *span_cells(sample.rests_on[each.position]),
        ]
        for metric in found.metrics
        for each in found.outliers[metric.key]
    )
    return Table(columns, rows)
