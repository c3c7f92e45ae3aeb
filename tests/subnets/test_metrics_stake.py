import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subnets.metrics import compute
from subnets.metrics.concentration import by_holder, concentration, effective_number, hhi, stake_quality
from taoanalytics.lib.units import RAO
from tests.subnets.given import at_now, golden, needs_real_data, neurons, real_data, subnet

stakes = st.lists(st.integers(0, 10**18), min_size=1, max_size=300).filter(any)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([1, 1, 1, 1], 2500), ([50, 30, 20], 3800), ([10, 0, 0], 10_000), ([1.0] * 256, 39.0625), ([7], 10_000)],
)
def test_the_hhi_is_ten_thousand_times_the_sum_of_squared_shares(amounts: list[float], expected: float) -> None:
    assert hhi(amounts) == pytest.approx(expected)


@pytest.mark.parametrize("amounts", [[], [0, 0], [1, -1], [-1]])
def test_there_is_no_concentration_where_nobody_holds_or_an_amount_is_impossible(amounts: list[float]) -> None:
    assert concentration(amounts) is None


def test_the_gini_of_equals_is_zero_and_of_one_among_many_close_to_one() -> None:
    assert concentration([5] * 9).gini == pytest.approx(0)
    assert concentration([5]).gini == 0
    assert concentration([1] * 999 + [10**9]).gini == pytest.approx(0.999, abs=1e-3)


def test_holders_of_nothing_do_not_make_the_others_look_unequal() -> None:
    assert concentration([5, 5, 0, 0, 0]) == concentration([5, 5])


@pytest.mark.parametrize(
    ("amounts", "fewest"), [([1, 1, 1, 1], 3), ([51, 49], 1), ([50, 50], 2), ([40, 30, 20, 10], 2), ([9], 1)]
)
def test_the_nakamoto_coefficient_counts_who_together_has_more_than_half(amounts: list[int], fewest: int) -> None:
    assert concentration(amounts).nakamoto == fewest


def test_half_is_not_more_than_half_even_for_amounts_that_floats_cannot_tell_apart() -> None:
    assert concentration([10**17, 10**17 - 1, 1]).nakamoto == 2
    assert concentration([10**17 + 1, 10**17 - 1, 1]).nakamoto == 1


def test_the_largest_and_the_ten_largest_are_shares_in_percent() -> None:
    measured = concentration([20, *[5] * 16])
    assert measured.top1_pct == pytest.approx(20)
    assert measured.top10_pct == pytest.approx(65)
    assert concentration([3, 1]).top10_pct == pytest.approx(100)


@settings(deadline=None)
@given(stakes)
def test_concentration_agrees_with_numpy(amounts: list[int]) -> None:
    held = np.sort(np.array([a for a in amounts if a], dtype=float))
    shares, n = held / held.sum(), len(held)
    measured = concentration(amounts)
    assert measured.hhi == pytest.approx(10_000 * (shares**2).sum())
    assert measured.gini == pytest.approx(np.abs(np.subtract.outer(held, held)).mean() / 2 / held.mean(), abs=1e-9)
    assert measured.top1_pct == pytest.approx(100 * shares[-1])
    assert measured.top10_pct == pytest.approx(100 * shares[-10:].sum())
    assert 10_000 / n * (1 - 1e-9) <= measured.hhi <= 10_000 * (1 + 1e-9)
    assert 0 <= measured.gini < 1
    assert 1 <= measured.nakamoto <= n // 2 + 1


@settings(deadline=None)
@given(stakes, st.randoms(use_true_random=False), st.integers(1, 10**6))
def test_neither_order_nor_scale_changes_concentration(amounts: list[int], random, factor: int) -> None:
    changed = [amount * factor for amount in amounts]
    random.shuffle(changed)
    before, after = concentration(amounts), concentration(changed)
    assert after.nakamoto == before.nakamoto
    for name in ("hhi", "gini", "top1_pct", "top10_pct"):
        assert getattr(after, name) == pytest.approx(getattr(before, name), abs=1e-6)


@settings(deadline=None)
@given(stakes, st.integers(0, 10))
def test_owners_are_never_less_concentrated_than_their_keys(amounts: list[int], owners: int) -> None:
    holders = [f"c{uid % (owners + 1)}" for uid in range(len(amounts))]
    joined = by_holder(holders, amounts)
    assert sum(joined) == sum(amounts)
    assert hhi(joined) >= hhi(amounts) * (1 - 1e-9)
    assert concentration(joined).nakamoto <= concentration(amounts).nakamoto


def test_keys_of_unknown_owners_are_not_taken_for_one_holder() -> None:
    assert sorted(by_holder(["a", "", "a", ""], [1, 2, 3, 4])) == [2, 4, 4]


@pytest.mark.parametrize(("amounts", "expected"), [([1, 1, 1, 1], 4), ([9], 1), ([], 0), ([0, 0], 0), ([1, -1], None)])
def test_the_effective_number_is_of_equal_holders(amounts: list[int], expected: float | None) -> None:
    assert effective_number(amounts) == (None if expected is None else pytest.approx(expected))


@needs_real_data
@pytest.mark.real_data
def test_stake_hhi_is_the_predecessors() -> None:
    for (amounts,), expected in golden("stake_hhi(stakes)"):
        assert hhi(amounts) == (None if expected is None else pytest.approx(expected))


@needs_real_data
@pytest.mark.real_data
def test_stake_quality_is_the_predecessors_before_rounding() -> None:
    for (index,), expected in golden("stake_quality(hhi)"):
        ours = stake_quality(index)
        if index == 12_000:  # no HHI: a named deviation
            continue
        assert ours is None if expected is None else round(ours, 1) == pytest.approx(expected)


def test_stake_quality_turns_the_hhi_around() -> None:
    assert [stake_quality(index) for index in (0, 100, 3508, 10_000)] == [100, 99, pytest.approx(64.92), 0]


FOUR = neurons(
    4,
    coldkeys=["a", "a", "b", "c"],
    validator_permit=[True, True, False, False],
    alpha_stake=[40, 30, 20, 10],
    total_stake=[100, 300, 500, 100],
)


def test_who_holds_is_counted_in_alpha_over_all_and_who_steers_by_weight_over_permits() -> None:
    values = compute(subnet(neurons=at_now(FOUR)))
    assert values["alpha_stake_top1_pct"] == pytest.approx(40)
    assert values["alpha_stake_coldkey_top1_pct"] == pytest.approx(70)
    assert values["validator_stake_top1_pct"] == pytest.approx(75)
    assert values["validator_stake_coldkey_top1_pct"] == pytest.approx(100)
    assert values["validator_stake_hhi"] == pytest.approx(6250)
    assert values["stake_hhi"] == pytest.approx(3600)
    assert values["stake_quality"] == pytest.approx(64)


def test_without_neurons_or_without_stake_concentration_is_unknown_and_quality_not_a_hundred() -> None:
    for given_neurons in (None, at_now(neurons(0)), at_now(neurons(5))):
        values = compute(subnet(neurons=given_neurons))
        assert values["stake_hhi"] is None
        assert values["stake_quality"] is None
        assert values["alpha_stake_nakamoto"] is None


def test_a_subnet_without_permits_has_holders_but_nobody_who_steers() -> None:
    values = compute(subnet(neurons=at_now(neurons(2, alpha_stake=[1, 1], total_stake=[1, 1]))))
    assert values["alpha_stake_hhi"] == 5000
    assert values["validator_stake_hhi"] is None


@needs_real_data
@pytest.mark.real_data
def test_the_recorded_subnet_19_has_the_known_concentration() -> None:
    records = json.loads(real_data("data/taostats/api_metagraph_latest_v1.json").read_text())["data"]
    stake = [int(record["stake"]) for record in records]
    permits = [record["validator_permit"] for record in records]
    columns = neurons(
        len(records),
        hotkeys=[record["hotkey"]["ss58"] for record in records],
        coldkeys=[record["coldkey"]["ss58"] for record in records],
        validator_permit=permits,
        active=[record["active"] for record in records],
        validator_trust=[round(Decimal(record["validator_trust"]) * 65_535) for record in records],
        incentives=[round(Decimal(record["incentive"]) * 65_535) for record in records],
        dividends=[round(Decimal(record["dividends"]) * 65_535) for record in records],
        emission=[int(record["emission"]) for record in records],
        alpha_stake=stake,
        total_stake=stake,
    )
    values = compute(subnet(neurons=at_now(columns)))
    assert values["stake_hhi"] == pytest.approx(856.67, abs=0.005)
    assert values["alpha_stake_hhi"] == values["stake_hhi"]
    assert values["alpha_stake_top1_pct"] == pytest.approx(13.32, abs=0.005)
    assert values["validator_count"] == 64
    assert values["active_validator_count"] == 18
    assert sum(stake) > 5_000_000 * RAO
    shares = np.array(stake, dtype=float)[permits]
    assert values["validator_stake_hhi"] == pytest.approx(10_000 * ((shares / shares.sum()) ** 2).sum())
    assert 0.85 < values["validator_trust_ratio"] < 0.95
