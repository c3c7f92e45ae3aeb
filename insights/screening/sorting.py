"""By several columns at once; what is unknown comes last whichever way."""

from collections.abc import Iterable, Sequence

from insights.board import Row
from insights.figures import CHANGE_30D
from insights.pages.tables import Sort
from insights.screening.columns import TREND
from insights.selection import reordered

MOST_SORTS = 4
TEXT_KEYS = ("netuid", "name", "category")


def parse_sorts(text: str, keys: Iterable[str], default: Sequence[Sort]) -> tuple[Sort, ...]:
    """ "-market_cap_tao,change_7d_pct": the first decides, the next among equals. What names nothing is ignored."""
    known = {*keys, *TEXT_KEYS, TREND}
    found: dict[str, Sort] = {}
    for part in text.split(",")[: 2 * MOST_SORTS]:
        key = part.strip().removeprefix("-")
        if key in known and key not in found:
            found[key] = Sort(key, descending=part.strip().startswith("-"))
    return tuple(found.values())[:MOST_SORTS] or tuple(default)


def sorts_text(sorts: Iterable[Sort]) -> str:
    return ",".join(map(str, sorts))


def pressed(sorts: Sequence[Sort], key: str, *, descending_first: bool) -> Sort:
    """The sort that a press of the column's head asks for: turned round if it is the first already."""
    if sorts and sorts[0].key == key:
        return Sort(key, descending=not sorts[0].descending)
    return Sort(key, descending=descending_first)


def then_by(sorts: Sequence[Sort], key: str, *, descending_first: bool) -> tuple[Sort, ...]:
    """The same order with this column added at its end, or turned round where it stands."""
    if any(sort.key == key for sort in sorts):
        return tuple(Sort(s.key, descending=s.descending is not (s.key == key)) for s in sorts)
    return (*sorts[: MOST_SORTS - 1], Sort(key, descending=descending_first))


def sorted_rows(rows: Iterable[Row], sorts: Sequence[Sort]) -> list[Row]:
    """By each of them, the last first, so that the first decides; ties end by netuid."""
    placed = sorted(rows, key=lambda row: row.netuid)
    for sort in reversed(sorts):
        placed = reordered(placed, figure_key(sort), descending=sort.descending)
    return placed


def figure_key(sort: Sort) -> str:
    """What rows are compared by: of the line over 30 days the change over them."""
    return CHANGE_30D.key if sort.key == TREND else sort.key
