"""The price chart of a subnet as a Plotly figure: a plain dict that goes into the page as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from insights.charts.axes import AMOUNT_TICKS, TIME_TICKS, value_range
from insights.charts.regimes import Band, Line, lanes

Points = Sequence[tuple[datetime, float | None]]
Figure = dict[str, Any]

_PRICE_FORMAT = ",.5~r"
_DAY_MS = 86_400_000
_MOVING = "#7d8794"  # the one grey that stands out from both themes
_GAP = "rgba(200,140,20,.2)"
_BAND = "rgba(125,135,148,.12)"
_FLOW = "Organic flow"
_STRIP_SHARE = 0.2
_LANE, _WORD = 15, 0.16  # pixels of a lane of words, part of the width that a word may need


def price_chart(
    prices: Points,
    moving_prices: Points,
    volumes: Points,
    gaps: Sequence[tuple[datetime, datetime]],
    *,
    flows: Points = (),
    lines: Sequence[Line] = (),
    bands: Sequence[Band] = (),
    name: str = "Spot price",
    tick_format: str = _PRICE_FORMAT,
) -> Figure:
    """TAO above (per alpha, unless `name` says otherwise), TAO traded and TAO in and out per UTC day in strips below.

    `lines` are events: dotted, with their word. `bands` are the rules of emission: every other one shaded.
    """
    traded, flowed = _largest(volumes) > 0, _largest(flows) > 0
    strips = [[_bars(volumes)]] if traded else []
    strips += [_flows(flows)] if flowed else []
    floor = _STRIP_SHARE * len(strips)
    known = [v for _, v in (*prices, *moving_prices) if v is not None]
    low, high = value_range(known) if known else (0, 1)
    data: list[Figure] = [_line(name, prices, tick_format) | {"fill": "none" if low else "tozeroy"}]
    if moving_prices:
        grey = {"line": {"dash": "dot", "width": 1, "color": _MOVING}}
        data.append(_line("Moving price", moving_prices, tick_format) | grey)
    layout: Figure = {
        "showlegend": False,
        "xaxis": TIME_TICKS | {"anchor": f"y{len(strips) + 1}" if strips else "y"},
        "yaxis": {
            "domain": [floor, 1],
            "range": [low, high],
            **(AMOUNT_TICKS if tick_format == _PRICE_FORMAT else {"tickformat": tick_format}),
            "nticks": 5,
            "ticklabelstandoff": 6,
        },
        "shapes": [
            *_rules(bands, floor),
            *(_shade(a, b, _GAP) for a, b in gaps),
            *(_dotted(line, floor) for line in lines),
        ],
        "annotations": _words(lines, prices),
    }
    if flowed and not traded:
        data.append({"type": "bar", "visible": False})  # the theme colours bars by their place: volume, in, out
    for i, strip in enumerate(strips):
        data += [bars | {"yaxis": f"y{i + 2}"} for bars in strip]
        layout[f"yaxis{i + 2}"] = _strip_axis(strip, floor - _STRIP_SHARE * (i + 1))
    return {"data": data, "layout": layout}


def _largest(points: Points) -> float:
    return max((abs(value) for _, value in points if value), default=0)


def _strip_axis(strip: Sequence[Figure], bottom: float) -> Figure:
    largest = max(abs(value) for bars in strip for value in bars["y"] if value is not None)
    return {
        "domain": [bottom, bottom + _STRIP_SHARE - 0.06],
        **({"range": [-1.05 * largest, 1.05 * largest]} if strip[0]["name"] == _FLOW else {"rangemode": "tozero"}),
        "side": "right",
        "nticks": 2,
        "tickformat": "~s" if largest >= 1000 else ",.3~r",
        "ticklabelstandoff": 6,
    }


def _dotted(line: Line, floor: float) -> Figure:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": _when(line.at),
        "x1": _when(line.at),
        "y0": floor,
        "y1": 1,
        "line": {"dash": "dot", "width": 1, "color": _MOVING},
    }


def _words(lines: Sequence[Line], points: Points) -> list[Figure]:
    """The word of each line, beside it and in a lane where it touches no other."""
    if len(points) < 2 or points[0][0] >= points[-1][0]:
        return []
    start, end = points[0][0], points[-1][0]
    positions = [(line.at - start) / (end - start) for line in lines]
    return [
        {
            "x": _when(line.at),
            "xref": "x",
            "y": 1,
            "yref": "paper",
            "yanchor": "top",
            "yshift": -_LANE * lane,
            "xanchor": "right" if position > 1 - _WORD else "left",
            "text": line.word,
            "showarrow": False,
        }
        for line, position, lane in zip(lines, positions, lanes(positions, _WORD), strict=True)
    ]


def _when(at: datetime) -> str:
    return at.isoformat(" ", "minutes")[:16]


def _line(name: str, points: Points, tick_format: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [_when(at) for at, _ in points],
        "y": [value for _, value in points],
        "connectgaps": False,
        "hovertemplate": f"%{{y:{tick_format}}} τ",
    }


def _bars(points: Points) -> Figure:
    return {
        "type": "bar",
        "name": "Volume",
        "x": [_when(at) for at, _ in points],
        "y": [value for _, value in points],
        "offset": 0,
        "width": 0.8 * _DAY_MS,
        "hovertemplate": "%{y:,.0f} τ per day",
    }


def _flows(points: Points) -> list[Figure]:
    """In and out, which differ in colour."""
    into = [(day, value) for day, value in points if value is not None and value >= 0]
    out = [(day, value) for day, value in points if value is not None and value < 0]
    told = {"name": _FLOW, "hovertemplate": "%{y:+,.0f} τ per day"}
    return [_bars(into) | told, _bars(out) | told]


def _rules(bands: Sequence[Band], floor: float) -> list[Figure]:
    behind = {"layer": "below", "line": {"width": 0}, "y0": floor}
    return [_shade(band.start, band.end, _BAND) | behind for band in bands if band.shaded]


def _shade(a: datetime, b: datetime, fill: str) -> Figure:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": _when(a),
        "x1": _when(b),
        "y0": 0,
        "y1": 1,
        "fillcolor": fill,
    }
