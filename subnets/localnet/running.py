"""A node in a thread of its own, for tests and programs that are not asynchronous."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future

from subnets.localnet.server import Node, serve

STOP_SECONDS = 15.0


@contextlib.contextmanager
def running(node: Node, *, port: int = 0) -> Iterator[str]:
    """Serve a node in the background and give its ws:// URL. OSError: the port is taken."""
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    ready: Future[str] = Future()

    async def listen() -> None:
        async with serve(node, port=port) as url:
            ready.set_result(url)
            await stop.wait()

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(listen())
            except BaseException as error:  # whatever it is, the thread that waits has to hear of it
                if ready.done():
                    raise
                ready.set_exception(error)

    thread = threading.Thread(target=work, name="localnet", daemon=True)
    thread.start()
    try:
        yield ready.result()
    finally:
        with contextlib.suppress(RuntimeError):  # the loop is closed already when listening failed
            loop.call_soon_threadsafe(stop.set)
        thread.join(STOP_SECONDS)
