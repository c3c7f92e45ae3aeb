"""Any two figures of every subnet against each other, drawn on the server; each mark is a link.

Positions are in percent, so that it fills any width while its text keeps its size.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.safestring import SafeString

from insights.charts.scales import Scale
from insights.html import format_html, format_html_join

_SMALLEST, _LARGEST, _PLAIN = 4.0, 18.0, 5.0
_MOST_LABELS = 14
_ROOM_X, _ROOM_Y = 16.0, 4.0  # percent of the sides that a label needs for itself, on a tablet too
_ENDS_THERE = SafeString(' text-anchor="end"')

Words = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Point:
    """`size` is an amount that the mark's area shows, None for a small mark; `family` is a class of colour."""

    x: float
    y: float
    size: float | None
    name: str
    address: str
    family: str
    note: str


@dataclass(frozen=True, slots=True)
class Axis:
    label: str
    words: Words
    log: bool = False


def scatter(points: Sequence[Point], x: Axis, y: Axis, label: str, *, diagonal: bool = False) -> SafeString | None:
    """None without two points that both axes can hold. `diagonal` marks where both figures are the same."""
    x_scale, y_scale = Scale.over((p.x for p in points), log=x.log), Scale.over((p.y for p in points), log=y.log)
    if x_scale is None or y_scale is None:
        return None
    placed = [point for point in points if x_scale.holds(point.x) and y_scale.holds(point.y)]
    if len(placed) < 2:
        return None
    placed.sort(key=lambda point: -(point.size or 0))
    return format_html(
        '<svg class="sc" role="group" aria-label="{}">{}{}{}{}{}</svg>',
        label,
        _grid(x_scale, y_scale, x, y),
        _diagonal(x_scale, y_scale) if diagonal else "",
        format_html_join("", "{}", ((mark,) for mark in _marks(placed, x_scale, y_scale))),
        _labels(placed, x_scale, y_scale),
        format_html(
            '<text class="t" x="100%" y="100%" dy="38" text-anchor="end">{}</text><text class="t" y="-8">{}</text>',
            f"{x.label} →",
            f"↑ {y.label}",
        ),
    )


def left_out(points: Sequence[Point], *, log_x: bool, log_y: bool) -> int:
    """How many have no place on a logarithmic axis, which begins above zero."""
    return sum((log_x and point.x <= 0) or (log_y and point.y <= 0) for point in points)


def _grid(x_scale: Scale, y_scale: Scale, x: Axis, y: Axis) -> SafeString:
    across = format_html_join(
        "",
        '<line class="{2}" x2="100%" y1="{0}%" y2="{0}%"/><text class="t" x="-8" y="{0}%" dy="4" '
        'text-anchor="end">{1}</text>',
        (_tick(y_scale, tick, y, down=True) for tick in y_scale.ticks()),
    )
    up = format_html_join(
        "",
        '<line class="{2}" y2="100%" x1="{0}%" x2="{0}%"/><text class="t" x="{0}%" y="100%" dy="18" '
        'text-anchor="middle">{1}</text>',
        (_tick(x_scale, tick, x, down=False) for tick in x_scale.ticks()),
    )
    return format_html("{}{}", across, up)


def _diagonal(x: Scale, y: Scale) -> SafeString | str:
    """A straight line only where both scales are of one kind."""
    low, high = max(x.low, y.low), min(x.high, y.high)
    if x.log is not y.log or low >= high:
        return ""
    ends = (x.percent(low), 100 - y.percent(low), x.percent(high), 100 - y.percent(high))
    return format_html('<line class="md" x1="{}%" y1="{}%" x2="{}%" y2="{}%"/>', *(f"{end:.1f}" for end in ends))


def _tick(scale: Scale, tick: float, axis: Axis, *, down: bool) -> tuple[str, str, str]:
    place = scale.percent(tick)
    return f"{100 - place if down else place:.1f}", axis.words(tick), "zr" if tick == 0 else "gr"


def _marks(points: Sequence[Point], x: Scale, y: Scale) -> Iterable[SafeString]:
    """The largest first, so that the small lie on top and can be reached."""
    biggest = max((point.size or 0 for point in points), default=0)
    for point in points:
        yield format_html(
            '<a href="{}" class="{}"><circle cx="{}%" cy="{}%" r="{}"><title>{}</title></circle></a>',
            point.address,
            point.family,
            f"{x.percent(point.x):.1f}",
            f"{100 - y.percent(point.y):.1f}",
            f"{_radius(point, biggest):.1f}",
            point.note,
        )


def _radius(point: Point, biggest: float) -> float:
    if point.size is None or biggest <= 0:
        return _PLAIN
    return max(_SMALLEST, _LARGEST * sqrt(max(point.size / biggest, 0)))


def _labels(points: Sequence[Point], x: Scale, y: Scale) -> SafeString:
    """Names of the largest, where there is room for them: beside the mark, at the right edge before it."""
    taken: list[tuple[float, float]] = []
    named: list[tuple[str, str, str, SafeString | str, str]] = []
    biggest = max((point.size or 0 for point in points), default=0)
    for point in points:
        across, down = x.percent(point.x), 100 - y.percent(point.y)
        before = across > 100 - _ROOM_X
        left = across - _ROOM_X if before else across
        if any(abs(left - a) < _ROOM_X and abs(down - d) < _ROOM_Y for a, d in taken):
            continue
        taken.append((left, down))
        away = _radius(point, biggest) + 3
        named.append((
            f"{across:.1f}", f"{down:.1f}", f"{-away if before else away:.0f}", _ENDS_THERE if before else "",
            point.name[:18],
        ))  # fmt: skip
        if len(named) == _MOST_LABELS:
            break
    return format_html_join("", '<text class="nm" x="{}%" y="{}%" dx="{}" dy="4"{} aria-hidden="true">{}</text>', named)
