"""What it costs to go into a subnet's pool and out again, from the reserves of a weighted constant-product pool.

All exact for the reserves given; in a concentrated pool reserves only approximate depth, and the figure is an estimate.
"""

import math
from dataclasses import dataclass

from insights.statistics.ranks import is_known
from taoanalytics.lib.units import U16_MAX

DEFAULT_FEE = 33 / U16_MAX
"""Share of what goes in, per side: the chain's default, to be replaced by the pool's own FeeRate."""
COST_LEVELS_TAO = (10, 100, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Reserves in whole tokens; `tao_weight` is the weight of TAO, the rest is alpha's; `fee` a share per side."""

    tao: float
    alpha: float
    tao_weight: float = 0.5
    fee: float = DEFAULT_FEE

    @property
    def spot_price(self) -> float:
        """TAO for one alpha, of an amount too small to move the price."""
        return (1 - self.tao_weight) * self.tao / (self.tao_weight * self.alpha)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """Buying alpha for an amount of TAO and selling it again.

    Amounts in whole tokens, price in TAO per alpha; impacts and costs are shares of what was spent. `cost` is what is
    charged, `tao_back` what comes back: the pool has recovered from the buy before the sale. `least_cost` and
    `most_tao_back`: nobody has traded in between.
    """

    alpha_bought: float
    effective_price: float
    buy_impact: float
    tao_back: float
    sell_impact: float
    cost: float
    most_tao_back: float
    least_cost: float


def pool_of(
    tao: float | None, alpha: float | None, tao_weight: float | None = 0.5, fee: float | None = DEFAULT_FEE
) -> Pool | None:
    """A pool that can be traded with, or None where a reserve is unknown or empty, or a weight or fee impossible."""
    if not is_known(tao) or not is_known(alpha) or not is_known(tao_weight) or not is_known(fee):
        return None
    if tao <= 0 or alpha <= 0 or not 0 < tao_weight < 1 or not 0 <= fee < 1:
        return None
    return Pool(tao=tao, alpha=alpha, tao_weight=tao_weight, fee=fee)


def round_trip(pool: Pool | None, tao_spent: float) -> RoundTrip | None:
    """The round trip of `tao_spent`, or None without a pool or an amount above 0.

    Computed with expm1 and log1p, so that a millionth of a TAO loses no digits.
    """
    if pool is None or not is_known(tao_spent) or tao_spent <= 0:
        return None
    ratio = pool.tao_weight / (1 - pool.tao_weight)
    goes_in = tao_spent * (1 - pool.fee)
    log_growth = math.log1p(goes_in / pool.tao)
    alpha_bought = -pool.alpha * math.expm1(-ratio * log_growth)
    sold = alpha_bought * (1 - pool.fee)
    tao_back = _tao_out(pool.tao, math.log1p(sold / pool.alpha) / ratio)
    moved_alpha = pool.alpha - alpha_bought
    back_from_moved = _tao_out(pool.tao + goes_in, math.log1p(sold / moved_alpha) / ratio)
    return RoundTrip(
        alpha_bought=alpha_bought,
        effective_price=tao_spent / alpha_bought,
        buy_impact=1 - alpha_bought * pool.spot_price / tao_spent,
        tao_back=tao_back,
        sell_impact=1 - tao_back / (alpha_bought * pool.spot_price),
        cost=1 - tao_back / tao_spent,
        most_tao_back=back_from_moved,
        least_cost=1 - back_from_moved / tao_spent,
    )


def _tao_out(tao: float, log_growth_of_alpha: float) -> float:
    return -tao * math.expm1(-log_growth_of_alpha)


def capacity_tao(pool_tao: float | None, max_cost: float) -> float | None:
    """The amount in TAO whose round trip costs the share `max_cost`, in a balanced pool without fee.

    None for an unknown or empty pool; ValueError for a cost outside 0 to below 1.
    """
    if not 0 <= max_cost < 1:
        raise ValueError(f"A round trip costs a share from 0 to below 1, not {max_cost}")
    if not is_known(pool_tao) or pool_tao <= 0:
        return None
    return pool_tao * max_cost / (2 * (1 - max_cost))
