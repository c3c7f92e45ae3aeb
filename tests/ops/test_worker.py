"""Real workers, beat and brokers: the schedule runs, and killing whoever runs it loses and doubles nothing."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from subnets.localnet.faults import NO_FAULTS, Faults
from subnets.localnet.server import Node
from subnets.models import NetworkSnapshot, SubnetSnapshot
from taoanalytics.jobs.models import JobRun
from taoanalytics.lib import clock
from taoanalytics.ops import tasks
from tests.conftest import Localnet
from tests.ops.engine import (
    CELERY,
    PATIENCE_SECONDS,
    WORKER,
    Engine,
    database_url,
    free_port,
    redis_server,
    send,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)

SUBNETS = 8


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    with redis_server(tmp_path, free_port()) as url:
        yield url


@pytest.fixture
def fast_chain(localnet: Localnet) -> None:
    localnet.start(subnets=SUBNETS)


@pytest.fixture
def held_chain(localnet: Localnet) -> Node:
    """A node that keeps a run waiting, so that it can be caught in the middle, until the node has `NO_FAULTS`."""
    return localnet.start(subnets=SUBNETS, faults=Faults(silent=True))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path, DATABASE_URL=database_url(), VISIBILITY_SECONDS="3")
    try:
        yield engine
    finally:
        engine.close()


def running() -> JobRun | None:
    return JobRun.objects.running().filter(job="collect chain").first()


def succeeded(job: str) -> int:
    return JobRun.objects.filter(job=job, state=JobRun.State.SUCCEEDED).count()


def assert_stored_once() -> None:
    assert NetworkSnapshot.objects.count() == 1
    assert SubnetSnapshot.objects.count() == SUBNETS + 1


@pytest.mark.parametrize("kind", ["redis", "files"])
def test_the_schedule_runs_and_stores_each_block_once(kind, fast_chain, engine, request):
    engine.environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.ops.hasty_settings",
        "CHAIN_REUSE_SECONDS": "0",
    }
    if kind == "redis":
        engine.environment["REDIS_URL"] = request.getfixturevalue("broker")
        engine.run(*WORKER)
        engine.run(*CELERY, "beat")
    else:
        engine.run(*WORKER, "--beat")
    until(lambda: succeeded("collect chain") >= 2 and succeeded("thin history") >= 2, "two runs of each entry")
    assert_stored_once()
    lines = engine.logs()
    assert '"task_id"' in lines
    assert "Traceback" not in lines


def test_a_worker_killed_in_mid_run_loses_no_work_and_stores_nothing_twice(held_chain, engine, broker):
    engine.environment["REDIS_URL"] = broker
    first = engine.run(*WORKER)
    send(broker, tasks.collect, mode="chain")
    until(running, "a run in the middle")
    engine.kill(first, signal.SIGKILL)
    assert not NetworkSnapshot.objects.exists()
    held_chain.faults = NO_FAULTS
    engine.run(*WORKER)
    until(lambda: succeeded("collect chain"), "the run made again")
    assert JobRun.objects.filter(state=JobRun.State.LOST).count() == 1
    assert_stored_once()


def test_a_worker_asked_to_stop_gives_its_message_back_and_another_completes_it(held_chain, engine, broker):
    engine.environment["REDIS_URL"] = broker
    first = engine.run(*WORKER)
    send(broker, tasks.collect, mode="chain")
    until(running, "a run in the middle")
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=PATIENCE_SECONDS)
    assert redis.Redis.from_url(broker).llen("fast") == 1
    assert JobRun.objects.get().state == "interrupted"
    held_chain.faults = NO_FAULTS
    engine.run(*WORKER)
    until(lambda: succeeded("collect chain"), "the run made again")
    assert_stored_once()


def test_a_dead_child_is_replaced_and_an_expired_message_is_not_run_at_all(held_chain, engine, broker):
    engine.environment |= {"REDIS_URL": broker, "VISIBILITY_SECONDS": "600"}
    send(broker, tasks.thin_history, expires=clock.now() - timedelta(hours=1))
    engine.run(*WORKER)
    send(broker, tasks.collect, mode="chain")
    os.kill(until(running, "a run in the middle").pid, signal.SIGKILL)
    held_chain.faults = NO_FAULTS
    until(lambda: succeeded("collect chain"), "the run made again")
    assert_stored_once()
    assert not JobRun.objects.filter(job="thin history").exists()


def test_when_redis_comes_back_the_worker_goes_on(engine, tmp_path):
    port = free_port()
    with redis_server(tmp_path, port) as url:
        engine.environment["REDIS_URL"] = url
        engine.run(*WORKER)
        send(url, tasks.thin_history)
        until(lambda: succeeded("thin history"), "a first run")
    with redis_server(tmp_path, port) as url:
        send(url, tasks.thin_history)
        until(lambda: succeeded("thin history") == 2, "a run after the outage")
