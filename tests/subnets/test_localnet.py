"""The real SDK against the simulated node, over a real socket on loopback."""

import asyncio
import contextlib
import datetime
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import bittensor as bt
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from subnets.localnet import eras, neurons, people, prices, tenants
from subnets.localnet.draw import RAO
from subnets.localnet.emission import HALVING
from subnets.localnet.faults import Faults
from subnets.localnet.identity import is_simulated
from subnets.localnet.registry import SS58_FORMAT, Codec, metadata
from subnets.localnet.run import run
from subnets.localnet.running import running
from subnets.localnet.server import Node, serve
from subnets.localnet.world import World
from tests.ops.engine import PATIENCE_SECONDS

SUBNETS, SWAP = bt.runtime_api.SubnetInfoRuntimeApi, bt.runtime_api.SwapRuntimeApi
STORED = bt.storage.SubtensorModule
NOW = 9_603_160  # 2026-11-22
DAY, MONTH, YEAR = 7_200, 216_000, 2_628_000  # blocks

Use = Callable[[Any], Awaitable[Any]]


@pytest.fixture(autouse=True)
def _caches_of_the_sdk_are_fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BITTENSOR_RUNTIME_CACHE_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("BTCLI_TOKEN_SYMBOLS_CACHE", str(tmp_path / "symbols.json"))


def small_node(faults: Faults | None = None, **world: Any) -> Node:
    """A node of a small world with a fixed head."""
    return Node(World(**({"subnets": 6, "uids": 8, "head": NOW} | world)), faults or Faults())


def ask(node: Node, use: Use, archive: Node | None = None) -> Any:
    """Open the SDK on a node and give what `use(client)` gives."""

    async def go() -> Any:
        async with contextlib.AsyncExitStack() as stack:
            url = await stack.enter_async_context(serve(node))
            archives = [await stack.enter_async_context(serve(archive))] if archive else []
            options: dict[str, Any] = {"fallback_endpoints": [], "archive_endpoints": archives}
            client = await stack.enter_async_context(bt.Subtensor(url, **options))
            return await use(client)

    return asyncio.run(go())


async def graph_of(client: Any, netuid: int, block: int) -> dict[str, Any]:
    return await (await client.at(block)).runtime(SUBNETS.get_metagraph, [netuid])


async def dynamic_at(client: Any, block: int) -> list[dict[str, Any]]:
    return await (await client.at(block)).runtime(SUBNETS.get_all_dynamic_info, [])


def rpc(node: Node, method: str, *params: Any) -> Any:
    return json.loads(node.answer({"id": 1, "method": method, "params": params}))["result"]


def text(codes: list[int]) -> str:
    return bytes(codes).decode(errors="replace")


# -- heights ------------------------------------------------------------------------------------------


def test_two_nodes_answer_any_height_alike_in_any_order() -> None:
    heights = [9_600_000, 6_500_000, 8_899_999, 9_592_800]

    async def forwards(client: Any) -> list[Any]:
        return [await graph_of(client, 3, block) for block in heights]

    async def backwards(client: Any) -> list[Any]:
        return [await graph_of(client, 3, block) for block in reversed(heights)]

    first, second = ask(small_node(), forwards), ask(small_node(), backwards)
    assert first == list(reversed(second))
    assert first[0] != first[3]


def test_another_seed_is_another_chain() -> None:
    async def use(client: Any) -> Any:
        return await dynamic_at(client, 9_600_000)

    assert ask(small_node(seed=1), use) != ask(small_node(seed=2), use)
    assert World(seed=1).block_hash(0) != World(seed=2).block_hash(0)


def test_blocks_are_twelve_seconds_apart_and_carry_their_time() -> None:
    async def use(client: Any) -> Any:
        views = [await client.at(9_000_000), await client.at(9_007_200)]
        return [await view.timestamp() for view in views], await client.block_time()

    (earlier, later), seconds = ask(small_node(), use)
    assert later - earlier == datetime.timedelta(days=1)
    assert seconds == 12.0


def test_the_head_follows_the_clock_until_it_is_advanced_by_hand() -> None:
    seconds = 1_795_357_920.0
    world = World(subnets=1, uids=8, clock=lambda: seconds)
    assert world.head == World.height_at(seconds) == NOW
    seconds += 24
    assert world.head == NOW + 2
    world.advance()
    seconds += 1_200
    assert world.head == NOW + 3


def test_subscribers_hear_of_every_new_head() -> None:
    node = small_node()

    async def use(client: Any) -> list[int]:
        heads = client.blocks()
        first = asyncio.create_task(anext(heads))
        await client.block()  # a round trip, after which the node has seen the subscription too
        await node.advance(2)
        return [(await first).number, (await anext(heads)).number]

    assert ask(node, use) == [NOW + 1, NOW + 2]


def test_a_height_that_does_not_exist_yet_is_refused() -> None:
    async def use(client: Any) -> Any:
        return await dynamic_at(client, NOW + 1)

    with pytest.raises(bt.ChainError, match="no block at height"):
        ask(small_node(), use)


# -- the mark -----------------------------------------------------------------------------------------


def test_the_genesis_hash_says_that_the_chain_is_simulated() -> None:
    node = small_node()
    genesis = rpc(node, "chain_getBlockHash", 0)
    assert is_simulated(genesis)
    assert is_simulated(genesis.removeprefix("0x").upper())
    assert bytes.fromhex(genesis[2:]).startswith(b"simulated")
    assert not is_simulated("0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03")
    assert not is_simulated("")
    assert rpc(node, "system_chain") == "Simulated network"


def test_a_world_can_pose_as_a_chain_that_is_not_simulated() -> None:
    world = World(mark=b"unmarked!")
    assert not is_simulated(world.block_hash(0).hex())
    assert world.height_of(world.block_hash(9)) == 9
    with pytest.raises(ValueError, match="9 bytes"):
        World(mark=b"short")


def test_names_of_the_world_need_no_sdk() -> None:
    program = (
        "import subnets.localnet.world, subnets.localnet.identity, sys; assert not {'bittensor', 'bittensor_core'} & "
        "set(sys.modules); assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# -- tenants ------------------------------------------------------------------------------------------


def test_a_netuid_that_changes_hands_starts_afresh() -> None:
    node = small_node(subnets=12)
    change, netuid = node.world.registrations(9_000_000, NOW)[-1]

    async def use(client: Any) -> Any:
        before = await dynamic_at(client, change - 1), await graph_of(client, netuid, change - 1)
        after = await dynamic_at(client, change + 1), await graph_of(client, netuid, change + 3_000)
        return before, after

    (old_subnets, old_graph), (new_subnets, new_graph) = ask(node, use)
    old, new = old_subnets[netuid], new_subnets[netuid]
    assert old["network_registered_at"] < new["network_registered_at"] == change
    assert old["owner_coldkey"] != new["owner_coldkey"]
    assert old["owner_hotkey"] != new["owner_hotkey"]
    assert 0 < new["subnet_volume"] < old["subnet_volume"]
    assert new["alpha_out"] == RAO < old["alpha_out"]
    assert new["moving_price"]["bits"] < old["moving_price"]["bits"]
    assert min(new_graph["block_at_registration"]) == change
    rows = zip(new_graph["hotkeys"], new_graph["validator_permit"], strict=True)
    miners = [hotkey for hotkey, permit in rows if not permit]
    assert miners
    assert not set(miners) & set(old_graph["hotkeys"])


def test_the_whole_network_has_two_or_three_tenants_on_three_netuids_in_ten() -> None:
    world = World(head=NOW)
    counts = dict.fromkeys(range(1, 129), 1)
    for _, netuid in world.registrations(tenants.CHURN_FROM, NOW):
        counts[netuid] += 1
    assert {count: list(counts.values()).count(count) for count in set(counts.values())}.keys() == {1, 2, 3}
    assert sum(count > 1 for count in counts.values()) == 38


@pytest.mark.parametrize("head", [9_200_000, NOW, NOW + 1_234_567])
def test_whatever_the_height_there_are_recent_tenants_and_a_young_pool(head: int) -> None:
    world = World(head=head)
    assert 4 <= len(world.registrations(head - MONTH, head)) <= 8
    assert len(world.registrations(head - 5 * DAY, head)) >= 1
    assert len(world.registrations(head - YEAR, head)) >= 38


def test_a_small_world_is_the_first_netuids_of_the_whole_one() -> None:
    small, whole = World(subnets=8, uids=8, head=NOW), World(head=NOW)
    for netuid in range(1, 9):
        assert small.tenant(netuid, NOW).registered == whole.tenant(netuid, NOW).registered
        assert small.category(netuid, NOW) == whole.category(netuid, NOW)
        assert small.price(netuid, NOW) == whole.price(netuid, NOW)
    assert [netuid for _, netuid in small.registrations(tenants.CHURN_FROM, NOW)] == [tenants.CHANGING] * 2


def test_no_tenant_is_replaced_while_it_is_immune() -> None:
    world = World(head=NOW)
    for netuid in tenants.churn_phases(world.seed):
        heights = [block for block, n in world.registrations(tenants.DTAO, NOW) if n == netuid]
        assert all(later - earlier >= tenants.IMMUNITY for earlier, later in pairwise(heights))


def test_volume_only_grows_within_a_tenancy() -> None:
    world = World(head=NOW)
    for netuid in (tenants.CRASHING, tenants.RALLYING, 40):
        tenant = world.tenant(netuid, NOW)
        volumes = [prices.volume(tenant, block) for block in range(NOW - 400_000, NOW, 500)]
        assert all(earlier < later for earlier, later in pairwise(volumes))


# -- money --------------------------------------------------------------------------------------------


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


# -- neurons ------------------------------------------------------------------------------------------


def test_metagraphs_whole_selective_typed_and_stored_agree() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(NOW - 3)
        whole = await view.runtime(SUBNETS.get_all_metagraphs, [])
        slim = await view.runtime(SUBNETS.get_selective_metagraph, [3, [0, 52, 62, 67]])
        stored = await view.query_batch(STORED.Incentive, [[3]])
        lite = await view.runtime(bt.runtime_api.NeuronInfoRuntimeApi.get_neurons_lite, [3])
        state = await view.runtime(SUBNETS.get_subnet_state, [3])
        return whole, slim, stored[0], lite, state, await view.subnets.metagraph(3)

    whole, slim, stored, lite, state, typed = ask(small_node(uids=32), use)
    graph = next(graph for graph in whole if graph["netuid"] == 3)
    assert graph["hotkeys"] == slim["hotkeys"] == state["hotkeys"] == typed.hotkeys == [n["hotkey"] for n in lite]
    assert graph["incentives"] == slim["incentives"] == stored == state["incentives"]
    assert [neuron.alpha_stake.rao for neuron in typed] == graph["alpha_stake"] == slim["alpha_stake"]
    assert slim["netuid"] == 3
    assert slim["coldkeys"] is None
    assert graph["rank"] == graph["trust"] == graph["pruning_score"] == []


def test_fields_put_together_by_hand_are_what_the_chains_codec_writes() -> None:
    registry = small_node().runtime.registry
    for method, arguments in (
        ("get_all_metagraphs", b""),
        ("get_all_dynamic_info", b""),
        ("get_all_mechagraphs", b""),
        ("get_selective_metagraph", b"\x03\x00" + registry.encode("Vec<u16>", list(range(80)))),
    ):
        encoded = small_node().runtime.call(f"SubnetInfoRuntimeApi_{method}", arguments, NOW)
        decoded = registry.core.decode(registry.apis["SubnetInfoRuntimeApi"][method]["output"], encoded, True)
        assert registry.encode_answer("SubnetInfoRuntimeApi", method, decoded) == encoded


def test_one_subnet_has_1024_uids_and_ten_in_a_hundred_two_mechanisms() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(NOW - 3)
        graphs = await view.runtime(SUBNETS.get_all_metagraphs, [])
        mechanisms = await view.runtime(SUBNETS.get_all_mechagraphs, [])
        return graphs, mechanisms, await view.query_batch(STORED.MechanismCountCurrent, [[2], [3]])

    graphs, mechanisms, counts = ask(small_node(uids=256, subnets=3), use)
    assert [len(graph["hotkeys"]) for graph in graphs[:2]] == [64, 1_024]
    assert [graph["max_uids"] for graph in graphs[1:]] == [1_024, 256, 256]
    assert [graph["netuid"] for graph in mechanisms] == [0, 1, 2, 3, 4_096 + 3]
    assert counts == [1, 2]


def test_no_subnet_has_a_hotkey_twice_and_the_network_has_30_000_neurons() -> None:
    world = World(head=NOW)
    sizes = []
    for netuid in world.netuids(NOW):
        hotkeys = world.neurons(netuid, NOW).hotkeys
        assert len(hotkeys) == len(set(hotkeys))
        sizes.append(len(hotkeys))
    assert 29_000 < sum(sizes) < 31_500
    assert sum(size < 250 for size in sizes) > 10


def test_uids_are_taken_over_by_new_hotkeys() -> None:
    async def use(client: Any) -> Any:
        return [await graph_of(client, 6, block) for block in (NOW - 30 * DAY, NOW - 3)]

    before, after = ask(small_node(uids=64), use)
    kept = [uid for uid, (old, new) in enumerate(zip(before["hotkeys"], after["hotkeys"], strict=True)) if old == new]
    taken_over = set(range(len(after["hotkeys"]))) - set(kept)
    assert kept
    assert taken_over
    assert all(after["block_at_registration"][uid] == before["block_at_registration"][uid] for uid in kept)
    assert all(after["block_at_registration"][uid] > NOW - 30 * DAY for uid in taken_over)
    assert all(born <= seen for born, seen in zip(after["block_at_registration"], after["last_update"], strict=True))


def test_scores_change_with_the_epoch_and_only_with_the_epoch() -> None:
    world = World(head=NOW, subnets=4)
    step = world.last_step(3, NOW)
    tempo = world.tenant(3, NOW).tempo
    assert world.neurons(3, step) == world.neurons(3, step + tempo - 1)
    assert world.neurons(3, step).incentives != world.neurons(3, step - 1).incentives
    assert world.neurons(3, step).last_update != world.neurons(3, step - 1).last_update


def test_a_few_validator_permits_come_and_go() -> None:
    world = World(head=NOW)

    def permits(block: int) -> set[tuple[int, bytes]]:
        found = set()
        for netuid in range(1, 41):
            columns = world.neurons(netuid, block)
            rows = zip(columns.hotkeys, columns.validator_permit, strict=True)
            found |= {(netuid, hotkey) for hotkey, permit in rows if permit}
        return found

    before, after = permits(NOW - 30_000), permits(NOW)
    assert before - after
    assert after - before
    assert len(before & after) > 0.8 * len(after)


# -- names --------------------------------------------------------------------------------------------


def test_hostile_names_and_addresses_are_on_the_network() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(NOW - 3)
        return await view.runtime(SUBNETS.get_all_dynamic_info, []), await view.query_map(STORED.SubnetIdentitiesV3)

    dynamic, identities = ask(small_node(subnets=50), use)
    names = {text(subnet["subnet_name"]) for subnet in dynamic}
    assert {"<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("http://x")', ""} <= names
    assert {"FlameWire 🔥", "⚒", "Plaτform", "τemplar"} <= names
    assert any("\u202e" in name for name in names)
    assert any("\x00" in name and "\x1b" in name for name in names)
    assert any(len(name) > 200 for name in names)
    urls = [identity["subnet_url"] for _, identity in identities]
    for start in ("javascript:", "//evil.example", "http://127.0.0.1", "flamewire.example", "file:"):
        assert any(url.startswith(start) for url in urls)
    assert any(len(identity["description"]) > 5_000 for _, identity in identities)
    assert any(subnet["subnet_identity"] is None for subnet in dynamic[1:])


def test_owners_have_identities_that_the_metagraph_and_storage_tell_alike() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(NOW - 3)
        graph = await view.runtime(SUBNETS.get_metagraph, [2])
        stored = await view.query_batch(STORED.IdentitiesV2, [[graph["owner_coldkey"]], [graph["coldkeys"][0]]])
        return graph, stored

    graph, (owner, validator) = ask(small_node(), use)
    assert owner["name"] == "<script>alert('owner')</script>"
    assert graph["identities"][0] == validator
    assert None in graph["identities"]


# -- eras ---------------------------------------------------------------------------------------------

READS: dict[str, Use] = {
    eras.ALL_PRICES: lambda view: view.prices.alpha_prices(),
    eras.ALPHA_PRICE: lambda view: view.prices.alpha_price(netuid=1),
    eras.HYPERPARAMS_V3: lambda view: view.subnets.subnet_hyperparameters(netuid=1),
    eras.MECHAGRAPHS[1]: lambda view: view.runtime(SUBNETS.get_all_mechagraphs, []),
    eras.CHAIN_BUYS: lambda view: view.query_batch(STORED.SubnetExcessTao, [[1]]),
    eras.EMISSION_SWITCH: lambda view: view.query_batch(STORED.SubnetEmissionEnabled, [[1]]),
    eras.MINER_BURNED: lambda view: view.query_batch(STORED.MinerBurned, [[1]]),
    eras.MECHANISMS: lambda view: view.query_batch(STORED.MechanismCountCurrent, [[1]]),
    eras.WEIGHTED_POOL: lambda view: view.query_batch(bt.storage.Swap.SwapBalancer, [[1]]),
}


async def missing_in(view: Any) -> set[str]:
    missing = set()
    for name, read in READS.items():
        try:
            await read(view)
        except ValueError as error:
            if re.search(rf"{re.escape(name)}'? not found", str(error)):
                missing.add(name)
    return missing


@pytest.mark.parametrize("era", eras.ERAS, ids=lambda era: f"spec {era.spec}")
def test_each_era_lacks_what_its_table_says(era: eras.Era) -> None:
    async def use(client: Any) -> Any:
        view = await client.at(max(era.first_block, 6_500_000) + 10)
        graph = await view.runtime(SUBNETS.get_metagraph, [1])
        return (
            await missing_in(view),
            "collateral_locked" in graph,
            await view.runtime(SUBNETS.get_subnet_hyperparams_v2, [1]),
        )

    codec = Codec(metadata(era), era.spec, 1, SS58_FORMAT)
    assert codec.constant("System", "Version")["spec_version"] == era.spec
    missing, collateral, hyperparameters = ask(small_node(), use)
    assert missing == era.missing & set(READS)
    assert collateral == (eras.COLLATERAL[0] not in era.missing)
    assert hyperparameters["tempo"] == World().tenant(1, NOW).tempo


def test_metadata_and_runtime_version_change_together_with_the_block() -> None:
    node = small_node()

    async def use(client: Any) -> Any:
        boundary = eras.LATEST.first_block
        return [
            "collateral_locked" in await graph_of(client, 1, block) for block in (boundary - 1, boundary, boundary + 1)
        ]

    assert ask(node, use) == [False, False, True]  # a block is decoded with its parent's runtime
    specs = [rpc(node, "state_getRuntimeVersion", "0x" + node.world.block_hash(b).hex())["specVersion"]
             for b in (6_500_000, 6_749_999, 6_750_000, NOW)]  # fmt: skip
    assert specs == [261, 261, 300, 461]


def test_a_client_that_asks_for_a_missing_call_anyway_is_refused() -> None:
    runtime = small_node().runtime
    with pytest.raises(LookupError):
        runtime.call("SwapRuntimeApi_current_alpha_price_all", b"", 7_000_000)
    with pytest.raises(LookupError):
        runtime.call("SwapRuntimeApi_nonsense", b"", NOW)
    assert runtime.call("SubnetInfoRuntimeApi_get_metagraph", b"\xff\x00", NOW) == b"\x00"
    key = bytes(runtime.registry.core.storage_key("SubtensorModule", "SubnetExcessTao", [1]))
    assert runtime.storage.read(key, NOW) is not None
    assert runtime.storage.read(key, 8_000_000) is None


# -- faults -------------------------------------------------------------------------------------------


def test_a_pruned_node_sends_the_sdk_to_the_archive() -> None:
    async def use(client: Any) -> Any:
        return await (await client.at(9_000_000)).prices.alpha_prices()

    archive = small_node()
    assert len(ask(small_node(Faults(keep=300)), use, archive)) == 7
    assert "state_call" in {call.method for call in archive.calls}
    with pytest.raises(bt.ChainError, match="State discarded"):
        ask(small_node(Faults(keep=300)), use)


def test_a_reply_over_the_cap_is_refused() -> None:
    node = small_node(uids=64)

    async def use(client: Any) -> None:
        node.faults = Faults(max_response=10_000)  # only now: the metadata would not fit either
        await client.runtime(SUBNETS.get_all_metagraphs, [])

    with pytest.raises(bt.ChainError, match="too big") as caught:
        ask(node, use)
    cause: Any = caught.value.__cause__
    assert cause.payload["error"]["code"] == -32_008


def test_a_node_that_is_asked_too_often_says_when_to_come_back(requests_in_a_second: Callable[[int], None]) -> None:
    requests_in_a_second(1000)
    node = small_node()

    async def use(client: Any) -> None:
        node.faults = Faults(per_second=2, retry_after=7)
        for _ in range(4):
            await client.prices.alpha_prices()

    with pytest.raises(bt.RpcPolicyError) as caught:
        ask(node, use)
    assert caught.value.retry_after == "7"


def test_a_socket_dropped_once_is_survived() -> None:
    node = small_node(Faults(drop_after=5))

    async def use(client: Any) -> Any:
        return [await (await client.at(block)).prices.alpha_prices() for block in (9_000_000, 9_100_000)]

    assert len(ask(node, use)) == 2
    assert len(node.calls) > 5


def test_a_socket_can_be_dropped_on_every_connection() -> None:
    async def go() -> list[int]:
        answered = []
        async with serve(small_node(Faults(drop_after=2, drop_once=False))) as url:
            for _ in range(2):
                async with connect(url) as websocket:
                    with contextlib.suppress(ConnectionClosedError):
                        for count in range(1, 5):
                            await websocket.send('{"id": 1, "method": "system_chain"}')
                            await websocket.recv()
                            answered.append(count)
        return answered

    assert asyncio.run(go()) == [1, 2, 1, 2]


def test_a_silent_node_takes_the_connection_and_never_answers() -> None:
    node = small_node(Faults(silent=True))

    async def go() -> None:
        async with serve(node) as url, connect(url) as websocket:
            await websocket.send('{"id": 1, "method": "system_chain"}')
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(websocket.recv(), 0.1)

    asyncio.run(go())
    assert not node.calls


def test_a_slow_node_delays_answers_but_overlaps_them() -> None:
    async def go() -> float:
        async with serve(small_node(Faults(latency=0.5))) as url, connect(url) as websocket:
            start = time.perf_counter()
            for number in range(60):  # one after the other they would take half a minute
                await websocket.send(f'{{"id": {number}, "method": "system_chain"}}')
            for _ in range(60):
                await websocket.recv()
            return time.perf_counter() - start

    assert 0.5 <= asyncio.run(go()) < 15


def test_the_log_counts_what_was_asked() -> None:
    node = small_node()

    async def use(client: Any) -> None:
        node.calls.clear()
        await client.prices.alpha_prices()

    ask(node, use)
    calls = [call for call in node.calls if call.method == "state_call"]
    assert [call.parameter for call in calls][-1] == "SwapRuntimeApi_current_alpha_price_all"
    assert all(call.size > 30 for call in node.calls)


# -- running ------------------------------------------------------------------------------------------


def test_a_node_in_the_background_serves_the_blocking_sdk_and_stops() -> None:
    with running(small_node()) as url:
        port = int(url.rsplit(":", 1)[1])
        with bt.Subtensor(url, fallback_endpoints=[], archive_endpoints=[]) as client:
            assert len(client.prices.alpha_prices()) == 7
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_taken_port_and_a_public_address_are_refused() -> None:
    with running(small_node()) as url:
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="address already in use"), running(small_node(), port=port):
            pass
        with pytest.raises(OSError, match="address already in use"):
            run(port=port, subnets=1, uids=4, faults=Faults(), announce=str)

    async def listen_publicly() -> None:
        async with serve(small_node(), host="0.0.0.0"):  # noqa: S104
            pass

    with pytest.raises(ValueError, match="loopback only"):
        asyncio.run(listen_publicly())


@pytest.fixture
def started() -> Iterator[subprocess.Popen[str]]:
    program = (
        "from subnets.localnet.faults import Faults\n"
        "from subnets.localnet.run import run\n"
        "run(port=0, subnets=2, uids=4, block_time=0.02, count=True, faults=Faults(),"
        " announce=lambda line: print(line, flush=True))\n"
    )
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[2], **pipes) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_announces_its_address_and_stops_cleanly(started: Any, number: signal.Signals) -> None:
    assert "ws://127.0.0.1:" in started.stdout.readline()
    os.kill(started.pid, number)
    assert started.wait(timeout=PATIENCE_SECONDS) == 0
    assert started.stderr.read() == ""
