import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subnets.metrics import Span, compute
from subnets.metrics.health import (
    active_validators,
    consensus_alignment_pct,
    consensus_near_mean_pct,
    stake_share_pct,
    uid_turnover_pct,
    utilisation_pct,
    weighted_mean,
    weighted_median,
)
from tests.subnets.given import BLOCK, at_now, golden, needs_real_data, neurons, observation, subnet

FULL = 65_535


def test_a_validator_is_active_with_a_permit_and_weights_within_the_cut_off() -> None:
    columns = neurons(
        4, validator_permit=[True, True, True, False], last_update=[BLOCK, BLOCK - 360, BLOCK - 361, BLOCK]
    )
    assert active_validators(at_now(columns), 360) == [True, True, False, False]


def test_without_a_known_cut_off_the_chains_own_flag_decides() -> None:
    columns = neurons(
        3, validator_permit=[True, True, False], active=[True, False, True], last_update=[0, BLOCK, BLOCK]
    )
    values = compute(subnet(neurons=at_now(columns)))
    assert active_validators(at_now(columns), None) == [True, False, False]
    assert values["validator_count"] == 2
    assert values["active_validator_count"] == 1


def test_counts_that_only_the_chain_reported_are_shown_where_neurons_are_not_recorded() -> None:
    now = observation(
        neuron_count=100, max_uids=256, validator_count=12, active_validator_count=9, active_miner_count=0
    )
    values = compute(subnet(now))
    assert values["uid_utilisation_pct"] == pytest.approx(100 * 100 / 256)
    assert [values[key] for key in ("validator_count", "active_validator_count", "active_miner_count")] == [12, 9, 0]
    assert values["validator_trust_ratio"] is None
    assert values["incentive_hhi"] is None


def test_places_are_counted_against_the_subnets_own_maximum() -> None:
    values = compute(subnet(observation(max_uids=64), neurons=at_now(neurons(16))))
    assert values["uid_utilisation_pct"] == 25


@pytest.mark.parametrize(
    ("used", "places", "expected"),
    [(0, 64, 0), (300, 256, 100), (None, 64, None), (-1, 64, None), (1, 0, None), (1, None, None)],
)
def test_utilisation_is_unknown_where_it_makes_no_sense(used, places, expected) -> None:
    assert utilisation_pct(used, places) == expected


def test_stake_of_permit_holders_and_stake_that_works_are_two_figures() -> None:
    columns = neurons(3, validator_permit=[True, True, False], active=[True, False, True], total_stake=[60, 30, 10])
    values = compute(subnet(neurons=at_now(columns)))
    assert values["permit_stake_pct"] == pytest.approx(90)
    assert values["active_stake_pct"] == pytest.approx(60)


def test_trust_is_weighted_by_the_stake_of_active_validators_only() -> None:
    columns = neurons(
        4,
        validator_permit=[True, True, True, False],
        active=[True, True, False, True],
        total_stake=[30, 10, 1000, 1000],
        validator_trust=[FULL, 0, 0, FULL],
    )
    values = compute(subnet(neurons=at_now(columns)))
    assert values["validator_trust_ratio"] == pytest.approx(0.75)


def test_trust_that_the_chain_did_not_report_is_unknown() -> None:
    columns = neurons(1, validator_permit=[True], total_stake=[1], validator_trust=None)
    values = compute(subnet(neurons=at_now(columns)))
    assert values["validator_trust_ratio"] is None
    assert values["consensus_alignment_pct"] is None


def test_validators_who_agree_exactly_are_fully_aligned() -> None:
    assert consensus_alignment_pct([0.5, 0.5, 0.5], [1, 1, 1]) == 100


def test_alignment_falls_with_the_stake_that_judges_otherwise() -> None:
    assert consensus_alignment_pct([0.9, 0.88, 0.5], [50, 30, 20]) == pytest.approx(80)
    assert consensus_alignment_pct([0.9, 0.5, 0.1], [40, 30, 30]) == pytest.approx(30)


def test_alignment_is_unknown_where_nobody_is_trusted_or_weighs() -> None:
    assert consensus_alignment_pct([0.0, 0.0], [1, 1]) is None
    assert consensus_alignment_pct([0.5], [0]) is None
    assert consensus_alignment_pct([], []) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 10**15)), min_size=1, max_size=64), st.randoms())
def test_the_weighted_median_is_one_of_the_values_and_ignores_order(pairs, random) -> None:
    values, weights = zip(*pairs, strict=True)
    shuffled = list(pairs)
    random.shuffle(shuffled)
    median = weighted_median(values, weights)
    assert median in values
    assert weighted_median(*zip(*shuffled, strict=True)) == median
    assert 2 * sum(w for v, w in pairs if v <= median) >= sum(weights)
    assert 2 * sum(w for v, w in pairs if v < median) <= sum(weights)


def test_the_predecessors_alignment_is_close_to_full_whatever_happens() -> None:
    lively = [0.0] * 192 + [1 / 64] * 64
    assert consensus_near_mean_pct(lively) == 100
    assert consensus_near_mean_pct([0.0] * 9 + [1.0]) == 0
    assert consensus_near_mean_pct([]) is None


def miners(incentives: list[int], **columns):
    return compute(
        subnet(neurons=at_now(neurons(len(incentives), incentives=incentives, **columns)), owner_coldkey="owner")
    )


def test_miners_that_earn_are_counted_and_their_incentive_measured() -> None:
    values = miners([100, 100, 100, 100, 0])
    assert values["active_miner_count"] == 4
    assert values["effective_miners"] == pytest.approx(4)
    assert values["incentive_hhi"] == pytest.approx(2500)
    assert values["incentive_gini"] == pytest.approx(0)


def test_many_uids_of_one_owner_are_one_effective_miner() -> None:
    assert miners([10, 10, 10], coldkeys=["one", "one", "one"])["effective_miners"] == pytest.approx(1)


def test_incentive_that_goes_to_the_owner_is_nobodys_earning() -> None:
    burned = miners([FULL, 0], coldkeys=["owner", "b"])
    assert burned["active_miner_count"] == 1
    assert burned["effective_miners"] == 0
    half = miners([10, 10, 10], coldkeys=["owner", "b", "c"])
    assert half["effective_miners"] == pytest.approx(2)


def test_where_nobody_earns_the_number_is_zero_and_concentration_unknown() -> None:
    values = miners([0, 0])
    assert values["active_miner_count"] == 0
    assert values["effective_miners"] == 0
    assert values["incentive_hhi"] is None


def test_turnover_counts_uids_with_another_hotkey_or_registration() -> None:
    before = neurons(4, hotkeys=["a", "b", "c", "d"], block_at_registration=[1, 1, 1, 1])
    now = neurons(4, hotkeys=["a", "x", "c", "d"], block_at_registration=[1, 2, 3, 1])
    values = compute(subnet(neurons=at_now(now), earlier_neurons={Span.DAY: before}))
    assert values["uid_turnover_1d_pct"] == 50
    assert values["uid_turnover_7d_pct"] is None


def test_uids_that_were_added_count_as_changed() -> None:
    assert uid_turnover_pct(neurons(3), neurons(4)) == 25
    assert uid_turnover_pct(neurons(4), neurons(3)) == 25
    assert uid_turnover_pct(neurons(4), neurons(4)) == 0
    assert uid_turnover_pct(neurons(0), neurons(0)) is None
    assert uid_turnover_pct(None, neurons(1)) is None


@needs_real_data
@pytest.mark.real_data
def test_the_weighted_mean_is_the_predecessors_trust_score() -> None:
    for (trust, weights), expected in golden("trust_score(trust,stakes)"):
        assert weighted_mean(trust, weights) == (None if expected is None else pytest.approx(expected))


@needs_real_data
@pytest.mark.real_data
def test_stake_with_permit_is_the_predecessors_active_stake_ratio() -> None:
    for (stakes, permits), expected in golden("active_stake_ratio(stakes,permit)"):
        if sum(stakes):  # nothing at stake: a named deviation
            assert round(stake_share_pct(stakes, permits), 1) == expected


@needs_real_data
@pytest.mark.real_data
def test_utilisation_is_the_predecessors_before_rounding() -> None:
    for arguments, expected in golden("validator_utilization(active,possible=256)"):
        used, places = (*arguments, 256)[:2]
        ours = utilisation_pct(used, places)
        assert (None if ours is None else round(ours)) == expected
