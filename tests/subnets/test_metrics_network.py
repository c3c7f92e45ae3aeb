"""What compares subnets: places in line for removal, shares, ranks and percentiles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subnets.metrics import NETWORK_METRICS, NetworkRow, compute, compute_network, percentiles, ranks
from taoanalytics.lib.metric import Better
from taoanalytics.lib.units import RAO
from tests.subnets.given import BLOCK, NOW, observation, subnet

IMMUNE_UNTIL_LATER = BLOCK - 1_000_000
LONG_AGO = BLOCK - 2_000_000
maybe = st.one_of(st.none(), st.integers(-50, 50).map(float))


def in_line(netuid: int, moving_price: int | None, registered: int = LONG_AGO, **reported) -> NetworkRow:
    inputs = subnet(
        observation(moving_price_rao=moving_price, **reported), netuid=netuid, registered_at_block=registered
    )
    return NetworkRow(netuid=netuid, registered_at_block=registered, values=compute(inputs))


def places(*rows: NetworkRow) -> dict[int, int | None]:
    return {netuid: values["deregistration_rank"] for netuid, values in compute_network(rows).items()}


def gaps(*rows: NetworkRow) -> dict[int, float | None]:
    return {netuid: values["deregistration_gap_pct"] for netuid, values in compute_network(rows).items()}


def test_the_lowest_moving_price_without_immunity_goes_first() -> None:
    line = [in_line(1, 30), in_line(2, 10), in_line(3, 20), in_line(4, 5, IMMUNE_UNTIL_LATER)]
    assert places(*line) == {1: 3, 2: 1, 3: 2, 4: None}


def test_of_equal_prices_the_earlier_registration_goes_first() -> None:
    assert places(in_line(1, 10, LONG_AGO), in_line(2, 10, LONG_AGO - 1)) == {1: 2, 2: 1}


def test_a_subnet_that_never_started_is_first_and_one_of_unknown_price_has_no_place() -> None:
    assert places(in_line(1, 10), in_line(2, 0), in_line(3, None)) == {1: 2, 2: 1, 3: None}


def test_root_is_never_in_line() -> None:
    assert places(in_line(0, 1), in_line(1, 10)) == {1: 1}


def test_the_gap_is_to_the_lowest_of_the_others_and_negative_for_who_goes_next() -> None:
    found = gaps(in_line(1, 30), in_line(2, 10), in_line(3, 20), in_line(4, 5, IMMUNE_UNTIL_LATER))
    assert found == {
        1: pytest.approx(200),
        2: pytest.approx(-50),
        3: pytest.approx(100),
        4: pytest.approx(-50),
    }


def test_there_is_no_gap_to_nobody_or_to_a_price_of_zero() -> None:
    assert gaps(in_line(1, 30)) == {1: None}
    assert gaps(in_line(1, 30), in_line(2, 0)) == {1: None, 2: -100}


def test_immunity_counts_down_from_registration_and_ends_at_zero() -> None:
    young = compute(subnet(registered_at_block=BLOCK - 1_295_999))
    assert young["immunity_left_blocks"] == 1
    assert young["immunity_left_days"] == pytest.approx(1 / 7200)
    assert compute(subnet(registered_at_block=BLOCK - 1_296_000))["immunity_left_blocks"] == 0
    assert compute(subnet(registered_at_block=BLOCK))["immunity_left_days"] == 180


def test_a_registration_after_the_observation_is_another_tenants() -> None:
    assert compute(subnet(registered_at_block=BLOCK + 1))["immunity_left_blocks"] is None


def test_before_subnets_could_be_removed_nobody_is_in_line() -> None:
    early = observation(block=6_000_000, observed_at=NOW.replace(year=2025, month=7), moving_price_rao=5)
    values = compute(subnet(early, registered_at_block=1))
    assert values["immunity_left_blocks"] is None
    row = NetworkRow(netuid=1, registered_at_block=1, values=values)
    assert places(row) == {1: None}
    assert gaps(row, in_line(2, 10)) == {1: None, 2: None}


def test_asset_value_is_the_pool_shared_among_the_alpha_outside_it() -> None:
    reserves = {"tao_in_rao": 30_000 * RAO, "alpha_in_rao": 1_500_000 * RAO, "price_rao": 20_000_000}
    values = compute(subnet(observation(**reserves, alpha_out_rao=2_000_000 * RAO)))
    assert values["nav_tao"] == pytest.approx(0.015)
    assert values["nav_to_price_pct"] == pytest.approx(75)
    assert compute(subnet(observation(**reserves, alpha_out_rao=0)))["nav_tao"] is None
    assert compute(subnet(observation(**reserves, alpha_out_rao=None)))["nav_to_price_pct"] is None


def test_a_share_of_emission_is_of_what_was_distributed() -> None:
    rows = [in_line(n, 1, tao_in_emission_rao=paid) for n, paid in ((1, 300), (2, 100), (3, 0), (4, None))]
    shares = {netuid: values["emission_share_pct"] for netuid, values in compute_network(rows).items()}
    assert shares == {1: pytest.approx(75), 2: pytest.approx(25), 3: 0, 4: None}


def test_where_nothing_was_distributed_there_is_no_share() -> None:
    assert compute_network([in_line(1, 1, tao_in_emission_rao=0)])[1]["emission_share_pct"] is None


def test_ranks_of_the_network_follow_the_direction_of_the_metric() -> None:
    rows = [
        in_line(n, 1, price_rao=price, alpha_in_rao=RAO, alpha_out_rao=RAO, tao_in_rao=price)
        for n, price in ((1, RAO // 50), (2, RAO // 10), (3, RAO // 20))
    ]
    found = compute_network(rows)
    assert [found[n]["market_cap_tao_rank"] for n in (1, 2, 3)] == [3, 1, 2]
    assert [found[n]["market_cap_tao_percentile"] for n in (1, 2, 3)] == pytest.approx([100 / 6, 250 / 3, 50])
    assert found[1]["stake_quality_rank"] is None


def test_every_subnet_has_every_network_metric() -> None:
    keys = {metric.key for metric in NETWORK_METRICS}
    assert all(set(values) == keys for values in compute_network([in_line(1, 10), in_line(2, None)]).values())
    assert compute_network([]) == {}


def test_a_netuid_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        compute_network([in_line(1, 10), in_line(1, 20)])


def test_a_percentile_is_the_mid_rank_and_never_reaches_an_end() -> None:
    assert percentiles({"a": 10, "b": 20, "c": 30, "d": 40}) == {"a": 12.5, "b": 37.5, "c": 62.5, "d": 87.5}


def test_equal_values_share_percentile_and_rank_and_a_single_one_is_in_the_middle() -> None:
    assert percentiles({"a": 5, "b": 5, "c": 9}) == {
        "a": pytest.approx(100 / 3),
        "b": pytest.approx(100 / 3),
        "c": pytest.approx(250 / 3),
    }
    assert ranks({"a": 5, "b": 5, "c": 9, "d": 1}) == {"a": 2, "b": 2, "c": 1, "d": 4}
    assert percentiles({"a": 7}) == {"a": 50}
    assert percentiles({}) == ranks({}) == {}


def test_where_less_is_better_the_least_has_the_highest_percentile_and_rank_one() -> None:
    values = {"a": 1.0, "b": 2.0, "c": None}
    assert percentiles(values, Better.LOWER) == {"a": 75, "b": 25, "c": None}
    assert ranks(values, Better.LOWER) == {"a": 1, "b": 2, "c": None}
    assert ranks(values, Better.NEITHER) == {"a": 2, "b": 1, "c": None}


@settings(deadline=None)
@given(st.dictionaries(st.integers(), maybe, max_size=40), st.sampled_from(Better))
def test_percentiles_average_fifty_follow_order_and_leave_the_unknown_out(values, better: Better) -> None:
    found, placed = percentiles(values, better), ranks(values, better)
    known = [key for key, value in values.items() if value is not None]
    assert all(found[key] is None and placed[key] is None for key in values.keys() - set(known))
    if known:
        assert sum(found[key] for key in known) / len(known) == pytest.approx(50)
    for a in known:
        assert 0 < found[a] < 100
        assert placed[a] == 1 + sum(found[b] > found[a] for b in known)
        for b in known:
            assert (found[a] == found[b]) == (values[a] == values[b])
    assert percentiles({k: values[k] for k in reversed(list(values))}, better) == found
