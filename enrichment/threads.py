"""Waiting for many at once: the network in threads, whatever becomes of it in the caller's."""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def as_done(
    work: Callable[[Item], Result], items: Iterable[Item], *, workers: int, stop: Callable[[], None]
) -> Generator[tuple[Item, Result], None, None]:
    """(item, what came of it) as each is done. `work` runs in another thread: it has no database.

    Leaving early, for which the generator has to be closed, drops what has not begun, tells the rest to `stop`, and
    waits for it.
    """
    pool = ThreadPoolExecutor(max(1, workers), thread_name_prefix="context")
    try:
        waiting = {pool.submit(work, item): item for item in items}
        for done in as_completed(waiting):
            yield waiting.pop(done), done.result()
    except BaseException:
        stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
