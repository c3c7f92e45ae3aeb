"""What goes wrong with a simulated node where it is asked to."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import bittensor as bt
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from subnets.localnet.faults import Faults
from subnets.localnet.server import serve
from tests.subnets.simulated import (
    SUBNETS,
    ask,
    small_node,
)

pytestmark = pytest.mark.usefixtures("fresh_sdk_caches")


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
