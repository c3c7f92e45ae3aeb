"""Every declared number of one subnet, each with what its passport tells and where it stands among the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights import registry
from insights.board import Board, Row
from insights.figures import Value
from insights.numbers import exact
from insights.registry import SCORE
from insights.standing import percentile_of
from subnets.models import SubnetSnapshot
from taoanalytics.lib.metric import Metric, Unit

MAIN = frozenset(
    """
    price_tao market_cap_tao pool_tao depth_to_market_cap_pct volume_1d_tao turnover_1d_pct organic_flow_7d_pct
    volatility_30d_pct
    emission_tao_per_day emission_share_pct miner_burn alpha_supply_growth_30d_pct alpha_inflation_annual_pct
    alpha_stake_top1_pct alpha_stake_top10_pct alpha_stake_coldkey_nakamoto validator_stake_coldkey_nakamoto stake_hhi
    validator_count active_validator_count active_miner_count uid_utilisation_pct validator_trust_ratio
    neuron_count registration_cost_tao tempo
    validator_return_1d_pct alpha_holder_return_1d_pct validator_return_tao_30d_pct
    round_trip_100_pct capacity_1pct_tao nav_to_price_pct deregistration_rank
    buy_signal
    """.split()
) | {SCORE.key}
"""Keys of the metrics that stand open on the page; the others of their group unfold below them."""

_UNRANKED = (Unit.YES_NO, Unit.RANK, Unit.PERCENTILE)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number with all that its passport tells. `inputs` are (field, its content); percentiles are whole or None."""

    metric: Metric
    value: Value
    exact: str
    inputs: Sequence[tuple[str, str]] = ()
    percentile: int | None = None
    category_percentile: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one group of the registry: those that stand open, and the rest."""

    name: str
    main: Sequence[Fact]
    more: Sequence[Fact]


def grouped_facts(
    snapshot: SubnetSnapshot, figures: Mapping[str, Value], now: Board, row: Row | None
) -> Sequence[Group]:
    """All of the registry; percentiles only for a `row` that is on the board."""
    category = row.category if row else None

    def fact(metric: Metric) -> Fact:
        value = figures.get(metric.key)
        ranked = row is not None and value is not None and metric.unit not in _UNRANKED
        amount = float(value) if ranked and value is not None else None
        return Fact(
            metric=metric,
            value=value,
            exact=exact(metric, value, snapshot),
            inputs=[(name, _held(snapshot, figures, name)) for name in metric.inputs],
            percentile=percentile_of(metric, amount, now),
            category_percentile=percentile_of(metric, amount, now, category) if category else None,
        )

    groups = []
    for name, metrics in registry.grouped().items():
        facts = [fact(metric) for metric in metrics]
        main = [each for each in facts if each.metric.key in MAIN]
        groups.append(Group(name, main, [each for each in facts if each.metric.key not in MAIN]))
    return groups


def _held(snapshot: SubnetSnapshot, figures: Mapping[str, Value], name: str) -> str:
    """What an input was: a field of the snapshot or another figure; "" for what is the protocol's or the neurons'."""
    if not hasattr(snapshot, name) and name not in figures:
        return ""
    value = getattr(snapshot, name) if hasattr(snapshot, name) else figures[name]
    if value is None:
        return "unknown"
    return f"{value:,} rao" if name.endswith("_rao") else str(value)
