"""What a simulated node's faults need to strike where they are meant to."""

import itertools
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from subnets.chain import ChainReader
from subnets.transport import ChainOptions
from tests.conftest import Localnet


@pytest.fixture
def known_runtime(localnet: Localnet) -> None:
    """The SDK reads the runtime's metadata once and keeps it; a cap on replies is meant for the others."""
    with ChainReader([localnet.node(subnets=1, uids=1)[1]], ChainOptions()) as chain:
        chain.snapshot()


@pytest.fixture
def requests_in_a_second(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """So many requests reach every node in each second of its clock: a busy machine asks too little in a real one."""

    def reach(number: int) -> None:
        requests = itertools.count()
        clock = SimpleNamespace(monotonic=lambda: next(requests) // number * 2)
        monkeypatch.setattr("subnets.localnet.server.time", clock)

    return reach


@pytest.fixture
def fresh_sdk_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK keeps what it read of a runtime by genesis and spec; here every node is read anew."""
    monkeypatch.setenv("BITTENSOR_RUNTIME_CACHE_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("BTCLI_TOKEN_SYMBOLS_CACHE", str(tmp_path / "symbols.json"))
