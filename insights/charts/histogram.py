"""How many subnets lie where: a histogram drawn on the server. Values in, SVG out."""

from collections.abc import Callable, Sequence
from math import ceil, floor, log10

from django.utils.safestring import SafeString

from insights.charts.axes import value_ticks
from insights.html import format_html, format_html_join

BINS = 24
_HEIGHT, _BASE = 120, 100
_LOG_FROM = 50  # times the smallest that the largest must be for a logarithmic axis
_LEAST_BAR = 1.5


def is_logarithmic(values: Sequence[float]) -> bool:
    """Whether the values, all above zero, are spread over orders of magnitude."""
    return bool(values) and min(values) > 0 and max(values) >= _LOG_FROM * min(values)


def counts(values: Sequence[float]) -> list[int]:
    """How many values fall into each of BINS equally wide stretches, of logarithms where these are drawn."""
    placed = [0] * BINS
    for place in _places(values):
        placed[min(BINS - 1, int(place * BINS))] += 1
    return placed


def _places(values: Sequence[float]) -> list[float]:
    """Where each value stands between the least, 0, and the greatest, 1; all in the middle where there is no spread."""
    scaled = [log10(value) for value in values] if is_logarithmic(values) else list(values)
    low, high = min(scaled, default=0), max(scaled, default=0)
    width = high - low
    return [(value - low) / width if width > 0 else 0.5 for value in scaled]


def _ticks(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    if low == high:
        return [low]
    if not is_logarithmic(values):
        return [tick for tick in value_ticks(low, high, 4) if low <= tick <= high]
    powers = [10.0**power for power in range(ceil(log10(low)), floor(log10(high)) + 1)]
    return powers[:: max(1, ceil(len(powers) / 6))]


def histogram(values: Sequence[float], label: str, value_text: Callable[[float], str]) -> SafeString | None:
    """Bars of how many of the known `values` lie in each stretch; None for fewer than two."""
    if len(values) < 2:
        return None
    placed = counts(values)
    tallest = max(placed)
    bars = [
        (f"{100 * at / BINS:.2f}", f"{100 / BINS - 0.35:.2f}", f"{_BASE - height:.1f}", f"{height:.1f}", words)
        for at, count in enumerate(placed)
        if count
        for height, words in [(max(_LEAST_BAR, 92 * count / tallest), f"{count} subnet{'s' if count > 1 else ''}")]
    ]
    ticks = _ticks(values)
    spots = _places([*values, *ticks])[len(values) :]
    labels = [
        (f"{100 * spot:.1f}", "start" if spot < 0.08 else "end" if spot > 0.92 else "middle", value_text(tick))
        for spot, tick in zip(spots, ticks, strict=True)
    ]
    return format_html(
        '<svg class="ch sm" height="{h}" role="img" aria-label="{}">{}{}'
        '<line class="gr" x2="100%" y1="{b}.5" y2="{b}.5"/></svg>',
        label,
        format_html_join(
            "",
            '<rect class="vb" x="{}%" width="{}%" y="{}" height="{}"><title>{}</title></rect>',
            bars,
        ),
        format_html_join("", '<text class="t" x="{}%" y="115" text-anchor="{}">{}</text>', labels),
        h=_HEIGHT,
        b=_BASE,
    )
