"""What the simulated network can answer at which height."""

import re
from typing import Any

import bittensor as bt
import pytest

from subnets.localnet import eras
from subnets.localnet.registry import SS58_FORMAT, Codec, metadata
from subnets.localnet.world import World
from tests.subnets.simulated import NOW, STORED, SUBNETS, Use, ask, graph_of, rpc, small_node

pytestmark = pytest.mark.usefixtures("fresh_sdk_caches")


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
