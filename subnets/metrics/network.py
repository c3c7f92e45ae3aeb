"""What only shows beside the other subnets: shares, places in line, ranks and percentiles."""

from collections.abc import Iterable

from subnets.facts import ROOT_NETUID
from subnets.metrics import emission, flow, health, market, risk, stake
from subnets.metrics.arithmetic import percent
from subnets.metrics.inputs import NetworkRow, Values
from subnets.metrics.ranking import percentiles, ranks
from subnets.metrics.typeset import over, row
from subnets.metrics.words import CHAIN
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

RANKED: tuple[Metric, ...] = (
    market.MARKET_CAP,
    market.POOL_TAO,
    emission.EMISSION,
    flow.VOLUME,
    *(flow.FLOW_SHARES[span] for span in flow.SPANS[1:]),
    market.VOLATILITY,
    stake.STAKE_QUALITY,
    health.VALIDATOR_TRUST,
    risk.ROUND_TRIP,
)
"""Metrics whose place among all subnets is stored. Any other, and places within a category, follow on read."""


def _best(metric: Metric) -> str:
    return "lowest" if metric.better is Better.LOWER else "highest"


def _rank_of(metric: Metric) -> Metric:
    return Metric(
        key=f"{metric.key}_rank",
        label=f"{metric.label}: rank",
        unit=Unit.RANK,
        layer=Layer.DERIVED,
        source=CHAIN,
        about=f"Place among all subnets by {metric.label.lower()}: 1 has the {_best(metric)}.",
        unknown=f"{metric.label} is unknown.",
        formula="1 + number of subnets with a better value; equal values share a rank",
        mathml=row("1", "+", "|", "{", "j", "|", "better", "(", "j", ",", "i", ")", "}", "|"),
        inputs=(metric.key,),
        lower=1,
        better=Better.LOWER,
        group="rank",
    )


def _percentile_of(metric: Metric) -> Metric:
    return Metric(
        key=f"{metric.key}_percentile",
        label=f"{metric.label}: percentile",
        unit=Unit.PERCENTILE,
        layer=Layer.DERIVED,
        source=CHAIN,
        about=f"Percentage of all subnets that this one stands above by {metric.label.lower()}; near 100 are those "
        f"with the {_best(metric)}.",
        unknown=f"{metric.label} is unknown.",
        formula="100 × (mid-rank − ½) ÷ n, ranked from the worst; equal values share their mean rank",
        mathml=row("100", "×", over(row("r", "−", over("1", "2")), "n")),
        inputs=(metric.key,),
        lower=0,
        upper=100,
        better=Better.HIGHER,
        group="rank",
        note="Only subnets whose value is known are counted. It never reaches 0 or 100.",
    )


RANKS = {metric.key: _rank_of(metric) for metric in RANKED}
PERCENTILES = {metric.key: _percentile_of(metric) for metric in RANKED}
METRICS: tuple[Metric, ...] = (
    *emission.NETWORK_METRICS,
    *risk.NETWORK_METRICS,
    *(each for metric in RANKED for each in (RANKS[metric.key], PERCENTILES[metric.key])),
)


def values(rows: Iterable[NetworkRow]) -> dict[int, Values]:
    """{netuid: {key: value}} of `METRICS`, for one network snapshot; root is left out.

    Raises ValueError if a netuid comes twice.
    """
    subnets = [each for each in rows if each.netuid != ROOT_NETUID]
    if len({each.netuid for each in subnets}) < len(subnets):
        raise ValueError("a netuid comes twice in one network snapshot")
    result = risk.network_values(subnets)
    paid = {each.netuid: each.values.get(emission.EMISSION.key) for each in subnets}
    distributed = sum(amount for amount in paid.values() if amount is not None)
    for netuid, amount in paid.items():
        result[netuid][emission.EMISSION_SHARE.key] = percent(amount, distributed)
    for metric in RANKED:
        column = {each.netuid: each.values.get(metric.key) for each in subnets}
        placed, percentile = ranks(column, metric.better), percentiles(column, metric.better)
        for netuid in column:
            result[netuid][RANKS[metric.key].key] = placed[netuid]
            result[netuid][PERCENTILES[metric.key].key] = percentile[netuid]
    return result
