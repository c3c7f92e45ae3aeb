"""Price, size and how the price has moved."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from math import log

from subnets import regimes
from subnets.metrics.arithmetic import percent, percent_change, positive, sample_deviation, tokens
from subnets.metrics.inputs import DAYS_KEPT, Observation, Reported, Span, SubnetInputs, Values
from subnets.metrics.typeset import greatest, least, over, root, row, sub, sum_over
from subnets.metrics.words import CHAIN, NOT_REPORTED, OWN_HISTORY
from taoanalytics.lib.metric import Better, Layer, Metric, Unit
from taoanalytics.lib.units import RAO, from_rao

_NO_PRICE = "The chain did not report a price at that block, or a price of zero, which nobody can trade at."

LEAST_RETURNS_30D = 20
LEAST_DAYS_60D = 30
_DAY = timedelta(days=1)
_DAY_APART = timedelta(hours=2)  # how far two daily points may be from exactly one day apart

_observed = partial(Metric, layer=Layer.OBSERVED, source=CHAIN, unknown=NOT_REPORTED, group="market", lower=0)
_derived = partial(Metric, layer=Layer.DERIVED, source=CHAIN, group="market")
_from_history = partial(Metric, layer=Layer.DERIVED, source=OWN_HISTORY, group="market")


def price_tao(o: Reported) -> float | None:
    return from_rao(o.price_rao) if positive(o.price_rao) else None


def alpha_supply(o: Reported) -> float | None:
    """Alpha in and outside the pool."""
    if o.alpha_in_rao is None or o.alpha_out_rao is None or min(o.alpha_in_rao, o.alpha_out_rao) < 0:
        return None
    return tokens(o.alpha_in_rao + o.alpha_out_rao)


def market_cap_tao(o: Reported) -> float | None:
    """Price × every alpha there is, in and outside the pool."""
    price, supply = price_tao(o), alpha_supply(o)
    return None if price is None or supply is None else price * supply


def fdv_tao(o: Reported, block: int) -> float | None:
    """Price × all alpha that can ever be; None before there was alpha."""
    price, cap = price_tao(o), regimes.alpha_cap_at(block)
    return None if price is None or cap is None else price * cap


def price_change_pct(before: Reported | None, after: Reported) -> float | None:
    return None if before is None else percent_change(price_tao(before), price_tao(after))


def daily_prices(inputs: SubnetInputs, days: int) -> list[tuple[datetime, float]]:
    """(time, price in TAO) of the last `days` days, oldest first, today's observation last; unknown prices left out."""
    now = inputs.now
    since = _days_before(now.observed_at, days)
    points = [
        (p.observed_at, price / RAO)
        for p in inputs.daily
        if (price := p.price_rao) and price > 0 and since <= p.observed_at < now.observed_at
    ]
    if today := price_tao(now):
        points.append((now.observed_at, today))
    return sorted(points)


def _days_before(now: datetime, days: int) -> datetime:
    return now - days * _DAY - _DAY_APART


def log_returns(prices: Sequence[tuple[datetime, float]]) -> list[float]:
    """Natural log returns between points one day apart; none across a hole."""
    return [
        log(price / before)
        for (earlier, before), (at, price) in pairwise(prices)
        if abs(at - earlier - _DAY) <= _DAY_APART
    ]


def volatility_pct(prices: Sequence[tuple[datetime, float]], least_returns: int = LEAST_RETURNS_30D) -> float | None:
    """Sample standard deviation of the daily log returns, percent a day; None below `least_returns` of them."""
    returns = log_returns(prices)
    deviation = sample_deviation(returns) if len(returns) >= least_returns else None
    return None if deviation is None else 100 * deviation


def deepest_fall_pct(prices: Sequence[tuple[datetime, float]], least_points: int = LEAST_RETURNS_30D) -> float | None:
    """The deepest fall from a running high, at most 0; None below `least_points` prices."""
    if len(prices) < least_points:
        return None
    high, deepest = 0.0, 0.0
    for _, price in prices:
        if price > high:
            high = price
        elif (fall := price / high - 1) < deepest:
            deepest = fall
    return 100 * deepest


def _extremes(prices: Sequence[tuple[datetime, float]]) -> tuple[float | None, float | None]:
    if len(prices) < LEAST_DAYS_60D:
        return None, None
    values = [price for _, price in prices]
    return max(values), min(values)


_CAP_MATH = row("p", "×", "(", sub("α", "in"), "+", sub("α", "out"), ")")

PRICE = _observed(
    key="price_tao",
    label="Price",
    unit=Unit.TAO_PER_ALPHA,
    about="Spot price of one alpha, as the chain quotes it at that block.",
    inputs=("price_rao",),
    note="A price of zero, which nobody can trade at, counts as not reported.",
)
MOVING_PRICE = _observed(
    key="moving_price_tao",
    label="Moving price",
    unit=Unit.TAO_PER_ALPHA,
    about="The chain's own slow average of the price, which decides emission and deregistration.",
    inputs=("moving_price_rao",),
)
PRICE_GAP = _derived(
    key="price_to_moving_pct",
    label="Price against moving price",
    unit=Unit.PERCENT,
    about="How far the price is above (+) or below (−) the chain's slow average of it.",
    unknown="Price or moving price was not reported, or the moving price is still zero.",
    formula="100 × (price ÷ moving price − 1)",
    mathml=row("100", "×", "(", over("p", sub("p", "moving")), "−", "1", ")"),
    inputs=("price_tao", "moving_price_tao"),
    lower=-100,
)


def _change(span: Span, words: str) -> Metric:
    return _from_history(
        key=f"change_{span.short}_pct",
        label=f"Change {span.short}",
        unit=Unit.PERCENT,
        about=f"How far the price has moved in {words}, for this tenant of the netuid.",
        unknown=f"No price of this tenant was recorded close enough to {words} earlier.",
        formula=f"100 × (price ÷ price {words} earlier − 1)",
        mathml=row("100", "×", "(", over(sub("p", "now"), sub("p", "then")), "−", "1", ")"),
        inputs=("price_tao",),
        lower=-100,
        better=Better.HIGHER,
        note=f"The earlier price is of the observation nearest to {words} before, within the stated tolerance.",
    )


CHANGES = {
    Span.HOUR: _change(Span.HOUR, "1 hour"),
    Span.DAY: _change(Span.DAY, "1 day"),
    Span.WEEK: _change(Span.WEEK, "7 days"),
    Span.MONTH: _change(Span.MONTH, "30 days"),
}
ALPHA_SUPPLY = _derived(
    key="alpha_supply",
    label="Alpha supply",
    unit=Unit.ALPHA,
    about="All alpha in existence, in the pool and outside it.",
    unknown=NOT_REPORTED,
    formula="alpha in the pool + alpha outside the pool",
    mathml=row(sub("α", "in"), "+", sub("α", "out")),
    inputs=("alpha_in_rao", "alpha_out_rao"),
    lower=0,
)
MARKET_CAP = _derived(
    key="market_cap_tao",
    label="Market cap",
    unit=Unit.TAO,
    about="What all alpha in existence would be worth at the spot price.",
    unknown="Price or supply was not reported.",
    formula="price × (alpha in the pool + alpha outside the pool)",
    mathml=_CAP_MATH,
    inputs=("price_rao", "alpha_in_rao", "alpha_out_rao"),
    lower=0,
)
FDV = _derived(
    key="fdv_tao",
    label="Fully diluted value",
    unit=Unit.TAO,
    about="What all alpha that can ever be would be worth at the spot price.",
    unknown=_NO_PRICE,
    formula="price × alpha's cap",
    mathml=row("p", "×", sub("α", "cap")),
    inputs=("price_tao", "alpha_cap"),
    lower=0,
)
POOL_TAO = _observed(
    key="pool_tao",
    label="TAO in pool",
    unit=Unit.TAO,
    about="TAO that the subnet's pool holds: the depth of its market.",
    inputs=("tao_in_rao",),
    better=Better.HIGHER,
)
DEPTH = _derived(
    key="depth_to_market_cap_pct",
    label="Depth against market cap",
    unit=Unit.PERCENT,
    about="How much of the market cap has TAO behind it.",
    unknown="Pool, price or supply was not reported.",
    formula="100 × TAO in the pool ÷ market cap",
    mathml=row("100", "×", over(sub("τ", "in"), "cap")),
    inputs=("pool_tao", "market_cap_tao"),
    lower=0,
    better=Better.HIGHER,
)
VOLATILITY = _from_history(
    key="volatility_30d_pct",
    label="Volatility 30d",
    unit=Unit.PERCENT,
    about="How much the price typically moves in a day, over the last 30 days. Per day, not annualised.",
    unknown=f"Fewer than {LEAST_RETURNS_30D} daily returns of this tenant are known.",
    formula="100 × sample standard deviation of ln(price ÷ price one day earlier)",
    mathml=row("100", "×", root(over(sum_over("d", "(", sub("r", "d"), "−", "r̄", ")²"), row("n", "−", "1")))),
    inputs=("price_tao",),
    lower=0,
    better=Better.LOWER,
    note="Returns between observations one day apart, two hours more or less; none is taken across a hole.",
)
DEEPEST_FALL = _from_history(
    key="max_drawdown_30d_pct",
    label="Deepest fall 30d",
    unit=Unit.PERCENT,
    about="The deepest fall from a high that came before it, within the last 30 days.",
    unknown=f"Fewer than {LEAST_RETURNS_30D} daily prices of this tenant are known.",
    formula="100 × least of (price ÷ highest price until then − 1)",
    mathml=row("100", "×", least("t", "(", over(sub("p", "t"), greatest("s≤t", sub("p", "s"))), "−", "1", ")")),
    inputs=("price_tao",),
    lower=-100,
    upper=0,
    better=Better.HIGHER,
    note="From one observation a day; what happened between two is not seen.",
)
DRAWDOWN = _from_history(
    key="drawdown_60d_pct",
    label="Below 60d high",
    unit=Unit.PERCENT,
    about="How far the price is below its high of the last 60 days.",
    unknown=f"Fewer than {LEAST_DAYS_60D} daily prices of this tenant are known.",
    formula="100 × (price ÷ highest price of 60 days − 1)",
    mathml=row("100", "×", "(", over("p", sub("p", "high")), "−", "1", ")"),
    inputs=("price_tao", "high_60d_tao"),
    lower=-100,
    upper=0,
    better=Better.HIGHER,
)
HIGH = _from_history(
    key="high_60d_tao",
    label="High 60d",
    unit=Unit.TAO_PER_ALPHA,
    about="Highest daily price of the last 60 days, today's among them.",
    unknown=f"Fewer than {LEAST_DAYS_60D} daily prices of this tenant are known.",
    formula="greatest price of 60 days",
    mathml=row(greatest("t", sub("p", "t"))),
    inputs=("price_tao",),
    lower=0,
)
LOW = _from_history(
    key="low_60d_tao",
    label="Low 60d",
    unit=Unit.TAO_PER_ALPHA,
    about="Lowest daily price of the last 60 days, today's among them.",
    unknown=f"Fewer than {LEAST_DAYS_60D} daily prices of this tenant are known.",
    formula="least price of 60 days",
    mathml=row(least("t", sub("p", "t"))),
    inputs=("price_tao",),
    lower=0,
)

METRICS: tuple[Metric, ...] = (
    PRICE, MOVING_PRICE, PRICE_GAP, *CHANGES.values(), MARKET_CAP, FDV, ALPHA_SUPPLY, POOL_TAO, DEPTH,
    VOLATILITY, DEEPEST_FALL, DRAWDOWN, HIGH, LOW,
)  # fmt: skip


def values(inputs: SubnetInputs) -> Values:
    """{key: value} of `METRICS`."""
    now = inputs.now
    two_months = daily_prices(inputs, DAYS_KEPT)
    month = two_months[bisect_left(two_months, (_days_before(now.observed_at, 30),)) :]
    high, low = _extremes(two_months)
    return {
        **_of_one_observation(now),
        **{metric.key: price_change_pct(inputs.earlier.get(span), now) for span, metric in CHANGES.items()},
        VOLATILITY.key: volatility_pct(month),
        DEEPEST_FALL.key: deepest_fall_pct(month),
        DRAWDOWN.key: percent_change(high, price_tao(now)),
        HIGH.key: high,
        LOW.key: low,
    }


def _of_one_observation(now: Observation) -> Values:
    price, cap, pool = price_tao(now), market_cap_tao(now), tokens(now.tao_in_rao)
    return {
        PRICE.key: price,
        MOVING_PRICE.key: tokens(now.moving_price_rao),
        PRICE_GAP.key: percent_change(tokens(now.moving_price_rao), price),
        ALPHA_SUPPLY.key: alpha_supply(now),
        MARKET_CAP.key: cap,
        FDV.key: fdv_tao(now, now.block),
        POOL_TAO.key: pool,
        DEPTH.key: percent(pool, cap),
    }
