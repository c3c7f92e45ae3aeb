"""Metrics beside the observations they are of: whole, repeatable, and of one tenant only."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from subnets.backfill import backfill_chain
from subnets.collect import collect_chain
from subnets.measure import measure, measure_after, recompute_metrics
from subnets.metrics import BY_KEY, METRICS
from subnets.models import NetworkSnapshot, SubnetMetrics, SubnetSnapshot
from subnets.models.metrics import METRIC_COLUMNS
from subnets.store import store_snapshot
from taoanalytics.jobs.models import JobRun
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_network, a_subnet, some_neurons
from tests.factories import stored_unmeasured as stored

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def metrics_of(netuid: int, at=T0) -> SubnetMetrics:
    return SubnetMetrics.objects.get(snapshot__subnet__netuid=netuid, snapshot__observed_at=at)


def test_each_declared_metric_has_a_column_and_each_column_a_declaration():
    columns = {field.name for field in SubnetMetrics._meta.concrete_fields} - {"snapshot"}
    assert columns == {metric.key for metric in METRICS} == set(METRIC_COLUMNS)


def test_collecting_the_chain_measures_every_subnet(localnet):
    localnet.start()
    collect_chain()
    measured = SubnetMetrics.objects.select_related("snapshot__subnet")
    assert len(measured) == 9
    for row in measured:
        if row.snapshot.subnet.netuid:
            assert row.price_tao == row.snapshot.price_rao / RAO
            assert row.validator_stake_hhi > 0
            assert row.market_cap_tao_rank is not None
            assert row.change_1d_pct is None
        for key, value in row.values.items():
            lower, upper = BY_KEY[key].lower, BY_KEY[key].upper
            assert value is None or ((lower is None or value >= lower) and (upper is None or value <= upper)), key


def test_an_incomplete_snapshot_is_not_measured(localnet):
    localnet.start()
    collect_chain(netuids=[1, 2])
    assert not SubnetMetrics.objects.exists()


def test_backfilled_history_gives_the_newest_snapshot_its_changes(localnet):
    localnet.start()
    collect_chain()
    newest = NetworkSnapshot.objects.newest_complete()
    midnight = newest.observed_at.replace(hour=0, minute=0, second=0)
    backfill_chain(start=midnight - 8 * DAY, end=newest.observed_at - 2 * DAY, every=timedelta(hours=12))
    week_ago = SubnetSnapshot.objects.filter(subnet__netuid=1, observed_at__lte=newest.observed_at - 6.5 * DAY)
    row = SubnetMetrics.objects.get(snapshot__network=newest, snapshot__subnet__netuid=1)
    then = min(week_ago, key=lambda s: abs(newest.observed_at - 7 * DAY - s.observed_at))
    assert row.change_7d_pct == pytest.approx(100 * (row.snapshot.price_rao / then.price_rao - 1))
    assert row.change_1d_pct is None


def test_a_new_tenant_has_no_return_from_the_price_of_the_old_one():
    stored(a_subnet(1, registered=5_000_000, price_rao=RAO), at=T0 - DAY)
    stored(a_subnet(1, registered=7_437_000, price_rao=RAO // 100), at=T0)
    measure_after(T0 - DAY, T0)
    assert metrics_of(1).change_1d_pct is None
    assert metrics_of(1).price_tao == 0.01


def test_measuring_again_changes_nothing_and_a_changed_fact_changes_its_row():
    stored(a_subnet(1), a_subnet(2))
    assert recompute_metrics().stored == 2
    assert recompute_metrics().stored == 0
    SubnetSnapshot.objects.filter(subnet__netuid=1).update(price_rao=RAO)
    dry = recompute_metrics(dry_run=True)
    assert dry.stored >= 1
    assert metrics_of(1).price_tao == 0.1
    recompute_metrics()
    assert metrics_of(1).price_tao == 1.0


def test_neurons_of_the_day_stand_for_a_block_without_its_own_and_older_ones_do_not():
    neurons = some_neurons(8)
    stored(a_subnet(1, neurons=neurons), at=T0)
    later, much_later = T0 + timedelta(hours=6), T0 + timedelta(hours=30)
    stored(a_subnet(1), at=later)
    stored(a_subnet(1), at=much_later)
    measure_after(T0, much_later)
    assert metrics_of(1).alpha_stake_hhi == metrics_of(1, later).alpha_stake_hhi > 0
    assert metrics_of(1, much_later).alpha_stake_hhi is None


def test_an_earlier_day_is_found_whatever_the_cadence_of_the_snapshots():
    for hours in range(0, 49, 3):
        stored(a_subnet(1, price_rao=(100 + hours) * RAO), at=T0 - timedelta(hours=hours))
    recompute_metrics()
    assert metrics_of(1).change_1d_pct == pytest.approx(100 * (100 / 124 - 1))


def test_queries_do_not_grow_with_the_length_of_history(django_assert_max_num_queries):
    for days in range(40, -1, -1):
        stored(*(a_subnet(netuid) for netuid in range(1, 6)), at=T0 - days * DAY)
    with django_assert_max_num_queries(20):
        measure([NetworkSnapshot.objects.newest_complete()])


def test_the_command_is_a_dry_run_unless_told(capsys):
    stored(a_subnet(1))
    call_command("recompute_metrics")
    assert "dry run" in capsys.readouterr().out
    assert not SubnetMetrics.objects.exists()
    assert not JobRun.objects.filter(job="recompute metrics").exists()
    call_command("recompute_metrics", "--yes")
    assert SubnetMetrics.objects.count() == 1


def test_a_subnet_that_reports_nothing_is_measured_as_unknown():
    facts = a_network([a_subnet(1, **dict.fromkeys(("price_rao", "tao_in_rao", "alpha_in_rao", "volume_rao")))])
    store_snapshot(facts)
    recompute_metrics()
    row = metrics_of(1)
    assert row.price_tao is row.market_cap_tao is row.pool_tao is row.volume_1d_tao is None
