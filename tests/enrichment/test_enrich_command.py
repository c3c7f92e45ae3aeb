"""`manage.py enrich` as a process of its own: stopped half-way, killed half-way, and gone on with."""

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from enrichment.models import EnrichmentRun, LedgerEntry, ModelPrice
from taoanalytics.jobs.models import JobRun
from tests.enrichment import acts
from tests.enrichment.conftest import KEY, MODEL, SAYS, networks
from tests.enrichment.vendor import Vendor, a_vendor
from tests.ops.engine import PATIENCE_SECONDS, Engine, database_url

SUBNETS, WORKERS = 128, 8
ENRICH = (sys.executable, "manage.py", "enrich")


@pytest.fixture
def vendor(transactional_db: None) -> Iterator[Vendor]:
    """Thinks longer from half-way on, when somebody is about to stop who asks."""
    networks({netuid: f"{SAYS}This is subnet number {netuid}." for netuid in range(1, SUBNETS + 1)})
    ModelPrice.objects.create(model=MODEL, valid_from="2026-01-01", input_usd="0.1", output_usd="0.5")
    with a_vendor() as served:
        served.behave(*[acts.valid(seconds=0.25, together=WORKERS)] * (SUBNETS // 2), acts.valid(seconds=1.0))
        yield served
        assert served.objections == []


@pytest.fixture
def engine(tmp_path: Path, vendor: Vendor) -> Iterator[Engine]:
    engine = Engine(
        tmp_path,
        DATABASE_URL=database_url(),
        LLM_API_KEY=KEY,
        LLM_BASE_URL=vendor.url,
        LLM_API="responses",
        LLM_MODEL=MODEL,
        LLM_CONCURRENCY=str(WORKERS),
    )
    yield engine
    engine.close()


def finish(engine: Engine) -> int:
    return engine.run(*ENRICH).wait(timeout=PATIENCE_SECONDS)


def answered() -> Counter[int]:
    return Counter(LedgerEntry.objects.filter(outcome="ok").values_list("subnet__netuid", flat=True))


def test_stopped_half_way_and_run_again_each_of_128_subnets_is_paid_for_once(engine: Engine, vendor: Vendor) -> None:
    process = engine.run(*ENRICH)
    assert vendor.answered(SUBNETS // 2), engine.logs()
    engine.kill(process, signal.SIGINT)
    assert process.returncode == 130, engine.logs()
    assert "stopped. What was stored stays" in engine.logs()
    so_far = len(vendor.asked)
    assert SUBNETS // 2 <= so_far < SUBNETS
    assert sum(answered().values()) == EnrichmentRun.objects.by_model().count() == so_far
    assert not LedgerEntry.objects.pending().exists()
    assert JobRun.objects.get(job="enrich").state == "interrupted"

    vendor.behave(acts.valid())
    assert finish(engine) == 0, engine.logs()
    assert len(vendor.asked) == SUBNETS
    assert answered() == Counter(range(1, SUBNETS + 1))
    assert LedgerEntry.objects.count() == SUBNETS
    assert vendor.most_at_once == WORKERS


def test_killed_half_way_only_what_was_out_is_asked_again_and_with_the_same_key(engine: Engine, vendor: Vendor) -> None:
    process = engine.run(*ENRICH)
    assert vendor.answered(SUBNETS // 2), engine.logs()
    engine.kill(process)
    lost = LedgerEntry.objects.pending()
    assert 0 < lost.count() <= WORKERS
    assert all(line.worst_case_usd for line in lost)  # the budgets count them
    lost_subnets = set(lost.values_list("subnet__netuid", flat=True))

    vendor.behave(acts.valid())
    assert finish(engine) == 0, engine.logs()
    assert answered() == Counter(range(1, SUBNETS + 1))
    twice = {key: times for key, times in Counter(asked.key for asked in vendor.asked).items() if times > 1}
    assert len(twice) <= len(lost_subnets)
    assert set(twice.values()) <= {2}
    assert LedgerEntry.objects.count() == SUBNETS + lost.count()
    assert set(JobRun.objects.filter(job="enrich").values_list("state", flat=True)) == {"lost", "succeeded"}
