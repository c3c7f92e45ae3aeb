"""/compare/: up to five subnets side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponseBase

from insights import exports, traced
from insights.board import Board, Row
from insights.charts.rebased import START, common_start, rebased
from insights.charts.trend import STYLES, Stroke, trend_chart, trend_figure
from insights.comparison import Duel, Picked, grouped_duels, picked
from insights.figures import CHANGE_7D, Value
from insights.numbers import DASH, direction, fixed, signed
from insights.pages.caching import Publication, published
from insights.pages.rendering import board_for, frame_for, render_page
from insights.pages.trends import axis_words, removals, words
from insights.registry import METRICS, SCORE
from insights.selection import ordered
from insights.tables.rebased import rebased_table
from insights.traced import Step
from subnets.metrics import EMISSION, MARKET_CAP, PRICE
from taoanalytics.lib.downsampling import Point, broken_at, gaps
from taoanalytics.lib.metric import Better, Metric, Unit

KEY_FIGURES = (
    "price_tao change_1d_pct change_7d_pct change_30d_pct market_cap_tao fdv_tao pool_tao depth_to_market_cap_pct "
    "volatility_30d_pct max_drawdown_30d_pct volume_1d_tao turnover_1d_pct organic_flow_7d_tao organic_flow_30d_tao "
    "emission_tao_per_day emission_share_pct alpha_inflation_annual_pct miner_burn stake_quality alpha_stake_hhi "
    "alpha_stake_nakamoto validator_count active_validator_count active_miner_count validator_trust_ratio neuron_count "
    "registration_cost_tao validator_return_30d_mean_pct nav_to_price_pct round_trip_100_pct capacity_1pct_tao "
    f"deregistration_rank {SCORE.key} buy_signal"
).split()
_DEFAULT_RANGE = "90d"
_TABLES = ("figures", "prices")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for."""

    subnets: Picked
    range: str
    everything: bool

    @classmethod
    def of(cls, request: HttpRequest, now: Board) -> "Choice":
        span = request.GET.get("range", "")
        return cls(
            subnets=picked(request.GET.getlist("netuid"), now.rows),
            range=span if span in traced.RANGES else _DEFAULT_RANGE,
            everything=request.GET.get("figures") == "all",
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a compared subnet, and "best" or "equal best" where that can be said."""

    value: Value
    mark: str


@dataclass(frozen=True, slots=True)
class Rebased:
    """Prices from a common start of 100. `last` are what has become of it, one per subnet."""

    steps: Sequence[Step] = ()
    prices: Sequence[Sequence[float | None]] = ()
    lines: Sequence[Sequence[float | None]] = ()
    holes: Sequence[tuple[datetime, datetime]] = ()

    @property
    def start(self) -> datetime | None:
        return self.times[0] if self.steps else None

    @property
    def times(self) -> list[datetime]:
        return [step.observed_at for step in self.steps]

    @property
    def last(self) -> list[float | None]:
        return [line[-1] if line else None for line in self.lines]


@published
def compare(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    now = board_for(request, publication, past=False)
    choice = Choice.of(request, now)
    rows = choice.subnets.rows
    groups = grouped_duels(rows, () if choice.everything else KEY_FIGURES)
    export = exports.asked_for(request)
    if export and exports.table_asked_for(request, _TABLES) == "figures":
        return export(_name(choice), exports.board_table(rows, METRICS, now.tao_price))
    prices = _rebased(now, rows, choice.range)
    if export:
        return export(f"{_name(choice)}-prices-{choice.range}", rebased_table(rows, prices.steps, prices.prices))
    context = {
        "choice": choice,
        "rows": list(zip(rows, STYLES, strict=False)),
        "removals": removals(request, choice.subnets),
        "subnets": now.rows,
        "ranges": list(traced.RANGES),
        "groups": {name: [_line(duel) for duel in found] for name, found in groups.items()},
        "declared": len(METRICS),
        "prices": prices,
        "outcomes": [(row, style, *_outcome(last)) for (row, style), last in _with(rows, prices.last)],
        "observed": _observed(prices),
        "suggestions": _suggestions(request, now),
        **_drawing(rows, prices, choice.range),
    }
    return render_page(request, "compare", context, frame=frame_for(request, publication, now), fragments=["result"])


def _name(choice: Choice) -> str:
    return "-".join(map(str, ["compare", *choice.subnets.netuids]))


def _with(rows: Sequence[Row], values: Sequence[float | None]) -> list[tuple[tuple[Row, str], float | None]]:
    return list(zip(zip(rows, STYLES, strict=False), values, strict=False))


def _line(duel: Duel) -> dict[str, object]:
    mark = "best" if len(duel.best) == 1 else "equal best"
    return {
        "metric": duel.metric,
        "cells": [Cell(value, mark if i in duel.best else "") for i, value in enumerate(duel.values)],
        "difference": _difference(duel),
        "better": "" if duel.metric.better is Better.NEITHER else str(duel.metric.better),
    }


def _difference(duel: Duel) -> str:
    """In percent of an amount, else in the metric's own unit."""
    if duel.difference is None:
        return DASH
    if duel.metric.unit is Unit.YES_NO:
        return "same" if duel.difference == 0 else "differs"
    if duel.difference_pct is not None:
        return signed(duel.difference_pct)
    return _own_unit(duel.metric, duel.difference)


def _own_unit(metric: Metric, difference: float) -> str:
    if metric.unit in (Unit.SHARE, Unit.PERCENT):
        text = f"{fixed(difference * (100 if metric.unit is Unit.SHARE else 1), 1)} pp"
    else:
        text = words(metric, difference)
    return f"+{text}" if difference > 0 else text


def _rebased(now: Board, rows: Sequence[Row], span: str) -> Rebased:
    if not rows or now.network is None:
        return Rebased()
    steps = traced.steps_before(now.network, traced.RANGES[span])
    values = traced.values_at(PRICE, steps, [row.snapshot.subnet_id for row in rows])
    series = {row.netuid: _prices(row, steps, values) for row in rows}
    start = common_start(series)
    if start is None:
        return Rebased()
    found = rebased(series, start)
    shown = [step for step in steps if step.observed_at >= start]
    prices = [[price for at, price in series[row.netuid] if at >= start] for row in rows]
    lines = [[value for _, value in found[row.netuid]] for row in rows]
    return Rebased(shown, prices, lines, gaps([step.observed_at for step in shown]))


def _prices(row: Row, steps: Sequence[Step], values: traced.Values) -> list[Point]:
    return [(step.observed_at, values[step.network].get(row.snapshot.subnet_id)) for step in steps]


def _outcome(last: float | None) -> tuple[str, str, str]:
    """(what 100 has become, its change, its direction)"""
    change = None if last is None else last - START
    return (DASH if last is None else fixed(last, 1)), signed(change), direction(change)


def _observed(prices: Rebased) -> list[tuple[datetime, list[str]]]:
    shown = [
        (at, [DASH if line[i] is None else fixed(line[i] or 0, 1) for line in prices.lines])
        for i, at in enumerate(prices.times)
    ]
    return shown[::-1]


def _drawing(rows: Sequence[Row], prices: Rebased, span: str) -> dict[str, object]:
    strokes = [
        Stroke(
            f"{row.name} (SN{row.netuid})",
            f"SN{row.netuid}",
            broken_at(list(zip(prices.times, line, strict=True)), prices.holes),
        )
        for row, line in zip(rows, prices.lines, strict=False)
    ]
    label = f"Prices of {len(rows)} subnets over {span}, 100 at the start"
    return {
        "drawing": trend_chart(strokes, gaps=prices.holes, base=START, label=label, value_text=axis_words),
        "figure": trend_figure(strokes, gaps=prices.holes, base=START),
    }


def _suggestions(request: HttpRequest, now: Board) -> list[tuple[str, list[Row], str]]:
    """(words, subnets, address) of comparisons that somebody who knows no netuid could start with."""
    found = []
    for title, metric in (
        ("Three largest", MARKET_CAP),
        ("Three with the most emission", EMISSION),
        ("Three that rose most in 7 days", CHANGE_7D),
    ):
        rows = [row for row in ordered(now.rows, metric.key, descending=True) if row.amount(metric) is not None][:3]
        if len(rows) > 1:
            query = request.GET.copy()
            query.setlist("netuid", [str(row.netuid) for row in rows])
            found.append((title, rows, f"?{query.urlencode()}"))
    return found
