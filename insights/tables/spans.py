"""Columns that say on which observations a number rests that is made of more than one."""

from collections.abc import Sequence

from insights.exports import Cell, Column
from insights.traced import Step

SPAN = (
    Column("first_observed_at", "first observed at, UTC", "When the oldest observation that it rests on was true"),
    Column("first_block", "first block", "Block of that observation"),
    Column("last_observed_at", "last observed at, UTC", "When the newest observation that it rests on was true"),
    Column("last_block", "last block", "Block of that observation"),
    Column("source", "source", "chain: read by this site; import: from recorded history; both if it rests on both"),
)


def span_cells(steps: Sequence[Step]) -> list[Cell]:
    """Of SPAN, for a number that rests on `steps`, oldest first; nothing for one that rests on none."""
    if not steps:
        return [None] * len(SPAN)
    first, last = steps[0], steps[-1]
    sources = " ".join(sorted({step.source for step in steps}))
    return [first.observed_at.isoformat(), first.block, last.observed_at.isoformat(), last.block, sources]
