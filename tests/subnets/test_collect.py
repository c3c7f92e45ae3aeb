"""Collecting the chain: what is stored, once, whatever happens on the way."""

from datetime import timedelta

import pytest

from subnets.collect import collect_chain, collect_hyperparameters
from subnets.localnet.faults import NO_FAULTS, Faults
from subnets.models import (
    Chain,
    ColdkeyName,
    CurrentNeurons,
    HyperparameterSet,
    KeyList,
    NetworkSnapshot,
    NeuronFrame,
    Subnet,
    SubnetSnapshot,
)
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.jobs.models import Generation, JobRun
from taoanalytics.jobs.runs import AlreadyRunningError, job_run
from tests.conftest import HEAD

pytestmark = pytest.mark.django_db


def test_a_collection_stores_the_network_every_subnet_and_its_neurons(localnet):
    node = localnet.start(subnets=8)
    report = collect_chain()
    assert (report.seen, report.stored, report.failed) == (9, 9, 0)
    network = NetworkSnapshot.objects.get()
    assert network.complete
    assert network.spec_version == 461
    rows = {s.subnet.netuid: s for s in SubnetSnapshot.objects.select_related("subnet", "identity")}
    for netuid, row in rows.items():
        true = node.world.subnet(netuid, network.block)
        assert (row.tao_in_rao, row.alpha_out_rao, row.volume_rao) == (true.pool.tao_in, true.alpha_out, true.volume)
        assert row.subnet.registered_at_block == true.tenant.registered
        assert row.observed_at == network.observed_at
    assert NeuronFrame.objects.count() == CurrentNeurons.objects.count() == 9


def test_neurons_come_back_as_the_chain_reported_them(localnet):
    node = localnet.start(subnets=3, uids=16)
    collect_chain()
    block = NetworkSnapshot.objects.get().block
    for stored in CurrentNeurons.objects.select_related("subnet", "keys"):
        true = node.world.neurons(stored.subnet.netuid, block)
        columns = stored.columns()
        assert columns.alpha_stake == list(true.alpha_stake)
        assert columns.validator_permit == list(true.validator_permit)
        assert columns.incentives == list(true.incentives)
        assert columns.validator_trust == list(true.validator_trust)
        assert len(set(columns.hotkeys)) == len(columns)


def test_the_same_block_again_stores_nothing(localnet):
    localnet.start()
    collect_chain()
    again = collect_chain()
    assert (again.stored, again.skipped) == (0, 9)
    assert SubnetSnapshot.objects.count() == 9


def test_a_later_block_on_the_same_day_adds_history_and_no_second_frame(localnet):
    node = localnet.start()
    collect_chain()
    node.world.advance(100)
    collect_chain()
    assert NetworkSnapshot.objects.count() == 2
    assert SubnetSnapshot.objects.count() == 18
    assert NeuronFrame.objects.count() == 9
    assert set(CurrentNeurons.objects.values_list("block", flat=True)) == {
        NetworkSnapshot.objects.newest_complete().block
    }


def test_keys_are_kept_once_while_no_uid_changes_hands_and_in_little_space_when_one_does(localnet):
    node = localnet.start(subnets=4, uids=128)
    collect_chain()
    lists = KeyList.objects.count()
    node.world.advance(1)
    collect_chain()
    assert KeyList.objects.count() == lists
    node.world.advance(7200 * 2)
    collect_chain()
    leaning = KeyList.objects.filter(base__isnull=False).select_related("base")
    assert leaning
    for keys in leaning:
        assert len(keys.packed) < len(keys.base.packed) / 3
        assert keys.text() != keys.base.text()


def test_some_netuids_are_stored_without_hiding_the_others(localnet):
    node = localnet.start()
    collect_chain()
    complete = NetworkSnapshot.objects.newest_complete()
    node.world.advance(50)
    report = collect_chain(netuids=[1, 2])
    assert report.stored == 2
    assert NetworkSnapshot.objects.newest_complete() == complete


def test_a_complete_snapshot_fills_up_an_incomplete_one_of_the_same_block(localnet):
    localnet.start()
    collect_chain(netuids=[1, 2])
    assert NetworkSnapshot.objects.newest_complete() is None
    report = collect_chain()
    assert (report.stored, report.skipped) == (7, 2)
    assert NetworkSnapshot.objects.newest_complete() is not None


def test_a_dry_run_reads_and_writes_nothing(localnet):
    localnet.start()
    report = collect_chain(dry_run=True)
    assert report.seen == 9
    assert not any(model.objects.exists() for model in (Chain, JobRun, NetworkSnapshot, Subnet))


def test_a_database_belongs_to_the_chain_that_wrote_to_it_first(localnet):
    localnet.start(seed=1)
    collect_chain()
    localnet.start(seed=2)
    with pytest.raises(Permanent, match="belongs to the simulated network"):
        collect_chain()
    assert NetworkSnapshot.objects.count() == 1


def test_the_simulated_chain_is_known_by_its_genesis_hash(localnet):
    localnet.start()
    collect_chain()
    assert Chain.objects.get().simulated


def test_a_connection_lost_for_good_stores_nothing_and_the_next_run_completes(localnet, settings):
    settings.CHAIN_CONNECT_SECONDS = settings.CHAIN_SNAPSHOT_SECONDS = 1.0
    localnet.start(faults=Faults(drop_after=1, drop_once=False))
    with pytest.raises(Transient):
        collect_chain()
    assert not NetworkSnapshot.objects.exists()
    assert JobRun.objects.get().state == JobRun.State.FAILED
    settings.CHAIN_CONNECT_SECONDS = settings.CHAIN_SNAPSHOT_SECONDS = 60.0
    localnet.start()
    assert collect_chain().stored == 9


@pytest.mark.parametrize("answered", [6, 12, 18, 24])
def test_a_node_that_dies_half_way_leaves_nothing_half_stored_and_the_next_run_completes(localnet, settings, answered):
    localnet.start()
    collect_chain()  # the SDK has the metadata, so that every later call is one of the collection
    settings.CHAIN_CALL_SECONDS = 3.0  # the SDK would go on dialling; every call before takes a fraction of that
    node = localnet.start(head=HEAD + 100)
    node.faults = Faults(dies_after=answered)
    with pytest.raises(Transient):
        collect_chain()
    assert len(node.calls) == answered
    assert NetworkSnapshot.objects.count() == 1
    assert SubnetSnapshot.objects.count() == 9
    assert CurrentNeurons.objects.filter(block__gt=HEAD).count() == 0
    assert JobRun.objects.order_by("pk").last().state == JobRun.State.FAILED
    settings.CHAIN_CALL_SECONDS = 60.0
    node.faults = NO_FAULTS
    assert collect_chain().stored == 9
    assert SubnetSnapshot.objects.count() == 18


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (Faults(max_response=60_000), "as the node caps its replies"),
        (Faults(per_second=20), "waited as told"),
    ],
)
def test_what_it_took_to_read_a_difficult_node_is_in_the_logbook(
    localnet, known_runtime, requests_in_a_second, faults, said
):
    requests_in_a_second(21)
    localnet.start(uids=64, faults=faults)
    assert collect_chain().stored == 9
    assert any(said in note for note in JobRun.objects.get().notes)


def test_a_refusal_that_asks_to_wait_too_long_ends_the_run_with_the_reason(localnet, requests_in_a_second):
    requests_in_a_second(1000)
    localnet.start(faults=Faults(per_second=3, retry_after=86_400))
    with pytest.raises(Transient) as refusal:
        collect_chain()
    assert refusal.value.retry_after == 86_400
    run = JobRun.objects.get()
    assert run.state == JobRun.State.FAILED
    assert "refused, and asks to wait 86400 s" in run.error
    assert not NetworkSnapshot.objects.exists()


def test_a_first_endpoint_that_is_dead_is_passed_over_and_the_logbook_says_so(localnet):
    _, url = localnet.node()
    localnet.use("ws://127.0.0.1:9", url)
    collect_chain()
    assert NetworkSnapshot.objects.get().endpoint == url
    assert any("endpoint given up: ws://127.0.0.1:9" in note for note in JobRun.objects.get().notes)


def test_a_failure_while_storing_leaves_no_half_snapshot(localnet, monkeypatch):
    localnet.start()

    def fail(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("subnets.store.store_neurons", fail)
        with pytest.raises(KeyboardInterrupt):
            collect_chain()
    assert not NetworkSnapshot.objects.exists()
    assert not SubnetSnapshot.objects.exists()
    assert JobRun.objects.get().state == JobRun.State.INTERRUPTED
    assert collect_chain().stored == 9


def test_a_second_collector_is_told_that_one_is_running(localnet):
    localnet.start()
    with job_run("collect chain"), pytest.raises(AlreadyRunningError, match="already running"):
        collect_chain()
    assert not NetworkSnapshot.objects.exists()


def test_publishing_a_snapshot_starts_a_new_generation(localnet):
    localnet.start()
    before = Generation.objects.current()
    collect_chain()
    after = Generation.objects.current()
    assert after > before
    collect_chain()
    assert Generation.objects.current() == after


def test_a_bad_subnet_costs_itself_only(localnet, monkeypatch):
    localnet.start()
    from subnets import decode

    real = decode.identity_facts

    def spoiled(dynamic):
        if dynamic["netuid"] == 3:
            raise decode.UnreadableError("tao_in is 'NaN'")
        return real(dynamic)

    monkeypatch.setattr(decode, "identity_facts", spoiled)
    report = collect_chain()
    assert (report.stored, report.failed, report.outcome) == (8, 1, "partial")
    assert report.problems == ["subnet 3: tao_in is 'NaN'"]


def test_hostile_names_are_stored_as_harmless_text(localnet):
    localnet.start(subnets=128, uids=2)
    collect_chain()
    names = [s.name for s in Subnet.objects.select_related("identity")]
    assert any("<script>" in name for name in names)
    assert not any(c in name for name in names for c in "\x00\u202e")
    assert max(map(len, names)) <= 128
    links = [link for s in Subnet.objects.select_related("identity") if s.identity for _, link in s.identity.links]
    assert links
    assert all(link.startswith(("http://", "https://")) for link in links)


def test_names_of_validators_are_known_by_coldkey(localnet):
    localnet.start(subnets=4, uids=32)
    collect_chain()
    coldkeys = {k for n in CurrentNeurons.objects.all() for k in n.columns().coldkeys}
    assert ColdkeyName.objects.exists()
    assert set(ColdkeyName.objects.values_list("coldkey", flat=True)) <= coldkeys


def test_hyperparameters_are_kept_once_until_they_change(localnet):
    node = localnet.start()
    collect_chain()
    assert collect_hyperparameters().stored == 8
    first = HyperparameterSet.objects.first()
    node.world.advance(7200)
    again = collect_hyperparameters()
    assert (again.stored, again.skipped) == (0, 8)
    first.refresh_from_db()
    assert first.last_seen_at - first.first_seen_at == timedelta(days=1)
