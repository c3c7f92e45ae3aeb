"""How the subnets are spread over one figure: bars of equal width, each a link to those within it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from django.utils.safestring import SafeString

from insights.charts.axes import value_ticks
from insights.charts.scales import Scale
from insights.html import format_html, format_html_join

_BINS = 20
_GAP = 0.3  # percent of the width between two bars


@dataclass(frozen=True, slots=True)
class Bin:
    """From `low` to below `high`; the last one holds its `high` too."""

    low: float
    high: float
    count: int


def bins_of(values: Sequence[float], *, log: bool = False, count: int = _BINS) -> list[Bin]:
    """Equal widths between round numbers, on a logarithmic scale equal ratios; [] without two different values."""
    known = sorted(value for value in values if isfinite(value) and (value > 0 or not log))
    if not known or known[0] == known[-1]:
        return []
    edges = _log_edges(known[0], known[-1], count) if log else _edges(known[0], known[-1], count)
    pairs = list(pairwise(edges))
    counts = [0] * len(pairs)
    place = 0
    for value in known:
        while place < len(pairs) - 1 and value >= pairs[place][1]:
            place += 1
        counts[place] += 1
    return [Bin(low, high, held) for (low, high), held in zip(pairs, counts, strict=True)]


def _edges(low: float, high: float, count: int) -> list[float]:
    ticks = value_ticks(low, high, count)
    if len(ticks) < 2:
        return [low, high]
    step = ticks[1] - ticks[0]
    start = ticks[0] if ticks[0] <= low else ticks[0] - step
    total = len(ticks) + (ticks[0] > low) + (ticks[-1] < high)
    return [round(start + step * i, 12) for i in range(total)]


def _log_edges(low: float, high: float, count: int) -> list[float]:
    ratio = (high / low) ** (1 / count)
    return [*(low * ratio**i for i in range(count)), high]


def histogram(
    bins: Sequence[Bin],
    *,
    log: bool,
    words: Callable[[float], str],
    address: Callable[[Bin], str],
    label: str,
    median: float | None = None,
) -> SafeString | None:
    if not bins:
        return None
    scale = Scale(bins[0].low, bins[-1].high, log=log)
    most = max(each.count for each in bins)
    return format_html(
        '<svg class="sc hs" role="group" aria-label="{}">{}{}{}{}</svg>',
        label,
        _across(most),
        format_html_join("", "{}", ((_bar(each, scale, most, words, address(each)),) for each in bins if each.count)),
        _under(scale, words),
        _median(scale, median, words),
    )


def _bar(each: Bin, scale: Scale, most: int, words: Callable[[float], str], address: str) -> SafeString:
    left, right, height = scale.percent(each.low), scale.percent(each.high), 100 * each.count / most
    said = f"{words(each.low)} to {words(each.high)}: {each.count} {'subnet' if each.count == 1 else 'subnets'}"
    return format_html(
        '<a href="{}"><rect x="{}%" y="{}%" width="{}%" height="{}%"><title>{}</title></rect></a>',
        address,
        f"{left:.2f}",
        f"{100 - height:.2f}",
        f"{max(0.2, right - left - _GAP):.2f}",
        f"{height:.2f}",
        said,
    )


def _across(most: int) -> SafeString:
    counts = [tick for tick in value_ticks(0, most, 4) if tick == int(tick)]
    return format_html_join(
        "",
        '<line class="gr" x2="100%" y1="{0}%" y2="{0}%"/><text class="t" x="-8" y="{0}%" dy="4" '
        'text-anchor="end">{1}</text>',
        ((f"{100 - 100 * tick / most:.1f}", f"{tick:.0f}") for tick in counts),
    )


def _under(scale: Scale, words: Callable[[float], str]) -> SafeString:
    return format_html_join(
        "",
        '<text class="t" x="{}%" y="100%" dy="18" text-anchor="middle">{}</text>',
        ((f"{scale.percent(tick):.1f}", words(tick)) for tick in scale.ticks()),
    )


def _median(scale: Scale, median: float | None, words: Callable[[float], str]) -> SafeString | str:
    if median is None or not scale.holds(median):
        return ""
    place = f"{scale.percent(median):.1f}"
    return format_html(
        '<line class="md" y2="100%" x1="{0}%" x2="{0}%"/><text class="t" x="{0}%" y="-8" '
        'text-anchor="middle">median {1}</text>',
        place,
        words(median),
    )
