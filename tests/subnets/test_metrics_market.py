from datetime import timedelta
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subnets.metrics import Span, compute, emission_tao_per_day, market, market_cap_tao
from subnets.metrics.flow import organic_flow_tao, paid_in_rao, volume_tao
from subnets.metrics.market import daily_prices, deepest_fall_pct, log_returns, volatility_pct
from taoanalytics.lib.units import RAO
from tests.subnets.given import NOW, day, golden, needs_real_data, observation, subnet

POOL = {"price_rao": 20_000_000, "alpha_in_rao": 1_500_000 * RAO, "alpha_out_rao": 2_000_000 * RAO}


def test_market_cap_values_every_alpha_in_and_outside_the_pool_at_the_spot_price() -> None:
    assert market_cap_tao(observation(**POOL)) == pytest.approx(0.02 * 3_500_000)


def test_fully_diluted_value_is_the_price_of_all_alpha_that_can_ever_be() -> None:
    assert compute(subnet(observation(**POOL)))["fdv_tao"] == pytest.approx(0.02 * 21_000_000)


def test_depth_says_how_much_of_the_cap_has_tao_behind_it() -> None:
    values = compute(subnet(observation(**POOL, tao_in_rao=14_000 * RAO)))
    assert values["pool_tao"] == 14_000
    assert values["depth_to_market_cap_pct"] == pytest.approx(20)


@pytest.mark.parametrize("missing", POOL)
def test_without_price_or_supply_there_is_no_market_cap(missing: str) -> None:
    values = compute(subnet(observation(**POOL | {missing: None})))
    assert values["market_cap_tao"] is None
    assert values["depth_to_market_cap_pct"] is None


def test_a_price_of_zero_is_unknown_and_so_is_what_follows_from_it() -> None:
    values = compute(subnet(observation(**POOL | {"price_rao": 0})))
    assert [values[key] for key in ("price_tao", "market_cap_tao", "fdv_tao")] == [None, None, None]


def test_an_empty_pool_is_zero_and_not_unknown() -> None:
    assert compute(subnet(observation(tao_in_rao=0)))["pool_tao"] == 0


def test_a_negative_amount_is_unknown() -> None:
    values = compute(subnet(observation(**POOL | {"alpha_in_rao": -1}, tao_in_rao=-5)))
    assert values["market_cap_tao"] is None
    assert values["pool_tao"] is None


def test_the_gap_to_the_moving_price_is_in_percent_points() -> None:
    values = compute(subnet(observation(price_rao=30, moving_price_rao=20)))
    assert values["price_to_moving_pct"] == pytest.approx(50)
    assert compute(subnet(observation(price_rao=30, moving_price_rao=0)))["price_to_moving_pct"] is None


@pytest.mark.parametrize("span", list(Span))
def test_a_change_compares_with_the_observation_one_span_earlier(span: Span) -> None:
    earlier = {span: observation(span.days, price_rao=80)}
    values = compute(subnet(observation(price_rao=100), earlier=earlier))
    assert values[f"change_{span.short}_pct"] == pytest.approx(25)
    others = [values[f"change_{other.short}_pct"] for other in Span if other is not span]
    assert others == [None, None, None]


@pytest.mark.parametrize(("before", "after"), [(0, 5), (None, 5), (5, None), (5, 0), (-5, 5)])
def test_a_change_from_or_to_no_price_is_unknown(before: int | None, after: int | None) -> None:
    earlier = {Span.DAY: observation(1, price_rao=before)}
    assert compute(subnet(observation(price_rao=after), earlier=earlier))["change_1d_pct"] is None


def a_month(prices: list[float]) -> list[tuple]:
    return [(NOW - timedelta(days=len(prices) - 1 - i), price) for i, price in enumerate(prices)]


def test_volatility_is_the_sample_deviation_of_the_daily_log_returns_in_percent() -> None:
    prices = [1.0 + 0.1 * (-1) ** i for i in range(31)]
    step = log(1.1 / 0.9)
    assert volatility_pct(a_month(prices)) == pytest.approx(100 * step * (30 / 29) ** 0.5)


def test_volatility_agrees_with_numpy() -> None:
    prices = np.exp(np.random.default_rng(7).normal(0, 0.05, 31).cumsum())
    expected = 100 * np.diff(np.log(prices)).std(ddof=1)
    assert volatility_pct(a_month(prices.tolist())) == pytest.approx(expected)


def test_volatility_of_a_steady_price_is_zero() -> None:
    assert volatility_pct(a_month([0.5] * 31)) == 0


def test_volatility_needs_twenty_returns() -> None:
    assert volatility_pct(a_month([1.0, 1.1] * 10)) is None
    assert volatility_pct(a_month([1.0, 1.1] * 10 + [1.0])) is not None


def test_no_return_is_taken_across_a_missing_day() -> None:
    prices = a_month([1.0, 2.0, 4.0, 8.0])
    assert log_returns([prices[0], prices[1], prices[3]]) == [pytest.approx(log(2))]


def test_the_daily_series_is_sorted_and_ends_with_today() -> None:
    points = [day(1, 3.0), day(3, 1.0), day(2, 2.0), day(40, 9.0), day(-1, 9.0), day(4, None), day(5, 0.0)]
    inputs = subnet(observation(price_rao=4 * RAO), daily=points)
    assert [price for _, price in daily_prices(inputs, 30)] == [1.0, 2.0, 3.0, 4.0]


def test_the_deepest_fall_is_from_the_highest_price_before_it() -> None:
    prices = [1.0, 4.0, 2.0, 3.0, 1.0, 8.0] + [8.0] * 15
    assert deepest_fall_pct(a_month(prices)) == pytest.approx(-75)
    assert deepest_fall_pct(a_month(sorted(prices))) == 0
    assert deepest_fall_pct(a_month(prices[:19])) is None


def test_high_low_and_drawdown_are_of_sixty_days_with_today_among_them() -> None:
    daily = [day(d, 1.0 + d / 100) for d in range(1, 61)]
    values = compute(subnet(observation(price_rao=RAO), daily=[*daily, day(62, 99.0)]))
    assert values["high_60d_tao"] == pytest.approx(1.6)
    assert values["low_60d_tao"] == 1.0
    assert values["drawdown_60d_pct"] == pytest.approx(100 * (1 / 1.6 - 1))


def test_high_and_low_need_thirty_days() -> None:
    values = compute(subnet(observation(price_rao=RAO), daily=[day(d, 1.0) for d in range(1, 29)]))
    assert [values[key] for key in ("high_60d_tao", "low_60d_tao", "drawdown_60d_pct")] == [None, None, None]
    values = compute(subnet(observation(price_rao=RAO), daily=[day(d, 1.0) for d in range(1, 30)]))
    assert [values[key] for key in ("high_60d_tao", "low_60d_tao", "drawdown_60d_pct")] == [1, 1, 0]


def test_volume_is_what_the_running_total_grew_by() -> None:
    before, now = observation(1, volume_rao=100 * RAO), observation(volume_rao=350 * RAO, tao_in_rao=1000 * RAO)
    values = compute(subnet(now, earlier={Span.DAY: before}))
    assert values["volume_1d_tao"] == 250
    assert values["turnover_1d_pct"] == pytest.approx(25)


def test_a_total_that_shrank_was_counted_anew_and_the_volume_is_unknown() -> None:
    assert volume_tao(observation(1, volume_rao=100), observation(volume_rao=99)) is None
    assert volume_tao(observation(1, volume_rao=100), observation(volume_rao=100)) == 0


def pool(days_ago: float, tao: float, rate: int | None = 0, bought: int | None = None):
    """`rate`, `bought`: rao per block."""
    return observation(days_ago, tao_in_rao=round(tao * RAO), tao_in_emission_rao=rate, chain_buy_rao=bought)


def test_organic_flow_is_the_change_of_the_pool_that_the_chain_did_not_make() -> None:
    # 7,200 blocks at a mean of 0.002 TAO injected and 0.001 TAO bought: 21.6 TAO from the chain
    before, now = pool(1, 1000, 1_000_000, 1_000_000), pool(0, 1100, 3_000_000, 1_000_000)
    assert organic_flow_tao(before, now) == pytest.approx(100 - 21.6)


def test_without_emission_organic_flow_is_the_change_of_the_pool() -> None:
    assert organic_flow_tao(pool(7, 1100), pool(0, 1000)) == pytest.approx(-100)


def test_daily_points_refine_what_the_chain_put_in() -> None:
    steady = [day(d, tao_in_emission_rao=2_000_000) for d in range(1, 7)]
    before, now = pool(7, 1000, 2_000_000), pool(0, 1000, 0)
    # six days at 0.002 TAO a block, and one that falls from it to nothing
    assert organic_flow_tao(before, now, steady) == pytest.approx(-0.002 * 7200 * 6.5)
    assert organic_flow_tao(before, now, steady[::-1]) == organic_flow_tao(before, now, steady)


def test_points_outside_the_window_or_without_a_rate_do_not_count() -> None:
    noise = [day(d, tao_in_emission_rao=10**12) for d in (-1, 0, 7, 8)] + [day(3)]
    before, now = pool(7, 1000, 1_000_000), pool(0, 1000, 1_000_000)
    assert organic_flow_tao(before, now, noise) == organic_flow_tao(before, now)


@pytest.mark.parametrize("end", [pool(0, 1000, None), observation(tao_in_emission_rao=0), pool(8, 1000)])
def test_flow_is_unknown_where_an_end_is(end) -> None:
    assert organic_flow_tao(pool(7, 1000), end) is None
    assert organic_flow_tao(None, pool(0, 1000)) is None
    assert paid_in_rao([pool(0, 1000)]) is None


def test_flow_against_the_cap_keeps_its_sign() -> None:
    now = observation(**POOL, tao_in_rao=300 * RAO, tao_in_emission_rao=0)
    values = compute(subnet(now, earlier={Span.WEEK: pool(7, 1000)}))
    assert values["organic_flow_7d_tao"] == -700
    assert values["organic_flow_7d_pct"] == pytest.approx(-1)


@needs_real_data
@pytest.mark.real_data
def test_flow_against_the_cap_is_a_hundred_times_the_predecessors_reserve_momentum() -> None:
    for (today, yesterday, cap), expected in golden("reserve_momentum(today,yesterday,mcap)"):
        alpha = {"price_rao": RAO, "alpha_in_rao": round(cap * RAO), "alpha_out_rao": 0}
        now = observation(
            **alpha, tao_in_rao=None if today is None else today * RAO, tao_in_emission_rao=0, chain_buy_rao=0
        )
        ours = compute(subnet(now, earlier={Span.DAY: pool(1, yesterday)}))["organic_flow_1d_pct"]
        assert ours == (None if expected is None else pytest.approx(100 * expected))


@settings(deadline=None)
@given(st.lists(st.floats(1e-6, 1e4), min_size=21, max_size=31), st.floats(1e-3, 1e3))
def test_what_moves_alike_is_as_volatile_whatever_its_price(prices: list[float], factor: float) -> None:
    scaled = [price * factor for price in prices]
    assert volatility_pct(a_month(scaled)) == pytest.approx(volatility_pct(a_month(prices)), abs=1e-6)
    assert deepest_fall_pct(a_month(scaled)) == pytest.approx(deepest_fall_pct(a_month(prices)), abs=1e-9)
    assert -100 <= deepest_fall_pct(a_month(prices)) <= 0


@settings(deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3))
def test_changes_chain_into_one_another(first: float, second: float) -> None:
    start, middle, end = 10**12, 10**12 * exp(first), 10**12 * exp(first + second)
    one, two, both = (
        market.price_change_pct(observation(1, price_rao=round(a)), observation(price_rao=round(b)))
        for a, b in ((start, middle), (middle, end), (start, end))
    )
    assert (1 + one / 100) * (1 + two / 100) == pytest.approx(1 + both / 100, rel=1e-6)


def test_emission_can_be_read_off_a_single_observation() -> None:
    paid = observation(tao_in_emission_rao=3_000_000, chain_buy_rao=1_000_000)
    assert emission_tao_per_day(paid) == pytest.approx(28.8)
