"""Reading the chain as it was: grid points, resumption, and tenants that come and go."""

from datetime import UTC, datetime, timedelta

import pytest

from subnets.backfill import backfill_chain
from subnets.collect import collect_chain
from subnets.localnet.faults import Faults
from subnets.localnet.world import GENESIS_UNIX, World
from subnets.models import NetworkSnapshot, NeuronFrame, Subnet, SubnetSnapshot
from taoanalytics.jobs.errors import Permanent
from taoanalytics.lib.units import BLOCK_SECONDS

pytestmark = pytest.mark.django_db


def moment(block: int) -> datetime:
    return datetime.fromtimestamp(GENESIS_UNIX + block * BLOCK_SECONDS, UTC)


def days(localnet, count: int, **options) -> tuple[object, datetime, datetime]:
    """A node whose head stands shortly after a midnight, with the `count` midnights before it."""
    end = datetime(2026, 11, 1, tzinfo=UTC)
    head = World.height_at(end.timestamp()) + 10
    return localnet.start(head=head, **options), end - timedelta(days=count - 1), end


def test_each_grid_point_gets_the_block_made_then(localnet):
    _, start, end = days(localnet, 4)
    report = backfill_chain(start=start, end=end)
    assert (report.seen, report.stored) == (4, 4)
    times = list(NetworkSnapshot.objects.order_by("block").values_list("observed_at", flat=True))
    for at, point in zip(times, (start + timedelta(days=n) for n in range(4)), strict=True):
        assert abs(at - point) < timedelta(minutes=1)
    assert NeuronFrame.objects.filter(subnet__netuid=1).count() == 4


def test_a_rerun_stores_nothing_twice(localnet):
    _, start, end = days(localnet, 3)
    backfill_chain(start=start, end=end)
    rows = SubnetSnapshot.objects.count()
    again = backfill_chain(start=start, end=end)
    assert (again.stored, again.skipped) == (0, 3)
    assert SubnetSnapshot.objects.count() == rows


def test_an_interrupted_backfill_goes_on_where_it_stopped(localnet):
    _, start, end = days(localnet, 4)

    def stop_after_two(done: int, total: int, what: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backfill_chain(start=start, end=end, progress=stop_after_two)
    assert NetworkSnapshot.objects.count() == 2
    rest = backfill_chain(start=start, end=end)
    assert (rest.stored, rest.skipped) == (2, 2)


def test_points_in_the_future_are_left_out(localnet):
    _, start, end = days(localnet, 2)
    assert backfill_chain(start=start, end=end + timedelta(days=30)).seen == 2


def test_history_leaves_the_current_state_alone(localnet):
    _, start, end = days(localnet, 3)
    collect_chain()
    newest = NetworkSnapshot.objects.newest_complete()
    seen = dict(Subnet.objects.values_list("pk", "last_seen_block"))
    backfill_chain(start=start, end=end - timedelta(hours=1))
    assert NetworkSnapshot.objects.newest_complete() == newest
    assert dict(Subnet.objects.filter(pk__in=seen).values_list("pk", "last_seen_block")) == seen
    assert Subnet.objects.filter(pk__in=seen, first_seen_at__lt=newest.observed_at).exists()


def test_a_change_of_tenant_makes_two_subnets_neither_with_the_others_history(localnet):
    world = World(seed=1, subnets=16, uids=4, head=10_000_000)
    change, netuid = world.registrations(9_000_000, 9_900_000)[-1]
    node = localnet.start(subnets=16, uids=4, head=change + 4 * 7200)
    backfill_chain(start=moment(change) - timedelta(days=3), end=moment(change) + timedelta(days=3))
    former, current = Subnet.objects.filter(netuid=netuid).order_by("registered_at_block")
    assert current.registered_at_block == change
    assert former.name != current.name or former.identity.owner_coldkey != current.identity.owner_coldkey
    assert all(s.observed_at < moment(change) for s in former.snapshots.all())
    assert all(s.observed_at >= moment(change) for s in current.snapshots.all())
    for snapshot in (*former.snapshots.all(), *current.snapshots.all()):
        true = node.world.subnet(netuid, snapshot.network.block)
        assert snapshot.volume_rao == true.volume
        assert snapshot.tao_in_rao == true.pool.tao_in


def test_heights_with_an_older_runtime_are_stored_with_what_they_knew(localnet):
    localnet.start()
    start = moment(8_300_000)
    backfill_chain(start=start, end=start + timedelta(days=1))
    snapshot = SubnetSnapshot.objects.filter(subnet__netuid=1).first()
    assert snapshot.network.spec_version == 391
    assert snapshot.chain_buy_rao is None
    assert snapshot.price_rao > 0


def test_a_pruned_node_stops_the_backfill_with_the_reason(localnet):
    _, start, end = days(localnet, 5, faults=Faults(keep=300))
    with pytest.raises(Permanent, match="discarded"):
        backfill_chain(start=start, end=end - timedelta(days=1))
    assert not NetworkSnapshot.objects.exists()


def test_an_hourly_grid_is_anchored_at_midnight(localnet):
    _, _, end = days(localnet, 1)
    backfill_chain(start=end - timedelta(hours=5, minutes=30), end=end, every=timedelta(hours=2))
    hours = [at.hour for at in NetworkSnapshot.objects.order_by("block").values_list("observed_at", flat=True)]
    assert hours == [20, 22, 0]
