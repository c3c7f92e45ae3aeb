"""/categories/ as a file."""

from collections.abc import Sequence

from insights.board import Board
from insights.categories import Standing
from insights.exports import BLOCK, OBSERVED_AT, SOURCE, Column, Table, observation_cells
from insights.figures import CHANGE_7D
from subnets.metrics import EMISSION, MARKET_CAP

_COLUMNS = (
    Column("category", "category", "Slug of the category, or unclassified"),
    Column("name", "name", "Its name"),
    Column("subnets", "subnets", "How many subnets are in it"),
    Column("market_cap_tao", "Market cap, TAO", "Of its subnets", MARKET_CAP, "Σ market cap of those known"),
    Column("share_pct", "share, %", "Of all", MARKET_CAP, "100 × its market cap ÷ that of all subnets", "%"),
    Column("median_change_7d_pct", "median change 7d, %", "Of its subnets", CHANGE_7D, "median of the known changes"),
    Column("emission_tao_per_day", "Emission, TAO per day", "Of its subnets", EMISSION, "Σ emission of those known"),
    Column("placed_by", "placed by", "Whose word it is, and of how many of its subnets"),
    *(OBSERVED_AT, BLOCK, SOURCE),
)


def categories_table(now: Board, found: Sequence[Standing]) -> Table:
    """One line per category, all of one observation."""
    observed = observation_cells(now.network) if now.network else [None] * 3
    return Table(
        _COLUMNS,
        (
            [
                each.slug,
                each.name,
                len(each.rows),
                each.share.market_cap_tao if each.share else None,
                each.share.share_pct if each.share else None,
                each.median_change_7d_pct,
                each.emission_tao_per_day,
                " ".join(f"{source}={count}" for source, count in each.decided),
                *observed,
            ]
            for each in found
        ),
    )
