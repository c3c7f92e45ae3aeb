"""The simulated node, its heights and how it runs: the real SDK against it, over a real socket on loopback."""

import asyncio
import datetime
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bittensor as bt
import pytest

from subnets.localnet.faults import Faults
from subnets.localnet.identity import is_simulated
from subnets.localnet.run import run
from subnets.localnet.running import running
from subnets.localnet.server import serve
from subnets.localnet.world import World
from tests.ops.engine import PATIENCE_SECONDS
from tests.subnets.simulated import (
    NOW,
    ask,
    dynamic_at,
    graph_of,
    rpc,
    small_node,
)

pytestmark = pytest.mark.usefixtures("fresh_sdk_caches")


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
