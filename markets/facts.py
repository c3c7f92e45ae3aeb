"""What outside markets say, as plain values: no Django, no raw replies.

None is unknown, 0 is zero. `_tao`, `_alpha` and `_usd` are whole units, prices TAO for one alpha, `_pct` percent
points, `_share` a fraction of 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetMarket:
    """One subnet as TAO.app reports it. The fields after `owner_coldkey` have the names of `ScreenerRow`'s columns.

    `observed_at` is None where the reply does not date its figures: they are then as of its arrival.
    """

    netuid: int
    observed_at: datetime | None = None
    owner_coldkey: str = ""

    name: str = ""
    price_tao: float | None = None
    price_change_1h_pct: float | None = None
    price_change_1d_pct: float | None = None
    price_change_7d_pct: float | None = None
    price_change_30d_pct: float | None = None
    market_cap_tao: float | None = None
    fdv_tao: float | None = None
    pool_tao: float | None = None
    pool_alpha: float | None = None
    outside_alpha: float | None = None
    circulating_alpha: float | None = None
    alpha_share: float | None = None
    root_share: float | None = None
    emission_share: float | None = None
    emitted_alpha_share: float | None = None
    buy_volume_1d_tao: float | None = None
    sell_volume_1d_tao: float | None = None
    total_volume_1d_tao: float | None = None
    net_volume_1h_tao: float | None = None
    net_volume_1d_tao: float | None = None
    net_volume_7d_tao: float | None = None
    buy_volume_change_pct: float | None = None
    sell_volume_change_pct: float | None = None
    total_volume_change_pct: float | None = None
    realized_pnl_tao: float | None = None
    unrealized_pnl_tao: float | None = None
    highest_60d_tao: float | None = None
    lowest_60d_tao: float | None = None
    gini_top_100: float | None = None
    hhi_points: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketTable:
    """Many rows of one reply. `problems` names those that could not be read, and why."""

    rows: Sequence[SubnetMarket]
    problems: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """TAO in US dollars at one time."""

    observed_at: datetime
    price_usd: float
    market_cap_usd: float | None = None
    volume_24h_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeries:
    """Prices in order of time. `problems` names the points that could not be read."""

    points: Sequence[PricePoint]
    problems: Sequence[str] = ()
