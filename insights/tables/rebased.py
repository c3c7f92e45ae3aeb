"""The chart of /compare/ as a file: prices of several subnets, and each in percent of its own at the first line."""

from collections.abc import Sequence

from insights.board import Row
from insights.charts.rebased import START
from insights.exports import BLOCK, OBSERVED_AT, SOURCE, Cell, Column, Table
from insights.traced import Step
from subnets.metrics import PRICE


def rebased_table(rows: Sequence[Row], steps: Sequence[Step], prices: Sequence[Sequence[float | None]]) -> Table:
    """One line per step, from the first at which each of `rows` has a price; `prices` has a sequence for each of them.

    Each line is of one observation of the whole network.
    """
    starts = [column[0] for column in prices if column]
    columns = [column for row in rows for column in _columns(row)] if steps else []
    return Table(
        [OBSERVED_AT, BLOCK, SOURCE, *columns],
        (
            [
                step.observed_at.isoformat(),
                step.block,
                step.source,
                *(
                    cell
                    for column, start in zip(prices, starts, strict=True)
                    for cell in _cells(column[position], start)
                ),
            ]
            for position, step in enumerate(steps)
        ),
    )


def _columns(row: Row) -> tuple[Column, Column]:
    of = f"{row.name} (SN{row.netuid})"
    tenant = f"Of the tenant registered at block {row.snapshot.subnet.registered_at_block}."
    return (
        Column(f"{row.netuid}_price_tao", f"{of}: {PRICE.label}, {PRICE.unit}", f"{PRICE.about} {tenant}", of=PRICE),
        Column(
            f"{row.netuid}_rebased",
            f"{of}: price, {START:g} at the start",
            f"Its price in percent of that of the first line. {tenant}",
            of=PRICE,
            formula=f"{START:g} × price ÷ price of the first line",
            unit=f"{START:g} at the start",
        ),
    )


def _cells(price: float | None, start: float | None) -> list[Cell]:
    return [price, START * (price / start) if price is not None and start else None]
