"""A node that runs until it is interrupted: what `manage.py localnet` starts."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator

from subnets.localnet.faults import Faults
from subnets.localnet.server import Node, serve
from subnets.localnet.world import BLOCK_SECONDS, World

COUNT_SECONDS = 1.0


def run(
    *,
    port: int,
    seed: int = 1,
    subnets: int = 128,
    uids: int = 256,
    head: int | None = None,
    block_time: float = 12.0,
    faults: Faults,
    count: bool = False,
    announce: Callable[[str], None],
) -> None:
    """Serve a world on loopback until SIGINT or SIGTERM.

    head None with a block time of 12 s follows the clock; otherwise the chain starts at `head` (or at
    the clock's height) and grows by a block every `block_time` seconds; 0 stands still. `announce` gets
    one line with the URL, then with `count` a line a second on the calls answered. OSError: port in use.
    """
    node = Node(World(seed, subnets, uids, head), faults)
    if head is None and block_time != BLOCK_SECONDS:
        node.world.advance(0)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(node, port, block_time, count, announce))


async def _serve(node: Node, port: int, block_time: float, count: bool, announce: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    with _stopping_on_signals(stop):
        async with serve(node, port=port) as url, asyncio.TaskGroup() as tasks:
            announce(f"Simulated network on {url}")
            jobs = [tasks.create_task(_grow(node, block_time))]
            if count:
                jobs.append(tasks.create_task(_report(node, announce)))
            await stop.wait()
            for job in jobs:
                job.cancel()


@contextlib.contextmanager
def _stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    caught = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # not the main thread, or Windows
            loop.add_signal_handler(number, stop.set)
            caught.append(number)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)


async def _grow(node: Node, block_time: float) -> None:
    """Make blocks, or follow the clock where it makes them."""
    while block_time > 0:
        if node.world.follows_clock:
            await asyncio.sleep(1)
            await node.tell()
        else:
            await asyncio.sleep(block_time)
            await node.advance()


async def _report(node: Node, announce: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(COUNT_SECONDS)
        if node.calls:
            announce(f"{len(node.calls)} calls, {sum(call.size for call in node.calls):,} bytes")
            node.calls.clear()
