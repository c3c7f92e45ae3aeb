"""The real SDK opened on a simulated node, over a real socket on loopback."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import bittensor as bt

from subnets.localnet.faults import Faults
from subnets.localnet.server import Node, serve
from subnets.localnet.world import World

SUBNETS, STORED = bt.runtime_api.SubnetInfoRuntimeApi, bt.storage.SubtensorModule
NOW = 9_603_160  # 2026-11-22
DAY, MONTH, YEAR = 7_200, 216_000, 2_628_000  # blocks

Use = Callable[[Any], Awaitable[Any]]


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
