"""What every test starts from: loopback only, caches of its own, the simulated network where a chain is needed."""

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver

# The SDK keeps metadata by genesis and spec; a test run must not see what an earlier one left.
_sdk_cache = tempfile.TemporaryDirectory(prefix="bittensor-")
os.environ["BITTENSOR_RUNTIME_CACHE_DIR"] = _sdk_cache.name
os.environ["BTCLI_TOKEN_SYMBOLS_CACHE"] = str(Path(_sdk_cache.name) / "symbols.json")

from subnets.localnet.faults import NO_FAULTS, Faults  # noqa: E402
from subnets.localnet.running import running  # noqa: E402
from subnets.localnet.server import Node  # noqa: E402
from subnets.localnet.world import World  # noqa: E402

HEAD = 9_600_000

hypothesis.settings.register_profile("busy", deadline=None)  # a machine that does other work fails no property
hypothesis.settings.load_profile("busy")


@pytest.fixture(autouse=True)
def _plain_settings(settings: Any, request: pytest.FixtureRequest) -> None:
    """Static files without a manifest, a cache that no other worker shares, no pace towards the chain."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.CACHES = {"default": _of_this_worker(settings.CACHES["default"], worker)}
    settings.SIMULATED = False
    settings.WHITENOISE_AUTOREFRESH = True  # or it looks for collected files, of which a test has none
    settings.CHAIN_ENDPOINTS = settings.CHAIN_ARCHIVE_ENDPOINTS = ["ws://127.0.0.1:9"]
    settings.CHAIN_REQUESTS_PER_SECOND = 0.0
    settings.CHAIN_CONNECT_SECONDS = 120.0  # a busy machine is no dead node
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def _of_this_worker(cache_entry: dict[str, Any], worker: str) -> dict[str, Any]:
    """Keys of its own. A busy machine's Redis is waited for: given up, it would cost queries that tests count."""
    shared = "redis" in cache_entry["BACKEND"]
    patient = {"CLIENT_CLASS": "tests.redis_client.OwnKeys", "SOCKET_CONNECT_TIMEOUT": 60, "SOCKET_TIMEOUT": 60}
    return cache_entry | {"KEY_PREFIX": worker} | ({"OPTIONS": cache_entry["OPTIONS"] | patient} if shared else {})


@receiver(post_migrate)
def _seed_categories_again(sender: Any, **kwargs: Any) -> None:
    """A test that commits leaves by emptying every table, the seeded ones too; this signal follows the emptying."""
    if sender.label == "subnets" and not apps.get_model("subnets", "Category").objects.exists():
        importlib.import_module("subnets.migrations.0002_seed_categories").seed(apps, None)


class Localnet:
    """Starts simulated nodes and points the settings at them."""

    def __init__(self, settings: Any, stack: ExitStack) -> None:
        self._settings, self._stack = settings, stack

    def node(
        self, *, subnets: int = 8, uids: int = 8, seed: int = 1, head: int | None = HEAD, faults: Faults = NO_FAULTS
    ) -> tuple[Node, str]:
        """A node and its address, not yet in the settings. Without a head it follows the clock."""
        node = Node(World(seed, subnets, uids, head), faults)
        return node, self._stack.enter_context(running(node))

    def start(self, **options: Any) -> Node:
        """A node that is the only endpoint in the settings, live and archive."""
        node, url = self.node(**options)
        self.use(url)
        return node

    def use(self, *urls: str) -> None:
        self._settings.CHAIN_ENDPOINTS = self._settings.CHAIN_ARCHIVE_ENDPOINTS = list(urls)


@pytest.fixture
def localnet(settings: Any) -> Iterator[Localnet]:
    with ExitStack() as stack:
        yield Localnet(settings, stack)


@pytest.fixture
def real_data() -> Path:
    """The folder with recordings and golden values, or a skip that names it."""
    folder = os.environ.get("REAL_DATA_DIR")
    if not folder or not Path(folder).is_dir():
        pytest.skip("REAL_DATA_DIR is not set: recordings are kept outside the project")
    return Path(folder)
