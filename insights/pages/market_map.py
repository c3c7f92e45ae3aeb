"""The market map of the home page and the explorer: every subnet by market cap and change of a week."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from insights.board import Row
from insights.charts.treemap import Group, Tile, treemap
from insights.figures import CHANGE_7D
from insights.numbers import signed
from insights.pages.rendering import Frame
from insights.selection import Share, ordered, shares_of
from subnets.metrics import MARKET_CAP

_WIDE, _NARROW, _TILES_WHEN_NARROW = (1020, 544), (330, 640), 44


def market_maps(frame: Frame) -> list[SafeString]:
    """The map for wide screens, and for narrow ones that of the largest subnets only; none without a market cap.

    Drawn once for each board and currency.
    """
    board = frame.board
    return board.once(("maps", frame.money.asked), lambda: _drawn(frame, shares_of(board))) if board else []


def _drawn(frame: Frame, shares: Sequence[Share]) -> list[SafeString]:
    sized = [row for share in shares for row in share.rows if row.amount(MARKET_CAP)]
    if not sized:
        return []
    largest = ordered(sized, MARKET_CAP.key, descending=True)[:_TILES_WHEN_NARROW]
    label = "Treemap: area is market cap, colour is seven-day change, grouped by category"
    return [
        treemap(_groups(frame, shares, sized), _WIDE, "wid", label),
        treemap(_groups(frame, shares, largest), _NARROW, "nar", f"{label}, the {len(largest)} largest"),
    ]


def _groups(frame: Frame, shares: Iterable[Share], rows: Iterable[Row]) -> list[Group]:
    shown = {row.netuid for row in rows}
    groups = []
    for share in shares:
        tiles = [_tile(frame, row) for row in share.rows if row.netuid in shown]
        name, code = (share.category.name, share.category.code) if share.category else ("Unclassified", "—")
        if tiles:
            groups.append(Group(code, name, tiles))
    return groups


def _tile(frame: Frame, row: Row) -> Tile:
    size, change = row.amount(MARKET_CAP) or 0, row.amount(CHANGE_7D)
    return Tile(
        name=row.name,
        netuid=row.netuid,
        address=frame.address("subnet", row.netuid),
        size=size,
        change_pct=change,
        change=signed(change),
        note=f"{frame.money.amount(size)} · {signed(change)}",
    )
