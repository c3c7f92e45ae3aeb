import json
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from subnets.metrics import (
    Pool,
    buy_quote,
    capacity_tao,
    compute,
    price_impact_pct,
    round_trip_cost_pct,
    sell_impact_pct,
    sell_quote,
)
from taoanalytics.lib.units import RAO
from tests.subnets.given import BLOCK, observation, subnet

FEE = 33 / 65_535
amounts = st.floats(1.0, 1e7)
weights = st.floats(0.05, 0.95)
sizes = st.floats(1e-6, 10.0)  # of a trade, as a part of the pool
pools = st.builds(Pool, tao=amounts, alpha=amounts, tao_weight=weights)
EVEN = Pool(tao=1000.0, alpha=50_000.0)


def after_buy(pool: Pool, trade_tao: float) -> Pool:
    """The pool when what is quoted has been paid out; the fee went elsewhere."""
    return replace(pool, tao=pool.tao + trade_tao * (1 - pool.fee), alpha=pool.alpha - buy_quote(pool, trade_tao))


def after_sell(pool: Pool, trade_alpha: float) -> Pool:
    return replace(pool, tao=pool.tao - sell_quote(pool, trade_alpha), alpha=pool.alpha + trade_alpha * (1 - pool.fee))


def test_equal_weights_make_a_constant_product() -> None:
    bought = buy_quote(EVEN, 10)
    assert bought == pytest.approx(50_000 * 10 / 1010)
    assert (EVEN.tao + 10) * (EVEN.alpha - bought) == pytest.approx(EVEN.tao * EVEN.alpha)
    assert sell_quote(EVEN, 500) == pytest.approx(1000 * 500 / 50_500)


def test_a_weighted_pool_pays_by_the_weighted_formula() -> None:
    pool = Pool(tao=1000, alpha=50_000, tao_weight=0.2)
    assert pool.spot == pytest.approx(0.8 * 1000 / (0.2 * 50_000))
    assert buy_quote(pool, 100) == pytest.approx(50_000 * (1 - (1000 / 1100) ** 0.25))
    assert sell_quote(pool, 5000) == pytest.approx(1000 * (1 - (50_000 / 55_000) ** 4))


@settings(deadline=None)
@given(pools, sizes)
def test_a_trade_leaves_the_weighted_product_as_it_was(pool: Pool, size: float) -> None:
    after = after_buy(pool, size * pool.tao)
    assume(after.alpha > pool.alpha * 1e-9)
    before = pool.tao**pool.tao_weight * pool.alpha**pool.alpha_weight
    assert after.tao**pool.tao_weight * after.alpha**pool.alpha_weight == pytest.approx(before, rel=1e-6)


@settings(deadline=None)
@given(st.builds(Pool, tao=amounts, alpha=amounts), amounts)
def test_equal_weights_agree_with_the_constant_product_at_any_size(pool: Pool, trade: float) -> None:
    assert buy_quote(pool, trade) == pytest.approx(pool.alpha * trade / (pool.tao + trade))
    assert price_impact_pct(pool, trade) == pytest.approx(100 * trade / (pool.tao + trade), abs=1e-9)
    assert sell_impact_pct(pool, trade) == pytest.approx(100 * trade / (pool.tao + trade), abs=1e-9)


@settings(deadline=None)
@given(pools, sizes)
def test_buying_and_selling_at_once_without_fee_returns_what_was_put_in(pool: Pool, size: float) -> None:
    trade = size * pool.tao
    after = after_buy(pool, trade)
    assume(after.alpha > pool.alpha * 1e-4)
    assert sell_quote(after, buy_quote(pool, trade)) == pytest.approx(trade, rel=1e-6)


@settings(deadline=None)
@given(pools, sizes)
def test_selling_and_buying_back_without_fee_returns_what_was_sold(pool: Pool, size: float) -> None:
    trade = size * pool.alpha
    after = after_sell(pool, trade)
    assume(after.tao > pool.tao * 1e-4)
    assert buy_quote(after, sell_quote(pool, trade)) == pytest.approx(trade, rel=1e-6)


@settings(deadline=None)
@given(pools, sizes, st.floats(1.01, 10))
def test_a_larger_trade_costs_more_and_the_cost_is_a_percentage(pool: Pool, size: float, factor: float) -> None:
    trade = size * pool.tao
    for cost in (price_impact_pct, sell_impact_pct, round_trip_cost_pct):
        small, large = cost(pool, trade), cost(pool, trade * factor)
        assert 0 <= small <= large <= 100
        assert small < large or large > 99.99


@settings(deadline=None)
@given(pools)
def test_the_impact_of_a_tiny_trade_vanishes(pool: Pool) -> None:
    for cost in (price_impact_pct, sell_impact_pct, round_trip_cost_pct):
        assert cost(pool, pool.tao * 1e-7) < 1e-3
    assert price_impact_pct(pool, 0) == sell_impact_pct(pool, 0) == 0


@settings(deadline=None)
@given(pools)
def test_the_spot_price_is_that_of_a_tiny_trade(pool: Pool) -> None:
    trade = pool.tao * 1e-9
    assert trade / buy_quote(pool, trade) == pytest.approx(pool.spot, rel=1e-6)
    assert pool.spot == pytest.approx((1 - pool.tao_weight) * pool.tao / (pool.tao_weight * pool.alpha))


@settings(deadline=None)
@given(pools, sizes)
def test_a_buy_moves_the_price_up_and_a_sale_down(pool: Pool, size: float) -> None:
    assert after_buy(pool, size * pool.tao).spot > pool.spot
    assert after_sell(pool, size * pool.alpha).spot < pool.spot


def test_a_round_trip_in_an_even_pool_without_fee_costs_twice_the_trade_over_pool_and_twice_the_trade() -> None:
    for trade, cost in ((10, 2.0), (100, 16.7), (1000, 66.7)):
        assert round_trip_cost_pct(EVEN, trade) == pytest.approx(cost, abs=0.05)
        assert round_trip_cost_pct(EVEN, trade) == pytest.approx(100 * 2 * trade / (1000 + 2 * trade))


def test_both_fees_are_part_of_the_round_trip_and_of_neither_impact() -> None:
    charged = Pool(tao=1e9, alpha=1e9, fee=FEE)
    assert round_trip_cost_pct(charged, 1) == pytest.approx(100 * (1 - (1 - FEE) ** 2), rel=1e-4)
    assert price_impact_pct(charged, 1) < 1e-6
    assert buy_quote(charged, 1) == pytest.approx(1 - FEE, rel=1e-6)


@settings(deadline=None)
@given(pools, st.floats(0.01, 50))
def test_a_trade_at_capacity_has_the_impact_and_one_above_has_more(pool: Pool, impact: float) -> None:
    capacity = capacity_tao(pool, impact)
    worse = max(price_impact_pct(pool, capacity), sell_impact_pct(pool, capacity))
    assert worse == pytest.approx(impact, rel=1e-4)


def test_capacity_of_an_even_pool_follows_from_its_depth() -> None:
    assert capacity_tao(EVEN, 1) == pytest.approx(1000 * 0.01 / 0.99)
    assert capacity_tao(EVEN, 0) == 0


@pytest.mark.parametrize("percent", [-1, 100, inf])
def test_a_capacity_for_an_impossible_cost_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="%"):
        capacity_tao(EVEN, percent)


def test_without_a_pool_nothing_can_be_quoted() -> None:
    for quote in (buy_quote, sell_quote, price_impact_pct, sell_impact_pct, round_trip_cost_pct, capacity_tao):
        assert quote(None, 5) is None


@pytest.mark.parametrize("quote", [buy_quote, sell_quote, price_impact_pct, sell_impact_pct, round_trip_cost_pct])
def test_a_negative_trade_has_no_quote(quote) -> None:
    assert quote(EVEN, -1) is None


@pytest.fixture
def golden(real_data: Path) -> dict[str, Any]:
    """Section → its cases, by the first word of the section's title."""
    found = json.loads((real_data / "golden" / "golden_signals.json").read_text())
    return {title.split("(")[0].split(" ")[0]: cases for title, cases in found.items()}


@pytest.mark.real_data
def test_golden_pool_cost(golden: dict[str, Any]) -> None:
    for case in golden["pool_cost"]:
        given_, expected = case["in"], case["out"]
        pool = Pool(given_["tao_in"], given_["alpha_in"], given_["w_tao"], given_["fee"])
        spent = given_["tao_spent"]
        bought = buy_quote(pool, spent)
        back, back_at_once = sell_quote(pool, bought), sell_quote(after_buy(pool, spent), bought)
        ours = {
            "spot_price": pool.spot,
            "alpha_bought": bought,
            "effective_price": spent / bought,
            "buy_impact": 1 - bought * pool.spot / spent,
            "sell_same_alpha_tao_out_pool_recovered": back,
            "sell_impact": 1 - back / (bought * pool.spot),
            "round_trip_cost_pool_recovered": round_trip_cost_pct(pool, spent) / 100,
            "tao_back_if_own_impact_stays": back_at_once,
            "round_trip_cost_own_impact_stays": 1 - back_at_once / spent,
        }
        assert ours == {name: pytest.approx(expected[name], rel=1e-6, abs=1e-9) for name in ours}, case


@pytest.mark.real_data
def test_golden_pools_that_cannot_be_traded_with(golden: dict[str, Any]) -> None:
    for case in golden["pool_cost_undefined"]:
        tao, alpha = case["in"]["tao_in"], case["in"]["alpha_in"]
        reported = observation(
            tao_in_rao=None if tao is None else round(tao * RAO),
            alpha_in_rao=None if alpha is None else round(alpha * RAO),
        )
        assert round_trip_cost_pct(Pool.of(reported, BLOCK), case["in"]["tao_spent"]) is None, case


RESERVES = {"tao_in_rao": 30_000 * RAO, "alpha_in_rao": 1_500_000 * RAO}


def test_the_pool_of_an_observation_has_its_reserves_weight_and_the_chains_fee() -> None:
    pool = Pool.of(observation(**RESERVES, pool_tao_weight=0.4, price_rao=30_000_000), BLOCK)
    assert pool == Pool(tao=30_000, alpha=1_500_000, tao_weight=0.4, fee=FEE)


def test_a_subnet_that_charges_another_fee_is_quoted_with_it() -> None:
    assert Pool.of(observation(**RESERVES, pool_fee=0.01), BLOCK).fee == 0.01
    assert Pool.of(observation(**RESERVES, pool_fee=0.0), BLOCK).fee == 0
    free, dear = (compute(subnet(observation(**RESERVES, pool_fee=fee)))["round_trip_100_pct"] for fee in (0, 0.01))
    assert dear - free == pytest.approx(2, abs=0.05)


def test_without_a_weight_the_pool_is_a_constant_product() -> None:
    assert Pool.of(observation(**RESERVES), BLOCK).tao_weight == 0.5


@pytest.mark.parametrize(
    "reported",
    [
        {"tao_in_rao": 0},
        {"tao_in_rao": None},
        {"alpha_in_rao": 0},
        {"alpha_in_rao": -5},
        {"pool_tao_weight": 0.0},
        {"pool_tao_weight": 1.0},
        {"pool_fee": 1.5},
        {"pool_fee": -0.01},
        {"price_rao": 26_000_000},
        {"price_rao": 14_000_000},
    ],
)
def test_there_is_no_pool_without_reserves_with_an_impossible_weight_or_fee_or_anothers_price(reported) -> None:
    given = RESERVES | {"pool_tao_weight": 0.5, "price_rao": 20_000_000}
    assert Pool.of(observation(**given), BLOCK) is not None
    assert Pool.of(observation(**given | reported), BLOCK) is None
    values = compute(subnet(observation(**given | reported)))
    assert values["round_trip_100_pct"] is None
    assert values["capacity_1pct_tao"] is None


def test_a_subnets_stored_quotes_are_for_a_hundred_tao() -> None:
    values = compute(subnet(observation(**RESERVES, pool_tao_weight=0.5, price_rao=20_200_000)))
    assert values["buy_impact_100_pct"] == pytest.approx(100 * 100 / 30_100)
    assert values["sell_impact_100_pct"] == pytest.approx(100 * 100 / 30_100)
    assert values["round_trip_100_pct"] == pytest.approx(100 * 200 / 30_200 + 0.1, abs=0.005)
    assert values["capacity_1pct_tao"] == pytest.approx(300 / 0.99)
    assert values["pool_price_gap_pct"] == pytest.approx(1)
