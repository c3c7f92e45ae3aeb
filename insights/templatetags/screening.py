"""The rows of the power table, made in one go."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString

from insights import numbers
from insights.board import Row
from insights.charts import marks
from insights.html import format_html
from insights.pages.rendering import Frame
from insights.screening.cells import Writer
from insights.standing import Place
from insights.templatetags.figures import category

register = template.Library()


@register.simple_tag(takes_context=True)
def screener_rows(
    context: dict[str, Any], rows: Iterable[tuple[Row, Place | None]], writers: Sequence[Writer]
) -> SafeString:
    """The body of the table; a row's place is None where no percentiles are shown."""
    frame: Frame = context["frame"]
    route = context.get("row_route", "subnet")
    html: list[str] = []
    for row, place in rows:
        html += "<tr>", _head(frame.address(route, row.netuid), row.netuid, row.name), _category_cell(context, row)
        if place is not None:
            html.append(_percentile_cell(*place))
        html += [write(row) for write in writers]
        html.append("</tr>\n")
    return SafeString("".join(html))


@lru_cache(maxsize=1000)
def _head(address: str, netuid: int, name: str) -> SafeString:
    return format_html('<th scope="row"><a href="{}"><span class="nid">{}</span>{}</a></th>', address, netuid, name)


def _category_cell(context: dict[str, Any], row: Row) -> SafeString:
    return format_html('<td class="l hm">{}</td>', category(context, row.category))


def _percentile_cell(network: int | None, category: int | None) -> SafeString:
    """The percentile in the network and in the category, as two numbers and as mark and ring."""
    if network is None:
        return format_html('<td class="na" title="Unknown, or none to compare with">{}</td>', numbers.DASH)
    within = "" if category is None else format_html(' <span class="mut">{}</span>', category)
    return format_html('<td class="pcx">{}{} {}</td>', network, within, marks.percentile_bar(network, category))
