"""Numbers about one subnet: their declarations, and the pure arithmetic from observations to values.

`compute` yields every metric of one tenant of a netuid; `compute_network` those that compare the subnets of one network
snapshot. Unknown in, unknown (None) out; zero is zero; no value is NaN, infinite or outside its declared bounds.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from subnets.metrics import emission, flow, health, market, network, risk, stake, yields
from subnets.metrics.arithmetic import within_bounds
from subnets.metrics.emission import EMISSION, emission_tao_per_day
from subnets.metrics.inputs import (
    DAILY_FIELDS,
    DAYS_KEPT,
    REPORTED_FIELDS,
    TOLERANCES,
    DailyPoint,
    EarlierReturn,
    NetworkRow,
    NeuronsAt,
    Observation,
    Reported,
    Span,
    SubnetInputs,
    Value,
    Values,
)
from subnets.metrics.market import MARKET_CAP, MOVING_PRICE, POOL_TAO, PRICE, market_cap_tao
from subnets.metrics.pool import (
    Pool,
    buy_quote,
    capacity_tao,
    price_impact_pct,
    round_trip_cost_pct,
    sell_impact_pct,
    sell_quote,
)
from subnets.metrics.ranking import percentiles, ranks
from taoanalytics.lib.metric import Metric

__all__ = [
    "BY_KEY",
    "DAILY_FIELDS",
    "DAYS_KEPT",
    "EMISSION",
    "MARKET_CAP",
    "METRICS",
    "MOVING_PRICE",
    "NETWORK_METRICS",
    "POOL_TAO",
    "PRICE",
    "REPORTED_FIELDS",
    "SUBNET_METRICS",
    "TOLERANCES",
    "DailyPoint",
    "EarlierReturn",
    "NetworkRow",
    "NeuronsAt",
    "Observation",
    "Pool",
    "Reported",
    "Span",
    "SubnetInputs",
    "Value",
    "Values",
    "buy_quote",
    "capacity_tao",
    "compute",
    "compute_network",
    "emission_tao_per_day",
    "market_cap_tao",
    "percentiles",
    "price_impact_pct",
    "ranks",
    "round_trip_cost_pct",
    "sell_impact_pct",
    "sell_quote",
]

_GROUPS = (market, flow, emission, stake, health, yields, risk)
SUBNET_METRICS: tuple[Metric, ...] = tuple(metric for group in _GROUPS for metric in group.METRICS)
NETWORK_METRICS: tuple[Metric, ...] = network.METRICS
METRICS: tuple[Metric, ...] = (*SUBNET_METRICS, *NETWORK_METRICS)
"""All of this package, in the order in which they are shown."""

BY_KEY: Mapping[str, Metric] = MappingProxyType({metric.key: metric for metric in METRICS})


def compute(inputs: SubnetInputs) -> Values:
    """{key: value} of `SUBNET_METRICS`, for one tenant at one observation.

    Raises ValueError if the columns of neurons differ in length.
    """
    result: Values = {}
    for group in _GROUPS:
        result |= group.values(inputs)
    return {metric.key: within_bounds(metric, result[metric.key]) for metric in SUBNET_METRICS}


def compute_network(rows: Iterable[NetworkRow]) -> dict[int, Values]:
    """{netuid: {key: value}} of `NETWORK_METRICS`, for the subnets of one network snapshot; root is left out.

    Raises ValueError if a netuid comes twice.
    """
    return {
        netuid: {metric.key: within_bounds(metric, found[metric.key]) for metric in NETWORK_METRICS}
        for netuid, found in network.values(rows).items()
    }
