"""Which columns the power table can have, and the ready-made choices among them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from insights import registry
from insights.figures import CHANGE_30D
from insights.screening.trade import TRADE_GROUP
from taoanalytics.lib.metric import Metric, Unit

TREND = "trend"
"""Not a number: the line over 30 days, sorted as the change over 30 days."""

MOST_COLUMNS = 40
"""Of one's own choice: beside them stands what a picture draws."""

PRESETS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "overview": (
            "Overview",
            (
                f"{registry.SCORE.key} price_tao change_1d_pct change_7d_pct change_30d_pct trend "
                "market_cap_tao pool_tao "
                "volume_1d_tao trade_round_trip_pct trade_capacity emission_tao_per_day miner_burn active_miner_count "
                "validator_count price_to_moving_pct nav_to_price_pct deregistration_rank"
            ),
        ),
        "performance": (
            "Performance",
            (
                "price_tao change_1h_pct change_1d_pct change_7d_pct change_30d_pct trend drawdown_60d_pct "
                "max_drawdown_30d_pct volatility_30d_pct high_60d_tao low_60d_tao price_to_moving_pct price_usd"
            ),
        ),
        "liquidity": (
            "Liquidity & size",
            (
                "market_cap_tao fdv_tao pool_tao depth_to_market_cap_pct volume_1d_tao turnover_1d_pct "
                "organic_flow_1d_tao organic_flow_7d_tao organic_flow_7d_pct organic_flow_30d_pct trade_buy_impact_pct "
                "trade_sell_impact_pct trade_round_trip_pct trade_capacity capacity_1pct_tao"
            ),
        ),
        "emission": (
            "Emission",
            (
                "emission_tao_per_day emission_share_pct emission_to_market_cap_pct tao_into_pool_per_day "
                "chain_buys_per_day alpha_emitted_per_day alpha_inflation_annual_pct alpha_supply_growth_30d_pct "
                "miner_burn owner_alpha_per_day miner_alpha_per_day validator_alpha_per_day"
            ),
        ),
        "stake": (
            "Stake & validators",
            (
                "validator_count active_validator_count uid_utilisation_pct stake_quality validator_stake_hhi "
                "validator_stake_coldkey_hhi alpha_stake_coldkey_nakamoto alpha_stake_coldkey_top10_pct "
                "permit_stake_pct active_stake_pct validator_trust_ratio consensus_alignment_pct incentive_hhi "
                "effective_miners"
            ),
        ),
        "risk": (
            "Risk",
            (
                "deregistration_rank deregistration_gap_pct immunity_left_days nav_tao nav_to_price_pct "
                "trade_round_trip_pct trade_capacity pool_tao volatility_30d_pct max_drawdown_30d_pct "
                "drawdown_60d_pct pool_price_gap_pct alpha_stake_coldkey_top1_pct"
            ),
        ),
        "score": (
            "Score",
            (
                "tao_score_v3 tao_score_v21 tao_score_v11 buy_signal buy_signal_composite stake_quality "
                "market_cap_tao_percentile volume_1d_tao_percentile volatility_30d_pct_percentile "
                "round_trip_100_pct_percentile market_cap_tao"
            ),
        ),
        "ai": (
            "AI",
            (
                f"category_confidence buy_signal buy_signal_composite {registry.SCORE.key} organic_flow_30d_pct "
                "change_1d_pct change_7d_pct change_30d_pct trend trade_round_trip_pct market_cap_tao"
            ),
        ),
        "yield": (
            "Yield",
            (
                "validator_return_1d_pct validator_return_7d_mean_pct validator_return_30d_mean_pct "
                "validator_return_annual_pct validator_return_tao_7d_pct validator_return_tao_30d_pct "
                "alpha_holder_return_1d_pct alpha_inflation_annual_pct change_30d_pct market_cap_tao "
                "trade_round_trip_pct"
            ),
        ),
    }
)
"""{its name in the address: (its name for people, keys of its columns)}"""

_TINTS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "change_1h_pct": (0.2, 0.5, 1.5, 3),
        "change_1d_pct": (0.5, 1.5, 4, 8),
        "change_7d_pct": (1, 4, 9, 16),
        "change_30d_pct": (3, 10, 20, 35),
        "price_to_moving_pct": (3, 10, 20, 35),
        "validator_return_tao_1d_pct": (0.5, 1.5, 4, 8),
        "validator_return_tao_7d_pct": (1, 4, 9, 16),
        "validator_return_tao_30d_pct": (3, 10, 20, 35),
    }
)
"""Percent from which a change is tinted, and ever deeper."""

_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "change_1h_pct": "1h",
        "change_1d_pct": "1d",
        "change_7d_pct": "7d",
        "change_30d_pct": "30d",
        registry.SCORE.key: "Score",
        "price_to_moving_pct": "Against moving",
        "nav_to_price_pct": "NAV to price",
        "deregistration_rank": "Dereg. rank",
        "miner_burn": "Burned",
        "active_miner_count": "Miners",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """`drawn` is the line over 30 days; `tints` are the steps at which a change colours its cell."""

    key: str
    heading: str
    metric: Metric
    group: str
    drawn: bool = False
    tints: tuple[float, ...] = ()

    @property
    def label(self) -> str:
        return "30 days" if self.drawn else self.metric.label


def column_of(metric: Metric) -> Column:
    short = _SHORT.get(metric.key)
    heading = metric.heading
    if short:
        heading = short
    elif metric.unit is Unit.PERCENT:
        heading = metric.label  # each cell has its sign
    group = registry.GROUPS.get(metric.group, TRADE_GROUP)
    return Column(metric.key, heading, metric, group, tints=_TINTS.get(metric.key, ()))


def trend_column() -> Column:
    return Column(TREND, "30 days", CHANGE_30D, registry.GROUPS[CHANGE_30D.group], drawn=True)


def columns_of(keys: Iterable[str], metrics: Mapping[str, Metric]) -> tuple[Column, ...]:
    """Those of the keys that name a column, once each."""
    known = [key for key in dict.fromkeys(keys) if key == TREND or key in metrics]
    return tuple(trend_column() if key == TREND else column_of(metrics[key]) for key in known)


def preset_keys(preset: str) -> tuple[str, ...]:
    return tuple(PRESETS[preset][1].split())


def groups_of(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """(name, how many columns) of each run of columns of one group."""
    return [(group, len(list(run))) for group, run in groupby(columns, key=lambda column: column.group)]


def starts_of_groups(columns: Sequence[Column]) -> Iterator[bool]:
    """Whether each column is the first of its run."""
    previous = ""
    for column in columns:
        yield column.group != previous
        previous = column.group
