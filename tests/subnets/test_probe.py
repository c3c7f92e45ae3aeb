"""The probe's two doors: each asks the endpoints and leaves the answers in the logbook."""

import pytest
from django.core.management import call_command

from subnets import tasks
from subnets.probe import probe
from taoanalytics.jobs.console import BUSY
from taoanalytics.jobs.models import JobRun
from taoanalytics.jobs.runs import job_run
from tests.conftest import HEAD, Localnet

pytestmark = pytest.mark.django_db

NOBODY = "ws://127.0.0.1:9"


def test_the_task_asks_every_endpoint_and_leaves_a_run(localnet: Localnet) -> None:
    _, url = localnet.node()
    localnet.use(NOBODY, url)
    tasks.probe.apply().get()
    run = JobRun.objects.get()
    assert (run.job, run.state) == ("probe", JobRun.State.PARTIAL)
    assert (run.seen, run.stored, run.failed) == (2, 1, 1)
    assert f"block {HEAD:,}" in run.notes[0]
    assert run.problems[0].startswith(f"{NOBODY}: ")


def test_a_probe_that_nobody_answers_is_a_run_that_failed(localnet: Localnet) -> None:
    localnet.use(NOBODY)
    tasks.probe.apply().get()
    assert JobRun.objects.get().state == JobRun.State.FAILED


def test_the_command_leaves_the_same_run_as_the_task(localnet: Localnet) -> None:
    localnet.start()
    call_command("probe")
    tasks.probe.apply().get()
    command, task = JobRun.objects.order_by("pk")
    assert (command.job, command.state, command.seen, command.stored) == ("probe", JobRun.State.SUCCEEDED, 1, 1)
    assert (task.job, task.state, task.seen, task.stored) == ("probe", JobRun.State.SUCCEEDED, 1, 1)


def test_an_address_with_a_password_leaves_none_in_the_logbook() -> None:
    probe(endpoints=["ws://user:hunter2@127.0.0.1:9/?key=hunter2"])
    run = JobRun.objects.get()
    assert "hunter2" not in str((run.notes, run.problems, run.error))


def test_a_second_probe_is_told_that_one_is_running(localnet: Localnet, capsys: pytest.CaptureFixture[str]) -> None:
    localnet.start()
    with job_run("probe"), pytest.raises(SystemExit) as leaving:
        call_command("probe")
    assert leaving.value.code == BUSY
    assert "already running" in capsys.readouterr().out
