"""Stored data out, and in again."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from enrichment.models import EnrichmentRun, LedgerEntry
from insights.judge import judge_newest
from insights.models import Insight
from markets.models import MarketReply, ScreenerRow, TaoPrice
from subnets import recording
from subnets.history import MAINNET_GENESIS
from subnets.metrics import METRICS
from subnets.models import (
    Category,
    Chain,
    CurrentNeurons,
    HyperparameterSet,
    KeyList,
    NetworkSnapshot,
    NeuronFrame,
    Subnet,
    SubnetSnapshot,
)
from taoanalytics.jobs.models import JobRun
from taoanalytics.lib.units import RAO
from taoanalytics.ops.exported import TABLES
from tests.factories import T0, a_subnet, some_neurons, stored

EVIL = "=cmd|' /C calc'!A0"
REPLY = '[{"netuid": 1, "subnet_name": "Apex, or \\"so\\"",\r\n "price": "0.10"}, {"netuid": 2, "subnet_name": "🔥"}]'


@pytest.fixture
def recorded(db: Any) -> None:
    for days in range(3, -1, -1):
        stored(
            a_subnet(0, name="root", registered=0),
            a_subnet(1, name="Apex, or \"so\"", price_rao=123_456_789 + days, neurons=some_neurons(), miner_burn=0.25),
            a_subnet(2, name="Plaτform 🔥", price_rao=None, volume_rao=None),
            a_subnet(3, name=EVIL, validator_count=4, active_validator_count=3, neuron_count=256, max_uids=256),
            at=T0 - timedelta(days=days),
        )  # fmt: skip
    judge_newest()
    TaoPrice.objects.create(observed_at=T0, source="import", price_usd=249.2)
    ScreenerRow.objects.create(subnet=Subnet.objects.get(netuid=1), observed_at=T0, name="Apex", price_tao=0.1)
    MarketReply.objects.create(source="taoapp", question="/api/beta/subnet_screener", received_at=T0, text=REPLY)
    HyperparameterSet.objects.create(
        subnet=Subnet.objects.get(netuid=1), digest="x", values={"tempo": 360}, first_seen_at=T0, last_seen_at=T0
    )
    JobRun.objects.create(job="collect chain", host="here", pid=1, state="succeeded", finished_at=T0)
    told_of(Subnet.objects.get(netuid=1))


def told_of(subnet: Subnet) -> None:
    """A classification, what it cost, and an explained signal, with what only staff may see marked SECRET."""
    run = EnrichmentRun.objects.create(
        subnet=subnet, method="model", outcome="ok", detail="SECRET", started_at=T0, finished_at=T0, accepted=True,
        context="W001 SECRET", context_hash="c", pipeline_hash="p", confidence=80, model_asked="m", model_served="m-1",
        category=Category.objects.get(slug="llm-inference"), payload={"tagline": "Does α"},
        evidence=[{"field": "tagline", "quote": "x" * 30_000}],
    )  # fmt: skip
    call = LedgerEntry.objects.create(
        subnet=subnet, run=run, asked_at=T0, purpose="classify", host="SECRET", model_asked="m", outcome="ok",
        request_id="SECRET", detail="SECRET", asked_by="SECRET", input_tokens=100, output_tokens=10,
        price_source="admin", input_usd_per_million=Decimal("0.05"), cost_usd=Decimal("0.00000512"),
    )  # fmt: skip
    LedgerEntry.objects.create(asked_at=T0, purpose="insight", host="h", model_asked="m")
    Insight.objects.create(
        subnet=subnet, block=7_000_000, observed_at=T0, level=4, input_hash="i", inputs={"price": "0.1"}, kind="model",
        text="It is 4.", outcome="accepted", detail="SECRET", refused_text="SECRET", model_served="m-1",
        prompt_version="1", ledger_entry=call, made_at=T0,
    )  # fmt: skip


def exported(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("export", *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def lines(*arguments: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(*arguments), newline="")))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_the_same_lines_as_csv_and_as_json(recorded: None, table: str) -> None:
    read, answer = lines(table), json.loads(exported(table, "--format", "json"))
    keys = [column["key"] for column in answer["columns"]]
    assert len(read) == len(answer["rows"]) > 0
    assert list(read[0]) == keys == list(answer["rows"][0])
    for line, row in zip(read, answer["rows"], strict=True):
        assert line == {key: "" if value is None else str(value) for key, value in row.items()}
    assert all(column["about"] for column in answer["columns"])


def test_an_empty_table_is_still_a_table(db: Any) -> None:
    for table in TABLES:
        assert json.loads(exported(table, "--format", "json"))["rows"] == []
        assert exported(table).count("\n") == 1


def everything() -> Iterator[tuple[Any, ...]]:
    fields = [field.name for field in SubnetSnapshot._meta.fields]
    kept = [name for name in fields if name not in {"id", "subnet", "network", "identity", *NOT_IN_THE_FILE}]
    named = ("network__block", "subnet__netuid", "subnet__registered_at_block", "identity__name", "identity__symbol")
    yield from SubnetSnapshot.objects.order_by("network__block", "subnet__netuid").values_list(*named, *kept)


NOT_IN_THE_FILE = (
    *("chain_buy_rao", "alpha_in_emission_rao", "alpha_out_emission_rao", "pending_alpha_rao", "burn_rao"),
    *("pool_tao_weight", "pool_fee", "emission_enabled", "mechanism_count", "last_step_block", "immunity_period"),
)
"""What import_history does not read."""


def test_what_is_exported_can_be_imported_into_another_database(recorded: None, tmp_path: Path) -> None:
    before, file = list(everything()), tmp_path / "history.csv.gz"
    exported("subnets", "--output", file)
    for model in (NetworkSnapshot, NeuronFrame, CurrentNeurons, KeyList, Subnet, Chain):
        model.objects.all().delete()
    call_command("import_history", str(file), stdout=io.StringIO())
    assert list(everything()) == before
    assert Chain.objects.get().genesis_hash == MAINNET_GENESIS
    assert NetworkSnapshot.objects.filter(complete=True).count() == 4


def test_the_observations_have_the_columns_that_the_import_reads(db: Any) -> None:
    heads = exported("subnets").strip().split(",")
    assert heads[: len(recording.COLUMNS)] == list(recording.COLUMNS)


def test_amounts_keep_every_rao(recorded: None) -> None:
    (row,) = lines("subnets", "--netuid", 1, "--from", T0.isoformat())
    assert row["price_tao"] == "0.123456789"
    assert row["alpha_out"] == "900000.000000000"
    assert row["incentive_burn"] == "0.25"


def test_times_and_netuids_choose(recorded: None) -> None:
    rows = lines("subnets", "--from", "2026-01-29", "--to", "2026-01-30", "--netuid", 1, 3)
    assert [(row["observed_at"][:10], row["netuid"]) for row in rows] == [
        *(("2026-01-29", "1"), ("2026-01-29", "3"), ("2026-01-30", "1"), ("2026-01-30", "3")),
    ]
    assert {row["netuid"] for row in lines("neurons", "--netuid", 1)} == {"1"}
    assert lines("neurons", "--netuid", 3) == []
    assert len(lines("metrics", "--from", T0.isoformat())) == 4


def test_a_table_without_netuids_says_so(recorded: None) -> None:
    with pytest.raises(CommandError, match="not about single subnets"):
        exported("prices", "--netuid", 1)


def test_neurons_are_one_line_each_in_their_units(recorded: None) -> None:
    rows = lines("neurons")
    assert [row["uid"] for row in rows] == ["0", "1", "2", "3"]
    assert rows[1]["hotkey"] == "5Hot1"
    assert rows[1]["alpha_stake"] == "2.000000000"
    assert float(rows[0]["dividends"]) == pytest.approx(30_000 / 65_535)


def test_a_reply_comes_out_as_it_came_in(recorded: None) -> None:
    (row,) = lines("market_replies")
    assert (row["source"], row["question"], row["text"]) == ("taoapp", "/api/beta/subnet_screener", REPLY)
    assert json.loads(exported("market_replies", "--format", "json"))["rows"][0]["text"] == REPLY


def test_what_the_screener_said_is_a_line_per_tenant_and_time_with_units(recorded: None) -> None:
    (row,) = lines("screener", "--netuid", 1)
    assert (row["observed_at"], row["netuid"], row["name"], row["price_tao"]) == (T0.isoformat(), "1", "Apex", "0.1")
    assert row["gini_top_100"] == ""
    units = {each["key"]: each["unit"] for each in lines("screener", "--columns")}
    assert (units["price_tao"], units["pool_alpha"]) == ("TAO per alpha", "alpha")
    assert (units["price_change_1d_pct"], units["root_share"]) == ("%", "0 to 1")


def test_metrics_are_what_is_stored(recorded: None) -> None:
    rows = json.loads(exported("metrics", "--format", "json", "--from", T0.isoformat()))["rows"]
    for row in rows:
        snapshot = SubnetSnapshot.objects.get(network__block=row["block"], subnet__netuid=row["netuid"])
        assert {metric.key: row[metric.key] for metric in METRICS} == dict(snapshot.metrics.values)


def test_texts_are_kept_as_they_are_or_made_safe_for_a_spreadsheet(recorded: None) -> None:
    assert lines("identities", "--netuid", 3)[0]["name"] == EVIL
    assert lines("identities", "--netuid", 3, "--for-spreadsheet")[0]["name"] == f"'{EVIL}"


def test_the_meaning_of_each_column_can_be_had(db: Any) -> None:
    told = {each["key"]: each for each in lines("metrics", "--columns")}
    assert told["market_cap_tao"]["unit"] == "TAO"
    assert told["market_cap_tao"]["formula"]


def test_a_file_is_there_whole_or_not_at_all(recorded: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "network.csv"
    exported("network", "--output", file)
    whole = file.read_text()
    assert whole.count("\n") == 5
    exported("network", "--output", tmp_path / "network.csv.gz")
    assert gzip.decompress((tmp_path / "network.csv.gz").read_bytes()).decode() == whole

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("taoanalytics.ops.management.commands.export.export", stopped)
    with pytest.raises(CommandError, match="stopped"):
        exported("network", "--output", file)
    assert file.read_text() == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["network.csv", "network.csv.gz"]


def test_a_place_that_cannot_be_written_to_is_named(recorded: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        exported("network", "--output", tmp_path / "nowhere" / "x.csv")


def test_a_classification_comes_with_what_it_was_made_of(recorded: None) -> None:
    (row,) = json.loads(exported("enrichment_runs", "--format", "json", "--netuid", 1))["rows"]
    assert (row["netuid"], row["registered_at_block"], row["category"]) == (1, 5_000_000, "llm-inference")
    assert (row["started_at"], row["accepted"], row["confidence"]) == (T0.isoformat(), True, 80)
    assert json.loads(row["payload"]) == {"tagline": "Does α"}
    assert row["evidence"] is None, "a cell has a longest"
    assert lines("enrichment_runs", "--netuid", 2) == []


def test_a_question_costs_what_it_cost_to_the_last_digit_and_unknown_is_not_zero(recorded: None) -> None:
    known, unknown = lines("ledger")
    assert (known["netuid"], known["cost_usd"], known["input_usd_per_million"]) == ("1", "0.00000512", "0.050000")
    assert (unknown["netuid"], unknown["cost_usd"], unknown["outcome"]) == ("", "", "pending")
    units = {each["key"]: each["unit"] for each in lines("ledger", "--columns")}
    assert (units["cost_usd"], units["input_tokens"]) == ("USD", "")


def test_an_insight_comes_with_its_block_and_its_inputs(recorded: None) -> None:
    (row,) = lines("insights", "--from", T0.isoformat(), "--to", T0.isoformat())
    assert (row["block"], row["observed_at"], row["level"], row["text"]) == ("7000000", T0.isoformat(), "4", "It is 4.")
    assert json.loads(row["inputs"]) == {"price": "0.1"}
    assert lines("insights", "--from", (T0 + timedelta(days=1)).isoformat()) == []


def test_what_only_staff_may_see_stays_in_the_house(recorded: None) -> None:
    assert not any("SECRET" in exported(table, "--format", "json") for table in TABLES)


def test_no_endpoint_leaves_the_house(recorded: None) -> None:
    NetworkSnapshot.objects.update(endpoint="wss://node.example/secret-key")
    assert not any("secret-key" in exported(table, "--format", "json") for table in TABLES)


def test_queries_do_not_grow_with_the_subnets(recorded: None, django_assert_max_num_queries: Any) -> None:
    stored(*(a_subnet(netuid, price_rao=RAO) for netuid in range(1, 60)), at=T0 + timedelta(days=1))
    with django_assert_max_num_queries(3):
        exported("subnets")
