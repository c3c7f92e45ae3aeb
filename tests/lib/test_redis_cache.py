"""A Redis that is away costs a page little, however it is away."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from taoanalytics.lib import redis_cache
from taoanalytics.lib.connections import cache
from taoanalytics.lib.redis_cache import REST_SECONDS, SOON_SECONDS, RestingRedisCache


class Clock:
    """Time as the cache sees it: a question takes as long as `asking`."""

    def __init__(self) -> None:
        self.now, self.asking = 1000.0, 0.0

    def __call__(self) -> float:
        self.now += self.asking
        return self.now


class Silent:
    """A server that takes every call and says nothing."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.socket.setblocking(False)
        self._held: list[socket.socket] = []

    @property
    def calls(self) -> int:
        """How often it has been called so far."""
        while True:
            try:
                self._held.append(self.socket.accept()[0])
            except BlockingIOError:
                return len(self._held)

    def close(self) -> None:
        for each in (*self._held, self.socket):
            each.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    server = Silent()
    yield server
    server.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(redis_cache, "monotonic", clock)
    monkeypatch.setattr(redis_cache, "_rests_until", 0.0)
    return clock


def asking(server: Silent) -> RestingRedisCache:
    entry = cache(f"redis://127.0.0.1:{server.socket.getsockname()[1]}/0", {})
    assert entry["BACKEND"].endswith(f".{RestingRedisCache.__name__}")
    options: dict[str, Any] = entry["OPTIONS"] | {"SOCKET_TIMEOUT": 0.01}
    return RestingRedisCache(entry["LOCATION"], {"OPTIONS": options})


def test_a_server_that_swallows_questions_is_asked_once_and_then_left_alone(silent: Silent, clock: Clock) -> None:
    kept, clock.asking = asking(silent), SOON_SECONDS * 2
    assert kept.get("page", "nothing") == "nothing"
    called, clock.asking = silent.calls, 0.0
    assert called
    for number in range(10):
        assert kept.get(f"page {number}") is None
        assert not kept.set(f"page {number}", "made")
        assert kept.get_or_set(f"mark {number}", "made", 60) == "made"
    assert silent.calls == called
    clock.now += REST_SECONDS
    assert kept.get("page", "nothing") == "nothing"
    assert silent.calls > called, "it may have come back"


def test_every_kind_of_question_lets_it_rest(silent: Silent, clock: Clock) -> None:
    for ask in (lambda kept: kept.set("a", 1), lambda kept: kept.add("a", 1), lambda kept: kept.get("a")):
        kept, clock.asking = asking(silent), SOON_SECONDS * 2
        ask(kept)
        called, clock.asking = silent.calls, 0.0
        ask(kept)
        assert silent.calls == called
        clock.now += REST_SECONDS


def test_a_server_that_says_no_at_once_is_asked_each_time(silent: Silent, clock: Clock) -> None:
    kept = asking(silent)
    called = silent.calls
    for _ in range(3):
        assert kept.get("page") is None
        assert silent.calls > called
        called = silent.calls
