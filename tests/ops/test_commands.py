"""The commands as an operator types them: what they print, and the exit code a scheduler sees."""

import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as live_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from insights.models import ScoreRow
from markets.models import TaoPrice
from subnets.localnet.faults import Faults
from subnets.models import CategoryAssignment, HyperparameterSet, NetworkSnapshot, Subnet, SubnetMetrics
from taoanalytics.jobs.console import BUSY
from taoanalytics.jobs.runs import job_run
from taoanalytics.lib import clock
from taoanalytics.ops import tasks
from tests.commands import run
from tests.factories import a_subnet, stored_unmeasured

pytestmark = pytest.mark.django_db


def test_collect_says_where_it_writes_to_and_what_it_stored(localnet, capsys, settings):
    localnet.start()
    code, said = run(capsys, "collect", "chain")
    assert code == 0
    assert said.startswith("Writing to ")
    assert "9" in said
    assert "succeeded" in said


def test_collect_never_shows_the_database_password(localnet, capsys, settings, monkeypatch):
    database = settings.DATABASES["default"]
    remote = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example", "NAME": "tao", "PASSWORD": "hunter2"}
    monkeypatch.setattr("taoanalytics.jobs.console.settings.DATABASES", {"default": database | remote})
    localnet.start()
    _, said = run(capsys, "collect", "chain", "--dry-run")
    assert "db.example/tao" in said
    assert "hunter2" not in said


def test_collect_fails_aloud_when_no_endpoint_answers(capsys):
    code, said = run(capsys, "collect", "chain")
    assert code == 1
    assert "connection lost or refused" in said


def test_a_database_that_is_away_is_told_in_a_line(tmp_path):
    command = [sys.executable, "manage.py", "collect", "daily"]
    environment = {"DATABASE_URL": "postgres://writer:hunter2@127.0.0.1:9/tao", "VAR_DIR": str(tmp_path)}
    ended = subprocess.run(
        command, env=environment, cwd=live_settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "collect price: the database failed: connection failed" in ended.stdout
    assert "run it again" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "hunter2" not in ended.stdout + ended.stderr


def test_a_busy_job_asks_the_scheduler_to_come_back(localnet, capsys):
    localnet.start()
    with job_run("collect chain"):
        code, said = run(capsys, "collect", "chain")
    assert code == BUSY
    assert "already running" in said


def test_daily_collects_hyperparameters_too(localnet, capsys):
    localnet.start()
    code, said = run(capsys, "collect", "daily")
    assert code == 0
    assert "collect hyperparameters" in said
    assert HyperparameterSet.objects.count() == 8


def test_nightly_mends_metrics_and_scores_and_thins_what_is_old(localnet, capsys):
    localnet.start(head=None)
    old = clock.now().replace(microsecond=0) - timedelta(days=200)
    for hours in (0, 1):
        stored_unmeasured(a_subnet(1), at=old.replace(hour=1) + timedelta(hours=hours))
    run(capsys, "collect", "chain")
    SubnetMetrics.objects.all().delete()
    ScoreRow.objects.all().delete()
    code, said = run(capsys, "collect", "nightly")
    assert "thin history" in said
    assert "thin markets" in said
    assert NetworkSnapshot.objects.filter(observed_at__lt=clock.now() - timedelta(days=100)).count() == 1
    assert SubnetMetrics.objects.exists()
    assert ScoreRow.objects.exists()
    assert code == 0


def test_one_failing_source_does_not_keep_the_others_from_being_stored(localnet, capsys, monkeypatch):
    localnet.start()

    def fail(**options):
        from taoanalytics.jobs.errors import Transient

        raise Transient("the source is down")

    monkeypatch.setattr("taoanalytics.ops.collect.collect_hyperparameters", fail)
    code, said = run(capsys, "collect", "daily")
    assert code == 1
    assert "the source is down" in said
    assert NetworkSnapshot.objects.count() == 1


def test_the_simulated_network_brings_its_own_price_and_categories(localnet, capsys):
    node = localnet.start()
    run(capsys, "collect", "chain")
    price = TaoPrice.objects.get()
    assert (price.source, price.price_usd) == ("simulated", node.world.tao_usd(NetworkSnapshot.objects.get().block))
    for subnet in Subnet.objects.filter(netuid__gt=0).select_related("category"):
        expected = node.world.category(subnet.netuid, subnet.last_seen_block)
        assert (subnet.category.slug if subnet.category else None) == expected
    assert set(CategoryAssignment.objects.values_list("source", flat=True)) == {"simulated"}
    node.world.advance(10)
    run(capsys, "collect", "chain")
    assert CategoryAssignment.objects.count() == 8


def test_backfill_fills_the_days_asked_for(localnet, capsys):
    localnet.start()
    code, said = run(capsys, "backfill", "chain", "--from", "2026-11-15", "--to", "2026-11-17")
    assert code == 0
    assert NetworkSnapshot.objects.count() == 3
    assert "3" in said


def test_the_task_fills_in_history_and_judges_it_as_the_command_does(localnet):
    localnet.start()
    span = {"start": "2026-11-15T00:00:00+00:00", "end": "2026-11-17T00:00:00+00:00"}
    assert tasks.backfill.apply(kwargs={"source": "chain"} | span).successful()
    filled = set(NetworkSnapshot.objects.values_list("pk", flat=True))
    assert len(filled) == TaoPrice.objects.count() == 3
    assert set(ScoreRow.objects.values_list("snapshot__network", flat=True)) == filled


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--from", "yesterday"), "not a date"),
        (("--every", "1x"), "not a span"),
        (("--every", "0d"), "not a span"),
        (("--from", "2026-02-01", "--to", "2026-01-01"), "lies after"),
    ],
)
def test_backfill_says_what_is_wrong_with_its_arguments(arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("backfill", "chain", *arguments)


def test_probe_tells_of_each_endpoint_and_fails_only_when_none_answers(localnet, capsys):
    _, url = localnet.node()
    localnet.use("ws://127.0.0.1:9", url)
    code, said = run(capsys, "probe")
    assert code == 0
    assert "9,600,000" in said
    assert "no answer" in said
    code, _ = run(capsys, "probe", "--endpoint", "ws://127.0.0.1:9")
    assert code == 1


def test_probe_gives_a_silent_endpoint_up_after_its_time(localnet, capsys):
    _, silent = localnet.node(faults=Faults(silent=True))
    code, said = run(capsys, "probe", "--endpoint", silent, "--timeout", "0.5")
    assert code == 1
    assert "0.5 s" in said


def test_localnet_says_so_when_its_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="Port"):
            call_command("localnet", "--port", str(taken.getsockname()[1]))
