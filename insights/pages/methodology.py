"""/methodology/: how numbers are made here, and /methodology/<metric>/: how one of them is."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from insights import exports, registry
from insights.board import Board, Row
from insights.catalogue import ALL_DEVIATIONS, EXPLAINED, Input, built_on, deviations_of, groups, inputs_of
from insights.charts.histogram import histogram, is_logarithmic
from insights.distribution import Distribution, distribution
from insights.figures import Value
from insights.mathml import typeset
from insights.numbers import MINUS, exact, fixed, in_detail, round_compact, significant, unit_after
from insights.pages.caching import Publication, published
from insights.pages.rendering import board_for, frame_for
from insights.selection import ordered
from insights.tables.methodology import declarations_table
from subnets.metrics import MARKET_CAP, TOLERANCES
from subnets.regimes import REGIMES, Regime, successor
from taoanalytics.lib.metric import Layer, Metric, Unit

_SOURCES = (
    ("Bittensor chain", "none", "Every subnet and neuron at one finalized block, through the bittensor SDK."),
    ("Our own snapshots", "none", "What we read of the chain before: changes, flows, volatility, drawdown."),
    ("Recorded history", "none", "Daily states of the chain before this site began to read it, taken in from a file."),
    ("TAO.app", "API key", "The market as it sees it. Kept beside our own figures, never in their place."),
    ("CoinGecko", "optional key", "TAO in US dollars. Dollars use the newest price at or before the observation."),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One input of the worked example, and what it was."""

    input: Input
    text: str


@published
def methodology(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    if export := exports.asked_for(request):
        return export("metrics", declarations_table(EXPLAINED.values(), exports.site_of(request)))
    context = {
        "groups": groups(),
        "count": len(EXPLAINED),
        "layers": _layers(),
        "tolerances": [(span.short, _words(tolerance)) for span, tolerance in TOLERANCES.items()],
        "topics": [(topic, list(rules)) for topic, rules in groupby(map(_rule, REGIMES), lambda rule: rule[0].topic)],
        "sources": _SOURCES,
        "deviations": ALL_DEVIATIONS,
        "frame": frame_for(request, publication, board_for(request, publication, past=False)),
    }
    return render(request, "pages/methodology.html", context)


@published
def method(request: HttpRequest, publication: Publication, key: str) -> HttpResponseBase:
    metric = EXPLAINED.get(key)
    if metric is None:
        raise Http404(f"no metric is called {key}")
    now = board_for(request, publication, past=False)
    of_subnets = key in registry.BY_KEY
    if export := exports.asked_for(request):
        if not of_subnets:
            raise Http404(f"{key} is no number of a subnet, of which there could be a table")
        rows = ordered(now.rows, key, descending=True)
        return export(
            f"{key}-{now.network.block if now.network else 0}", exports.board_table(rows, [metric], now.tao_price)
        )
    spread = distribution(metric, now.rows) if of_subnets and now.rows else None
    example = _largest(now, metric) if of_subnets else None
    context = {
        "metric": metric,
        "group": next(name for name, members in groups().items() if metric in members),
        "formula": typeset(metric),
        "inputs": inputs_of(metric),
        "bounds": _bounds(metric),
        "judged": metric.layer is Layer.JUDGED,
        "spread": spread,
        "five": [(name, _told(metric, value)) for name, value in spread.spread] if spread else [],
        "ends": _ends(metric, spread) if spread else [],
        "drawing": _drawing(metric, spread) if spread else None,
        "logarithmic": spread is not None and is_logarithmic(spread.values),
        "example": example,
        "steps": _steps(metric, example) if example else [],
        "result": _worked(metric, example.figures[key], example) if example else "",
        "built_on": built_on(metric),
        "deviations": deviations_of(metric),
        "board": now,
        "frame": frame_for(request, publication, now),
    }
    return render(request, "pages/methodology_metric.html", context)


def _layers() -> list[tuple[Layer, str, int]]:
    words = {
        Layer.OBSERVED: "Read from a source and stored as it was, with the block and the time at which it was true.",
        Layer.DERIVED: "Computed from what was observed, by a formula that stands on the metric's page.",
        Layer.JUDGED: "An opinion: weights or words were chosen by somebody. It is shown with the parts it is made of.",
    }
    return [(layer, text, sum(m.layer is layer for m in EXPLAINED.values())) for layer, text in words.items()]


def _rule(regime: Regime) -> tuple[Regime, Regime | None]:
    return regime, successor(regime)


def _words(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{fixed(hours)} hours" if hours >= 1 else f"{fixed(60 * hours)} minutes"


def _bounds(metric: Metric) -> str:
    low = None if metric.lower is None else f"{metric.lower:,g}"
    high = None if metric.upper is None else f"{metric.upper:,g}"
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} or more"
    return f"{high} or less" if high is not None else "none"


def _told(metric: Metric, value: Value) -> str:
    return f"{in_detail(metric, value)} {unit_after(metric)}".rstrip()


def _largest(now: Board, metric: Metric) -> Row | None:
    """The subnet that the example is of: of those with a value, the one with the largest market cap."""
    known = [row for row in now.rows if row.figures.get(metric.key) is not None]
    return next(iter(ordered(known, MARKET_CAP.key, descending=True)), None)


def _steps(metric: Metric, row: Row) -> list[Step]:
    return [Step(each, _input_text(each, row)) for each in inputs_of(metric)]


def _input_text(each: Input, row: Row) -> str:
    """What the input was; "" for what is no single number of the observation: rules, columns of neurons."""
    if each.metric is not None:
        value = row.figures.get(each.name)
        return "unknown" if value is None else _worked(each.metric, value, row)
    held = getattr(row.snapshot, each.name, None)
    if held is None:
        return ""
    return f"{held:,} rao" if each.name.endswith("_rao") else str(held)


def _worked(metric: Metric, value: Value, row: Row) -> str:
    """With as many digits as it takes to reckon the example through."""
    if value is not None and metric.unit in (Unit.PERCENT, Unit.SHARE):
        return f"{significant(100 * value if metric.unit is Unit.SHARE else value, 6)}%"
    return exact(metric, value, row.snapshot)


def _ends(metric: Metric, spread: Distribution) -> list[tuple[str, list[tuple[Row, str]]]]:
    def listed(rows: list[Row]) -> list[tuple[Row, str]]:
        return [(row, _told(metric, row.figures[metric.key])) for row in rows]

    return [("Highest", listed(list(spread.top))), ("Lowest", listed(list(spread.bottom)))] if spread.top else []


def _drawing(metric: Metric, spread: Distribution) -> str | None:
    label = f"Histogram of {metric.label} of {spread.known} subnets"
    return histogram(spread.values, label, lambda value: _tick(metric, value))


def _tick(metric: Metric, value: float) -> str:
    """A round number on an axis."""
    match metric.unit:
        case Unit.SHARE | Unit.PERCENT:
            text = f"{100 * value if metric.unit is Unit.SHARE else value:g}%"
        case Unit.USD:
            text = f"${value:,g}"
        case _:
            text = f"{round_compact(value) if abs(value) >= 10_000 else f'{value:,g}'} {unit_after(metric)}".rstrip()
    return text.replace("-", MINUS)
