"""What stands behind the head of each column, and the choice of what columns there are: the same on every page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString

from insights.board import Board
from insights.html import format_html, format_html_join
from insights.pages.tables import Head
from insights.screening.heads import Head as ScreenerHead
from insights.templatetags.figures import layer, method_link
from taoanalytics.lib.metric import Metric

register = template.Library()

_KEPT = 500  # metrics that are declared, twice and more

Groups = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""(name of a group, ((key, heading) of each metric in it)), …"""


@register.simple_tag(takes_context=True)
def column_notes(context: dict[str, Any], heads: Iterable[Head]) -> SafeString:
    """A panel for each head of a number."""
    html = SafeString()
    for metric, key in ((head.column.metric, head.column.key) for head in heads):
        if metric is not None:
            html += _panel(key, metric.label, _about(metric), _bar(method_link(context, metric)))
    return html


@register.simple_tag(takes_context=True)
def screener_notes(context: dict[str, Any], heads: Iterable[ScreenerHead]) -> SafeString:
    """The same of the power table, each with its key and what sorts by it next."""
    html = SafeString()
    for head in heads:
        if head.column is not None:
            about = _about(head.column.metric, drawn=head.column.drawn, with_key=True)
            html += _panel(head.key, head.column.label, about, _then(context, head, head.column.metric))
    return html


def _panel(key: str, title: str, about: SafeString, bar: SafeString) -> SafeString:
    return format_html('<div class="panel" popover id="m-{}"><h3>{}</h3>{}{}</div>\n', key, title, about, bar)


def _bar(link: SafeString | str) -> SafeString:
    return format_html('<p class="bar">{}</p>', link)


def _then(context: dict[str, Any], head: ScreenerHead, metric: Metric) -> SafeString:
    return format_html(
        '<p class="bar"><a id="then-{}" href="{}">Then sort by this</a><span hx-boost="false">{}</span></p>',
        head.key,
        head.then_address,
        method_link(context, metric),
    )


@lru_cache(_KEPT)
def _about(metric: Metric, *, drawn: bool = False, with_key: bool = False) -> SafeString:
    """What it means, and its passport."""
    line = "Price of one alpha, one a day, each line on its own scale. " if drawn else ""
    said = [
        ("Layer", format_html("{} {}", layer(metric), metric.layer)),
        ("Unit", metric.unit),
        ("Source", metric.source),
        ("Note", metric.note),
        ("Formula", metric.formula),
        ("— means", metric.unknown),
        ("Key", format_html("<code>{}</code>", metric.key) if with_key else ""),
    ]
    html = SafeString()
    for name, words in said:
        if words or name not in ("Note", "Formula", "Key"):
            html += format_html("<dt>{}</dt><dd>{}</dd>", name, words)
    return format_html('<p>{}{}</p><dl class="kv">{}</dl>', line, metric.about, html)


@register.simple_tag
def metric_boxes(offered: Mapping[str, Sequence[Metric]], name: str, chosen: Collection[str]) -> SafeString:
    """A box to tick for every metric on offer, by group."""
    return _boxes(_named(offered), name, frozenset(chosen))


@register.simple_tag
def metric_options(offered: Mapping[str, Sequence[Metric]], chosen: str = "") -> SafeString:
    """The same to choose one of."""
    return _choices(_named(offered), chosen)


def _named(offered: Mapping[str, Sequence[Metric]]) -> Groups:
    return tuple(
        (group, tuple((metric.key, metric.heading) for metric in members)) for group, members in offered.items()
    )


@lru_cache(64)
def _boxes(groups: Groups, name: str, chosen: frozenset[str]) -> SafeString:
    """Kept, for there are more than a hundred and they seldom change."""
    html = SafeString()
    for group, members in groups:
        boxes = format_html_join(
            "",
            '<label class="chk"><input type="checkbox" name="{}" value="{}"{}> {}</label>',
            ((name, key, " checked" if key in chosen else "", heading) for key, heading in members),
        )
        html += format_html("<fieldset><legend>{}</legend>{}</fieldset>\n", group, boxes)
    return html


@lru_cache(64)
def _choices(groups: Groups, chosen: str) -> SafeString:
    html = SafeString()
    for group, members in groups:
        listed = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, " selected" if key == chosen else "", heading) for key, heading in members),
        )
        html += format_html('<optgroup label="{}">{}</optgroup>', group, listed)
    return html


@register.simple_tag(takes_context=True)
def subnet_options(context: dict[str, Any]) -> SafeString:
    """Every living subnet, for a field in which one may be named."""
    board: Board = context["frame"].board
    return board.once("subnet-options", lambda: _options(board))


def _options(board: Board) -> SafeString:
    html = SafeString()
    for row in board.rows:
        html += format_html('<option value="{}">{}</option>', row.netuid, row.name)
    return html
