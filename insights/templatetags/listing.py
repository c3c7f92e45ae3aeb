"""The rows and cards of lists of subnets, made in one go and kept with the board: visitors choose their order only."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from insights.board import Row
from insights.figures import CHANGE_7D, CHANGE_30D
from insights.html import format_html, format_html_join
from insights.pages.rendering import Frame
from insights.pages.tables import Head
from insights.templatetags.figures import category, cell, figure, sparkline
from insights.templatetags.profiles import believed, placed, subnet_tile, whose
from subnets.metrics import MARKET_CAP

register = template.Library()

_DESCRIPTION_CHARACTERS, _TITLE_CHARACTERS, _CELL_CHARACTERS = 140, 300, 90


@register.simple_tag(takes_context=True)
def subnet_rows(context: dict[str, Any], rows: Iterable[Row], heads: Sequence[Head]) -> SafeString:
    """The body of the explorer's table; `heads` are always of the same columns."""
    return _each(context["frame"], "explorer-row", rows, lambda row: _row(context, row, heads))


@register.simple_tag(takes_context=True)
def member_rows(context: dict[str, Any], rows: Iterable[Row], heads: Sequence[Head]) -> SafeString:
    """The body of the table of a category's subnets; its `heads` too are always of the same columns."""
    return _each(context["frame"], "member-row", rows, lambda row: _member(context, row, heads))


@register.simple_tag(takes_context=True)
def subnet_cards(context: dict[str, Any], rows: Iterable[Row]) -> SafeString:
    return _each(context["frame"], "explorer-card", rows, lambda row: _card(context, row))


def _each(frame: Frame, name: str, rows: Iterable[Row], make: Callable[[Row], SafeString]) -> SafeString:
    board, asked = frame.board, frame.money.asked
    if board is None:
        return SafeString("".join(map(make, rows)))
    return SafeString("".join([board.once((name, row.netuid, asked), partial(make, row)) for row in rows]))


def _row(context: dict[str, Any], row: Row, heads: Iterable[Head]) -> SafeString:
    return format_html(
        '<tr>{}<td class="l hm">{}{}</td>{}</tr>\n',
        _named(context["frame"], row),
        category(context, row.category),
        placed(row),
        _cells(context, row, heads),
    )


def _member(context: dict[str, Any], row: Row, heads: Iterable[Head]) -> SafeString:
    said = Truncator(row.tagline or row.description)
    return format_html(
        '<tr>{}{}<td class="l">{} {}</td><td class="l hm cut" title="{}">{}</td></tr>\n',
        _named(context["frame"], row),
        _cells(context, row, heads),
        whose(row.category_source),
        believed(row.profile, row.category_source),
        said.chars(_TITLE_CHARACTERS),
        said.chars(_CELL_CHARACTERS),
    )


def _cells(context: dict[str, Any], row: Row, heads: Iterable[Head]) -> SafeString:
    return SafeString("".join([cell(context, head.column, row) for head in heads]))


def _named(frame: Frame, row: Row) -> SafeString:
    return format_html(
        '<th scope="row"><a href="{}"><span class="nid">{}</span>{}</a>{}</th>',
        frame.address("subnet", row.netuid),
        row.netuid,
        row.name,
        format_html(' <span class="mut hm">{}</span>', row.symbol) if row.symbol else "",
    )


def _card(context: dict[str, Any], row: Row) -> SafeString:
    frame: Frame = context["frame"]
    return format_html(
        '\n<article class="card">\n  {}\n  <h3><a href="{}">{}</a> <span class="mut">{}</span></h3>\n  {}\n'
        '  <p class="fig"><span>{}</span>{}<span class="mut">7d</span></p>\n  <p class="tag">{}</p>\n'
        '  <p class="meta">{}{}{}</p>\n  {}\n</article>\n',
        subnet_tile(row.name, row.netuid, row.icon, row.category),
        frame.address("subnet", row.netuid),
        row.name,
        row.netuid,
        sparkline(row.prices, row.amount(CHANGE_30D)),
        frame.money.amount(row.amount(MARKET_CAP)),
        figure(context, CHANGE_7D, row.figures[CHANGE_7D.key]),
        _said(row),
        category(context, row.category, full=True),
        whose(row.category_source),
        believed(row.profile, row.category_source),
        _tags(frame, row.tags),
    )


def _said(row: Row) -> SafeString:
    if row.tagline:
        return format_html("{} {}", row.tagline, whose(row.tagline_source))
    if row.description:
        return format_html("{} {}", Truncator(row.description).chars(_DESCRIPTION_CHARACTERS), whose("quoted"))
    return SafeString('<span class="mut">It says nothing of itself on the chain.</span>')


def _tags(frame: Frame, tags: Iterable[str]) -> SafeString | str:
    links = [(frame.address("explorer", q=tag, view="cards"), tag) for tag in tags]
    html = format_html_join("", '<a href="{}#subnets">{}</a>', links)
    return format_html('<p class="meta tags">{}</p>', html) if html else ""
