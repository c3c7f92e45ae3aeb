"""A model on loopback that the settings point to, and subnets that say what they do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings

from enrichment.models import ModelPrice
from subnets.models import NetworkSnapshot, Subnet
from taoanalytics.lib import clock
from tests.enrichment.vendor import Vendor, a_vendor
from tests.factories import a_subnet, stored

KEY = "sk-canary-7f3a9c51e0b84d26"
MODEL, STRONGER = "gpt-6-luna", "gpt-6.1-terra"
SAYS = (
    "Miners serve answers from large language models to anyone who sends a prompt through the public API.\n"
    "Validators send the same prompts and score how fast and how exact each completion of a miner is.\n"
    "Developers get chat completions from many open models behind one endpoint for LLM inference.\n"
    "Every model runs on several machines, so that inference goes on when one of them fails.\n"
    "Tokens are streamed as they are generated, with the latency of each miner on a public dashboard.\n"
)
OTHER = SAYS.replace("Miners", "Nodes").replace("Developers", "Teams").replace("Validators", "Judges")


@pytest.fixture
def model(db: None, settings: LazySettings) -> Iterator[Vendor]:
    """Answers sensibly unless told otherwise, and is asked by the Responses API; no stronger one is set up."""
    with a_vendor() as served:
        settings.LLM_ENABLED, settings.LLM_API_KEY, settings.LLM_BASE_URL = True, KEY, served.url
        settings.LLM_API, settings.LLM_SCHEMA_DIALECT, settings.LLM_REASONING_EFFORT = "responses", "json_schema", ""
        settings.LLM_MODEL, settings.LLM_ESCALATION_MODEL = MODEL, ""
        settings.LLM_TIMEOUT_SECONDS, settings.LLM_LONGEST_WAIT_SECONDS = 60.0, 0.0
        settings.LLM_DAILY_BUDGET_USD, settings.LLM_MONTHLY_BUDGET_USD = 2.0, 20.0
        settings.LLM_ASSUMED_USD, settings.LLM_CONCURRENCY, settings.LLM_MAX_OUTPUT_TOKENS = [], 4, 1500
        settings.ENRICH_AGAIN_DAYS, settings.ENRICH_ACCEPT_CONFIDENCE = 90, 40
        settings.CONTEXT_THIN_TOKENS = 100
        price = {"valid_from": "2026-01-01", "input_usd": "0.10", "cached_usd": "0.01", "output_usd": "0.50"}
        ModelPrice.objects.bulk_create(ModelPrice(model=name, **price) for name in (MODEL, STRONGER))
        yield served
        assert served.objections == []


def networks(texts: dict[int, str], *, registered: int = 5_000_000) -> list[Subnet]:
    """Store one snapshot of the network with root and these subnets, newer than any before; their rows."""
    facts = [a_subnet(netuid, registered=registered) for netuid in (0, *texts)]
    facts = [
        replace(fact, identity=replace(fact.identity, description=texts.get(fact.netuid, ""), owner_coldkey="5Owner"))
        for fact in facts
        if fact.identity
    ]
    stored(*facts, at=clock.now() - timedelta(hours=1) + timedelta(minutes=NetworkSnapshot.objects.count()))
    return list(Subnet.objects.filter(netuid__in=texts, registered_at_block=registered).order_by("netuid"))


@pytest.fixture
def living(db: None) -> dict[int, Subnet]:
    """Root and eight living subnets, and one that has left."""
    Subnet.objects.create(netuid=99, registered_at_block=1)
    stored(a_subnet(0, name="root", registered=0), *(a_subnet(netuid) for netuid in range(1, 9)))
    return {subnet.netuid: subnet for subnet in Subnet.objects.exclude(netuid=99)}
