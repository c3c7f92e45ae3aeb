"""Thinning: old days keep what they need, and no day loses its only copy of anything."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from subnets import thin
from subnets.models import NetworkSnapshot, NeuronFrame, SubnetSnapshot
from subnets.thin import thin_history
from taoanalytics.jobs.models import Generation, JobRun
from tests.factories import a_subnet, some_neurons, stored

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OLD = datetime(2026, 1, 10, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def times() -> list[str]:
    return [
        f"{at:%m-%d %H:%M}" for at in NetworkSnapshot.objects.order_by("block").values_list("observed_at", flat=True)
    ]


def hourly(day: datetime, hours: Iterable[int], netuids: Iterable[int] = (1, 2), **fields: object) -> None:
    for hour in hours:
        subnets = [a_subnet(netuid) for netuid in netuids]
        stored(*subnets, at=day + timedelta(hours=hour), **fields)


def test_an_old_day_keeps_its_first_snapshot_and_a_recent_one_all_of_them():
    hourly(OLD, (0, 1, 13, 23))
    hourly(NOW - timedelta(days=80), (0, 1, 2))
    report = thin_history(now=NOW)
    assert times() == ["01-10 00:00", "03-13 12:00", "03-13 13:00", "03-13 14:00"]
    assert SubnetSnapshot.objects.count() == 8
    assert (report.seen, report.stored, report.skipped) == (4, 3, 1)
    assert JobRun.objects.get(job="thin history").state == "succeeded"


def test_the_limit_is_the_beginning_of_a_day(settings):
    settings.THIN_AFTER_DAYS = 10
    edge = datetime(2026, 5, 22, tzinfo=UTC)
    hourly(edge - timedelta(hours=2), (0, 1))
    hourly(edge, (0, 1))
    thin_history(now=NOW)
    assert times() == ["05-21 22:00", "05-22 00:00", "05-22 01:00"]


def test_a_snapshot_of_the_whole_network_is_preferred_to_an_earlier_one_of_some_subnets():
    hourly(OLD, (1,), netuids=(1,), complete=False)
    hourly(OLD, (5, 9))
    thin_history(now=NOW)
    assert times() == ["01-10 05:00"]


def test_a_snapshot_that_alone_holds_a_subnet_of_its_day_stays():
    hourly(OLD, (0, 1))
    hourly(OLD, (2, 3), netuids=(1, 7), complete=False)
    thin_history(now=NOW)
    assert times() == ["01-10 00:00", "01-10 02:00"]
    assert SubnetSnapshot.objects.filter(subnet__netuid=7).count() == 1


def test_neurons_and_what_is_current_are_never_touched():
    for hour in (0, 1):
        stored(a_subnet(neurons=some_neurons()), at=OLD + timedelta(hours=hour))
    frames = NeuronFrame.objects.count()
    thin_history(now=NOW)
    assert NeuronFrame.objects.count() == frames == 1


def test_what_belongs_to_a_deleted_row_goes_with_it():
    hourly(OLD, (0, 1))
    thin_history(now=NOW)
    for relation in SubnetSnapshot._meta.related_objects:
        rows = relation.related_model.objects
        assert rows.count() <= SubnetSnapshot.objects.count()


def test_a_dry_run_deletes_nothing_and_counts_the_same():
    hourly(OLD, (0, 1, 2))
    generation = Generation.objects.current()
    planned = thin_history(now=NOW, dry_run=True)
    assert NetworkSnapshot.objects.count() == 3
    assert Generation.objects.current() == generation
    assert not JobRun.objects.filter(job="thin history").exists()
    done = thin_history(now=NOW)
    assert (planned.seen, planned.stored, planned.skipped) == (done.seen, done.stored, done.skipped)
    assert Generation.objects.current() > generation


def test_a_second_run_has_nothing_to_do():
    hourly(OLD, (0, 1, 2))
    thin_history(now=NOW)
    again = thin_history(now=NOW)
    assert (again.seen, again.stored) == (0, 0)


def test_the_command_deletes_only_when_told_yes(capsys):
    hourly(OLD, (0, 1))
    call_command("thin")
    assert "would delete 1 network snapshot" in capsys.readouterr().out
    assert NetworkSnapshot.objects.count() == 2
    call_command("thin", "--yes")
    assert "deleted 1 network snapshot" in capsys.readouterr().out
    assert NetworkSnapshot.objects.count() == 1


SNAPSHOTS = st.lists(
    st.tuples(st.integers(0, 3 * 24 * 60 - 1), st.booleans(), st.sets(st.integers(1, 4), min_size=1)),
    unique_by=lambda snapshot: snapshot[0],
    max_size=12,
)


@given(SNAPSHOTS, st.integers(1, 5))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_day_ever_loses_its_only_copy_of_a_subnet(monkeypatch, snapshots, per_transaction):
    monkeypatch.setattr(thin, "SNAPSHOTS_PER_TRANSACTION", per_transaction)
    NetworkSnapshot.objects.all().delete()
    for minute, complete, netuids in snapshots:
        at = OLD + timedelta(minutes=minute)
        stored(*(a_subnet(netuid) for netuid in netuids), at=at, complete=complete)

    def known() -> set[tuple[str, int]]:
        rows = SubnetSnapshot.objects.values_list("observed_at", "subnet__netuid")
        return {(f"{at:%Y-%m-%d}", netuid) for at, netuid in rows}

    def complete_days() -> set[str]:
        return {
            f"{at:%Y-%m-%d}"
            for at in NetworkSnapshot.objects.filter(complete=True).values_list("observed_at", flat=True)
        }

    before = known(), complete_days()
    thin_history(now=NOW)
    assert (known(), complete_days()) == before
    assert not SubnetSnapshot.objects.exclude(network__in=NetworkSnapshot.objects.all()).exists()
