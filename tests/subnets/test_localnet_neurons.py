"""The uids of the simulated network."""

from typing import Any

import bittensor as bt
import pytest

from subnets.localnet.world import World
from tests.subnets.simulated import DAY, NOW, STORED, SUBNETS, ask, graph_of, small_node

pytestmark = pytest.mark.usefixtures("fresh_sdk_caches")


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
