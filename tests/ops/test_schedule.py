"""What the schedule declares, what beat makes of it, and how a task behaves when something goes wrong."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from celery.exceptions import Retry, SoftTimeLimitExceeded
from celery.schedules import crontab
from django.db import OperationalError
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from taoanalytics.jobs import task as job_tasks
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.jobs.models import JobRun
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import job_run, logged
from taoanalytics.ops import tasks
from taoanalytics.schedule import beat_schedule


@pytest.fixture
def entries() -> dict[str, dict[str, Any]]:
    return beat_schedule(timedelta(minutes=20))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a task asks to be sent again, in place of a broker."""
    asked: list[dict[str, Any]] = []

    def send(self: Any, args: Any = None, kwargs: Any = None, **options: Any) -> None:
        asked.append({"task": self.name, "kwargs": kwargs, **options})

    monkeypatch.setattr("celery.app.task.Task.apply_async", send)
    return asked


def test_every_entry_names_a_known_task_whose_arguments_fit_into_a_message(entries):
    current_app.loader.import_default_modules()
    for entry in entries.values():
        assert entry["task"] in current_app.tasks
        assert json.loads(json.dumps(entry["kwargs"])) == entry["kwargs"]
        assert entry["options"]["queue"] in current_app.conf.task_queues


def test_every_scheduled_mode_is_one_that_can_be_collected(entries):
    for entry in entries.values():
        if "mode" in entry["kwargs"]:
            assert tasks.sources(entry["kwargs"]["mode"])


def test_a_message_expires_before_the_next_of_its_entry_is_due(entries):
    for entry in entries.values():
        when = entry["schedule"]
        cadence = timedelta(hours=1) if isinstance(when, crontab) else when.run_every
        assert 0.8 * cadence.total_seconds() < entry["options"]["expire_seconds"] < cadence.total_seconds()


def test_no_two_hourly_jobs_begin_together_and_none_on_the_hour(entries):
    minutes = [min(e["schedule"].minute) for e in entries.values() if isinstance(e["schedule"], crontab)]
    assert len(set(minutes)) == len(minutes)
    assert 0 not in minutes


def test_no_task_runs_or_waits_longer_than_its_message_stays_hidden(settings):
    current_app.loader.import_default_modules()
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    longest = max(task.time_limit or settings.CELERY_TASK_TIME_LIMIT for task in ours)
    assert longest + settings.LONGEST_RETRY_SECONDS < settings.VISIBILITY_SECONDS


@pytest.fixture
def one_connection(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat closes old connections; the one of a test is its transaction."""
    monkeypatch.setattr("django_celery_beat.schedulers.close_old_connections", lambda: None)


def test_code_owns_the_times_and_staff_may_pause(one_connection, settings):
    scheduler = DatabaseScheduler(app=current_app, lazy=True)
    scheduler.setup_schedule()
    assert set(settings.CELERY_BEAT_SCHEDULE) == set(PeriodicTask.objects.values_list("name", flat=True))
    PeriodicTask.objects.filter(name="chain").update(enabled=False, expire_seconds=1)
    DatabaseScheduler(app=current_app, lazy=True).setup_schedule()
    chain = PeriodicTask.objects.get(name="chain")
    assert not chain.enabled
    assert chain.expire_seconds == settings.CELERY_BEAT_SCHEDULE["chain"]["options"]["expire_seconds"]


def test_a_new_entry_is_due_at_once_and_a_paused_one_never(one_connection):
    scheduler = DatabaseScheduler(app=current_app, lazy=True)
    scheduler.setup_schedule()
    assert scheduler.schedule["chain"].is_due().is_due
    PeriodicTask.objects.filter(name="chain").update(enabled=False)
    assert "chain" not in DatabaseScheduler(app=current_app, lazy=True).all_as_schedule()


def test_waits_grow_keep_apart_and_end_somewhere(settings):
    first = {job_tasks.pause(0, Transient("down")) for _ in range(50)}
    assert len(first) > 1
    assert all(30 <= seconds <= 37.5 for seconds in first)
    assert job_tasks.pause(3, Transient("down")) >= 240
    assert job_tasks.pause(0, Transient("asked to wait", retry_after=120)) >= 120
    assert job_tasks.pause(9, Transient("down")) == settings.LONGEST_RETRY_SECONDS


def source(monkeypatch: pytest.MonkeyPatch, **verbs: Any) -> None:
    monkeypatch.setattr(tasks, "sources", lambda mode: dict(verbs) if mode == "all" else {mode: verbs[mode]})


def failing(problem: Exception) -> Any:
    def verb(told: Any) -> Report:
        raise problem

    return verb


def storing(told: Any) -> Report:
    return Report(seen=1, stored=1)


@pytest.mark.django_db
def test_what_can_heal_is_tried_again_and_nothing_else(monkeypatch, sent):
    source(monkeypatch, price=failing(Transient("down")), screener=failing(Permanent("wrong key")))
    with pytest.raises(Retry):
        tasks.collect.apply(kwargs={"mode": "price"}, throw=True)
    with pytest.raises(Permanent):
        tasks.collect.apply(kwargs={"mode": "screener"}, throw=True)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["price", "all"])
def test_a_job_whose_database_went_away_comes_back_when_its_lost_run_is_over(monkeypatch, sent, mode):
    source(monkeypatch, price=failing(OperationalError("server closed the connection")))
    with pytest.raises(Retry) as again:
        tasks.collect.apply(kwargs={"mode": mode}, throw=True)
    assert again.value.when > 60


@pytest.mark.django_db
def test_one_failing_source_stops_no_other_and_the_run_is_partial(monkeypatch, sent):
    source(monkeypatch, chain=failing(Transient("down")), screener=failing(Permanent("wrong key")), price=storing)
    tasks.collect.run(mode="all")
    run = JobRun.objects.get(job="collect all")
    assert (run.state, run.stored, run.failed) == ("partial", 1, 2)
    assert run.problems == ["chain: down", "screener: wrong key"]
    assert [message["kwargs"] for message in sent] == [{"mode": "chain"}]  # a source that is a mode of its own


@pytest.mark.django_db
def test_a_busy_job_steps_back_but_a_redelivered_one_comes_back_when_its_lost_run_is_over(monkeypatch):
    source(monkeypatch, price=logged("price")(lambda told: Report()))
    with job_run("price"):
        assert tasks.collect.apply(kwargs={"mode": "price"}, throw=True).successful()
        monkeypatch.setattr(job_tasks, "_redelivered", lambda task: True)
        monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *args, **options: None)
        with pytest.raises(Retry) as again:
            tasks.collect.apply(kwargs={"mode": "price"}, throw=True)
    assert again.value.when > 60


@pytest.mark.django_db
def test_a_resumable_task_at_its_time_limit_goes_on_in_a_new_message(monkeypatch, sent):
    def endless(told: Any) -> Report:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(tasks, "thinnings", lambda now: {"thin history": endless})
    with pytest.raises(Retry):
        tasks.thin_history.apply(throw=True)


@pytest.mark.django_db
def test_lost_runs_are_closed_without_a_run_of_their_own():
    lost = JobRun.objects.create(job="collect chain", host="gone", pid=1, heartbeat_at=datetime(2026, 1, 1, tzinfo=UTC))
    tasks.close_lost_runs()
    lost.refresh_from_db()
    assert lost.state == "lost"
    assert JobRun.objects.count() == 1
