"""Tables that are sorted by a link: which column, which way, and where the next press of each head leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from taoanalytics.lib.metric import Metric


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is what stands in the address; text columns start from A, numbers from the largest.

    `drawn` as a line over 30 days in place of a number; `tints` are the steps at which a change colours its cell.
    """

    key: str
    heading: str
    metric: Metric | None = None
    text: bool = False
    css: str = ""
    drawn: bool = False
    tints: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    key: str
    descending: bool

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key

    @classmethod
    def parse(cls, raw: str | None, columns: Sequence[Column], default: "Sort") -> "Sort":
        """ "-price_tao" is largest first. What names no column is ignored."""
        key = (raw or "").removeprefix("-")
        if key not in {column.key for column in columns}:
            return default
        return cls(key, descending=(raw or "").startswith("-"))


@dataclass(frozen=True, slots=True)
class Head:
    column: Column
    next_sort: str
    aria_sort: str


def unsorted_heads(metrics: Sequence[Metric], headings: Sequence[str]) -> list[Head]:
    """Of a table in an order of its own: what explains each column, and no link."""
    return [
        Head(Column(metric.key, words, metric), next_sort="", aria_sort="")
        for metric, words in zip(metrics, headings, strict=True)
    ]


def heads(columns: Sequence[Column], sort: Sort) -> list[Head]:
    """One per column: `aria_sort` is "" unless the table is sorted by it; pressing it again turns the order round."""
    made = []
    for column in columns:
        current = column.key == sort.key
        descending = not sort.descending if current else not column.text
        aria = ("descending" if sort.descending else "ascending") if current else ""
        made.append(Head(column, str(Sort(column.key, descending)), aria))
    return made
