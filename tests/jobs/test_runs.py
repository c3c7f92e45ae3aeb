"""The logbook: one run at a time, each with its outcome, none left open by a process that died."""

import os
import socket
import subprocess
import threading
from datetime import timedelta

import pytest

from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.models import LOST_AFTER, Generation, JobRun
from taoanalytics.jobs.report import KEPT_PROBLEMS, Report
from taoanalytics.jobs.runs import AlreadyRunningError, close_lost_runs, job_run, logged
from taoanalytics.lib import clock
from tests.competing import at_once
from tests.ops.engine import PATIENCE_SECONDS, until


def a_dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def an_open_run(**fields: object) -> JobRun:
    return JobRun.objects.create(**{"job": "work", "host": socket.gethostname(), "pid": os.getpid()} | fields)


@pytest.mark.django_db
def test_a_run_is_written_down_with_its_report():
    with job_run("work") as running:
        running.report = Report(seen=3, stored=1, skipped=1, failed=1, problems=["one was bad"])
    run = JobRun.objects.get()
    assert (run.state, run.seen, run.stored, run.skipped, run.failed) == ("partial", 3, 1, 1, 1)
    assert run.problems == ["one was bad"]
    assert run.duration is not None


@pytest.mark.django_db
def test_a_failed_run_says_why_and_frees_the_job():
    with pytest.raises(Permanent), job_run("work"):
        raise Permanent("the address is wrong")
    run = JobRun.objects.get()
    assert (run.state, run.error) == ("failed", "Permanent: the address is wrong")
    with job_run("work"):
        pass
    assert JobRun.objects.latest("started_at").state == "succeeded"


@pytest.mark.django_db
def test_what_looks_like_a_key_is_struck_before_it_is_written_down():
    def refused() -> None:
        with job_run("work") as running:
            running.report = Report(problems=["refused: api_key=canary-1234567890"])
            raise Permanent("401 for sk-canary1234567890abcdef")

    with pytest.raises(Permanent):
        refused()
    run = JobRun.objects.get()
    assert "canary" not in run.error + "".join(run.problems)


@pytest.mark.django_db
def test_an_interrupted_run_is_not_called_failed():
    with pytest.raises(KeyboardInterrupt), job_run("work"):
        raise KeyboardInterrupt
    assert JobRun.objects.get().state == "interrupted"


@pytest.mark.django_db
def test_a_job_that_runs_keeps_a_second_run_out_and_says_where_it_runs():
    with job_run("work"), pytest.raises(AlreadyRunningError, match=str(os.getpid())), job_run("work"):
        pytest.fail("two at once")
    with job_run("work"), job_run("other work"):
        pass


@pytest.mark.django_db
def test_a_run_whose_process_is_gone_is_closed_as_lost_and_replaced():
    lost = an_open_run(pid=a_dead_pid())
    with job_run("work"):
        pass
    lost.refresh_from_db()
    assert lost.state == "lost"


@pytest.mark.django_db
def test_a_run_on_another_host_is_lost_only_when_its_heart_has_stopped():
    beating = an_open_run(host="elsewhere", pid=1)
    assert close_lost_runs("work") == 0
    JobRun.objects.filter(pk=beating.pk).update(heartbeat_at=clock.now() - LOST_AFTER - timedelta(seconds=1))
    assert close_lost_runs("work") == 1


@pytest.mark.django_db
def test_the_heart_of_a_run_beats(monkeypatch, transactional_db):
    monkeypatch.setattr("taoanalytics.jobs.runs.HEARTBEAT_SECONDS", 0.01)
    with job_run("work"):
        started = JobRun.objects.get().heartbeat_at
        until(lambda: JobRun.objects.get().heartbeat_at > started, "a beat")


@pytest.mark.django_db(transaction=True)
def test_of_many_that_start_at_once_exactly_one_runs():
    others_are_out = threading.Barrier(8)

    def compete() -> str:
        outcome = "ran"
        try:
            with job_run("work"):
                others_are_out.wait(PATIENCE_SECONDS)
        except AlreadyRunningError:
            outcome = "busy"
            others_are_out.wait(PATIENCE_SECONDS)
        return outcome

    assert sorted(at_once(8, compete)) == ["busy"] * 7 + ["ran"]


@pytest.mark.django_db
def test_a_verb_is_logged_but_its_dry_run_is_not():
    @logged("work")
    def verb(*, dry_run: bool = False) -> Report:
        return Report(seen=1, stored=1)

    assert verb(dry_run=True).seen == 1
    assert not JobRun.objects.exists()
    assert verb().stored == 1
    assert JobRun.objects.get().stored == 1


@pytest.mark.django_db
def test_each_bump_is_a_new_generation():
    seen = {Generation.objects.current()}
    for _ in range(3):
        Generation.objects.bump()
        seen.add(Generation.objects.current())
    assert len(seen) == 4


def test_a_report_counts_every_problem_and_keeps_the_first_in_words():
    report = Report(seen=100, stored=1)
    for number in range(99):
        report.fail(f"line {number}")
    assert report.failed == 99
    assert len(report.problems) == KEPT_PROBLEMS
    assert report.outcome == "partial"


def test_outcomes_follow_from_the_counts():
    assert Report(seen=2, stored=2).outcome == "succeeded"
    assert Report(seen=2, skipped=2).outcome == "succeeded"
    assert Report(seen=2, skipped=1, failed=1).outcome == "partial"
    assert Report(seen=2, failed=2).outcome == "failed"


def test_reports_add_up():
    total = Report.total([Report(seen=2, stored=2, notes=["a"]), Report(seen=1, failed=1, notes=["a"], problems=["b"])])
    assert (total.seen, total.stored, total.failed, total.notes, total.problems) == (3, 2, 1, ["a"], ["b"])
