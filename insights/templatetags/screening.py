"""The rows of the power table, each made in one go."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from insights import numbers
from insights.board import Row
from insights.charts import marks
from insights.screening.cells import Writer
from insights.standing import Place
from insights.templatetags.figures import category

register = template.Library()


@register.simple_tag(takes_context=True)
def screener_row(context: dict[str, Any], row: Row, writers: Iterable[Writer], place: Place | None) -> SafeString:
    """One row of the table; `place` is None where no percentiles are shown."""
    html = _head(context["frame"].address(context.get("row_route", "subnet"), row.netuid), row.netuid, row.name)
    html += format_html('<td class="l hm">{}</td>', category(context, row.category))
    if place is not None:
        html += _percentile_cell(*place)
    for write in writers:
        html += write(row)
    return html


@lru_cache(maxsize=1000)
def _head(address: str, netuid: int, name: str) -> SafeString:
    return format_html('<th scope="row"><a href="{}"><span class="nid">{}</span>{}</a></th>', address, netuid, name)


def _percentile_cell(network: int | None, category: int | None) -> SafeString:
    """The percentile in the network and in the category, as two numbers and as mark and ring."""
    if network is None:
        return format_html('<td class="na" title="Unknown, or none to compare with">{}</td>', numbers.DASH)
    within = "" if category is None else format_html(' <span class="mut">{}</span>', category)
    return format_html('<td class="pcx">{}{} {}</td>', network, within, marks.percentile_bar(network, category))
