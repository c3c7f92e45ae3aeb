"""/screener/ as a file: the rows and columns of the table, in their order."""

from collections.abc import Sequence

from insights.board import Row
from insights.exports import Column, Table, board_table
from insights.screening.columns import Column as Shown
from markets.models import TaoPrice
from subnets.metrics import PRICE

_PRICES = Column(
    "prices_30d",
    "Price, TAO per alpha, one a day over 30 days, oldest first",
    "Of the observation nearest to each day before that of the line, within half a day; - where there is none",
    of=PRICE,
)


def screener_table(rows: Sequence[Row], columns: Sequence[Shown], tao_price: TaoPrice | None) -> Table:
    """One line per subnet; the line over 30 days as its prices, last."""
    numbers = [column.metric for column in columns if not column.drawn]
    table = board_table(rows, numbers, tao_price)
    if len(numbers) == len(columns):
        return table
    drawn = [" ".join("-" if price is None else repr(price) for price in row.prices) for row in rows]
    return Table([*table.columns, _PRICES], ([*cells, prices] for cells, prices in zip(table.rows, drawn, strict=True)))
