"""The scatter and the distribution of the rows that passed, with the sentence that says what is seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from django.utils.safestring import SafeString

from insights.board import Row
from insights.charts.distribution import Bin, bins_of, histogram
from insights.charts.scatter import Axis, Point, left_out, scatter
from insights.screening.conditions import number_text
from insights.screening.request import Request
from insights.screening.text import on_axis, shown
from taoanalytics.lib.metric import Metric, Unit

AddressOf = Callable[[int], str]
"""netuid → address of what its mark leads to."""
_LEVEL = "buy_signal"


@dataclass(frozen=True, slots=True)
class Picture:
    """`drawing` is None where too little is known; `apart` says in words what is not on it."""

    x: Metric
    y: Metric | None
    size: Metric | None
    drawing: SafeString | None
    caption: str
    apart: str


def picture_of(asked: Request, rows: Sequence[Row], address_of: AddressOf) -> Picture | None:
    if asked.axes.upwards:
        return _scatter(asked, rows, address_of)
    return _histogram(asked, rows) if asked.axes.across else None


def _scatter(asked: Request, rows: Sequence[Row], address_of: AddressOf) -> Picture:
    x, y = asked.metrics[asked.axes.across], asked.metrics[asked.axes.upwards]
    size = asked.metrics[asked.axes.area] if asked.axes.area else None
    by_level = asked.axes.view.colour == _LEVEL
    points = [point for row in rows if (point := _point(row, x, y, size, address_of, by_level=by_level))]
    log_x, log_y = "x" in asked.axes.logs, "y" in asked.axes.logs
    label = f"{y.heading} against {x.heading}"
    comparable = x.unit is y.unit is Unit.TAO
    drawing = scatter(points, _axis(x, log=log_x), _axis(y, log=log_y), label, diagonal=comparable)
    off = left_out(points, log_x=log_x, log_y=log_y)
    said = [
        f"{label}: {len(points) - off} subnets",
        *([f"area is {size.heading}"] if size else []),
        f"colour is {_COLOURS[by_level]}",
        *(["on the dashed line both are the same"] if comparable and log_x is log_y else []),
    ]
    return Picture(x, y, size, drawing, f"{'; '.join(said)}.{_LEADS[by_level]}", _apart(len(rows) - len(points), off))


_COLOURS = {False: "the family of the category", True: "the signal"}
_LEADS = {False: "", True: " A mark leads to how its signal came about."}


def _axis(metric: Metric, *, log: bool) -> Axis:
    return Axis(f"{metric.heading}{', logarithmic' if log else ''}", partial(on_axis, metric), log)


def _point(
    row: Row, x: Metric, y: Metric, size: Metric | None, address_of: AddressOf, *, by_level: bool
) -> Point | None:
    across, up = row.amount(x), row.amount(y)
    if across is None or up is None:
        return None
    note = f"{row.name} ({row.netuid})\n{x.heading}: {shown(x, across)}\n{y.heading}: {shown(y, up)}"
    colour = str(row.category.family) if row.category else "none"
    if by_level:
        level = row.figures.get(_LEVEL)
        note = f"{note}\nSignal {level or 'unknown'}"
        colour = f"l{level}" if level else "none"
    return Point(across, up, row.amount(size) if size else None, row.name, address_of(row.netuid), colour, note)


def _histogram(asked: Request, rows: Sequence[Row]) -> Picture:
    x, log = asked.metrics[asked.axes.across], "x" in asked.axes.logs
    known = [value for row in rows if (value := row.amount(x)) is not None]
    used = [value for value in known if value > 0 or not log]
    middle = median(used) if used else None
    drawing = histogram(
        bins_of(used, log=log),
        log=log,
        words=partial(on_axis, x),
        address=partial(_within, asked, x),
        label=f"Distribution of {x.heading}",
        median=middle,
    )
    said = "" if middle is None else f", half of them below {shown(x, middle)}"
    caption = f"{x.heading}: {len(used)} subnets{said}. A bar leads to those within it."
    return Picture(x, None, None, drawing, caption, _apart(len(rows) - len(known), len(known) - len(used)))


def _within(asked: Request, metric: Metric, each: Bin) -> str:
    """The table of those within one bar."""
    scale = 100 if metric.unit is Unit.SHARE else 1
    low, high = (number_text(round(scale * edge, 9)) for edge in (each.low, each.high))
    return asked.address("x", "y", "size", "log", **{"view": "", f"min_{metric.key}": low, f"max_{metric.key}": high})


def _apart(unknown: int, off: int) -> str:
    said = [f"{unknown} not drawn: unknown"] if unknown else []
    if off:
        said.append(f"{off} not drawn: not above zero, and the axis is logarithmic")
    return "; ".join(said)
