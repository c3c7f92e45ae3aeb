"""What a trade of a given size costs in a weighted pool of TAO and alpha, exactly.

With reserves R and weights w (the two sum to 1), x put in of one token takes
R_out × (1 − (R_in ÷ (R_in + x)) ^ (w_in ÷ w_out)) out of the other, and the spot price of alpha is
(w_alpha × TAO) ÷ (w_tao × alpha). The fee comes off what goes in and does not enter the pool. Source:
pallets/swap/src/pallet/balancer.rs and docs/concepts/staking-pools.mdx, RaoFoundation/subtensor.

Before spec 423 (June 2026) the chain knew no weights: equal ones, a constant product, stand for them. From July 2025
until then liquidity was concentrated, and a quote is an approximation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import expm1, log1p
from typing import Self

from subnets import regimes
from subnets.metrics.arithmetic import percent_change, positive
from subnets.metrics.inputs import Reported
from subnets.metrics.market import price_tao
from taoanalytics.lib.units import RAO

EQUAL_WEIGHT = 0.5
LEAST_WEIGHT = 0.01
MODEL_TOLERANCE_PCT = 25.0
"""How far the chain's price may be from the pool's by formula; beyond, the formula is not that pool's, and no quote."""

_PRECISION = 1e-12  # relative, of a capacity


@dataclass(frozen=True, slots=True)
class Pool:
    """Reserves in whole tokens, both above zero; `tao_weight` within [0.01, 0.99]; `fee` a share of what goes in."""

    tao: float
    alpha: float
    tao_weight: float = EQUAL_WEIGHT
    fee: float = 0.0

    @classmethod
    def of(cls, reported: Reported, block: int) -> Self | None:
        """The pool at a block, with the fee of the subnet's own; the chain's default where that was not reported.

        None without reserves, for an impossible weight or fee, or where the chain's price contradicts the formula.
        """
        tao, alpha = positive(reported.tao_in_rao), positive(reported.alpha_in_rao)
        if tao is None or alpha is None:
            return None
        weight = EQUAL_WEIGHT if reported.pool_tao_weight is None else reported.pool_tao_weight
        fee = (regimes.swap_fee_at(block) or 0.0) if reported.pool_fee is None else reported.pool_fee
        if not LEAST_WEIGHT <= weight <= 1 - LEAST_WEIGHT or not 0 <= fee <= 1:
            return None
        pool = cls(tao=tao / RAO, alpha=alpha / RAO, tao_weight=weight, fee=fee)
        gap = percent_change(pool.spot, price_tao(reported))
        return None if gap is not None and abs(gap) > MODEL_TOLERANCE_PCT else pool

    @property
    def alpha_weight(self) -> float:
        return 1 - self.tao_weight

    @property
    def spot(self) -> float:
        """TAO for one alpha, at the margin."""
        return (self.alpha_weight * self.tao) / (self.tao_weight * self.alpha)


def model_gap_pct(reported: Reported) -> float | None:
    """Percent by which the chain's price is above the one of the weighted pool; None if either is unknown."""
    tao, alpha = positive(reported.tao_in_rao), positive(reported.alpha_in_rao)
    weight = EQUAL_WEIGHT if reported.pool_tao_weight is None else reported.pool_tao_weight
    if tao is None or alpha is None or not LEAST_WEIGHT <= weight <= 1 - LEAST_WEIGHT:
        return None
    return percent_change(Pool(tao, alpha, weight).spot, price_tao(reported))


def buy_quote(pool: Pool | None, trade_tao: float) -> float | None:
    """Alpha received for `trade_tao`, fee included; None without a pool or for a negative trade."""
    if pool is None or trade_tao < 0:
        return None
    put_in = trade_tao * (1 - pool.fee)
    return pool.alpha * _share_out(put_in / pool.tao, pool.tao_weight / pool.alpha_weight)


def sell_quote(pool: Pool | None, trade_alpha: float) -> float | None:
    """TAO received for `trade_alpha`, fee included; None without a pool or for a negative trade."""
    if pool is None or trade_alpha < 0:
        return None
    put_in = trade_alpha * (1 - pool.fee)
    return pool.tao * _share_out(put_in / pool.alpha, pool.alpha_weight / pool.tao_weight)


def price_impact_pct(pool: Pool | None, trade_tao: float) -> float | None:
    """By how much a buy for `trade_tao` pays more than spot on average: 100 × (1 − alpha × spot ÷ TAO), without fee."""
    if pool is None or trade_tao < 0:
        return None
    return _impact_pct(trade_tao / pool.tao, pool.tao_weight / pool.alpha_weight)


def sell_impact_pct(pool: Pool | None, trade_tao: float) -> float | None:
    """By how much a sale of alpha worth `trade_tao` at spot yields less on average, without fee."""
    if pool is None or trade_tao < 0:
        return None
    return _impact_pct(trade_tao / pool.spot / pool.alpha, pool.alpha_weight / pool.tao_weight)


def round_trip_cost_pct(pool: Pool | None, trade_tao: float) -> float | None:
    """Percent of `trade_tao` that is gone after buying and later selling all of it, both fees included.

    The pool is taken to have recovered from the buy before the sale, so both trades pay their impact. For equal weights
    without fee that is 2x ÷ (TAO in the pool + 2x). None without a pool or for a trade that is not above zero.
    """
    if pool is None or trade_tao <= 0:
        return None
    returned = sell_quote(pool, buy_quote(pool, trade_tao) or 0.0) or 0.0
    return max(0.0, 100 * (1 - returned / trade_tao))


def capacity_tao(pool: Pool | None, impact_pct: float = 1.0) -> float | None:
    """The largest trade whose impact is at most `impact_pct` whichever way it goes; 0 for an impact of 0.

    Raises ValueError unless the impact lies in [0, 100).
    """
    if not 0 <= impact_pct < 100:
        raise ValueError(f"no trade has an impact of {impact_pct} %")
    if pool is None or impact_pct == 0:
        return None if pool is None else 0.0
    buy = pool.tao * _put_in_of(impact_pct, pool.tao_weight / pool.alpha_weight)
    sell = pool.alpha * pool.spot * _put_in_of(impact_pct, pool.alpha_weight / pool.tao_weight)
    return min(buy, sell)


def _share_out(put_in: float, exponent: float) -> float:
    """Part of the other reserve that is paid out for `put_in`, as a part of this one; exact for small trades too."""
    return -expm1(-exponent * log1p(put_in))


def _impact_pct(put_in: float, exponent: float) -> float:
    if put_in <= 0:
        return 0.0
    return min(100.0, max(0.0, 100 * (1 - _share_out(put_in, exponent) / (exponent * put_in))))


@lru_cache(maxsize=4096)
def _put_in_of(impact_pct: float, exponent: float) -> float:
    """The largest trade with that impact, as a part of the reserve it goes into; weights change seldom."""
    return _largest(lambda put_in: _impact_pct(put_in, exponent) <= impact_pct, 1.0)


def _largest(fits: Callable[[float], bool], start: float) -> float:
    """The largest amount above 0 that fits, if smaller ones all do; 0 if none does. `start`: its order of size."""
    high, smallest = start, start * _PRECISION
    while fits(high):
        high *= 2
    low = 0.0
    while high - low > _PRECISION * high and high > smallest:
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
