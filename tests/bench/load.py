"""Sustained load on two processes of the site: requests a second, and what went wrong. Prints its figures as JSON.

Four of five requests are of popular addresses that were asked for before: half of these readers have the page already
and get 304, half get it from the cache. The fifth is a miss: an address that nobody has asked for in this run, whose
page has to be made. Hits and misses alike are of every kind of page, in the proportion of `addresses.WEIGHTS`. Each
process of the site may have a cache of its own: a popular page that only the other process has counts as a hit here
and costs a miss, so the figure errs downwards.

The client is a few threads with plain sockets, and runs on the processors that it measures: what it costs is said.
"""

import json
import random
import resource
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import django

READERS = 8
WARM_PASSES, SECONDS = 8, 20.0
_MISSES, _KNOWN = 0.2, 0.5
_REQUESTS_PER_CONNECTION = 25  # as a visitor's browser has it: then another process may take the next


@dataclass(slots=True)
class Asked:
    """One request and what must come of it."""

    address: str
    etag: str = ""
    miss: bool = False


@dataclass(slots=True)
class Outcome:
    """Of one reader: (status, whether it was a miss) of each reply and its seconds; what broke."""

    replies: Counter[tuple[int, bool]] = field(default_factory=Counter)
    seconds: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    errors: list[str] = field(default_factory=list)


class Visitors:
    """What is asked for next, the same in each run."""

    def __init__(self) -> None:
        from tests.bench import addresses

        self._kinds, self._weights = list(addresses.WEIGHTS), list(addresses.WEIGHTS.values())
        self._popular, self._new = addresses.popular(), addresses.never_asked()
        self._random, self._lock = random.Random(1), threading.Lock()
        self.etags: dict[str, str] = {}

    def popular(self) -> Iterator[Asked]:
        """Everything that is to be kept, so often that each process has been asked for it."""
        listed = [address for addresses in self._popular.values() for address in addresses]
        return (Asked(address) for _ in range(WARM_PASSES) for address in listed)

    def mixed(self) -> Iterator[Asked]:
        while True:
            kind = self._random.choices(self._kinds, self._weights)[0]
            if self._random.random() < _MISSES:
                new = next(self._new[kind], None)  # some pages have a few hundred looks only
                if new is not None:
                    yield Asked(new, miss=True)
            else:
                address = self._random.choice(self._popular[kind])
                yield Asked(address, etag=self.etags[address] if self._random.random() < _KNOWN else "")

    def visit(self, port: int, questions: Iterator[Asked], seconds: float = 600) -> list[Outcome]:
        """All readers at once, each with its next question as soon as the last is answered, while there are any."""
        outcomes = [Outcome() for _ in range(READERS)]
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._read, args=(port, questions, until, each)) for each in outcomes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def _read(self, port: int, questions: Iterator[Asked], until: float, outcome: Outcome) -> None:
        left = True
        while left and time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    left = self._one_connection(connection, questions, until, outcome)
            except OSError as error:
                outcome.errors.append(repr(error))

    def _one_connection(
        self, connection: socket.socket, questions: Iterator[Asked], until: float, outcome: Outcome
    ) -> bool:
        """Whether there is anything left to be asked."""
        for _ in range(_REQUESTS_PER_CONNECTION):
            with self._lock:
                asked = next(questions, None)
            if asked is None or time.monotonic() > until:
                return False
            start = time.perf_counter()
            status, etag = _exchange(connection, asked)
            outcome.seconds[asked.miss].append(time.perf_counter() - start)
            outcome.replies[status, asked.miss] += 1
            if status != (304 if asked.etag else 200):
                outcome.errors.append(f"{asked.address} answered {status}")
            elif not asked.miss:
                self.etags[asked.address] = etag
        return True


def _exchange(connection: socket.socket, asked: Asked) -> tuple[int, str]:
    """(status, ETag) of a reply that is read to its end."""
    known = f"If-None-Match: {asked.etag}\r\n" if asked.etag else ""
    connection.sendall(
        f"GET {asked.address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n{known}\r\n".encode()
    )
    reply = b""
    while b"\r\n\r\n" not in reply:
        reply += _some(connection)
    head, _, body = reply.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    missing = int(headers.get("content-length", 0)) - len(body)
    while missing > 0:
        missing -= len(_some(connection))
    return int(status.split()[1]), headers.get("etag", "")


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("the site closed the connection within a reply")
    return received


def _figures(outcomes: list[Outcome], seconds: float, client: float, site: float) -> dict[str, float]:
    replies = sum((each.replies for each in outcomes), Counter[tuple[int, bool]]())
    total = sum(replies.values())
    slow = {miss: sorted(took for each in outcomes for took in each.seconds[miss]) for miss in (True, False)}
    return {
        "rate": total / seconds,
        "misses_pct": 100 * sum(count for (_, miss), count in replies.items() if miss) / total,
        "unchanged_pct": 100 * sum(count for (status, _), count in replies.items() if status == 304) / total,
        "errors": sum(len(each.errors) for each in outcomes),
        "hit_ms": 1000 * slow[False][len(slow[False]) // 2],
        "miss_ms": 1000 * slow[True][len(slow[True]) // 2],
        "client_ms": 1000 * client / total,
        "site_ms": 1000 * site / total,
    }


def _processor(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _told(outcomes: list[Outcome]) -> None:
    for error in [error for each in outcomes for error in each.errors][:10]:
        sys.stderr.write(f"{error}\n")


def main() -> None:
    django.setup()
    from tests.bench.serving import processor_of, site

    visitors = Visitors()
    with site() as (port, server):
        _told(visitors.visit(port, visitors.popular()))
        client, served, start = _processor(resource.RUSAGE_SELF), processor_of(server), time.monotonic()
        outcomes = visitors.visit(port, visitors.mixed(), SECONDS)
        seconds = time.monotonic() - start
        used = _processor(resource.RUSAGE_SELF) - client, processor_of(server) - served
    _told(outcomes)
    sys.stdout.write(json.dumps(_figures(outcomes, seconds, *used)) + "\n")


if __name__ == "__main__":
    main()
