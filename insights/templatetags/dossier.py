"""The long tables of a subnet's page. They have hundreds of rows together, so each row is written here and not in HTML.

What a passport says of the metric itself is the same for every subnet, and is written once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from insights.dossier import Dossier, Fact
from insights.pages.rendering import METHOD_ROUTE
from insights.pages.tables import Head
from insights.templatetags.figures import cell, detail, layer, link_to, moment, percentile_bar, price, whole
from insights.validators import Validator
from taoanalytics.lib.metric import Metric

register = template.Library()

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


@register.simple_tag(takes_context=True)
def fact_rows(context: dict[str, Any], facts: Sequence[Fact]) -> SafeString:
    """A row per number: its passport, the value, and where that stands among the others if the subnet is ranked."""
    known: Dossier = context["dossier"]
    if known.snapshot is None:
        return SafeString()
    true_at = format_html("{}, block {}", moment(known.snapshot.observed_at), whole(known.snapshot.network.block))
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


def _passport(context: dict[str, Any], fact: Fact, true_at: SafeString) -> SafeString:
    declared = _declared(fact.metric)
    inputs = format_html_join(_BREAK, "<code>{}</code> {}", fact.inputs)
    return format_html(
        '{}{}{}{}{}{}{}<a href="{}">How it is made</a></dd></dl></div></details>',
        declared.head,
        fact.exact,
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
            '<details class="pop pp l" name="pp"><summary>{0}</summary><div class="panel"><h3>{0}</h3><p>{1}</p>'
            '<dl class="kv"><dt>Exactly</dt><dd>',
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
    if priced:
        return format_html_join(
            "",
            '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>',
            ((moment(at), price(value), price(moving)) for at, value, moving in table),
        )
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td>{}</td></tr>',
        ((moment(at), "" if value is None else whole(value)) for at, value, _ in table),
    )


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
