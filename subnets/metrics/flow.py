"""What is traded, and what flows into the pool of its own accord."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from operator import attrgetter

from subnets.metrics.arithmetic import growth, percent, tokens
from subnets.metrics.inputs import DailyPoint, Observation, Span, SubnetInputs, Values
from subnets.metrics.market import MARKET_CAP, market_cap_tao
from subnets.metrics.typeset import over, row, sub, sum_over
from subnets.metrics.words import OWN_HISTORY
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

_from_history = partial(Metric, layer=Layer.DERIVED, source=OWN_HISTORY, group="market")
_block = attrgetter("block")
_Rate = tuple[int, float]  # block, rao of TAO per block that the chain puts into the pool


def volume_tao(before: Observation | None, now: Observation) -> float | None:
    """Traded between two observations, from the running total; None if it was counted anew in between."""
    return None if before is None else tokens(growth(before.volume_rao, now.volume_rao))


def paid_in_rao(points: Sequence[Observation | DailyPoint]) -> float | None:
    """Rao of TAO that emission and chain buys put into the pool from the first to the last of `points`.

    `points` are in order of their blocks; the rates per block are integrated by trapezoids. Points in between whose
    rate is unknown are passed over; None if that of the first or last is.
    """
    rates = [_rate(point) for point in points]
    if len(rates) < 2 or rates[0] is None or rates[-1] is None:
        return None
    known = [rate for rate in rates if rate is not None]
    return sum((block - earlier) * (rate + before) / 2 for (earlier, before), (block, rate) in pairwise(known))


def _rate(point: Observation | DailyPoint) -> _Rate | None:
    injected, bought = point.tao_in_emission_rao, point.chain_buy_rao or 0
    if injected is None or injected < 0 or bought < 0:
        return None
    return point.block, injected + bought


def organic_flow_tao(before: Observation | None, now: Observation, between: Sequence[DailyPoint] = ()) -> float | None:
    """TAO that traders put into the pool, less what they took out, between two observations of one tenant.

    The change of the pool's TAO, less what the chain itself put in (`paid_in_rao`). None if the pool or a rate of
    emission at either end is unknown, or if the two are not in order.
    """
    if before is None or before.block >= now.block:
        return None
    pool_before, pool_now = tokens(before.tao_in_rao), tokens(now.tao_in_rao)
    if pool_before is None or pool_now is None:
        return None
    points = sorted(between, key=_block)
    inner = points[bisect_right(points, before.block, key=_block) : bisect_left(points, now.block, key=_block)]
    paid_in = tokens(paid_in_rao([before, *inner, now]))
    return None if paid_in is None else pool_now - pool_before - paid_in


VOLUME = _from_history(
    key="volume_1d_tao",
    label="Volume 1d",
    unit=Unit.TAO,
    about="TAO for which alpha was bought and sold in the last 24 hours.",
    unknown="No total of this tenant was recorded close enough to a day earlier, or the count began anew since.",
    formula="total traded now − total traded a day earlier",
    mathml=row(sub("V", "now"), "−", sub("V", "then")),
    inputs=("volume_rao",),
    lower=0,
    note="Between the two observations, not scaled to exactly 24 hours. Chain buys are part of what is traded.",
)
TURNOVER = _from_history(
    key="turnover_1d_pct",
    label="Turnover 1d",
    unit=Unit.PERCENT,
    about="How much of the pool's TAO changed hands in the last 24 hours.",
    unknown="Volume or pool is unknown.",
    formula="100 × volume of 24 hours ÷ TAO in the pool",
    mathml=row("100", "×", over(sub("V", "1d"), sub("τ", "in"))),
    inputs=("volume_1d_tao", "pool_tao"),
    lower=0,
)
SPANS = (Span.DAY, Span.WEEK, Span.MONTH)
_CHAIN_BUYS = (
    "The chain's buys are counted as the chain's where it reports them (spec 411, 2026-05-27, and later); before, "
    "from November 2025, they cannot be read and are inside the figure."
)


def _flow(span: Span) -> Metric:
    return _from_history(
        key=f"organic_flow_{span.short}_tao",
        label=f"Organic flow {span.short}",
        unit=Unit.TAO,
        about="TAO that traders put into the pool less what they took out: the change of the pool without what "
        "emission injected and the chain bought.",
        unknown=f"Pool or emission was not recorded close enough to {span.days:.0f} d earlier, or is not known now.",
        formula="TAO in the pool now − then − Σ blocks × (rate of injection and chain buys, mean of both ends)",
        mathml=row(
            sub("τ", "now"), "−", sub("τ", "then"), "−",
            sum_over("k", "Δ", sub("b", "k"), "×", over(row(sub("e", "k"), "+", sub("e", "k−1")), "2")),
        ),
        inputs=("tao_in_rao", "tao_in_emission_rao", "chain_buy_rao", "block"),
        better=Better.HIGHER,
        note="The rates of single blocks, one a day, stand for those between them. " + _CHAIN_BUYS,
    )  # fmt: skip


def _flow_share(span: Span) -> Metric:
    return _from_history(
        key=f"organic_flow_{span.short}_pct",
        label=f"Flow against cap {span.short}",
        unit=Unit.PERCENT,
        about="Organic flow as a part of the market cap: an outflow is negative.",
        unknown="Flow or market cap is unknown.",
        formula="100 × organic flow ÷ market cap",
        mathml=row("100", "×", over("flow", "cap")),
        inputs=(f"organic_flow_{span.short}_tao", MARKET_CAP.key),
        better=Better.HIGHER,
    )


FLOWS = {span: _flow(span) for span in SPANS}
FLOW_SHARES = {span: _flow_share(span) for span in SPANS}
METRICS: tuple[Metric, ...] = (VOLUME, TURNOVER, *FLOWS.values(), *FLOW_SHARES.values())


def values(inputs: SubnetInputs) -> Values:
    """{key: value} of `METRICS`."""
    now, earlier = inputs.now, inputs.earlier
    cap = market_cap_tao(now)
    volume = volume_tao(earlier.get(Span.DAY), now)
    flows = {span: organic_flow_tao(earlier.get(span), now, inputs.daily) for span in SPANS}
    return {
        VOLUME.key: volume,
        TURNOVER.key: percent(volume, tokens(now.tao_in_rao)),
        **{FLOWS[span].key: flow for span, flow in flows.items()},
        **{FLOW_SHARES[span].key: percent(flow, cap) for span, flow in flows.items()},
    }
