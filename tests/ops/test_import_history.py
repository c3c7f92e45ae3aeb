"""What becomes of recorded history: exact, once, with its own tenant, beside what the chain said."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from markets.models import TaoPrice
from subnets import history, recording
from subnets.models import Chain, NetworkSnapshot, Subnet, SubnetIdentity, SubnetMetrics, SubnetSnapshot
from subnets.store import belong_to
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.models import Generation, JobRun
from taoanalytics.lib.units import LARGEST_INT64
from taoanalytics.ops.import_history import import_history
from tests.ops.recorded import BASE, CANDLES, candle, counts, day, line

SIMULATED_GENESIS = "0x" + b"simulated".hex() + "00" * 23


def test_an_import_cut_off_before_its_metrics_is_completed_by_the_next(imported, monkeypatch):
    def stopped(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(history, "measure_after", stopped)
        with pytest.raises(KeyboardInterrupt):
            imported(day(1), day(2))
    assert (SubnetSnapshot.objects.count(), SubnetMetrics.objects.count()) == (2, 0)
    assert imported(day(1), day(2)).stored == 0
    assert SubnetMetrics.objects.count() == 2


def test_a_line_becomes_a_snapshot_of_its_subnet(imported):
    report = imported(line())

    assert counts(report) == (1, 1, 0, 0)
    row = SubnetSnapshot.objects.select_related("network", "subnet__identity", "identity").get()
    assert row.observed_at == row.network.observed_at == datetime(2025, 3, 1, tzinfo=UTC)
    assert (row.network.block, row.network.source, row.network.complete) == (5000, "import", True)
    assert (row.subnet.netuid, row.subnet.registered_at_block, row.subnet.last_seen_block) == (1, 100, 5000)
    assert (row.identity.name, row.identity.symbol, row.identity.owner_coldkey) == ("apex", "α", "5Owner")
    assert row.subnet.identity == row.identity
    assert (row.price_rao, row.moving_price_rao, row.tao_in_emission_rao) == (5 * 10**8, 25 * 10**7, 10**8)
    assert (row.tao_in_rao, row.alpha_in_rao, row.alpha_out_rao) == (10 * 10**9, 20 * 10**9, 30 * 10**9)
    assert row.volume_rao == 40 * 10**9
    assert (row.validator_count, row.active_validator_count, row.active_miner_count) == (11, 10, 240)
    assert (row.neuron_count, row.max_uids, row.tempo, row.miner_burn) == (256, 256, 360, 0.5)


def test_amounts_are_exact_to_the_rao(imported):
    imported(line(alpha_out="9223372036.854775807", tao_in_tao="16777216.000000001", price_tao="9e-09"))

    row = SubnetSnapshot.objects.get()
    assert (row.alpha_out_rao, row.tao_in_rao, row.price_rao) == (LARGEST_INT64, 16777216000000001, 9)


@given(st.integers(0, LARGEST_INT64))
def test_every_amount_of_rao_survives_its_decimal_form(rao):
    tokens = Decimal(rao).scaleb(-9)

    assert recording.exact_rao("x", f"{tokens:f}") == recording.exact_rao("x", f"{tokens:e}") == rao


def test_empty_cells_and_a_price_of_zero_are_unknown_and_other_zeros_are_zero(imported):
    empty = dict.fromkeys(BASE.keys() - {"observed_at", "block", "netuid", "registered_at_block", "alpha_in"}, "")
    imported(line(**empty | {"alpha_in": "0.0"}), line(netuid=2, price_tao="0.0"))

    unknown, free = SubnetSnapshot.objects.order_by("subnet__netuid")
    assert unknown.price_rao is unknown.neuron_count is unknown.miner_burn is unknown.tao_in_rao is None
    assert unknown.alpha_in_rao == 0
    assert str(unknown.subnet) == "Subnet 1 (1)"
    assert free.price_rao is None


def test_whole_numbers_written_as_decimals_are_whole_numbers(imported):
    imported(line(registered_at_block="100.0", validators="11.0"))

    assert Subnet.objects.get().registered_at_block == 100
    assert SubnetSnapshot.objects.get().validator_count == 11


def test_times_with_an_offset_are_kept_in_utc(imported):
    imported(line(observed_at="2025-03-01T02:00:00+02:00"))

    assert NetworkSnapshot.objects.get().observed_at == datetime(2025, 3, 1, tzinfo=UTC)


def test_two_tenants_of_one_netuid_keep_their_own_history(imported):
    imported(day(1, name="old"), day(2, name="old"), day(3, registered_at_block=5002, name="new"))

    new, old = Subnet.objects.tenants_of(1)
    assert (old.name, old.snapshots.count(), old.last_seen_at.day) == ("old", 2, 2)
    assert (new.name, new.snapshots.count(), new.first_seen_at.day) == ("new", 1, 3)


def test_a_name_that_flips_back_and_forth_is_two_identities_with_their_spans(imported):
    imported(*(day(n, name="apex" if n % 2 else "APEX") for n in (1, 2, 3, 4)))

    spans = {i.name: (i.first_seen_at.day, i.last_seen_at.day) for i in SubnetIdentity.objects.all()}
    assert spans == {"apex": (1, 3), "APEX": (2, 4)}
    assert Subnet.objects.get().name == "APEX"


def test_older_history_widens_the_span_and_leaves_the_current_name(imported):
    imported(day(9, name="now"))
    imported(day(2, name="then"))

    subnet = Subnet.objects.get()
    assert (subnet.name, subnet.last_seen_block) == ("now", 5009)
    assert (subnet.first_seen_at.day, subnet.last_seen_at.day) == (2, 9)


def test_hostile_text_is_cleaned_and_capped(imported):
    imported(line(name="\u202eevil\x00" + "x" * 500, symbol="σ" * 99, owner_coldkey="5" * 99))

    identity = SubnetIdentity.objects.get()
    assert identity.name.startswith("evilx")
    assert (len(identity.name), len(identity.symbol), len(identity.owner_coldkey)) == (128, 16, 64)


def test_a_line_said_twice_is_stored_once_and_one_said_otherwise_is_refused(imported):
    report = imported(line(), line(price_tao="0.50"), line(price_tao="0.6"), line(registered_at_block=200))

    assert counts(report) == (4, 1, 1, 2)
    assert report.problems[0] == "line 4: says otherwise than line 2 of the same block and netuid"
    assert SubnetSnapshot.objects.get().price_rao == 5 * 10**8


@pytest.mark.parametrize("slip", [{"block": 4999}, {"observed_at": "2025-03-01T00:00:12Z"}])
def test_a_slip_in_the_block_or_its_time_costs_only_its_own_line_even_the_first(imported, slip):
    report = imported(line(**slip), line(netuid=2), line(netuid=3))

    assert counts(report) == (3, 2, 0, 1)
    assert report.problems[0].startswith("line 2: ")
    assert NetworkSnapshot.objects.get().block == 5000


def test_a_rerun_stores_nothing_and_publishes_nothing(imported):
    lines = [day(n, netuid) for n in (1, 2) for netuid in (1, 2)]
    imported(*lines)
    generation = Generation.objects.current()
    report = imported(*lines)

    assert counts(report) == (4, 0, 4, 0)
    assert SubnetSnapshot.objects.count() == 4
    assert Generation.objects.current() == generation


def test_a_rerun_asks_no_more_of_the_database_for_more_days(table, db, django_assert_max_num_queries):
    file = table(*(day(n, netuid) for n in range(1, 29) for netuid in range(1, 9)))
    import_history(file=file)
    with django_assert_max_num_queries(16):
        import_history(file=file)


def test_an_import_changes_the_generation_that_pages_are_cached_under(imported):
    before = Generation.objects.current()
    imported(line())

    assert Generation.objects.current() > before


def test_progress_is_told_to_the_end(table, db, monkeypatch):
    monkeypatch.setattr(history, "ROWS_PER_TRANSACTION", 2)
    told = []
    import_history(
        file=table(*(day(n, netuid) for n in (1, 2, 3) for netuid in (1, 2))), progress=lambda *step: told.append(step)
    )

    assert told[:3] == [(1, 3, "2025-03-01"), (2, 3, "2025-03-02"), (3, 3, "2025-03-03")]
    assert [(step[0], step[2].split()[0]) for step in told[3:]] == [
        (number, what) for what in ("metrics", "scores") for number in (1, 2, 3)
    ]


def test_an_interrupted_import_leaves_whole_blocks_and_the_next_run_stores_the_rest(table, db, monkeypatch):
    monkeypatch.setattr(history, "ROWS_PER_TRANSACTION", 4)
    file = table(*(day(n, netuid) for n in range(1, 7) for netuid in (1, 2)))
    storing, blocks = history.insert_snapshots, []

    def stop_at_the_fourth_block(networks, packed):
        blocks.extend(networks)
        stored = storing(networks, packed)
        if len(blocks) == 4:
            raise KeyboardInterrupt
        return stored

    monkeypatch.setattr(history, "insert_snapshots", stop_at_the_fourth_block)
    with pytest.raises(KeyboardInterrupt):
        import_history(file=file)
    assert [n.subnet_snapshots.count() for n in NetworkSnapshot.objects.all()] == [2, 2]
    assert JobRun.objects.filter(job="import history").latest("started_at").state == JobRun.State.INTERRUPTED

    monkeypatch.setattr(history, "insert_snapshots", storing)
    assert counts(import_history(file=file)) == (12, 8, 4, 0)
    assert [n.subnet_snapshots.count() for n in NetworkSnapshot.objects.all()] == [2] * 6


def test_what_the_chain_said_at_a_block_is_kept(imported):
    chain = NetworkSnapshot.objects.create(
        block=5000, observed_at=datetime(2025, 3, 1, 0, 0, 7, tzinfo=UTC), source="chain", complete=True
    )
    subnet = Subnet.objects.create(netuid=1, registered_at_block=100)
    SubnetSnapshot.objects.create(subnet=subnet, network=chain, observed_at=chain.observed_at, price_rao=7)
    report = imported(line(), line(netuid=2))

    assert counts(report) == (2, 1, 1, 0)
    assert subnet.snapshots.get().price_rao == 7
    added = SubnetSnapshot.objects.get(subnet__netuid=2)
    assert (added.network, added.observed_at) == (chain, chain.observed_at)
    chain.refresh_from_db()
    assert chain.source == "chain"


def test_a_block_at_the_very_time_of_a_stored_one_is_left_out_and_the_report_says_so(imported):
    imported(line())
    report = imported(line(block=5001))

    assert counts(report) == (1, 0, 1, 0)
    assert report.notes == ["block 5001 is left out: block 5000 is stored with the same time"]
    assert NetworkSnapshot.objects.get().block == 5000


def test_a_file_about_one_subnet_makes_no_other_vanish(imported):
    imported(*(day(1, netuid) for netuid in range(1, 6)))
    report = imported(day(2, netuid=1))

    newest = NetworkSnapshot.objects.newest_complete()
    assert newest.block == 5001
    assert Subnet.objects.living(newest).count() == 5
    assert Subnet.objects.get(netuid=1).snapshots.count() == 2
    assert "1 of 1 blocks list only some of the subnets" in report.notes[0]


def test_a_subnet_that_is_gone_from_a_whole_network_is_gone(imported):
    root = day(1, 0), day(2, 0)
    imported(*root, *(day(1, netuid) for netuid in range(1, 6)), *(day(2, netuid) for netuid in range(1, 5)))

    newest = NetworkSnapshot.objects.newest_complete()
    assert newest.block == 5002
    assert not Subnet.objects.living(newest).filter(netuid=5).exists()


def test_subnets_registered_later_are_not_missed_in_earlier_blocks(imported):
    imported(*(day(20, netuid, registered_at_block=5000 + netuid) for netuid in range(1, 11)))
    imported(day(2, 1, registered_at_block=5001), day(2, 2, registered_at_block=5002))

    assert NetworkSnapshot.objects.newest_complete(datetime(2025, 3, 3, tzinfo=UTC)).block == 5002


def test_a_block_of_some_subnets_becomes_whole_when_the_others_are_imported(imported):
    everyone = [day(1, netuid) for netuid in range(1, 6)]
    imported(*(day(9, netuid) for netuid in range(1, 6)))
    imported(everyone[0])
    assert not NetworkSnapshot.objects.get(block=5001).complete

    assert counts(imported(*everyone)) == (5, 4, 1, 0)
    assert NetworkSnapshot.objects.get(block=5001).complete


def test_a_block_imported_subnet_by_subnet_becomes_whole_when_one_file_lists_them_all(imported):
    imported(*(day(9, netuid) for netuid in range(1, 6)))
    everyone = [day(1, netuid) for netuid in range(1, 6)]
    for one in everyone:
        imported(one)
    generation = Generation.objects.current()

    assert counts(imported(*everyone)) == (5, 0, 5, 0)
    assert NetworkSnapshot.objects.get(block=5001).complete
    assert Generation.objects.current() > generation


def test_root_is_stored_and_alone_is_no_network(imported):
    imported(line(netuid=0))

    assert Subnet.objects.get().netuid == 0
    assert not NetworkSnapshot.objects.get().complete


def test_the_database_of_the_simulated_network_refuses_recorded_history(table, db):
    belong_to(SIMULATED_GENESIS)
    for file in (lambda: table(line()), lambda: table(candle(), header=CANDLES)):
        with pytest.raises(Permanent, match="another chain"):
            import_history(file=file())
    assert not NetworkSnapshot.objects.exists()
    assert not TaoPrice.objects.exists()


def test_after_an_import_the_database_belongs_to_the_mainnet(imported):
    imported(line())

    assert Chain.objects.get().genesis_hash == history.MAINNET_GENESIS
    with pytest.raises(Permanent):
        belong_to(SIMULATED_GENESIS)


def test_the_command_says_what_it_did_and_which_line_failed(table, db, capsys):
    with pytest.raises(SystemExit) as leaving:
        call_command("import_history", str(table(line(), line(netuid=2, price_tao="?"))))

    said = capsys.readouterr().out
    assert leaving.value.code == 1
    assert "line 3: price_tao is '?', which is not a number" in said
    assert "partial" in said


def test_the_command_ends_well_when_nothing_failed(table, db, capsys):
    call_command("import_history", str(table(line())))

    assert "succeeded" in capsys.readouterr().out
