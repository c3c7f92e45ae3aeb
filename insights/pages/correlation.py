"""/correlation/: which metrics move together, across the network now or over time for one subnet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.http import HttpRequest, HttpResponseBase

from insights import exports, traced
from insights.board import Board, Row
from insights.charts.marks import tint
from insights.comparison import MOST_METRICS, Findings, Outlier, Pair, Picked, findings, picked, steps_of
from insights.numbers import DASH, MINUS, fixed
from insights.pages.caching import Publication, published
from insights.pages.rendering import board_for, frame_for, render_page
from insights.pages.trends import change_words, words
from insights.statistics import FEWEST_OBSERVATIONS, Cell, Method, known
from insights.tables.correlation import Sample, correlation_table, outliers_table
from insights.traced import TRACED, Step
from taoanalytics.lib.metric import Metric

DEFAULTS = (
    "change_30d_pct market_cap_tao volatility_30d_pct turnover_1d_pct organic_flow_7d_pct miner_burn "
    "emission_share_pct alpha_stake_hhi active_validator_count neuron_count"
).split()
LEVELS = {"0.1": 0.001, "1": 0.01, "5": 0.05, "10": 0.1}
"""{percent, as in the address: the highest q that counts}"""

_DEFAULT_LEVEL, _DEFAULT_RANGE = "5", "90d"
_STEPS = (0.3, 0.5, 0.7, 0.9)
_MOST_ASKED = 60
_MOST_STRONGEST, _MOST_OUTLIERS = 12, 5


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for. `subnet` None: network.

    `surplus` metrics were asked for beyond the most that fit; `alone` is one that was asked for without another.
    """

    metrics: tuple[Metric, ...]
    surplus: tuple[Metric, ...]
    alone: Metric | None
    method: Method
    level: str
    subnet: Row | None
    subnets: Picked
    range: str
    levels: bool

    @classmethod
    def of(cls, request: HttpRequest, now: Board) -> "Choice":
        asked = [TRACED[key] for key in dict.fromkeys(request.GET.getlist("m")[:_MOST_ASKED]) if key in TRACED]
        metrics = asked if len(asked) > 1 else [TRACED[key] for key in DEFAULTS]
        method, level, span = (request.GET.get(name, "") for name in ("method", "level", "range"))
        over_time = request.GET.get("scope") != "network"
        subnets = picked(request.GET.getlist("netuid") if over_time else [], now.rows, most=1)
        return cls(
            metrics=tuple(metrics[:MOST_METRICS]),
            surplus=tuple(metrics[MOST_METRICS:]),
            alone=asked[0] if len(asked) == 1 else None,
            method=Method(method) if method in list(Method) else Method.SPEARMAN,
            level=level if level in LEVELS else _DEFAULT_LEVEL,
            subnet=subnets.rows[0] if subnets.rows else None,
            subnets=subnets,
            range=span if span in traced.RANGES else _DEFAULT_RANGE,
            levels=request.GET.get("of") == "levels",
        )

    @property
    def noted(self) -> bool:
        """Whether there is something to say of what was asked for."""
        return bool(self.surplus or self.alone or self.subnet or self.subnets.unknown or self.subnets.ambiguous)

    @property
    def keys(self) -> set[str]:
        return {metric.key for metric in self.metrics}


@published
def correlation(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    now = board_for(request, publication, past=False)
    choice = Choice.of(request, now)
    sample = _over_time(now, choice, choice.subnet) if choice.subnet else _across(now, choice.metrics)
    found = findings(choice.metrics, sample.columns, method=choice.method, level=LEVELS[choice.level])
    if export := exports.asked_for(request):
        return export(*_file(request, choice, found, sample))
    context = {
        "choice": choice,
        "sample": sample,
        "found": found,
        "matrix": _matrix(found),
        "strongest": [_sentence(pair) for pair in found.strongest[:_MOST_STRONGEST]],
        "pairs": [_sentence(pair) for pair in sorted(found.pairs, key=lambda pair: -pair.strength)],
        "outliers": _outliers(found, sample),
        "methods": [(str(method), str(method).title()) for method in Method],
        "levels": list(LEVELS),
        "ranges": list(traced.RANGES),
        "groups": traced.grouped(),
        "subnets": now.rows,
        "most": MOST_METRICS,
        "fewest": FEWEST_OBSERVATIONS,
        "unknown": [metric for metric in choice.metrics if not known(sample.columns[metric.key])],
        "by_luck": fixed(found.tested * LEVELS[choice.level], 1),
    }
    frame = frame_for(request, publication, now)
    return render_page(request, "correlation", context, frame=frame, fragments=["result"])


def _scope(choice: Choice) -> str:
    return f"subnet-{choice.subnet.netuid}-{choice.range}" if choice.subnet else "network"


def _across(now: Board, metrics: Sequence[Metric]) -> Sample:
    columns = {metric.key: [row.amount(metric) for row in now.rows] for metric in metrics}
    at = [Step.of(now.network)] if now.network else []
    return Sample(columns, [at] * len(now.rows), rows=now.rows)


def _over_time(now: Board, choice: Choice, row: Row) -> Sample:
    """Of the present tenant alone; unless levels were asked for, what was added from each observation to the next."""
    if now.network is None:
        return Sample({metric.key: [] for metric in choice.metrics}, [])
    steps = traced.steps_before(now.network, traced.RANGES[choice.range])
    columns = traced.columns_of(choice.metrics, steps, row.snapshot.subnet_id)
    if choice.levels:
        return Sample(columns, [[step] for step in steps], of=row)
    return Sample({key: steps_of(column) for key, column in columns.items()}, list(pairwise(steps)), of=row)


def _matrix(found: Findings) -> list[dict[str, object]]:
    """The lower triangle: of each metric the cells of those before it."""
    pairs = {frozenset((pair.first.key, pair.second.key)): pair for pair in found.pairs}
    rows = []
    for i, metric in enumerate(found.metrics):
        cells = [_cell(pairs[frozenset((metric.key, other.key))]) for other in found.metrics[:i]]
        rows.append({"number": i + 1, "metric": metric, "cells": cells, "missing": len(found.metrics) - 1 - i})
    return rows


def _cell(pair: Pair) -> dict[str, object]:
    cell = pair.cell
    return {
        "pair": pair,
        "text": coefficient_words(cell.coefficient),
        "css": "" if cell.by_formula else tint(cell.coefficient, _STEPS, "u", "d"),
        "about": f"{pair.first.label} and {pair.second.label}: {statistics_words(cell)}",
    }


def coefficient_words(coefficient: float | None) -> str:
    """+0.42, −0.42 or 0.00."""
    if coefficient is None:
        return DASH
    text = fixed(coefficient, 2)
    return f"+{text}" if round(coefficient, 2) > 0 else text


def p_words(p: float | None) -> str:
    if p is None:
        return DASH
    return "< 0.0001" if p < 0.0001 else fixed(p, 4)


def statistics_words(cell: Cell) -> str:
    if cell.coefficient is None:
        return f"unknown, n = {cell.n}"
    if cell.by_formula:
        return f"{coefficient_words(cell.coefficient)}, n = {cell.n}, tied by formula, not tested"
    return f"{coefficient_words(cell.coefficient)}, n = {cell.n}, p {_equals(cell.p)}, q {_equals(cell.q)}"


def _equals(p: float | None) -> str:
    text = p_words(p)
    return text if text.startswith("<") else f"= {text}"


def _sentence(pair: Pair) -> dict[str, object]:
    cell = pair.cell
    together = "rise together" if (cell.coefficient or 0) > 0 else "move against each other"
    if cell.coefficient is None:
        together = "cannot be compared"
    return {
        "pair": pair,
        "together": together,
        "r": coefficient_words(cell.coefficient),
        "n": cell.n,
        "p": p_words(cell.p),
        "q": p_words(cell.q),
        "note": _note(pair),
    }


def _note(pair: Pair) -> str:
    if pair.cell.coefficient is None:
        return "too few observations, or one side does not vary"
    if pair.cell.by_formula:
        return "tied by formula, not tested"
    return "holds" if pair.holds else "may be luck"


def _outliers(found: Findings, sample: Sample) -> list[dict[str, object]]:
    """Of each metric that has any: the farthest, and how many there are."""
    listed = []
    for metric in found.metrics:
        outliers = found.outliers[metric.key]
        if outliers:
            far = [_outlier(metric, each, sample) for each in outliers[:_MOST_OUTLIERS]]
            listed.append({"metric": metric, "count": len(outliers), "far": far})
    return listed


def _outlier(metric: Metric, each: Outlier, sample: Sample) -> dict[str, object]:
    """Of changes the value is what was added, with its sign."""
    added = sample.made_of == "changes"
    return {
        "row": sample.rows[each.position] if sample.rows else None,
        "at": sample.times[each.position] if sample.times else None,
        "value": change_words(metric, 0.0, each.value)[0] if added else words(metric, each.value),
        "z": f"{each.z:+.1f}".replace("-", MINUS),
    }


def _file(request: HttpRequest, choice: Choice, found: Findings, sample: Sample) -> tuple[str, exports.Table]:
    """(name, table) of what the address asks for."""
    name = f"correlation-{choice.method}-{_scope(choice)}"
    if exports.table_asked_for(request, ("pairs", "outliers")) == "outliers":
        return f"{name}-outliers", outliers_table(found, sample)
    return name, correlation_table(found, sample, choice.method, [_note(pair) for pair in found.pairs])
