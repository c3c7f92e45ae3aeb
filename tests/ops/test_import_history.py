import gzip
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

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

SIMULATED_GENESIS = "0x" + b"simulated".hex() + "00" * 23
CANDLES = (
    "open_time,open,high,low,close,volume,close_time,quote_asset_volume,trades,"
    "taker_buy_base,taker_buy_quote,ignore,open_time.1,open_time"
)
BASE = {
    "observed_at": "2025-03-01T00:00:00Z",
    "block": "5000",
    "netuid": "1",
    "registered_at_block": "100",
    "name": "apex",
    "symbol": "α",
    "price_tao": "0.5",
    "moving_price_tao": "0.25",
    "tao_in_tao": "10",
    "alpha_in": "20",
    "alpha_out": "30",
    "tao_in_emission_tao": "0.1",
    "volume_tao_cumulative": "40",
    "validators": "11",
    "active_validators": "10",
    "active_miners": "240",
    "active_keys": "256",
    "max_uids": "256",
    "tempo": "360",
    "incentive_burn": "0.5",
    "owner_coldkey": "5Owner",
}

NETWORK = ",".join(BASE)


def line(**cells):
    return ",".join((BASE | {name: str(value) for name, value in cells.items()}).values())


def day(number, netuid=1, **cells):
    """A line of the given day of March 2025; a block is as high as its day is late."""
    return line(observed_at=f"2025-03-{number:02}T00:00:00Z", block=5000 + number, netuid=netuid, **cells)


def candle(close="230.4", closes="1767311999999", volume="7743970.5"):
    return f"2026-01-01 00:00:00+00:00,219.2,230.4,218.3,{close},34526.6,{closes},{volume},39222,1,2,0,,"


@pytest.fixture
def table(tmp_path):
    """A file with the given lines under a header: the network's, if no other is given."""

    def write(*lines, header=NETWORK):
        file = tmp_path / "history.csv"
        file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return file

    return write


@pytest.fixture
def imported(table, db):
    def run(*lines, **kwargs):
        return import_history(file=table(*lines, **kwargs))

    return run


def counts(report):
    return report.seen, report.stored, report.skipped, report.failed


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


def test_columns_may_stand_in_any_order_among_others(table, db):
    names, cells = ["extra", *reversed(BASE)], ["?", *reversed(BASE.values())]
    report = import_history(file=table(",".join(cells), header=",".join(names)))

    assert counts(report) == (1, 1, 0, 0)


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


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"price_tao": "abc"}, "price_tao is 'abc', which is not a number"),
        ({"price_tao": "NaN"}, "price_tao is 'NaN', which is not a number"),
        ({"tao_in_tao": "inf"}, "tao_in_tao is 'inf', which is not a number"),
        ({"alpha_in": "-1"}, "alpha_in is -1, which is negative"),
        ({"alpha_out": "9223372036.854775808"}, "more than all tokens there can be"),
        ({"alpha_out": "1e999"}, "more than all tokens there can be"),
        ({"alpha_out": "1_000"}, "not a number"),
        ({"block": "99999999999999999999"}, "block is 99999999999999999999, more than the largest possible"),
        ({"block": "4999.5"}, "block is 4999.5, which is not a whole number"),
        ({"block": ""}, "block is empty"),
        ({"netuid": "65536"}, "netuid is 65536, more than the largest possible"),
        ({"netuid": "-1"}, "netuid is -1, which is negative"),
        ({"validators": "3000000000"}, "validators is 3000000000, more than the largest possible"),
        ({"incentive_burn": "1.5"}, "incentive_burn is 1.5, more than the whole"),
        ({"registered_at_block": ""}, "registered_at_block is empty"),
        ({"registered_at_block": "5001"}, "registered at block 5001, later than block 5000"),
        ({"observed_at": "2025-03-01T00:00:00"}, "names no time zone"),
        ({"observed_at": "yesterday"}, "not an ISO 8601 time"),
        ({"observed_at": "0001-01-01T00:00:00+12:00"}, "not an ISO 8601 time"),
        ({"observed_at": "9998-01-01T00:00:00Z"}, "lies in the future"),
        ({"name": "one,two"}, "22 cells under 21 column names"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_costs_only_itself(imported, cells, reason):
    report = imported(line(netuid=7), line(**cells), line(netuid=9))

    assert counts(report) == (3, 2, 0, 1)
    assert report.problems[0].startswith("line 3: ")
    assert reason in report.problems[0]
    assert sorted(Subnet.objects.values_list("netuid", flat=True)) == [7, 9]
    assert NetworkSnapshot.objects.get().complete


def test_a_line_cut_short_is_a_bad_line(imported):
    report = imported(line(), line(netuid=2)[:40])

    assert counts(report) == (2, 1, 0, 1)
    assert report.problems[0].startswith("line 3: ")


def test_a_quotation_mark_that_is_never_closed_costs_only_its_own_line(imported):
    lines = [line(netuid=n) for n in range(1, 900)]
    lines[4] = line(netuid=5, name='"open')
    report = imported(*lines)

    assert counts(report) == (899, 898, 0, 1)
    assert report.problems[0].startswith("line 6: ")


@pytest.mark.parametrize("closing", [{"name": 'inch"'}, {"symbol": 'inch"', "name": "inch"}])
def test_a_later_mark_that_happens_to_close_it_does_not_swallow_the_lines_between(imported, closing):
    report = imported(line(name='"open'), line(netuid=2), line(netuid=3, **closing))

    assert counts(report) == (3, 2, 0, 1)
    assert report.problems[0].startswith("line 2: ")
    assert Subnet.objects.get(netuid=3).name.startswith("inch")


def test_a_quoted_name_may_hold_commas_and_line_ends_and_later_lines_keep_their_numbers(imported):
    report = imported(line(name='"a, ""b""\nc"'), line(netuid=2, block="x"))

    assert SubnetIdentity.objects.get().name == 'a, "b"\nc'
    assert report.problems[0].startswith("line 4: ")


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
    assert JobRun.objects.latest_of("import history").state == JobRun.State.INTERRUPTED

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


def test_missing_or_renamed_columns_are_named(imported):
    with pytest.raises(Permanent, match=r"lacks price_tao, owner_coldkey$"):
        imported(header=NETWORK.replace("price_tao", "price", 1).replace("owner_coldkey", "owner"))


def test_a_repeated_column_is_refused(imported):
    with pytest.raises(Permanent, match="repeats netuid"):
        imported(header=NETWORK + ",netuid")


def test_a_gzip_file_is_known_by_its_content_and_a_byte_order_mark_is_no_text(tmp_path, db):
    text = "\ufeff" + "\r\n".join((NETWORK, line(), ""))
    (tmp_path / "plain.csv.gz").write_bytes(text.encode())
    (tmp_path / "packed.csv").write_bytes(gzip.compress(text.encode()))

    assert counts(import_history(file=tmp_path / "plain.csv.gz")) == (1, 1, 0, 0)
    assert counts(import_history(file=tmp_path / "packed.csv")) == (1, 0, 1, 0)


def packed_lines():
    return gzip.compress("\n".join([NETWORK, *(line(netuid=n) for n in range(5000))]).encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: b"", "is empty"),
        (lambda: gzip.compress(b""), "is empty"),
        (lambda: packed_lines()[:-4000], "is cut short"),
        (lambda: packed_lines()[:5], "is cut short"),
        (lambda: packed_lines()[:-8] + b"\0" * 8, "is damaged"),
        (lambda: "\n".join([NETWORK, line(symbol="é")]).encode("latin-1"), "is not UTF-8 text"),
        (lambda: NETWORK.encode("utf-16"), "is not UTF-8 text"),
        (lambda: b"<!doctype html><title>504</title>", "is no history known here"),
        (lambda: b"\x00" * 100, "is no history known here"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_refused_whole(tmp_path, db, content, reason):
    file = tmp_path / "broken.csv"
    file.write_bytes(content())
    with pytest.raises(Permanent, match=f"broken.csv {reason}"):
        import_history(file=file)
    assert not NetworkSnapshot.objects.exists()


def test_a_directory_or_a_missing_file_is_refused_in_words(tmp_path, db):
    with pytest.raises(Permanent, match="cannot be read: Is a directory"):
        import_history(file=tmp_path)
    with pytest.raises(Permanent, match="cannot be read: No such file"):
        import_history(file=tmp_path / "nothing.csv")


def test_a_header_and_no_lines_is_an_empty_success(imported):
    assert counts(imported()) == (0, 0, 0, 0)


def test_candles_become_prices_at_their_close(imported):
    report = imported(candle(), candle(close="249.2", closes="1767398399999", volume=""), header=CANDLES)

    assert counts(report) == (2, 2, 0, 0)
    later, earlier = TaoPrice.objects.all()
    assert (earlier.source, earlier.price_usd, earlier.volume_24h_usd) == ("import", 230.4, 7743970.5)
    assert earlier.observed_at == datetime(2026, 1, 1, 23, 59, 59, 999000, tzinfo=UTC)
    assert (later.price_usd, later.volume_24h_usd) == (249.2, None)
    assert counts(imported(candle(), header=CANDLES)) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (candle(close="abc"), "close is 'abc', which is not an amount"),
        (candle(close="nan"), "close is 'nan', which is not an amount"),
        (candle(close="-1"), "close is '-1', which is not an amount"),
        (candle(close="1e999"), "close is '1e999', which is not an amount"),
        (candle(close="0"), "close is empty or zero"),
        (candle(close=""), "close is empty or zero"),
        (candle(volume="inf"), "quote_asset_volume is 'inf'"),
        (candle(closes="soon"), "close_time is 'soon'"),
        (candle(closes="9" * 30), "close_time is '999"),
        (candle(closes="250000000000000"), "yet to come"),
        (candle(close="231"), "says otherwise than line 2 of the same close_time"),
        (candle()[:30], "cells under 14 column names"),
    ],
)
def test_a_bad_candle_is_named_with_its_reason_and_costs_only_itself(imported, bad, reason):
    report = imported(candle(), bad, candle(closes="1767398399999"), header=CANDLES)

    assert counts(report) == (3, 2, 0, 1)
    assert report.problems[0].startswith("line 3: ")
    assert reason in report.problems[0]


def test_candles_with_a_moved_column_are_refused(imported):
    with pytest.raises(Permanent, match=r"differs at low, close$"):
        imported(header=CANDLES.replace("low,close", "close,low"))


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


@pytest.fixture
def recordings():
    if not (folder := os.environ.get("REAL_DATA_DIR")):
        pytest.skip("the recorded network history is not here: REAL_DATA_DIR is not set")
    return Path(folder) / "data"


@pytest.mark.real_data
def test_a_year_of_the_real_network_imports_once(recordings, db):
    file = recordings / "network_history_daily.csv.gz"
    report = import_history(file=file)

    assert counts(report) == (40_333, 40_329, 0, 4)
    assert [problem.split(":")[0] for problem in report.problems] == [
        *("line 28,607", "line 31,852", "line 33,640", "line 37,115")
    ]
    assert all("later than block" in problem for problem in report.problems)
    assert NetworkSnapshot.objects.filter(complete=True).count() == NetworkSnapshot.objects.count() == 349
    assert Subnet.objects.count() == 148
    assert SubnetSnapshot.objects.filter(price_rao=None).count() == 9
    assert Subnet.objects.living(NetworkSnapshot.objects.newest_complete()).count() == 128
    first = SubnetSnapshot.objects.get(network__block=4_924_601, subnet__netuid=4)
    assert (first.price_rao, first.tao_in_rao, first.volume_rao) == (328_676_760, 429_333_300_000, 2_158_549_500_000)

    assert counts(import_history(file=file)) == (40_333, 0, 40_329, 4)
    assert SubnetSnapshot.objects.count() == 40_329


@pytest.mark.real_data
def test_one_real_subnet_on_its_own_hides_none_of_the_others(recordings, table, db):
    with gzip.open(recordings / "network_history_daily.csv.gz", "rt", encoding="utf-8") as text:
        header, *lines = text.read().splitlines()
    april = [one for one in lines if one.startswith("2025-04-1")]
    import_history(file=table(*april, header=header))
    later = [one for one in lines if one.startswith("2025-04-2") and one.split(",")[2] == "64"]
    import_history(file=table(*later, header=header))

    newest = NetworkSnapshot.objects.newest_complete()
    assert newest.observed_at == datetime(2025, 4, 19, tzinfo=UTC)
    assert Subnet.objects.get(netuid=64).last_seen_at == datetime(2025, 4, 29, tzinfo=UTC)


@pytest.mark.real_data
def test_real_candles_import_once(recordings, db):
    (file,) = (recordings / "tao_usd").glob("binance_TAOUSDT_1d_*.csv")

    assert counts(import_history(file=file)) == (632, 632, 0, 0)
    assert counts(import_history(file=file)) == (632, 0, 632, 0)
    newest = TaoPrice.objects.at(datetime(2026, 1, 3, tzinfo=UTC))
    assert (newest.price_usd, newest.volume_24h_usd) == (249.2, 24545205.77537)
    assert TaoPrice.objects.at(datetime(2024, 4, 11, 12, tzinfo=UTC)) is None
