"""A line chart over time, drawn on the server: what a page shows until Plotly takes its place, or in its stead."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils.safestring import SafeString

from insights.charts.axes import value_range
from insights.charts.frame import (
    FOOT,
    HEAD,
    HEIGHT,
    WIDTH,
    Frame,
    Gap,
    Points,
    gap_words,
    shades,
    stretched,
    time_axis,
    value_axis,
)
from insights.charts.regimes import Band, Line, lanes
from insights.html import format_html, format_html_join

SMALL = 132
_STRIP, _SPACE = 46, 10
_BAR = timedelta(hours=17)  # of a day
_LANE, _WORD = 14, 150  # pixels of a lane of words, thousandths of the width that a word may need


def line_chart(
    points: Points,
    *,
    second: Points = (),
    bars: Points = (),
    flows: Points = (),
    gaps: Sequence[Gap] = (),
    lines: Sequence[Line] = (),
    bands: Sequence[Band] = (),
    label: str,
    value_text: Callable[[float], str],
    bar_text: Callable[[float | None], str],
    height: int = HEIGHT,
    counted: bool = False,
) -> SafeString | None:
    """None for fewer than two known points. Unknown ones break the line, gaps are shaded, events are dotted lines.

    `bars`, of days, have a strip of their own below, and so have `flows`, which may be negative; what is `counted` has
    whole numbers at its axis.
    """
    known = [(at, value) for at, value in points if value is not None]
    if len(known) < 2 or known[0][0] == known[-1][0]:
        return None
    tallest, widest = _largest(bars), _largest(flows)
    strips = (bool(tallest) + bool(widest)) * (_STRIP + _SPACE)
    low, high = value_range([v for _, v in known] + [v for _, v in second if v is not None])
    frame = Frame(points[0][0], points[-1][0], low, high, height - FOOT - strips, height)
    volume_base = height - FOOT - (_STRIP + _SPACE if widest else 0)
    parts = (
        value_axis(frame, value_text, whole=counted),
        time_axis(frame),
        _plot(frame, points, second, gaps, bands),
        _bars(frame, bars, tallest, bar_text(tallest), volume_base) if tallest else "",
        _flows(frame, flows, widest, bar_text(widest)) if widest else "",
        _events(frame, lines),
        gap_words(frame, gaps),
        _end(frame, points),
    )
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="ch" height="{}" role="img" aria-label="{}">{}</svg>', height, label, body)


def _largest(points: Points) -> float:
    return max((abs(value) for _, value in points if value), default=0)


def _bands(frame: Frame, bands: Sequence[Band]) -> SafeString:
    return format_html_join(
        "",
        '<rect class="rule" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (f"{frame.x(each.start):.1f}", HEAD, f"{frame.x(each.end) - frame.x(each.start):.1f}", frame.floor - HEAD)
            for each in bands
            if each.shaded
        ),
    )


def _plot(frame: Frame, points: Points, second: Points, gaps: Sequence[Gap], bands: Sequence[Band]) -> SafeString:
    area = format_html('<path class="ar" d="{}"/>', _path(frame, points, closed=True)) if frame.low == 0 else ""
    dashed = format_html('<path class="ln l2" d="{}"/>', _path(frame, second)) if second else ""
    line = format_html('<path class="ln" d="{}"/>', _path(frame, points))
    behind = _bands(frame, bands), shades(frame, gaps)
    return stretched(frame, format_html("{}{}{}{}{}", *behind, area, dashed, line))


def _path(frame: Frame, points: Points, *, closed: bool = False) -> str:
    """One stroke for each unbroken run; `closed` down to the floor, for an area."""
    strokes = []
    for run in _runs(points):
        stroke = "L".join(f"{frame.x(at):.1f} {frame.y(value):.1f}" for at, value in run)
        base = f"{frame.floor:.0f}"
        ends = f"{frame.x(run[0][0]):.1f} {base}L", f"L{frame.x(run[-1][0]):.1f} {base}z"
        strokes.append(f"M{ends[0]}{stroke}{ends[1]}" if closed else f"M{stroke}")
    return "".join(strokes)


def _runs(points: Points) -> list[list[tuple[datetime, float]]]:
    runs: list[list[tuple[datetime, float]]] = [[]]
    for at, value in points:
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [run for run in runs if run]


def _bars(frame: Frame, bars: Points, tallest: float, text: str, base: int) -> SafeString:
    width = _bar_width(frame)
    path = "".join(
        f"M{max(0, frame.x(at)):.1f} {base}v-{_STRIP * value / tallest:.1f}h{width:.1f}V{base}z"
        for at, value in bars
        if value
    )
    return format_html(
        '{}<line class="gr" x2="100%" y1="{base}.5" y2="{base}.5"/><text x="100%" dx="6" y="{}">{}</text>',
        stretched(frame, format_html('<path class="vb" d="{}"/>', path)),
        base - _STRIP + 14,
        text,
        base=base,
    )


def _bar_width(frame: Frame) -> float:
    return max(frame.x(frame.start + _BAR), 0.8)


def _flows(frame: Frame, flows: Points, widest: float, text: str) -> SafeString:
    """Up from the middle of the strip for what came in, down for what went out."""
    middle = frame.height - FOOT - _STRIP // 2
    width = _bar_width(frame)
    inward, outward = (
        "".join(
            f"M{max(0, frame.x(at)):.1f} {middle}v{-_STRIP / 2 * value / widest:.1f}h{width:.1f}V{middle}z"
            for at, value in flows
            if value and (value > 0) is rising
        )
        for rising in (True, False)
    )
    paths = format_html('<path class="fu" d="{}"/><path class="fd" d="{}"/>', inward, outward)
    return format_html(
        '{}<line class="gr" x2="100%" y1="{middle}.5" y2="{middle}.5"/><text x="100%" dx="6" y="{}">±{}</text>',
        stretched(frame, paths),
        middle - _STRIP // 2 + 14,
        text,
        middle=middle,
    )


def _events(frame: Frame, lines: Sequence[Line]) -> SafeString:
    """A dotted line for each, its word in a lane where it touches no other; to the left of it near the right end."""
    inside = [line for line in lines if frame.start <= line.at <= frame.end]
    positions = [frame.x(line.at) for line in inside]
    drawn = [
        (frame.percent(line.at), f"{frame.floor:.0f}", *_beside(x), HEAD + 10 + _LANE * lane, line.word)
        for line, x, lane in zip(inside, positions, lanes(positions, _WORD), strict=True)
    ]
    return format_html_join(
        "",
        '<line class="ev" x1="{0}" x2="{0}" y1="0" y2="{1}"/>'
        '<text class="x2" x="{0}" dx="{2}" y="{4}" text-anchor="{3}">{5}</text>',
        drawn,
    )


def _beside(x: float) -> tuple[int, str]:
    return (-4, "end") if x > WIDTH - _WORD else (4, "start")


def _end(frame: Frame, points: Points) -> SafeString | str:
    _, value = points[-1]
    return (
        "" if value is None else format_html('<circle class="end" cx="100%" cy="{}" r="4"/>', f"{frame.y(value):.1f}")
    )
