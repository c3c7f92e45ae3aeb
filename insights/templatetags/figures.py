"""Numbers, times, marks and categories as pages show them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.safestring import SafeString

from insights import numbers
from insights.board import Row
from insights.charts import marks
from insights.charts import ruler as time_ruler
from insights.dossier import Fact
from insights.figures import Value
from insights.html import format_html
from insights.money import Money
from insights.pages.caching import Publication
from insights.pages.rendering import METHOD_ROUTE, Frame, kept_address
from insights.pages.tables import Column
from insights.selection import slug_of
from insights.validators import Validator
from subnets.metrics import PRICE
from subnets.models import Category
from taoanalytics.lib.metric import Layer, Metric

register = template.Library()
register.filter("compact", numbers.compact)
register.filter("signed", numbers.signed)
register.filter("dollars", numbers.dollars)

_CUTS = {Category.Cut.SOLID: 1, Category.Cut.SPLIT: 2, Category.Cut.FRAME: 3}


def _money(context: Mapping[str, Any]) -> Money:
    """In which currency this page shows its amounts."""
    frame = context.get("frame")
    return frame.money if isinstance(frame, Frame) else Money()


@register.simple_tag(takes_context=True)
def link_to(context: dict[str, Any], route: str, *args: Any, **query: Any) -> str:
    """The address of a page of ours, for the day and currency that this page shows. Also where there is no frame."""
    frame = context.get("frame")
    if isinstance(frame, Frame):
        return frame.address(route, *args, **query)
    return kept_address(reverse(route, args=args), {}, query)


@register.simple_tag(takes_context=True)
def block_again(context: Any, name: str) -> str:
    """What a block of this page holds, in a second place."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.render(context) if block else ""


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[tuple[str, str, str]]:
    """As a frame has it; also on the pages for what went wrong, which have none."""
    frame = context.get("frame")
    return (frame if isinstance(frame, Frame) else Frame(publication=Publication())).navigation


@register.simple_tag(takes_context=True)
def amount(context: dict[str, Any], tao: float | None) -> str:
    """A compact amount with its unit: in dollars if they were asked for and a price of TAO is known."""
    return _money(context).amount(tao)


@register.simple_tag(takes_context=True)
def column_amount(context: dict[str, Any], tao: float | None) -> str:
    """The same in a column whose head names the unit."""
    return _money(context).compact(tao)


@register.simple_tag(takes_context=True)
def heading(context: dict[str, Any], metric: Metric, text: str = "") -> str:
    """A column's head, naming the unit in which this page shows the column."""
    return _money(context).heading(text or metric.heading, metric)


@register.simple_tag(takes_context=True)
def money_sign(context: dict[str, Any]) -> str:
    return _money(context).sign


def _unknown(metric: Metric) -> SafeString:
    return format_html(
        '<span class="na" title="{0}">{1}</span><span class="vh"> unknown: {0}</span>', metric.unknown, numbers.DASH
    )


@register.filter
def whole(value: float) -> str:
    return numbers.fixed(value)


@register.filter
def price(value: float | None) -> str:
    """TAO per alpha, without the unit."""
    return numbers.in_detail(PRICE, value)


@register.filter
def initials(name: str) -> str:
    """Two letters for a subnet without an icon."""
    return "".join(c for c in name if c.isalnum())[:2].title() or "?"


@register.simple_tag(takes_context=True)
def cell(context: dict[str, Any], column: Column, row: Row | Validator) -> SafeString:
    """One table cell; nothing for a column that is no number, for that has its place in the row's template."""
    if column.metric is None:
        return SafeString()
    value = row.figures[column.metric.key]
    amount = None if value is None else float(value)
    if column.drawn and isinstance(row, Row):
        return format_html("<td>{}</td>", sparkline(row.prices, amount))
    if column.tints and value is not None:
        tint = " ".join(filter(None, (column.css, marks.tint(amount, column.tints, "u", "d"))))
        return format_html("<td{}>{}</td>", marks.class_attribute(tint), _money(context).in_table(column.metric, value))
    return format_html("<td{}>{}</td>", marks.class_attribute(column.css), figure(context, column.metric, value))


@register.simple_tag(takes_context=True)
def sort_link(context: dict[str, Any], parameter: str, value: str) -> str:
    """The rest of the address as it is, with another order."""
    asked = context["request"].GET.lists()
    kept = [(name, each) for name, values in asked if name != parameter for each in values]
    return "?" + urlencode([*kept, (parameter, value)])


@register.simple_tag(takes_context=True)
def file_address(context: dict[str, Any], form: str, table: str = "") -> str:
    """This page as a file ("csv" or "json"), with the same query; what only changes the looks is left out.

    `table`: which of its tables, if not the first.
    """
    request = context["request"]
    page, query = request.resolver_match, request.GET.copy()
    for name in ("theme", "format", "table"):
        query.pop(name, None)
    if table:
        query["table"] = table
    path = reverse(f"{page.url_name}-{form}", kwargs=page.kwargs)
    return f"{path}?{query.urlencode()}" if query else path


@register.simple_tag(takes_context=True)
def figure(context: dict[str, Any], metric: Metric, value: Value) -> SafeString | str:
    """A value in a column whose head names the unit."""
    if value is None:
        return _unknown(metric)
    text = _money(context).in_table(metric, value)
    if not numbers.is_change(metric):
        return text
    side = numbers.direction(float(value))
    return format_html('<span class="{}">{}</span>', side, text) if side else text


@register.simple_tag(takes_context=True)
def row_figure(context: dict[str, Any], metric: Metric, row: Row) -> SafeString | str:
    """A row's value of a metric in a column whose head names the unit."""
    return figure(context, metric, row.figures.get(metric.key))


@register.simple_tag(takes_context=True)
def method_link(context: dict[str, Any], metric: Metric) -> SafeString:
    """A link to how the number is made."""
    address = link_to(context, METHOD_ROUTE, metric.key)
    return format_html('<a href="{}">Method<span class="vh"> of {}</span></a>', address, metric.label)


@register.simple_tag(takes_context=True)
def detail(context: dict[str, Any], metric: Metric, value: Value) -> SafeString:
    """A value in a place of its own, with its unit."""
    if value is None:
        return _unknown(metric)
    text, unit = _money(context).in_detail(metric, value)
    if not unit:
        return format_html("{}", text)
    return format_html("{} <small>{}</small>", text, unit)


@register.simple_tag
def change(metric: Metric, value: float | None) -> SafeString:
    """A change outside a table: an arrow for the eye, the sign for everyone."""
    if value is None:
        return _unknown(metric)
    side, text = numbers.direction(value), numbers.signed(value)
    if not side:
        return format_html("{}", text)
    arrow = "▲" if side == "up" else "▼"
    return format_html('<span class="{}"><span aria-hidden="true">{}</span> {}</span>', side, arrow, text)


@register.simple_tag
def layer(metric: Metric) -> SafeString:
    return _layer_mark(metric.layer)


@lru_cache
def _layer_mark(kind: Layer) -> SafeString:
    return format_html('<i class="ly {}" title="{}"></i>', kind[0], kind)


@register.simple_tag
def layer_mark(kind: str) -> SafeString:
    return _layer_mark(Layer(kind))


@register.simple_tag(takes_context=True)
def category(context: dict[str, Any], kind: Category | None, *, full: bool = False, link: bool = False) -> SafeString:
    """Square and name, or with its code instead; `link` leads to the explorer's rows of that category."""
    address = link_to(context, "explorer", category=slug_of(kind)) + "#subnets" if link else ""
    if kind is None:
        return _category("Unclassified", "–", "none", 3, full=full, address=address)
    return _category(
        kind.name, kind.code, kind.family, _CUTS.get(Category.Cut(kind.cut), 1), full=full, address=address
    )


@lru_cache(maxsize=500)
def _category(name: str, code: str, family: str, cut: int, *, full: bool, address: str) -> SafeString:
    content = format_html('<i class="v{}"></i>{}', cut, name if full else code)
    title = "" if full else format_html(' title="{}"', name)
    if not address:
        return format_html('<span class="cat {}"{}>{}</span>', family, title, content)
    return format_html('<a class="cat {}" href="{}"{}>{}</a>', family, address, title, content)


@register.simple_tag
@lru_cache
def icon(name: str) -> SafeString:
    return format_html('<svg class="ic" viewBox="0 0 16 16" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
@lru_cache(maxsize=2000)
def moment(at: datetime | date, *, age: bool | str = False, day: bool = False) -> SafeString:
    """An absolute time, UTC. With `age` the browser adds how long ago that is, or with "only" puts it in its place.

    The age is not in the page itself, so that a kept page never says it wrongly.
    """
    text = f"{at.day} {at:%b %Y}" if day else f"{at.day} {at:%b %Y %H:%M} UTC"
    return format_html(
        '<time datetime="{}"{}>{}</time>',
        at.isoformat(),
        format_html(' data-age="{}"', age if age == "only" else "") if age else "",
        text,
    )


@register.filter
def span_words(span: timedelta) -> str:
    """Hours up to two days, then days."""
    hours = span // timedelta(hours=1)
    return f"{hours} h" if hours < 48 else f"{span.days} days"


@register.simple_tag
def ruler(frame: Frame, days: int, width: int) -> SafeString | str:
    """The last `days` that were recorded, with a pointer at the one that is shown."""
    network = frame.board.network if frame.board else None
    shown = network.observed_at.date() if network else frame.days.newest
    return time_ruler.ruler(frame.days.days, shown, days=days, width=width) if shown else ""


@register.simple_tag
def sparkline(values: Sequence[float | None], change_pct: float | None) -> SafeString:
    return marks.month_line(values, change_pct)


@register.simple_tag
def bar(width_pct: float) -> SafeString:
    return marks.bar(width_pct)


@register.simple_tag
def percentile_bar(fact: Fact) -> SafeString | str:
    return "" if fact.percentile is None else marks.percentile_bar(fact.percentile, fact.category_percentile)


@register.filter
def percent(value: float | None, places: int = 1) -> str:
    """A share that is already in percent, without the sign."""
    return numbers.DASH if value is None else numbers.fixed(value, places)
