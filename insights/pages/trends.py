"""/trends/: any stored metric over time, of the network, its categories or chosen subnets."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from insights import exports, traced, trends
from insights.board import Board, Row
from insights.charts.trend import NUMBER, STYLES, Stroke, trend_chart, trend_figure
from insights.comparison import Picked, picked
from insights.membership import membership
from insights.numbers import DASH, compact, direction, fixed, in_table, signed, significant, unit_after
from insights.pages.caching import Publication, published
from insights.pages.rendering import board_for, frame_for, render_page
from insights.selection import Share, shares_of
from insights.tables.trend import standings_table, trend_table
from insights.traced import Step, Values
from insights.trends import Aggregate, Line, Standing
from subnets.metrics import MARKET_CAP
from taoanalytics.lib.downsampling import broken_at, gaps
from taoanalytics.lib.metric import Better, Metric, Unit

_DEFAULT_RANGE = "30d"
_TABLE_ROWS = 60
_WHOLE = {Unit.COUNT, Unit.BLOCKS, Unit.RANK, Unit.PERCENTILE, Unit.DAYS}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for. `refused` is an aggregate that was asked for and has no meaning for the metric."""

    metric: Metric
    how: Aggregate
    by_category: bool
    kind: Share | None
    range: str
    subnets: Picked
    refused: str = ""

    @classmethod
    def of(cls, request: HttpRequest, now: Board) -> "Choice":
        metric = traced.TRACED.get(request.GET.get("metric", ""), MARKET_CAP)
        offered = trends.aggregates_of(metric)
        asked = request.GET.get("how", "")
        span = request.GET.get("range", "")
        return cls(
            metric=metric,
            how=Aggregate(asked) if asked in offered else offered[0],
            by_category=request.GET.get("by") == "category",
            kind=next((share for share in shares_of(now) if share.slug == request.GET.get("category")), None),
            range=span if span in traced.RANGES else _DEFAULT_RANGE,
            subnets=picked(request.GET.getlist("netuid"), now.rows, trends.MOST_LINES),
            refused=asked if asked in list(Aggregate) and asked not in offered else "",
        )

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        return trends.aggregates_of(self.metric)

    @property
    def noted(self) -> bool:
        """Whether there is something to say of what was asked for."""
        asked = self.subnets
        return bool(self.refused or asked.rows or asked.unknown or asked.ambiguous)

    @property
    def heading(self) -> str:
        if self.subnets.rows:
            return self.metric.label
        of = f"of {self.kind.category or 'Unclassified'}" if self.kind else ""
        return f"{self.metric.label}, {self.how} {of or ('by category' if self.by_category else 'of all subnets')}"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as its table shows it. `style` is "" for one that is not drawn."""

    line: Line
    style: str
    first: str
    last: str
    change: str
    side: str


@published
def trends_page(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    now = board_for(request, publication, past=False)
    choice = Choice.of(request, now)
    steps = traced.steps_before(now.network, traced.RANGES[choice.range]) if now.network else []
    values = traced.values_at(choice.metric, steps)
    known = trends.from_first_known(values, steps)
    if choice.subnets.rows:
        lines = trends.tenant_lines(values, steps, choice.subnets.rows)
    else:
        lines = _aggregates(choice, values, steps, now)
    standings = trends.standings(values, known, choice.kind.rows if choice.kind else now.rows)
    if export := exports.asked_for(request):
        return export(*_file(request, choice, lines, standings, steps, known))
    drawn = lines[: trends.MOST_LINES]
    context = {
        "choice": choice,
        "ranges": list(traced.RANGES),
        "groups": traced.grouped(),
        "kinds": shares_of(now),
        "removals": removals(request, choice.subnets),
        "subnets": now.rows,
        "rows": [_row(choice.metric, line, _style(line, drawn), len(steps) - len(known)) for line in lines],
        "steps": steps,
        "since": known[0].observed_at if known else None,
        "known_late": len(known) < len(steps),
        "gaps": gaps([step.observed_at for step in steps]),
        "unit": unit_after(choice.metric),
        "observed": _observed(choice.metric, drawn, steps),
        "foremost": [_standing(choice.metric, each) for each in trends.foremost(standings, choice.metric)],
        "improved": [_standing(choice.metric, each) for each in trends.most_improved(standings, choice.metric)],
        "compared": sum(each.before is not None for each in standings),
        "newcomers": sum(each.before is None for each in standings),
        **_drawing(choice, drawn, steps),
    }
    return render_page(request, "trends", context, frame=frame_for(request, publication, now), fragments=["result"])


def _aggregates(choice: Choice, values: Values, steps: Sequence[Step], now: Board) -> list[Line]:
    """All subnets in one line, each category in its own, or one category beside all."""
    everyone = trends.network_line(values, steps, choice.how)
    if not (choice.kind or choice.by_category):
        return [everyone]
    members = membership(now.rows, now.at)
    lines = trends.category_lines(values, steps, choice.how, members)
    if choice.kind is None:
        return lines
    return [*(line for line in lines if line.key == choice.kind.slug), everyone]


def removals(request: HttpRequest, subnets: Picked) -> list[tuple[Row, str]]:
    """Each chosen subnet with the address of the same page without it."""
    found = []
    for row in subnets.rows:
        query = request.GET.copy()
        query.setlist("netuid", [str(netuid) for netuid in subnets.netuids if netuid != row.netuid])
        found.append((row, f"?{query.urlencode()}"))
    return found


def _style(line: Line, drawn: Sequence[Line]) -> str:
    return STYLES[drawn.index(line)] if line in drawn else ""


def words(metric: Metric, value: float | None) -> str:
    """A value for a column whose head names the unit; means of counts keep their decimals."""
    if value is not None and metric.unit in _WHOLE and value != round(value):
        return significant(value, 4)
    return in_table(metric, value)


def change_words(metric: Metric, before: float | None, after: float | None) -> tuple[str, str]:
    """(text, colour): in percent of an amount, in percent points of a percentage, else in its own unit.

    The colour is "up" for a rise, "dn" for a fall, "" for neither; the other way round where lower is better.
    """
    if before is None or after is None:
        return DASH, ""
    if trends.in_percent(metric) and before > 0:
        change = 100 * (after / before - 1)
        return signed(change), _colour(metric, direction(change))
    difference = (after - before) * (100 if metric.unit is Unit.SHARE else 1)
    in_points = metric.unit in (Unit.SHARE, Unit.PERCENT)
    text = f"{fixed(difference, 1)} pp" if in_points else significant(difference, 3)
    side = direction(difference, 1 if in_points else 9)
    return (f"+{text}" if side == "up" else text), _colour(metric, side)


def _colour(metric: Metric, side: str) -> str:
    return {"up": "dn", "dn": "up"}.get(side, "") if metric.better is Better.LOWER else side


def _row(metric: Metric, line: Line, style: str, start: int) -> LineRow:
    """`start` is the position of the first step at which anything is known of the metric."""
    first = line.values[start] if line.values else None
    change, side = change_words(metric, first, line.last)
    return LineRow(line, style, words(metric, first), words(metric, line.last), change, side)


def _standing(metric: Metric, each: Standing) -> dict[str, object]:
    change, side = change_words(metric, each.before, each.now)
    return {
        "row": each.row,
        "now": words(metric, each.now),
        "before": words(metric, each.before),
        "change": change,
        "side": side,
    }


def _observed(metric: Metric, lines: Sequence[Line], steps: Sequence[Step]) -> list[tuple[Step, list[tuple[str, int]]]]:
    """[(step, [(value, number of subnets) of each line])], the newest first and no more than fit a page."""
    newest = range(len(steps) - 1, max(len(steps) - _TABLE_ROWS, 0) - 1, -1)
    return [(steps[i], [(words(metric, line.values[i]), line.counts[i]) for line in lines]) for i in newest]


def _drawing(choice: Choice, drawn: Sequence[Line], steps: Sequence[Step]) -> dict[str, object]:
    times = [step.observed_at for step in steps]
    holes, scale = gaps(times), 100 if choice.metric.unit is Unit.SHARE else 1
    strokes = [
        Stroke(
            f"{line.name} ({line.short})" if line.row else line.name,
            line.short,
            broken_at(
                [(at, None if v is None else v * scale) for at, v in zip(times, line.values, strict=True)], holes
            ),
        )
        for line in drawn
    ]
    return {
        "drawing": trend_chart(strokes, gaps=holes, label=f"{choice.heading}, {choice.range}", value_text=axis_words),
        "figure": trend_figure(strokes, gaps=holes, hover=_hover(choice.metric)),
    }


def _hover(metric: Metric) -> str:
    """For Plotly: a value with its unit."""
    match metric.unit:
        case Unit.PERCENT | Unit.SHARE:
            return f"{NUMBER}%"
        case Unit.USD:
            return f"${NUMBER}"
        case _:
            return f"{NUMBER} {metric.unit.suffix}".rstrip()


def axis_words(value: float) -> str:
    return compact(value) if abs(value) >= 10_000 else significant(value, 3)


def _file(
    request: HttpRequest,
    choice: Choice,
    lines: Sequence[Line],
    found: Sequence[Standing],
    steps: Sequence[Step],
    known: Sequence[Step],
) -> tuple[str, exports.Table]:
    """(name, table) of what the address asks for; standings begin with the first of the `known` steps."""
    name = f"trend-{choice.metric.key}-{choice.range}"
    if exports.table_asked_for(request, ("lines", "standings")) == "standings":
        best_first = trends.foremost(found, choice.metric, len(found))
        return f"{name}-standings", standings_table(choice.metric, best_first, known)
    return name, trend_table(choice.metric, choice.how, lines, steps)
