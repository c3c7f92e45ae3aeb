"""Several lines over time on one scale: drawn on the server, and as a Plotly figure that takes the drawing's place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from insights.charts.axes import AMOUNT_TICKS, TIME_TICKS, value_range
from insights.charts.frame import (
    FOOT,
    HEAD,
    HEIGHT,
    Frame,
    Gap,
    Points,
    gap_words,
    shades,
    stretched,
    time_axis,
    value_axis,
)
from insights.html import format_html, format_html_join

Figure = dict[str, Any]

STYLES = ("s1", "s2", "s3", "s4", "s5")
"""Classes of the lines in the order in which they are drawn; each differs from the others in hue and in dash."""

NUMBER = "%{y:,.5~r}"
"""Plotly's template of a value: five significant digits."""

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_LABEL_HEIGHT = 14
_MIDDLE = 4  # pixels from the base line of a label to its middle
_ROOM_FOR_NAMES = 44  # pixels between the plot and the labels of its axis


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line: its whole `name`, and the `short` one that stands at its end."""

    name: str
    short: str
    points: Points


def trend_chart(
    strokes: Sequence[Stroke],
    *,
    gaps: Sequence[Gap] = (),
    base: float | None = None,
    label: str,
    value_text: Callable[[float], str],
) -> SafeString | None:
    """At most five lines; None for fewer than two known points. Unknown ones break a line, gaps are shaded.

    `base` is a value at which a dotted line is drawn.
    """
    frame = _frame(strokes)
    if frame is None:
        return None
    parts = (
        value_axis(frame, value_text),
        time_axis(frame),
        stretched(frame, shades(frame, gaps)),
        _level(frame, base) if base is not None else "",
        _lines(frame, strokes),
        gap_words(frame, gaps),
        _ends(frame, strokes),
    )
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="ch" height="{}" role="img" aria-label="{}">{}</svg>', HEIGHT, label, body)


def _frame(strokes: Sequence[Stroke]) -> Frame | None:
    known = [point for stroke in strokes for point in _known(stroke.points)]
    times = [at for stroke in strokes for at, _ in stroke.points]
    if not known or min(known)[0] == max(known)[0]:
        return None
    return Frame(min(times), max(times), *scale([value for _, value in known]))


def scale(values: list[float]) -> tuple[float, float]:
    """The ends of the value axis; values below zero are never cut off."""
    low, high = value_range(values)
    if min(values) >= 0 or min(values) == max(values):
        return low, high
    pad = (max(values) - min(values)) * 0.06
    return min(values) - pad, max(max(values), 0.0) + pad


def _level(frame: Frame, value: float) -> SafeString | str:
    if not frame.low <= value <= frame.high:
        return ""
    return format_html('<line class="ev" x2="100%" y1="{0}.5" y2="{0}.5"/>', f"{frame.y(value):.0f}")


def _lines(frame: Frame, strokes: Sequence[Stroke]) -> SafeString:
    paths = ((style, _path(frame, stroke.points)) for style, stroke in zip(STYLES, strokes, strict=False))
    return stretched(frame, format_html_join("", '<path class="ln {}" d="{}"/>', paths))


def _path(frame: Frame, points: Points) -> str:
    """One stroke for each unbroken run; a lone point is a short dash, so that it is seen."""
    strokes, run = [], []
    for at, value in (*points, (frame.end, None)):
        if value is not None:
            run.append(f"{frame.x(at):.1f} {frame.y(value):.1f}")
        elif run:
            strokes.append("M" + ("L".join(run) if len(run) > 1 else f"{run[0]}h3"))
            run = []
    return "".join(strokes)


def _ends(frame: Frame, strokes: Sequence[Stroke]) -> SafeString | str:
    """What each line is, at its end; none where there is only one."""
    if len(strokes) < 2:
        return ""
    ends = []
    for style, stroke in zip(STYLES, strokes, strict=False):
        if known := _known(stroke.points):
            at, value = known[-1]
            ends.append((frame.y(value), frame.percent(at), style, stroke.short))
    heights = spread([y for y, *_ in ends], _LABEL_HEIGHT, HEAD + _LABEL_HEIGHT, HEIGHT - FOOT - 4)
    return format_html_join(
        "",
        '<text class="lbl {}" x="{}" dx="-4" y="{}" text-anchor="end">{}</text>',
        ((style, x, f"{y:.0f}", short) for (_, x, style, short), y in zip(ends, heights, strict=True)),
    )


def spread(heights: Sequence[float], apart: float, top: float, bottom: float) -> list[float]:
    """`heights` moved as little as need be to lie `apart` from each other between `top` and `bottom`."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = [0.0] * len(heights)
    lowest = top
    for i in order:
        placed[i] = max(heights[i] - 4, lowest)
        lowest = placed[i] + apart
    limit = bottom
    for i in reversed(order):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - apart
    return placed


def trend_figure(
    strokes: Sequence[Stroke], *, gaps: Sequence[Gap] = (), base: float | None = None, hover: str = NUMBER
) -> Figure:
    """The same for Plotly: colours come from its template, dashes from here. `hover` is its template of a value."""
    known = [value for stroke in strokes for _, value in stroke.points if value is not None]
    low, high = scale(known) if known else (0, 1)
    shapes = [_shade(a, b) for a, b in gaps]
    if base is not None:
        shapes.append(_base_line(base))
    return {
        "data": [_trace(stroke, dash, hover) for stroke, dash in zip(strokes, _DASHES, strict=False)],
        "layout": {
            "showlegend": False,
            "xaxis": TIME_TICKS,
            "yaxis": {
                "range": [low, high],
                **({"tickformat": "~s"} if max(abs(low), abs(high)) >= 10_000 else AMOUNT_TICKS),
                "nticks": 6,
                "ticklabelstandoff": _ROOM_FOR_NAMES if len(strokes) > 1 else 6,
            },
            "shapes": shapes,
            "annotations": _annotations(strokes) if len(strokes) > 1 else [],
        },
    }


def _when(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def _trace(stroke: Stroke, dash: str, hover: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": plain(stroke.name),
        "x": [_when(at) for at, _ in stroke.points],
        "y": [value for _, value in stroke.points],
        "line": {"width": 1.5, "dash": dash},
        "connectgaps": False,
        "hovertemplate": hover,
    }


def plain(name: str) -> str:
    """Plotly takes some tags in a name for markup."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _annotations(strokes: Sequence[Stroke]) -> list[Figure]:
    """The short names behind the ends, moved apart by so many pixels that none covers another."""
    frame = _frame(strokes)
    if frame is None:
        return []
    ends = [(stroke.short, known[-1]) for stroke in strokes if (known := _known(stroke.points))]
    heights = [frame.y(value) for _, (_, value) in ends]
    placed = spread(heights, _LABEL_HEIGHT, HEAD + _LABEL_HEIGHT, HEIGHT - FOOT - 4)
    return [
        {
            "x": _when(at),
            "y": value,
            "text": plain(short),
            "showarrow": False,
            "xanchor": "left",
            "xshift": 4,
            "yanchor": "middle",
            "yshift": round(height - _MIDDLE - moved),
        }
        for (short, (at, value)), height, moved in zip(ends, heights, placed, strict=True)
    ]


def _known(points: Points) -> list[tuple[datetime, float]]:
    return [(at, value) for at, value in points if value is not None]


def _shade(a: datetime, b: datetime) -> Figure:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": _when(a),
        "x1": _when(b),
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "fillcolor": "rgba(200,140,20,.2)",
    }


def _base_line(value: float) -> Figure:
    ends = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value}
    return ends | {"line": {"width": 1, "dash": "dot", "color": "#7d8794"}}
