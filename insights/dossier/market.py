"""The charts of one subnet: which panes there are, what each finds in words, and what is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from insights.charts.line import SMALL, line_chart
from insights.charts.price import price_chart
from insights.charts.regimes import Line, rule_changes, tenancy, time_of_block
from insights.dossier.reading import Dossier
from insights.history import Series
from insights.numbers import compact, fixed, round_compact, signed, significant
from taoanalytics.lib.downsampling import Point

PANES = {"price": "Price", "cap": "Market cap", "pool": "Pool"}
"""{what stands in the address: its name}"""

_TRACKS = {"price": "prices", "cap": "market_caps", "pool": "pools"}
_TITLES = {"price": "Price, τ per alpha", "cap": "Market cap, τ", "pool": "TAO in the pool, τ"}
_MULTIPLES = (
    ("emissions", "Emission, τ per day", "TAO that the network spends on it in a day"),
    ("validators", "Active validators", "validators that the chain calls active"),
    ("miners", "Miners that earn", "keys that earn incentive"),
)


@dataclass(frozen=True, slots=True)
class Pane:
    """One chart over the asked range. `drawing` is None where fewer than two values are known."""

    key: str
    title: str
    drawing: SafeString | None
    figure: dict[str, Any]
    finding: str
    lines: Sequence[Line]
    table: Sequence[tuple[datetime, float | None, float | None]]


@dataclass(frozen=True, slots=True)
class Multiple:
    title: str
    drawing: SafeString
    finding: str


def pane(known: Dossier, key: str, *, ended_block: int | None, rows: int) -> Pane:
    """The chart `key` of PANES; `ended_block` is where another tenant registered the netuid."""
    series = known.series
    points: Sequence[Point] = getattr(series, _TRACKS[key])
    moving = series.moving_prices if key == "price" else ()
    lines = _lines(known, points, ended_block)
    text: Callable[[float], str] = _price_text if key == "price" else compact
    return Pane(
        key=key,
        title=_TITLES[key],
        drawing=line_chart(
            points,
            second=moving,
            bars=series.volumes,
            flows=series.flows,
            gaps=series.gaps,
            lines=lines,
            label=f"{_TITLES[key]} of {known.name}. {_finding(points, text, 'τ')}",
            value_text=text,
            bar_text=compact,
        ),
        figure=price_chart(
            points,
            moving,
            series.volumes,
            series.gaps,
            flows=series.flows,
            lines=lines,
            **({} if key == "price" else {"name": PANES[key], "tick_format": ",.3~s"}),
        ),
        finding=_finding(points, text, "τ"),
        lines=lines,
        table=_table(points, series, rows, priced=key == "price"),
    )


def multiples(series: Series) -> list[Multiple]:
    """Small charts of what else changed, those of which anything is known."""
    made = []
    for name, title, _ in _MULTIPLES:
        points: Sequence[Point] = getattr(series, name)
        drawing = line_chart(
            points,
            gaps=series.gaps,
            label=f"{title}. {_finding(points, compact, '')}",
            value_text=round_compact,
            bar_text=compact,
            height=SMALL,
        )
        if drawing:
            made.append(Multiple(title, drawing, _finding(points, compact, "")))
    return made


def _price_text(value: float) -> str:
    return significant(value, 3)


def _lines(known: Dossier, points: Sequence[Point], ended_block: int | None) -> list[Line]:
    if len(points) < 2 or known.snapshot is None:
        return []
    start, end, at = points[0][0], points[-1][0], known.snapshot.observed_at
    block = known.snapshot.network.block
    ended = None if ended_block is None else time_of_block(ended_block, block, at)
    registered = time_of_block(known.subnet.registered_at_block, block, at)
    found = [*rule_changes(start, end), *tenancy(registered, ended, start, end)]
    return sorted(found, key=lambda line: line.at)


def _finding(points: Sequence[Point], text: Callable[[float], str], unit: str) -> str:
    """How the range ended against its start, and against its high: "+7.9 % over the range, 78 % below its high…"."""
    known = [(at, value) for at, value in points if value is not None]
    if len(known) < 2:
        return ""
    (_, first), (_, last) = known[0], known[-1]
    top_at, top = max(known, key=lambda point: point[1])
    low = min(value for _, value in known)
    if top == low:
        return f"It stayed at {_value(last, text, unit)} all the time."
    moved = f"{signed(100 * (last / first - 1))} over this range" if first else f"From {text(first)} to {text(last)}"
    if last == top:
        return f"{moved}: at its high of {_value(top, text, unit)}."
    if last == low:
        return f"{moved}: at its low of {_value(low, text, unit)}."
    below, high = fixed(100 * (1 - last / top)), f"the high of {_value(top, text, unit)} on {top_at.day} {top_at:%b %Y}"
    return f"{moved}, {f'{below}% below' if below != '0' else 'close to'} {high}."


def _value(value: float, text: Callable[[float], str], unit: str) -> str:
    return f"{text(value)} {unit}".rstrip()


def _table(
    points: Sequence[Point], series: Series, rows: int, *, priced: bool
) -> Sequence[tuple[datetime, float | None, float | None]]:
    """(time, value, moving price) of what is drawn, newest first, at most `rows`."""
    if priced:
        return series.observed[: -rows - 1 : -1]
    return [(at, value, None) for at, value in points if value is not None][: -rows - 1 : -1]
