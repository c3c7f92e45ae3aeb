"""A fresh explanation that staff ask for, where a worker answers: made by it, once, while nobody waits."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import Retry
from django.contrib.auth.models import User
from django.test import Client

from insights import tasks
from insights.explaining.making import JOB, make_fresh
from insights.models import Insight
from subnets.models import Subnet
from taoanalytics.jobs import queue
from taoanalytics.jobs.models import JobRun
from taoanalytics.jobs.queue import workers
from taoanalytics.jobs.runs import job_run
from taoanalytics.lib import clock
from tests.enrichment.vendor import Vendor
from tests.insights.test_insights import model, month
from tests.ops.engine import CELERY, PATIENCE_SECONDS, Engine, database_url, free_port, redis_server, until

__all__ = ["model", "month"]  # fixtures
ADDRESS = "/admin/insights/insight/make/1/"


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada")


@pytest.fixture
def broker(tmp_path: Path, settings: Any) -> Iterator[str]:
    with redis_server(tmp_path, free_port()) as url:
        settings.REDIS_URL = settings.CELERY_BROKER_URL = url
        settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
        yield url


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker and a broker that share a busy machine are not away because they take a second."""
    monkeypatch.setattr("taoanalytics.jobs.queue.WORKER_SECONDS", 5.0)
    monkeypatch.setitem(queue._IMPATIENT, "socket_timeout", PATIENCE_SECONDS)


@pytest.fixture
def engine(transactional_db: None, tmp_path: Path, model: Vendor, broker: str, settings: Any) -> Iterator[Engine]:
    service = {
        "LLM_API_KEY": settings.LLM_API_KEY,
        "LLM_BASE_URL": model.url,
        "LLM_MODEL": settings.LLM_MODEL,
        "LLM_API": "responses",
    }
    engine = Engine(tmp_path, DATABASE_URL=database_url(), REDIS_URL=broker, **service)
    yield engine
    engine.close()


def test_a_worker_makes_it_and_the_request_does_not_wait(
    engine: Engine, model: Vendor, ada: User, patience: None
) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    engine.run(*CELERY, "worker", "-Q", "fast", "-c", "1", "--without-gossip", "--without-mingle")
    until(lambda: bool(workers()), "a worker that answers")
    said = client.post(ADDRESS, follow=True).content.decode()
    assert "Queued: a worker has it made." in said
    until(lambda: Insight.objects.filter(subnet__netuid=1, made_by=ada).exists(), "a fresh explanation")
    assert (Insight.objects.get().kind, len(model.asked)) == ("model", 1), engine.logs()


def test_where_the_queue_is_away_it_is_made_while_staff_wait(model: Vendor, ada: User, settings: Any) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    client = Client(SERVER_NAME="localhost")
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    assert "while you wait, up to 20 seconds" in client.get(ADDRESS).content.decode()
    assert "text was made." in client.post(ADDRESS, follow=True).content.decode()
    assert (Insight.objects.get().made_by, len(model.asked)) == (ada, 1)


def test_a_second_click_pays_nothing_and_a_run_under_way_is_waited_for(model: Vendor, ada: User) -> None:
    asked_at = clock.now().isoformat()
    key = Subnet.objects.get(netuid=1).pk
    for _ in range(2):
        make_fresh(subnet=key, by=ada.pk, asked_at=asked_at)
    assert (Insight.objects.count(), len(model.asked)) == (1, 1)
    later = {"subnet": key, "by": ada.pk, "asked_at": clock.now().isoformat()}
    with job_run(JOB), pytest.raises(Retry, match="already running"):
        tasks.make_insight.apply(kwargs=later, throw=True)
    assert JobRun.objects.filter(job=JOB).count() == 2
