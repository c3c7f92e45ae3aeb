"""The charts of one subnet: which panes there are, what each finds in words, and what is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.safestring import SafeString

from insights.charts.line import SMALL, line_chart
from insights.charts.price import price_chart
from insights.charts.regimes import Band, Line, emission_bands, rule_changes, tenancy, time_of_block
from insights.days import whole_days
from insights.dossier.reading import Dossier
from insights.history import Series
from insights.numbers import compact, fixed, round_compact, signed, significant
from taoanalytics.lib.downsampling import Point

PANES = {"price": "Price", "cap": "Market cap", "pool": "Pool"}
"""{what stands in the address: its name}"""

_TRACKS = {"price": "prices", "cap": "market_caps", "pool": "pools"}
_TITLES = {"price": "Price, τ per alpha", "cap": "Market cap, τ", "pool": "TAO in the pool, τ"}
_WRITTEN: Mapping[str, Mapping[str, Any]] = {
    "price": {},
    "cap": {"name": "Market cap", "tick_format": ",.3~s"},
    "pool": {"name": "Pool", "tick_format": ",.3~s"},
}
"""What the chart calls the line and how it writes its values, where not as a price."""
_MULTIPLES = {"emissions": "Emission, τ per day", "validators": "Active validators", "miners": "Miners that earn"}
_COUNTED = frozenset({"validators", "miners"})


@dataclass(frozen=True, slots=True)
class Pane:
    """One chart over the asked range. `drawing` is None where fewer than two values are known.

    `table` is (time, value, moving price) of what is drawn, `days` (day, volume, organic flow) of the bars below it in
    TAO, each newest first; `bands` are the rules of emission where there was more than one.
    """

    key: str
    title: str
    drawing: SafeString | None
    figure: dict[str, Any]
    finding: str
    lines: Sequence[Line]
    bands: Sequence[Band]
    table: Sequence[tuple[datetime, float | None, float | None]]
    days: Sequence[tuple[date, float | None, float | None]]

    @property
    def traded(self) -> bool:
        """Whether there is a bar of volume."""
        return any(volume for _, volume, _ in self.days)

    @property
    def flowed(self) -> bool:
        return any(flow for _, _, flow in self.days)


@dataclass(frozen=True, slots=True)
class Multiple:
    title: str
    drawing: SafeString
    finding: str
    table: Sequence[tuple[datetime, float]]


def pane(known: Dossier, key: str, *, ended_block: int | None, rows: int) -> Pane:
    """The chart `key` of PANES, its tables of at most `rows`; `ended_block`: where another registered the netuid."""
    series = known.series
    points: Sequence[Point] = getattr(series, _TRACKS[key])
    lines = _lines(known, points, ended_block)
    text: Callable[[float], str] = _price_text if key == "price" else round_compact
    finding = _finding(points, text, "τ")
    volumes, flows = whole_days(series, series.volumes), whole_days(series, series.flows)
    drawn: dict[str, Any] = {"gaps": series.gaps, "flows": flows, "lines": lines, "bands": _bands(points)}
    moving = series.moving_prices if key == "price" else ()
    return Pane(
        key=key,
        title=_TITLES[key],
        drawing=line_chart(
            points,
            second=moving,
            bars=volumes,
            label=f"{_TITLES[key]} of {known.name}. {finding}",
            value_text=text,
            bar_text=compact,
            **drawn,
        ),
        figure=price_chart(points, moving, volumes, **drawn, **_WRITTEN[key]),
        finding=finding,
        lines=lines,
        bands=drawn["bands"],
        table=_table(points, series, rows, priced=key == "price"),
        days=_days(volumes, flows, rows),
    )


def multiples(series: Series, *, rows: int) -> list[Multiple]:
    """Small charts of what else changed, those of which anything is known, with tables of at most `rows`."""
    made = []
    for name, title in _MULTIPLES.items():
        points: Sequence[Point] = getattr(series, name)
        finding = _finding(points, round_compact, "")
        drawing = line_chart(
            points,
            gaps=series.gaps,
            bands=_bands(points),
            label=f"{title}. {finding}",
            value_text=round_compact,
            bar_text=compact,
            height=SMALL,
            counted=name in _COUNTED,
        )
        if drawing:
            known = [(at, value) for at, value in points if value is not None]
            made.append(Multiple(title, drawing, finding, known[: -rows - 1 : -1]))
    return made


def _bands(points: Sequence[Point]) -> list[Band]:
    bands = emission_bands(points[0][0], points[-1][0]) if points else []
    return bands if len(bands) > 1 else []


def _days(volumes: Sequence[Point], flows: Sequence[Point], rows: int) -> list[tuple[date, float | None, float | None]]:
    volume_of, flow_of = dict(volumes), dict(flows)
    newest = sorted({*volume_of, *flow_of}, reverse=True)[:rows]
    return [(at.date(), volume_of.get(at), flow_of.get(at)) for at in newest]


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
