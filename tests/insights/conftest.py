"""A small network with a past, through the same door as a real one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from subnets.facts import IdentityFacts, SubnetFacts
from subnets.measure import recompute_metrics
from subnets.models import Category, Subnet
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, some_neurons, stored_unmeasured

HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eevil\u202c",
    "FlameWire 🔥",
    "x" * 128,
    "",
)
PRICE_A_WEEK_AGO, PRICE_A_DAY_AGO, PRICE_NOW = 100_000_000, 110_000_000, 121_000_000


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def network(db: Any) -> None:
    """Root and three subnets over a week. Subnet 3 changed hands three days ago; subnet 2's price is not known."""
    templar = IdentityFacts(name="τemplar", symbol="γ", description="Trains models", url="https://templar.example")
    for days in range(7, -1, -1):
        price = {7: PRICE_A_WEEK_AGO, 1: PRICE_A_DAY_AGO, 0: PRICE_NOW}.get(days, 105_000_000)
        stored_unmeasured(
            a_subnet(0, name="root", registered=0),
            a_subnet(1, name="Apex", price_rao=price, volume_rao=(100 - days) * RAO, neurons=some_neurons()),
            a_subnet(2, name="Omron", price_rao=None),
            a_subnet(3, name="Old tenant", registered=1_000)
            if days > 3
            else a_subnet(3, name="New tenant", registered=7_400_000, price_rao=RAO // 2),
            with_identity(a_subnet(4, price_rao=RAO // 50), templar),
            at=T0 - timedelta(days=days),
        )
    recompute_metrics()
    Subnet.objects.filter(netuid=1).update(category=Category.objects.get(slug="llm-inference"))


def with_identity(facts: SubnetFacts, identity: IdentityFacts) -> SubnetFacts:
    return replace(facts, identity=identity)
