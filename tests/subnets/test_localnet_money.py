"""What the simulated network mints, pays and is worth."""

from typing import Any

import bittensor as bt
import pytest

from subnets.localnet import eras, neurons, people, tenants
from subnets.localnet.draw import RAO
from subnets.localnet.emission import HALVING
from subnets.localnet.world import World
from tests.subnets.simulated import DAY, NOW, STORED, SUBNETS, ask, small_node

pytestmark = pytest.mark.usefixtures("fresh_sdk_caches")


@pytest.mark.parametrize(
    ("block", "minted"),
    [(HALVING - 1, RAO), (HALVING, RAO // 2), (8_000_000, RAO // 2), (8_400_000, RAO // 2), (NOW, RAO // 2)],
)
def test_pool_payments_and_chain_buys_sum_to_the_block_emission(block: int, minted: int) -> None:
    async def use(client: Any) -> Any:
        view = await client.at(block)
        dynamic = await view.runtime(SUBNETS.get_all_dynamic_info, [])
        keys = [[subnet["netuid"]] for subnet in dynamic]
        known = eras.has(eras.CHAIN_BUYS, block)
        buys = await view.query_batch(STORED.SubnetExcessTao, keys) if known else [0]
        return (
            sum(subnet["tao_in_emission"] for subnet in dynamic) + sum(buys),
            await view.runtime(SUBNETS.get_block_emission, []),
            await view.query(STORED.BlockEmission),
            await view.query(STORED.TotalIssuance),
        )

    paid, emission, stale, issuance = ask(small_node(subnets=40), use)
    assert paid == emission == minted
    assert stale == RAO
    assert (issuance >= 10_500_000 * RAO) == (minted == RAO // 2)


def test_the_price_is_the_weighted_pools_and_not_the_bare_ratio() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(NOW - 3)
        dynamic = await view.runtime(SUBNETS.get_all_dynamic_info, [])
        weights = await view.query_batch(bt.storage.Swap.SwapBalancer, [[subnet["netuid"]] for subnet in dynamic])
        return dynamic, weights, await view.prices.alpha_prices()

    dynamic, weights, prices = ask(small_node(subnets=40), use)
    bare = []
    for subnet, weight in list(zip(dynamic, weights, strict=True))[1:]:
        tao_weight = weight["quote"] / 10**18
        ratio = subnet["tao_in"] / subnet["alpha_in"]
        assert ratio * (1 - tao_weight) / tao_weight == pytest.approx(prices[subnet["netuid"]], rel=1e-4)
        bare.append(abs(ratio / prices[subnet["netuid"]] - 1))
    assert max(bare) > 0.05
    assert prices[0] == 1.0


def test_before_weighted_pools_the_price_is_the_ratio_of_the_reserves() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(7_000_000)
        return await view.runtime(SUBNETS.get_all_dynamic_info, []), await view.prices.alpha_price(netuid=3)

    dynamic, price = ask(small_node(), use)
    assert dynamic[3]["tao_in"] / dynamic[3]["alpha_in"] == pytest.approx(price["tao_per_alpha"], rel=1e-4)


def test_an_epoch_pays_eighty_two_percent_to_the_uids_and_disabled_subnets_get_nothing() -> None:
    world = World(head=NOW)
    paid = world.emission(NOW)
    disabled = [n for n in range(1, 129) if not world.tenant(n, NOW).enabled]
    assert 0.2 * 128 < len(disabled) < 0.4 * 128
    assert all(paid[n].tao_in == paid[n].excess == 0 for n in disabled)
    assert sum(amounts.tao_in > 0 for amounts in paid.values()) > 40
    columns, tempo = world.neurons(3, NOW), world.tenant(3, NOW).tempo
    assert sum(columns.emission) == pytest.approx(neurons.MINERS_AND_VALIDATORS * tempo * RAO, rel=1e-6)
    validators = sum(e for e, permit in zip(columns.emission, columns.validator_permit, strict=True) if permit)
    assert validators == pytest.approx(sum(columns.emission) / 2, rel=1e-6)
    assert any(e == 0 for e in columns.emission)


def test_prices_crash_within_a_day_and_rally() -> None:
    world = World(head=NOW)

    def days(netuid: int) -> list[float]:
        heights = range(NOW - 420_000, NOW - 1_800, 600)
        return [world.price(netuid, block + 1_800) / world.price(netuid, block) for block in heights]

    assert min(days(tenants.CRASHING)) < 0.4
    assert max(days(tenants.RALLYING)) > 1.9
    assert world.subnet(tenants.THIN, NOW).pool.tao_in < RAO


def test_dollar_prices_and_categories_are_repeatable_and_plausible() -> None:
    first, second = World(head=NOW), World(head=NOW)
    dollars = [first.tao_usd(block) for block in range(6_500_000, NOW, DAY)]
    assert dollars == [second.tao_usd(block) for block in range(6_500_000, NOW, DAY)]
    assert 200 <= min(dollars) < 260
    assert 400 < max(dollars) <= 500
    categories = [first.category(netuid, NOW) for netuid in range(1, 129)]
    assert categories == [second.category(netuid, NOW) for netuid in range(1, 129)]
    assert {slug for slug in categories if slug} == set(people.CATEGORIES)
    assert 4 <= categories.count(None) <= 24
