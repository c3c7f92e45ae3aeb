"""Which rows of the board a visitor asked for, in which order, and how they fall into categories."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from insights.board import Board, Row
from subnets.metrics import MARKET_CAP
from subnets.models import Category
from taoanalytics.lib.text import folded

UNCLASSIFIED = "unclassified"
_MOST_WORDS = 8


def slug_of(category: Category | None) -> str:
    return category.slug if category else UNCLASSIFIED


def matching(rows: Iterable[Row], query: str, category: str) -> list[Row]:
    """Rows that hold each of the first words of `query` and are in the category of that slug; "" asks for nothing."""
    words = query.split()[:_MOST_WORDS]
    return [
        row for row in rows if (not category or slug_of(row.category) == category) and (not words or _holds(row, words))
    ]


def _holds(row: Row, words: Sequence[str]) -> bool:
    text = _searched(f"{row.name}\n{row.symbol}\n{row.about}")
    return all(_has(row, text, word) for word in words)


@lru_cache(maxsize=1000)
def _searched(text: str) -> str:
    """Kept, for each search looks through the same texts."""
    return folded(text)


def _has(row: Row, text: str, word: str) -> bool:
    """A number is a netuid or part of a name; a lone Greek letter is itself; all else is sought everywhere, folded."""
    if word.isdecimal():
        return word == str(row.netuid) or word in row.name
    if len(word) == 1 and not word.isascii():
        return word.casefold() in f"{row.symbol} {row.name}".casefold()
    return folded(word) in text


def ordered(rows: Iterable[Row], key: str, *, descending: bool) -> list[Row]:
    """By "netuid", "name", "category" or a metric's key; what is unknown comes last either way, ties end by netuid."""
    return reordered(sorted(rows, key=lambda row: row.netuid), key, descending=descending)


def reordered(rows: Iterable[Row], key: str, *, descending: bool) -> list[Row]:
    """The same, but ties stay in the order in which they come."""
    known: list[tuple[float | str, Row]] = []
    unknown: list[Row] = []
    for row in rows:
        value = _sort_value(row, key)
        if value is None:
            unknown.append(row)
        else:
            known.append((value, row))
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [row for _, row in known] + unknown


def _sort_value(row: Row, key: str) -> float | str | None:
    match key:
        case "netuid":
            return row.netuid
        case "name":
            return folded(row.name)
        case "category":
            return folded(row.category.name) if row.category else None
        case _:
            value = row.figures.get(key)
            return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Share:
    """One category's part of the network. `market_cap_tao` adds up what is known; percentages are of the network's."""

    category: Category | None
    rows: Sequence[Row]
    market_cap_tao: float
    share_pct: float | None
    bar_pct: float

    @property
    def slug(self) -> str:
        return slug_of(self.category)


def shares_of(board: Board) -> list[Share]:
    """`breakdown` of a whole board, which every page asks for, reckoned once."""
    return board.once("shares", lambda: breakdown(board.rows))


def breakdown(rows: Iterable[Row]) -> list[Share]:
    """The categories that have a living subnet, the most valuable first. `bar_pct` is in percent of the first."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(slug_of(row.category), []).append(row)
    caps = {slug: sum(row.amount(MARKET_CAP) or 0 for row in group) for slug, group in members.items()}
    total, largest = sum(caps.values()), max(caps.values(), default=0)
    return [
        Share(
            category=members[slug][0].category,
            rows=members[slug],
            market_cap_tao=cap,
            share_pct=100 * cap / total if total else None,
            bar_pct=100 * cap / largest if largest else 0,
        )
        for slug, cap in sorted(caps.items(), key=lambda pair: -pair[1])
    ]
