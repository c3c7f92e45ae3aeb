"""Collecting TAO.app's screener: what is stored, of whom, once."""

import json
from datetime import timedelta

import pytest
import time_machine

from markets.collect import collect_screener
from markets.models import MarketReply, ScreenerRow
from subnets.models import Subnet
from subnets.store import belong_to
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.jobs.models import ApiQuota, Generation, JobRun, first_of_month
from taoanalytics.lib import clock
from tests.factories import a_subnet, stored
from tests.lib.answers import says
from tests.markets.conftest import CANARY
from tests.markets.samples import screened

pytestmark = pytest.mark.django_db


def row(netuid=1):
    return ScreenerRow.objects.get(subnet__netuid=netuid)


def test_every_figure_is_stored_under_a_name_with_its_unit(tao_app, network):
    tao_app.say([screened(1)])
    report = collect_screener()
    assert (report.seen, report.stored, report.outcome) == (1, 1, "succeeded")
    found = row()
    assert (found.price_tao, found.price_change_1d_pct, found.price_change_30d_pct) == (0.1, -5.0, None)
    assert (found.pool_tao, found.pool_alpha, found.outside_alpha) == (10_000, 100_000, 900_000)
    assert (found.buy_volume_1d_tao, found.net_volume_1h_tao, found.net_volume_7d_tao) == (60.0, -1.5, 0.0)
    assert (found.realized_pnl_tao, found.highest_60d_tao, found.gini_top_100) == (-7.0, 0.2, 0.9)
    assert (found.root_share, found.emission_share, found.hhi_points) == (0.75, 0.01, 400)
    unfilled = {f.name for f in ScreenerRow._meta.fields if getattr(found, f.name) is None}
    assert unfilled == {"price_change_30d_pct"}


def test_the_key_travels_in_a_header_and_the_question_has_no_parameters(tao_app, network):
    tao_app.say([screened(1)])
    collect_screener()
    [asked] = tao_app.asked
    assert (asked.path, asked.parameters) == ("/api/beta/subnet_screener", {})
    assert asked.headers["X-API-Key"] == CANARY


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"data": rows, "total": 2, "next_page": None}])
def test_the_list_may_come_bare_or_wrapped(tao_app, network, wrap):
    tao_app.say(wrap([screened(1), screened(2)]))
    assert collect_screener().stored == 2


def test_numbers_may_be_strings_and_unknown_ones_null_or_empty(tao_app, network):
    tao_app.say([screened(1, price="0.25", tao_in=None, alpha_in="", fdv_tao="0", price_1d_pct_change="-1e-3")])
    collect_screener()
    found = row()
    assert (found.price_tao, found.pool_tao, found.pool_alpha, found.fdv_tao) == (0.25, None, None, 0.0)
    assert found.price_change_1d_pct == -0.001


def test_root_is_no_subnet_of_a_market(tao_app, network):
    tao_app.say([screened(0), screened(1)])
    assert collect_screener().seen == 1
    assert not ScreenerRow.objects.filter(subnet__netuid=0).exists()


@pytest.mark.parametrize(
    "spoiled",
    [
        {"price": float("nan")},
        {"price": "NaN"},
        {"market_cap_tao": float("inf")},
        {"fdv_tao": 10**400},
        {"fdv_tao": 1e30},
        {"price": -1},
        {"price": True},
        {"price": [0.1]},
        {"price": {"value": 1}},
        {"price": "a lot"},
        {"emission_pct": 250},
        {"netuid": 1.5},
        {"netuid": "one"},
        {"netuid": None},
        {"netuid": 70_000},
    ],
)
def test_a_row_that_cannot_be_costs_itself_only_and_is_named(tao_app, network, spoiled):
    tao_app.say([screened(1) | spoiled, screened(2), screened(3)])
    report = collect_screener()
    assert (report.stored, report.failed, report.outcome) == (2, 1, "partial")
    assert next(iter(spoiled)) in report.problems[0]
    assert JobRun.objects.get().state == "partial"


def test_rows_that_are_no_records_or_come_twice_are_named(tao_app, network):
    tao_app.say(["nonsense", None, screened(1), screened(1, price=9)])
    report = collect_screener()
    assert (report.stored, report.failed) == (1, 3)
    assert row().price_tao == 0.1


@pytest.mark.parametrize("name", ["🧠 Brain 🚀", "مرحبا بالعالم", "שלום", "ᚳ", "<script>alert(1)</script>"])
def test_names_in_any_script_are_stored_as_they_are(tao_app, network, name):
    tao_app.say([screened(1, subnet_name=name)])
    collect_screener()
    assert row().name == name


def test_names_lose_what_changes_the_text_around_them(tao_app, network):
    tao_app.say([screened(1, subnet_name="evil\u202egnp\x00\nname" + "x" * 500), screened(2, subnet_name=7)])
    collect_screener()
    assert row(1).name.startswith("evilgnp name")
    assert len(row(1).name) == 128
    assert row(2).name == ""


def test_shares_in_percent_and_in_fractions_come_out_the_same(tao_app, network):
    fractions = [screened(n, emission_pct=e, root_prop=0.6) for n, e in ((1, 0.005), (2, 0.6), (3, 0.395))]
    percents = [r | {"emission_pct": r["emission_pct"] * 100, "root_prop": 60.0} for r in fractions]
    tao_app.answer(says(fractions), says(percents))
    collect_screener()
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        collect_screener()
    for netuid in (1, 2, 3):
        then, now = ScreenerRow.objects.filter(subnet__netuid=netuid).order_by("observed_at")
        assert now.emission_share == pytest.approx(then.emission_share)
        assert now.root_share == pytest.approx(then.root_share) == pytest.approx(0.6)


def test_concentration_in_either_scale_is_stored_in_points(tao_app, network):
    tao_app.say([screened(1, hhi=0.0856), screened(2, hhi=856.0)])
    collect_screener()
    assert row(1).hhi_points == pytest.approx(row(2).hhi_points) == pytest.approx(856)


def test_a_netuid_the_chain_does_not_list_is_skipped_and_said(tao_app, network):
    tao_app.say([screened(1), screened(77), screened(99)])
    report = collect_screener()
    assert (report.stored, report.skipped, report.failed) == (1, 2, 0)
    assert "skipped, as the chain does not list them: 77, 99" in report.notes


def test_a_row_belongs_to_the_tenant_of_its_time(tao_app, db):
    now = clock.now()
    stored(a_subnet(1, registered=5_000_000), at=now - timedelta(hours=2))
    stored(a_subnet(1, registered=9_000_000, name="Newcomer"), at=now - timedelta(hours=1))
    tao_app.say([screened(1)])
    collect_screener()
    assert row().subnet.registered_at_block == 9_000_000


def test_a_row_that_still_names_the_owner_before_is_not_given_to_the_new_tenant(tao_app, db):
    now = clock.now()
    stored(a_subnet(1, registered=5_000_000), at=now - timedelta(hours=2))
    stored(a_subnet(1, registered=9_000_000), at=now - timedelta(hours=1))
    newcomer = Subnet.objects.get(registered_at_block=9_000_000)
    newcomer.identity.owner_coldkey = "5Other"
    newcomer.identity.save()
    tao_app.say([screened(1, owner_coldkey="5Owner")])
    report = collect_screener()
    assert not ScreenerRow.objects.exists()
    assert any("tenant before" in note for note in report.notes)


def test_before_the_chain_was_collected_the_reply_is_kept_and_used_afterwards_without_a_call(tao_app, db):
    tao_app.say([screened(1)])
    first = collect_screener()
    assert (first.stored, first.skipped) == (0, 1)
    assert "until the chain was collected" in first.notes[0]
    stored(a_subnet(1), at=clock.now() + timedelta(minutes=1))
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert collect_screener().stored == 1
    assert len(tao_app.asked) == 1


def test_the_reply_is_kept_as_received_and_only_the_latest(tao_app, network):
    text = '[ {"netuid":1,  "price":"0.10","subnet_name":"\\u16b3 é 🚀"} ]'
    tao_app.answer(says(text=text), says([screened(1)]))
    collect_screener()
    assert MarketReply.objects.get().text == text
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        collect_screener()
    assert json.loads(MarketReply.objects.get().text) == [screened(1)]


def test_a_rerun_within_the_hour_asks_nothing_stores_nothing_and_says_so(tao_app, network):
    tao_app.say([screened(1), screened(2)])
    collect_screener()
    generation = Generation.objects.current()
    with time_machine.travel(clock.now() + timedelta(minutes=50)):
        again = collect_screener()
    assert (again.stored, again.skipped, len(tao_app.asked)) == (0, 2, 1)
    assert any("reused the reply" in note for note in again.notes)
    quota = ApiQuota.objects.get(source="taoapp")
    assert (quota.calls, quota.reused) == (1, 1)
    assert Generation.objects.current() == generation


def test_a_reply_is_asked_for_anew_by_each_turn_of_an_hourly_schedule(tao_app, network):
    tao_app.say([screened(1)])
    start = clock.now()
    for turn in range(3):
        with time_machine.travel(start + turn * timedelta(hours=1, seconds=-2)):
            collect_screener()
    assert len(tao_app.asked) == 3
    assert ScreenerRow.objects.count() == 3


def test_a_reply_dated_by_a_clock_gone_wrong_is_not_reused_for_ever(tao_app, network):
    tao_app.say([screened(1)])
    with time_machine.travel(clock.now() + timedelta(days=365)):
        collect_screener()
    collect_screener()
    collect_screener()
    assert len(tao_app.asked) == 2
    assert ApiQuota.objects.get(month=first_of_month(clock.now())).reused == 1


def test_what_some_netuids_left_out_is_completed_from_the_same_reply(tao_app, network):
    tao_app.say([screened(1), screened(2), screened(3)])
    assert collect_screener(netuids=[2]).stored == 1
    assert collect_screener(limit=3).stored == 1
    assert collect_screener().stored == 1
    assert len(tao_app.asked) == 1
    assert ScreenerRow.objects.values("observed_at").distinct().count() == 1


def test_an_empty_list_is_not_an_empty_network(tao_app, network):
    tao_app.answer(says([screened(1)]), says([]))
    collect_screener()
    with time_machine.travel(clock.now() + timedelta(hours=1)), pytest.raises(Transient, match="empty answer"):
        collect_screener()
    assert ScreenerRow.objects.count() == 1
    assert json.loads(MarketReply.objects.get().text)


def test_publishing_starts_a_new_generation_with_the_rows(tao_app, network):
    tao_app.say([screened(1)])
    before = Generation.objects.current()
    collect_screener()
    assert Generation.objects.current() == before + 1


def test_a_failure_while_storing_leaves_nothing_half_done(tao_app, network, monkeypatch):
    tao_app.say([screened(1)])

    def fail(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("taoanalytics.jobs.models.GenerationManager.bump", fail)
        with pytest.raises(KeyboardInterrupt):
            collect_screener()
    assert not ScreenerRow.objects.exists()
    assert not MarketReply.objects.exists()
    assert collect_screener().stored == 1


def test_a_dry_run_stores_nothing_and_counts_the_call_it_made(tao_app, network):
    tao_app.say([screened(1), screened(2)])
    generation = Generation.objects.current()
    report = collect_screener(dry_run=True)
    assert (report.seen, report.stored, report.skipped) == (2, 0, 2)
    assert not any(model.objects.exists() for model in (ScreenerRow, MarketReply, JobRun))
    assert Generation.objects.current() == generation
    assert ApiQuota.objects.get().calls == 1


def test_without_a_key_nothing_is_asked_and_nothing_has_failed(tao_app, network, settings):
    settings.TAO_APP_API_KEY = ""
    report = collect_screener()
    assert (report.outcome, tao_app.asked) == ("succeeded", [])
    assert report.notes == ["TAO.app left out: TAO_APP_API_KEY is not set"]


def test_a_simulated_chain_takes_in_nothing_from_outside(tao_app, localnet):
    from subnets.collect import collect_chain

    localnet.start()
    collect_chain()
    report = collect_screener()
    assert (report.seen, tao_app.asked) == (0, [])
    assert "simulated" in report.notes[0]


def test_another_chain_than_the_mainnet_takes_in_nothing_either(tao_app, network):
    belong_to("0x" + "ab" * 32)
    assert "about the mainnet" in collect_screener().notes[0]
    assert tao_app.asked == []


def test_a_database_with_real_prices_refuses_a_simulated_chain(tao_app, network, localnet):
    from subnets.collect import collect_chain

    tao_app.say([screened(1)])
    collect_screener()
    localnet.start()
    with pytest.raises(Permanent, match="another"):
        collect_chain()


@pytest.mark.real_data
def test_the_recorded_network_is_stored_figure_by_figure(tao_app, real_data, db):
    text = (real_data / "data" / "taoapp" / "screener_RECONSTRUCTED_2025-04-17.json").read_text("utf-8")
    recorded = json.loads(text)
    stored(*(a_subnet(r["netuid"]) for r in recorded), at=clock.now())
    tao_app.answer(says(text=text))
    report = collect_screener()
    assert (report.seen, report.stored, report.failed) == (93, 93, 0)
    for record in recorded:
        found = row(record["netuid"])
        assert found.price_tao == record["price"]
        assert found.price_change_7d_pct == record["price_7d_pct_change"]
        assert found.market_cap_tao == record["market_cap_tao"]
        assert found.circulating_alpha == record["alpha_circ"]
        assert found.net_volume_1d_tao == record["net_volume_tao_24h"]
        assert found.hhi_points is None
    assert MarketReply.objects.get().text == text
