"""From a subnet's declared figures and its computed signal to what an explanation may say. Pure: no I/O."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from insights import numbers
from insights.explaining.inputs import PERCENTILE, Figure, Inputs
from insights.explaining.numbers import mentions, plain
from insights.figures import CHANGE_1D, CHANGE_7D, CHANGE_30D, Value
from insights.registry import BY_KEY, SCORE
from insights.scores import Part, Signal
from insights.scores.buy_signal import TERMS
from insights.scores.declarations import BUY_SIGNAL_COMPOSITE
from subnets.metrics import MARKET_CAP, POOL_TAO, PRICE
from taoanalytics.lib.metric import Metric, Unit

STANDING = (SCORE, PRICE, MARKET_CAP, POOL_TAO, BY_KEY["alpha_inflation_annual_pct"])
_MOMENTUM = ((1, CHANGE_1D), (7, CHANGE_7D), (30, CHANGE_30D))
_SPANS = {
    "organic_flow_30d_pct": 30,
    "drawdown_60d_pct": 60,
    "max_drawdown_30d_pct": 30,
    "volatility_30d_pct": 30,
    "alpha_supply_growth_30d_pct": 30,
}
_UNITS = {Unit.PERCENT: "%", Unit.POINTS: "points", Unit.TAO: "τ", Unit.TAO_PER_ALPHA: "τ per alpha"}
_LABELS = {term.key: term.label for term in TERMS}
_COST_PLACES = 2


def inputs_of(
    signal: Signal,
    values: Mapping[str, Value],
    *,
    observed_at: datetime,
    compared: int,
    peers: Sequence[float] = (),
    costs: Iterable[tuple[float, float]] = (),
    category: tuple[str, str] = ("", ""),
    tagline: str = "",
) -> Inputs:
    """What can be said of one subnet.

    `values`: metric key → value. `compared`: how many subnets have a signal. `peers`: the composites of its category,
    its own among them. `costs`: (TAO, percent that a round trip costs). `category`: (slug, name).
    """
    composite = signal.composite
    unknown = tuple(_LABELS.get(key, key) for key in composite.unknown)
    if signal.level is None or composite.shown is None:
        told = (*_momentum(values), *_cost(costs), *_standing(values))
        return Inputs(
            observed_at=observed_at, level=None, reason=composite.reason, category_slug=category[0],
            category=category[1], tagline=tagline, unknown=unknown, figures=told,
        )  # fmt: skip
    figures = (
        *_signal(signal, composite.shown, compared),
        *(figure for part in composite.parts for figure in _part(part)),
        *_momentum(values),
        *_peers(composite.shown, peers if category[0] else ()),
        *_cost(costs),
        *_standing(values),
    )
    return Inputs(
        observed_at=observed_at, level=signal.level, word=signal.word, category_slug=category[0], category=category[1],
        tagline=tagline, unknown=unknown, figures=figures,
    )  # fmt: skip


def _signal(signal: Signal, shown: float, compared: int) -> list[Figure]:
    label = BUY_SIGNAL_COMPOSITE.label
    found = [_plain(BUY_SIGNAL_COMPOSITE.key, label, "signal", shown, "points", f"{numbers.fixed(shown, 1)} points")]
    if signal.points_to_next is not None:
        lacking = round(signal.points_to_next, 1)
        words = f"{numbers.fixed(lacking, 1)} points"
        found.append(_plain("points_to_next", "Points to the next level", "signal", lacking, "points", words))
    if not compared:
        return found
    among = "Subnets that can be compared"
    return [*found, _plain("compared", among, "signal", compared, "count", numbers.fixed(compared))]


def _part(part: Part) -> list[Figure]:
    place = numbers.whole_percentile(part.rating)
    found = [_plain(part.key + PERCENTILE, part.label, "part", place, "percentile", str(place))]
    metric = BY_KEY.get(part.key)
    if metric is not None and part.raw is not None:
        found.append(_measured(metric, part.raw, "part", part.label, _SPANS.get(part.key)))
    return found


def _momentum(values: Mapping[str, Value]) -> list[Figure]:
    known = [(days, metric, value) for days, metric in _MOMENTUM if (value := values.get(metric.key)) is not None]
    return [
        _measured(metric, value, "momentum", f"Change of the price over {days} {'day' if days == 1 else 'days'}", days)
        for days, metric, value in known
    ]


def _peers(composite: float, peers: Sequence[float]) -> list[Figure]:
    """Ties share the better place."""
    if not peers:
        return []
    place = 1 + sum(other > composite for other in peers)
    return [
        _plain("peers_count", "Subnets of its category with a signal", "peers", len(peers), "count", str(len(peers))),
        _plain("peers_rank", "Rank among them by composite, 1 is best", "peers", place, "rank", str(place)),
    ]


def _cost(costs: Iterable[tuple[float, float]]) -> list[Figure]:
    return [
        Figure(
            key=f"round_trip_{size:.0f}",
            label=f"Round trip of {size:,.0f} τ, at most",
            group="cost",
            value=round(cost, _COST_PLACES),
            unit="%",
            shown=f"{numbers.fixed(cost, _COST_PLACES)}%",
            size_tao=size,
        )
        for size, cost in costs
    ]


def _standing(values: Mapping[str, Value]) -> list[Figure]:
    known = [(metric, value) for metric in STANDING if (value := values.get(metric.key)) is not None]
    return [_measured(metric, value, "standing", metric.label, None) for metric, value in known]


def _measured(metric: Metric, value: float, group: str, label: str, days: int | None) -> Figure:
    signed = metric.lower is None or metric.lower < 0
    shown = f"{numbers.in_detail(metric, value)} {numbers.unit_after(metric)}".rstrip()
    return Figure(
        key=metric.key, label=label, group=group, value=_as_shown(shown), unit=_UNITS[metric.unit],
        shown=shown, signed=signed, days=days,
    )  # fmt: skip


def _as_shown(shown: str) -> float:
    """The number that people read, so that a text is held against nothing finer."""
    read = mentions(plain(shown))[0]
    return -read.value if read.sign == "-" else read.value


def _plain(key: str, label: str, group: str, value: float, unit: str, shown: str) -> Figure:
    return Figure(key=key, label=label, group=group, value=value, unit=unit, shown=shown)
