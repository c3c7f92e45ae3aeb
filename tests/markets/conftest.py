"""Both markets on loopback, with keys that must never be seen anywhere."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from taoanalytics.lib import clock
from tests.factories import a_subnet, stored
from tests.markets.outside import Outside, outside

CANARY = "canary-7f3a9c51e0b84d26"


@pytest.fixture(autouse=True)
def _mid_month() -> Iterator[None]:
    """Quotas are counted by the month, which does not end while a test looks an hour ahead."""
    with time_machine.travel(datetime(2026, 11, 15, 12, tzinfo=UTC)):
        yield


@pytest.fixture(autouse=True)
def _market_settings(settings: Any) -> None:
    settings.TAO_APP_API_KEY = CANARY
    settings.COINGECKO_API_KEY = CANARY
    settings.COINGECKO_PLAN = "demo"
    settings.TAO_APP_URL = settings.COINGECKO_URL = "http://127.0.0.1:9"
    settings.MARKETS_TOTAL_SECONDS = 60.0
    settings.MARKETS_LONGEST_WAIT_SECONDS = 0.0
    settings.MARKETS_REUSE_SECONDS = 3600.0
    settings.API_QUOTAS = {"taoapp": {"month": 15_000, "minute": 10}, "coingecko": {"month": 10_000, "minute": 30}}


@pytest.fixture
def tao_app(settings: Any) -> Iterator[Outside]:
    with outside() as market:
        settings.TAO_APP_URL = market.url
        yield market


@pytest.fixture
def gecko(settings: Any) -> Iterator[Outside]:
    with outside() as market:
        settings.COINGECKO_URL = market.url
        yield market


@pytest.fixture
def network(db: None) -> datetime:
    """Subnets 1 to 3 and root, as the chain listed them just now; the time of that."""
    at = clock.now()
    stored(*(a_subnet(netuid) for netuid in range(4)), at=at)
    return at
