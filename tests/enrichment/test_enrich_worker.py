"""The daily task on a real worker: a message for each subnet that is due, each paid for once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from enrichment import tasks
from enrichment.models import EnrichmentRun, LedgerEntry, ModelPrice
from taoanalytics.jobs.models import JobRun
from tests.enrichment.conftest import KEY, MODEL, SAYS, networks
from tests.enrichment.vendor import Vendor, a_vendor
from tests.ops.engine import CELERY, Engine, database_url, free_port, redis_server, send, until

SUBNETS = 6
TWO_AT_ONCE = (*CELERY, "worker", "-Q", "fast,slow", "-c", "2", "--without-gossip", "--without-mingle")


@pytest.fixture
def vendor(transactional_db: None) -> Iterator[Vendor]:
    networks({netuid: f"{SAYS}This is subnet number {netuid}." for netuid in range(1, SUBNETS + 1)})
    ModelPrice.objects.create(model=MODEL, valid_from="2026-01-01", input_usd="0.1", output_usd="0.5")
    with a_vendor() as served:
        yield served
        assert served.objections == []


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    with redis_server(tmp_path, free_port()) as url:
        yield url


@pytest.fixture
def engine(tmp_path: Path, vendor: Vendor, broker: str) -> Iterator[Engine]:
    service = {"LLM_API_KEY": KEY, "LLM_BASE_URL": vendor.url, "LLM_MODEL": MODEL, "LLM_API": "responses"}
    engine = Engine(tmp_path, DATABASE_URL=database_url(), REDIS_URL=broker, **service)
    yield engine
    engine.close()


def test_the_daily_task_fans_out_and_sent_twice_pays_once(engine: Engine, vendor: Vendor, broker: str) -> None:
    engine.run(*TWO_AT_ONCE)
    send(broker, tasks.enrich)
    until(lambda: EnrichmentRun.objects.by_model().count() == SUBNETS, "a run of each subnet")
    send(broker, tasks.enrich)
    until(lambda: JobRun.objects.filter(job="schedule enrichment", state="succeeded").count() == 2, "a second day")
    sent = JobRun.objects.filter(job="schedule enrichment").order_by("pk").values_list("stored", flat=True)
    assert list(sent) == [SUBNETS, 0], engine.logs()
    assert len(vendor.asked) == LedgerEntry.objects.filter(outcome="ok").count() == SUBNETS
