"""The long tables of a subnet's page. They have hundreds of rows together, so each row is written here and not in HTML.

What a passport says of the metric itself is the same for every subnet, and is written once.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.utils.safestring import SafeString

from insights import numbers
from insights.dossier import Dossier, Fact, size_text
from insights.html import format_html, format_html_join
from insights.pages.rendering import METHOD_ROUTE
from insights.pages.tables import Head
from insights.templatetags.figures import cell, detail, layer, link_to, moment, percentile_bar, price, whole
from insights.validators import Validator
from subnets.models import SubnetSnapshot
from taoanalytics.lib.metric import Metric

register = template.Library()
register.filter("round_compact", numbers.round_compact)
register.filter("size", size_text)

_BREAK = SafeString("<br>")
_UNRANKED = SafeString('<td class="x1"></td><td></td>')
_UNRANKED_WITHIN = SafeString('<td class="x1"></td>')
_ALONE_WITHIN = SafeString(
    '<td class="x1"><span class="na" title="Fewer than two of its category are known">—</span></td>'
)


class _Declared(NamedTuple):
    """A passport without what differs from subnet to subnet: the value, its time, its inputs, the link."""

    head: SafeString
    told: SafeString
    noted: SafeString
    key: SafeString


@register.filter
def cost(percent: float | None) -> str:
    """A percentage to two places; what is not zero never reads as zero."""
    if percent is None:
        return numbers.DASH
    return "<0.01" if 0 < percent < 0.005 else numbers.fixed(percent, 2)


@register.simple_tag(takes_context=True)
def fact_rows(context: dict[str, Any], facts: Sequence[Fact]) -> SafeString:
    """A row per number: its passport, the value, and where that stands among the others if the subnet is ranked."""
    known: Dossier = context["dossier"]
    if known.snapshot is None:
        return SafeString()
    true_at = _true_at(known.snapshot)
    return format_html_join(
        "\n",
        '<tr><th scope="row" class="keep">{} {}</th><td title="{}">{}</td>{}</tr>',
        (
            (
                layer(fact.metric),
                _passport(context, fact, true_at),
                fact.exact,
                detail(context, fact.metric, fact.value),
                _standing(fact, within=known.category is not None) if known.ranked else "",
            )
            for fact in facts
        ),
    )


@register.simple_tag(takes_context=True)
def passport(context: dict[str, Any], key: str, words: str = "") -> SafeString | str:
    """The passport of a number that is shown elsewhere on the page, behind its label or `words`."""
    known: Dossier = context["dossier"]
    fact = known.fact(key)
    if fact is None or known.snapshot is None:
        return words
    return _passport(context, fact, _true_at(known.snapshot), words)


def _true_at(snapshot: SubnetSnapshot) -> SafeString:
    return format_html("{}, block {}", moment(snapshot.observed_at), whole(snapshot.network.block))


def _passport(context: dict[str, Any], fact: Fact, true_at: SafeString, words: str = "") -> SafeString:
    declared = _declared(fact.metric)
    inputs = format_html_join(_BREAK, "<code>{}</code> {}", fact.inputs)
    return format_html(
        '<details class="pop pp l" name="pp"><summary>{}</summary>{}{}{}{}{}{}{}{}<a href="{}">How it is made</a>'
        "</dd></dl></div></details>",
        words or fact.metric.label,
        declared.head,
        fact.exact,
        _rank_words(fact),
        declared.told,
        true_at,
        declared.noted,
        format_html("<dt>Inputs</dt><dd>{}</dd>", inputs) if inputs else "",
        declared.key,
        link_to(context, METHOD_ROUTE, fact.metric.key),
    )


@lru_cache(maxsize=500)
def _declared(metric: Metric) -> _Declared:
    note = format_html("<dt>Note</dt><dd>{}</dd>", metric.note) if metric.note else ""
    formula = format_html("<dt>Formula</dt><dd>{}</dd>", metric.formula) if metric.formula else ""
    return _Declared(
        head=format_html(
            '<div class="panel"><h3>{}</h3><p>{}</p><dl class="kv"><dt>Exactly</dt><dd>',
            metric.label,
            metric.about,
        ),
        told=format_html(
            "</dd><dt>Layer</dt><dd>{} {}</dd><dt>Unit</dt><dd>{}</dd><dt>Source</dt><dd>{}</dd><dt>True at</dt><dd>",
            layer(metric),
            metric.layer,
            metric.unit,
            metric.source,
        ),
        noted=format_html("</dd>{}{}", note, formula),
        key=format_html(
            "<dt>Key</dt><dd><code>{}</code>, version {}</dd><dt>Method</dt><dd>", metric.key, metric.version
        ),
    )


def _rank_words(fact: Fact) -> SafeString | str:
    """What the marks beside it say, for where there is no room for them."""
    if fact.percentile is None:
        return ""
    within = "" if fact.category_percentile is None else f", {fact.category_percentile} in its category"
    return format_html("</dd><dt>Percentile</dt><dd>{} in the network{}", fact.percentile, within)


def _standing(fact: Fact, *, within: bool) -> SafeString:
    """Percentiles as marks and as numbers; `within` a category too."""
    if fact.percentile is None:
        return _UNRANKED + _UNRANKED_WITHIN if within else _UNRANKED
    return format_html(
        '<td class="pcell x1">{}</td><td>{}</td>{}',
        percentile_bar(fact),
        fact.percentile,
        _within(fact.category_percentile) if within else "",
    )


def _within(percentile: int | None) -> SafeString:
    if percentile is None:
        return _ALONE_WITHIN
    return format_html('<td class="x1">{}</td>', percentile)


@register.simple_tag
def value_rows(table: Iterable[tuple[datetime, float | None, float | None]], *, priced: bool) -> SafeString:
    """A row per observation that is drawn: its price and moving price if it is `priced`, else its amount."""
    if not priced:
        return point_rows((at, value) for at, value, _ in table)
    return _rows(((moment(at), price(value), price(moving)) for at, value, moving in table), cells=2)


@register.simple_tag
def point_rows(table: Iterable[tuple[datetime, float | None]]) -> SafeString:
    """A row per observation that is drawn: its amount or count."""
    return _rows(((moment(at), _amount(value)) for at, value in table), cells=1)


@register.simple_tag
def day_rows(days: Iterable[tuple[date, float | None, float | None]]) -> SafeString:
    """A row per day: what was traded, and what flowed in."""
    return _rows(((moment(day, day=True), _amount(traded), _amount(flow)) for day, traded, flow in days), cells=2)


def _rows(rows: Iterable[Sequence[str]], *, cells: int) -> SafeString:
    return format_html_join("", '<tr><th scope="row">{}</th>' + "<td>{}</td>" * cells + "</tr>", rows)


def _amount(value: float | None) -> str:
    """Whole from a hundred up, three digits below."""
    if value is None:
        return numbers.DASH
    return whole(value) if abs(value) >= 100 else numbers.round_compact(value)


@register.simple_tag(takes_context=True)
def validator_rows(context: dict[str, Any], validators: Iterable[Validator], heads: Sequence[Head]) -> SafeString:
    return format_html_join(
        "\n",
        '<tr><td class="l">{}</td><th scope="row">{}<code title="{}">{}</code></th>{}</tr>',
        (
            (
                each.uid,
                format_html('<span class="nm">{}</span> ', each.name) if each.name else "",
                each.hotkey,
                each.short_hotkey,
                _cells(context, each, heads),
            )
            for each in validators
        ),
    )


def _cells(context: dict[str, Any], validator: Validator, heads: Sequence[Head]) -> SafeString:
    return format_html_join("", "{}", ((cell(context, head.column, validator),) for head in heads))
