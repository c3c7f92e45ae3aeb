"""The cells of the power table: there are thousands of them, so what can be is worked out once for each column."""

from collections.abc import Callable
from functools import lru_cache

from django.utils.safestring import SafeString

from insights import numbers
from insights.board import Row
from insights.charts import marks
from insights.figures import Value
from insights.html import format_html
from insights.money import Money
from insights.screening.columns import Column
from insights.screening.heat import Tint
from insights.screening.text import shown
from taoanalytics.lib.metric import Metric

Writer = Callable[[Row], SafeString]
"""A row → its cell in one column."""

Words = Callable[[Value], str]

_KEPT_TEXTS = 300  # of each metric: those of the living subnets, twice
_TEXTS: dict[str, Words] = {}


def writer_of(column: Column, *, start: bool, tint: Tint | None, money: Money) -> Writer:
    """`start`: whether the column is the first of its group. Text on a tint is never coloured."""
    metric, first = column.metric, "g1" if start else ""
    if column.drawn:
        return lambda row: _drawn(first, row.prices, row.amount(metric))
    words: Words = (lambda value: money.in_table(metric, value)) if money.converts(metric) else _words_of(metric)
    unknown = _unknown(first, metric.unknown)
    coloured = numbers.is_change(metric) and (tint is None or not column.tints)

    def written(row: Row) -> SafeString:
        value = row.figures.get(column.key)
        if value is None:
            return unknown
        mark = tint(row, float(value)) if tint else ""
        if coloured and not mark:
            mark = numbers.direction(float(value))
        return _cell(f"{first} {mark}" if first and mark else first or mark, words(value))

    return written


def _words_of(metric: Metric) -> Words:
    """Kept by key, for the figures of a metric are written alike whatever its heading says."""
    if metric.key not in _TEXTS:
        _TEXTS[metric.key] = lru_cache(_KEPT_TEXTS)(lambda value: shown(metric, value))
    return _TEXTS[metric.key]


@lru_cache(maxsize=20_000)
def _cell(css: str, text: str) -> SafeString:
    """Kept, for most figures are shown again and again, and escaping them is half of the time that a page takes."""
    return format_html("<td{}>{}</td>", marks.class_attribute(css), text)


def _unknown(css: str, reason: str) -> SafeString:
    return format_html(
        '<td class="{}" title="{}">{}<span class="vh"> unknown</span></td>', f"{css} na".strip(), reason, numbers.DASH
    )


@lru_cache(maxsize=1000)
def _drawn(css: str, prices: tuple[float | None, ...], change_pct: float | None) -> SafeString:
    return format_html("<td{}>{}</td>", marks.class_attribute(css), marks.month_line(prices, change_pct))
