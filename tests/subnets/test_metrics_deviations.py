"""Where a metric deliberately says something else than the predecessor did, by name: its value, ours, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from subnets.metrics import Span, compute, percentiles
from subnets.metrics.concentration import stake_quality
from subnets.metrics.health import consensus_alignment_pct, consensus_near_mean_pct, stake_share_pct, utilisation_pct
from taoanalytics.lib.units import RAO
from tests.subnets.given import at_now, golden, needs_real_data, neurons, observation, subnet


@dataclass(frozen=True)
class Deviation:
    name: str
    theirs: Any
    ours: Any
    computed: Callable[[], Any]
    why: str


def of_subnet(key: str, **reported: Any) -> Callable[[], Any]:
    return lambda: compute(subnet(observation(**reported)))[key]


def of_neurons(key: str, count: int, **columns: Any) -> Callable[[], Any]:
    return lambda: compute(subnet(neurons=at_now(neurons(count, **columns))))[key]


def flow_per_cap(pool_before: int, pool_now: int, rate_rao: int) -> Callable[[], Any]:
    """Percent of a cap of 50,000 TAO that flowed in within a day."""
    cap = {"price_rao": RAO, "alpha_in_rao": 50_000 * RAO, "alpha_out_rao": 0}
    before, now = (
        observation(days, tao_in_rao=tao * RAO, tao_in_emission_rao=rate_rao, **cap)
        for days, tao in ((1, pool_before), (0, pool_now))
    )
    return lambda: compute(subnet(now, earlier={Span.DAY: before}))["organic_flow_1d_pct"]


LIVELY = {"validator_permit": [True] * 3, "total_stake": [50, 30, 20]}
DEVIATIONS = [
    Deviation(
        "stake quality is not rounded", 64.9, 64.92, lambda: stake_quality(3508),
        "Numbers are kept as they are and rounded where they are shown.",
    ),
    Deviation(
        "an HHI above 10,000 has no quality", 0, None, lambda: stake_quality(12_000),
        "No distribution has such an HHI: an impossible input is unknown, not the worst.",
    ),
    Deviation(
        "no stake has no quality", 100.0, None, of_neurons("stake_quality", 3),
        "Its HHI of nothing was 0, which made an empty subnet the most even of all.",
    ),
    Deviation(
        "no stake has no active part", 0.0, None, lambda: stake_share_pct([0.0, 0.0], [True, True]),
        "Nothing divided by nothing is unknown, not zero.",
    ),
    Deviation(
        "a permit is not activity", 100.0, 60.0,
        of_neurons("active_stake_pct", 2, validator_permit=[True, True], active=[True, False], total_stake=[60, 40]),
        "A validator that sets no weights does not work; its stake with permit stays a figure of its own.",
    ),
    Deviation(
        "exact agreement is full alignment", 0.0, 100.0, lambda: consensus_alignment_pct([0.5] * 3, [1, 1, 1]),
        "A strict comparison with a deviation of zero found that nobody agrees when all do.",
    ),
    Deviation(
        "alignment is about validators", 100.0, 30.0,
        of_neurons("consensus_alignment_pct", 3, validator_trust=[65_535, 40_000, 20_000], **LIVELY),
        "Within 0.10 of the mean consensus of all uids lies nearly every uid of any subnet: it told nothing apart.",
    ),
    Deviation(
        "alignment where half of the stake is trusted nothing", 90.0, None,
        lambda: consensus_alignment_pct([0.0] * 9 + [1.0], [1] * 10),
        "There is no consensus to be near to if the median validator is trusted nothing.",
    ),
    Deviation(
        "alignment is relative to what is usual", 99.50248756218906, pytest.approx(100 * 50 / 201),
        lambda: consensus_alignment_pct([0.0, 0.1, 0.2, 0.9], [100, 50, 50, 1]),
        "Two standard deviations grow with the very disagreement that they should show.",
    ),
    Deviation(
        "the lowest of four is not at zero", 0, 12.5, lambda: percentiles(dict(enumerate((10, 20, 30, 40))))[0],
        "The index over n is lopsided: it reaches 0 and never 100. A mid-rank is symmetric.",
    ),
    Deviation(
        "equal values are in the middle", 0, 50, lambda: percentiles(dict(enumerate((5, 5, 5))))[1],
        "All being equal, none is the worst.",
    ),
    Deviation(
        "a single subnet is in the middle", 0, 50, lambda: percentiles({1: 7})[1],
        "It is as much the best as the worst.",
    ),
    Deviation(
        "unknown values have no place", 50, 75, lambda: percentiles(dict(enumerate((1, None, 2))))[2],
        "A mid-rank among the known values only.",
    ),
    Deviation(
        "utilisation is not rounded", 1, 1.171875, lambda: utilisation_pct(3, 256),
        "Numbers are kept as they are; small subnets differ in the digits that were cut.",
    ),
    Deviation(
        "utilisation is of the subnet's own maximum", 25, 100.0,
        lambda: compute(subnet(observation(max_uids=64), neurons=at_now(neurons(64))))["uid_utilisation_pct"],
        "Divided by 256 for all, a full subnet of 64 places looked three quarters empty.",
    ),
    Deviation(
        "emission below zero is unknown", -0.1, None, of_subnet("emission_to_market_cap_pct", tao_in_emission_rao=-1),
        "The chain cannot pay a negative amount.",
    ),
    Deviation(
        "emission is no income of stake", 7.788419960828978e-05, None,
        of_subnet("validator_return_1d_pct", tao_in_emission_rao=19_137_000),
        "TAO put into the pool goes to nobody. What stake earns is dividends in alpha, here unknown without neurons.",
    ),
    Deviation(
        "a price of ten TAO is a price", None, 10.0, of_subnet("price_tao", price_rao=10 * RAO),
        "A gate dropped the whole row of the day for a price of 10 or more.",
    ),
    Deviation(
        "one holder of all has a quality of zero", None, 0.0, of_neurons("stake_quality", 2, total_stake=[5, 0]),
        "The same gate dropped the most concentrated subnets, the ones worth seeing.",
    ),
    Deviation(
        "what emission injects is no flow", 0.002 * 100, pytest.approx(0.1), flow_per_cap(1000, 1100, 50 * RAO // 7200),
        "Reserves grow by emission alone; momentum counted that as demand.",
    ),
    Deviation(
        "a fall of reserves is an outflow", 0.2, pytest.approx(-0.2), flow_per_cap(1100, 1000, 0),
        "The score took the amount of a flow without its sign.",
    ),
    Deviation(
        "inflation is of alpha", 1.2, pytest.approx(100 * 10_800 * 365 / 3_500_000),
        of_subnet(
            "alpha_inflation_annual_pct", alpha_in_emission_rao=RAO // 2, alpha_out_emission_rao=RAO,
            alpha_in_rao=1_500_000 * RAO, alpha_out_rao=2_000_000 * RAO,
        ),
        "Shown as inflation was the subnet's share of the network's emission.",
    ),
    Deviation(
        "the owner's part is the protocol's", 0.0, pytest.approx(7200 * 11_796 / 65_535),
        of_subnet("owner_alpha_per_day", alpha_out_emission_rao=RAO),
        "Uid 0 was taken for the owner and the owner's cut for part of what uids are paid; it is paid outside them.",
    ),
]  # fmt: skip


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.name)
def test_each_deviation_is_as_it_is_named(deviation: Deviation) -> None:
    value = deviation.computed()
    assert value == deviation.ours
    assert value != deviation.theirs
    assert deviation.why.endswith(".")


def test_no_deviation_is_named_twice() -> None:
    assert len({deviation.name for deviation in DEVIATIONS}) == len(DEVIATIONS)


@needs_real_data
@pytest.mark.real_data
def test_the_values_called_the_predecessors_are_its_own() -> None:
    theirs = {deviation.name: deviation.theirs for deviation in DEVIATIONS}
    recorded = [
        ("stake quality is not rounded", "stake_quality(hhi)", [3508]),
        ("an HHI above 10,000 has no quality", "stake_quality(hhi)", [12_000]),
        ("no stake has no active part", "active_stake_ratio(stakes,permit)", [[0.0, 0.0], [True, True]]),
        ("exact agreement is full alignment", "consensus_alignment_2sigma(consensus,stakes)", [[0.5] * 3, [1, 1, 1]]),
        (
            "alignment where half of the stake is trusted nothing",
            "consensus_alignment_2sigma(consensus,stakes)",
            [[0.0] * 9 + [1.0], [1] * 10],
        ),
        (
            "alignment is relative to what is usual",
            "consensus_alignment_2sigma(consensus,stakes)",
            [[0.0, 0.1, 0.2, 0.9], [100, 50, 50, 1]],
        ),
        ("the lowest of four is not at zero", "rank_pct(value,values)", [10, [10, 20, 30, 40]]),
        ("equal values are in the middle", "rank_pct(value,values)", [5, [5, 5, 5]]),
        ("a single subnet is in the middle", "rank_pct(value,values)", [7, [7]]),
        ("unknown values have no place", "rank_pct(value,values)", [2, [1, None, 2]]),
        ("utilisation is not rounded", "validator_utilization(active,possible=256)", [3]),
        ("utilisation is of the subnet's own maximum", "validator_utilization(active,possible=256)", [64]),
        ("emission below zero is unknown", "emission_roi(daily,stake)", [-1, 10]),
        ("emission is no income of stake", "emission_roi(daily,stake)", [137.79, 1_769_165]),
    ]
    for name, case, arguments in recorded:
        assert theirs[name] in [out for given, out in golden(case) if given == arguments], name


@needs_real_data
@pytest.mark.real_data
def test_ranks_keep_the_predecessors_order() -> None:
    for (value, values), expected in golden("rank_pct(value,values)"):
        found = percentiles(dict(enumerate(values)))
        if expected is None:
            assert value is None or value not in values
            continue
        better = [other for other in values if other is not None and other > value]
        assert found[values.index(value)] <= 100 * (1 - len(better) / len([v for v in values if v is not None]))


def test_the_alignment_that_says_little_is_kept_under_another_name_for_the_older_score() -> None:
    assert consensus_near_mean_pct([0.80, 0.85, 0.82, 0.83]) == 100
