"""The heads of the power table, and what each press of them leads to; what is set, as chips that remove it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from insights.pages.tables import Sort
from insights.screening.columns import Column, starts_of_groups
from insights.screening.request import Request
from insights.screening.sorting import figure_key, pressed, sorts_text, then_by
from insights.screening.views import VIEWS
from taoanalytics.lib.metric import Better

_WORDS = ("name", "category")


@dataclass(frozen=True, slots=True)
class Head:
    """`place` counts the columns that the table is sorted by, from 1; 0 for the others.

    `address` sorts by it alone, `then_address` after those that are sorted by; `then` is that order.
    """

    key: str
    heading: str
    column: Column | None
    css: str
    place: int
    aria_sort: str
    address: str
    then: str
    then_address: str


def heads_of(asked: Request) -> list[Head]:
    starts = starts_of_groups(asked.columns)
    return [
        _head(asked, column.key, column.heading, column, "g1" if start else "")
        for column, start in zip(asked.columns, starts, strict=True)
    ]


def text_heads(asked: Request) -> list[Head]:
    return [_head(asked, "name", "Subnet", None, ""), _head(asked, "category", "Cat.", None, "l hm")]


def _head(asked: Request, key: str, heading: str, column: Column | None, css: str) -> Head:
    place = next((number for number, sort in enumerate(asked.sorts, start=1) if sort.key == key), 0)
    aria = ""
    if place == 1:
        aria = "descending" if asked.sorts[0].descending else "ascending"
    down = column is not None and (column.drawn or column.metric.better is not Better.LOWER)
    then = sorts_text(then_by(asked.sorts, key, descending_first=down))
    return Head(
        key=key,
        heading=heading,
        column=column,
        css=css,
        place=place if len(asked.sorts) > 1 else 0,
        aria_sort=aria,
        address=asked.address(sort=str(pressed(asked.sorts, key, descending_first=down))),
        then=then,
        then_address=asked.address(sort=then),
    )


def sort_words(asked: Request) -> str:
    """ "market cap, largest first, then 7d, smallest first" """
    return ", then ".join(_words(asked, sort) for sort in asked.sorts)


def _words(asked: Request, sort: Sort) -> str:
    if sort.key in _WORDS:
        return f"{sort.key}, {'last' if sort.descending else 'first'} letters first"
    label = sort.key if sort.key == "netuid" else asked.metrics[figure_key(sort)].label
    return f"{label}, {'largest' if sort.descending else 'smallest'} first"


def chips_of(asked: Request, categories: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(words, address without it); `categories`: {slug: name}."""
    if asked.query:
        yield f"“{asked.query}”", asked.address("q")
    for slug in asked.categories:
        yield categories.get(slug, slug), asked.address_without("category", slug)
    for each in asked.ranges:
        yield each.words, asked.address(f"min_{each.metric.key}", f"max_{each.metric.key}")
    for flag in asked.flags:
        yield flag.words, asked.address_without("flag", str(flag))
    if asked.only:
        count = len(asked.only)
        yield f"Only {count} chosen {'subnet' if count == 1 else 'subnets'}", asked.address("only")
    if asked.sorts != VIEWS[asked.view].sorts:
        yield f"Sorted by {sort_words(asked)}", asked.address("sort")
