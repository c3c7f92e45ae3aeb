"""A simulated node's own second, since on a busy machine it is asked too little in a real one."""

import itertools
from collections.abc import Callable
from types import SimpleNamespace

import pytest


@pytest.fixture
def requests_in_a_second(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """So many requests reach every node in each second of the clock by which it limits them."""

    def reach(number: int) -> None:
        requests = itertools.count()
        clock = SimpleNamespace(monotonic=lambda: next(requests) // number * 2)
        monkeypatch.setattr("subnets.localnet.server.time", clock)

    return reach
