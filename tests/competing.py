"""Several at once, in threads that begin together."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(count: int, work: Callable[[], Result]) -> list[Result]:
    """What `work` gave to each of so many threads, every one with a database connection of its own."""
    start, given = threading.Barrier(count), list[Result]()

    def compete() -> None:
        try:
            start.wait()
            given.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=compete) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given
