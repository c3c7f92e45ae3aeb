"""Collection as an operator, a schedule and a worker start it."""

import inspect
import json
from datetime import timedelta

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import CommandError

from markets.models import ScreenerRow, TaoPrice
from subnets.models import NetworkSnapshot
from subnets.store import belong_to
from taoanalytics.jobs.models import ApiQuota, JobRun
from taoanalytics.lib import clock
from taoanalytics.ops import tasks
from taoanalytics.ops.collect import MODES, sources
from tests.commands import run
from tests.factories import a_subnet, stored
from tests.lib.answers import says
from tests.markets.samples import priced, screened

pytestmark = pytest.mark.django_db


@pytest.fixture
def markets(tao_app, gecko):
    tao_app.say([screened(n) for n in range(4)])
    gecko.say(priced())
    return tao_app, gecko


def test_each_source_can_be_collected_by_itself(markets, network, capsys):
    assert run(capsys, "collect", "screener")[0] == 0
    assert (ScreenerRow.objects.count(), TaoPrice.objects.count()) == (3, 0)
    assert run(capsys, "collect", "price")[0] == 0
    assert TaoPrice.objects.count() == 1


def test_hourly_is_chain_screener_and_price_and_daily_more():
    assert MODES["hourly"] == ("chain", "screener", "price")
    assert set(MODES["hourly"]) < set(MODES["daily"]) <= set(MODES["nightly"])


def test_a_chain_that_is_down_keeps_neither_market_from_being_stored(markets, capsys):
    stored(*(a_subnet(n) for n in range(4)), at=clock.now() - timedelta(hours=2))
    code, said = run(capsys, "collect", "hourly")
    assert code == 1
    assert (ScreenerRow.objects.count(), TaoPrice.objects.count()) == (3, 1)
    assert "collect chain: connection lost or refused" in said
    states = dict(JobRun.objects.values_list("job", "state"))
    assert states == {"collect chain": "failed", "collect screener": "succeeded", "collect price": "succeeded"}


def test_a_market_that_is_down_is_an_exit_code_and_a_line(markets, network, capsys):
    tao_app, _ = markets
    tao_app.answer(says(text="", status=503))
    code, said = run(capsys, "collect", "hourly")
    assert code == 1
    assert "answered 503 (Service Unavailable)" in said
    assert "Traceback" not in said
    assert TaoPrice.objects.count() == 1


def test_a_source_without_its_key_is_said_and_has_not_failed(markets, network, capsys, settings):
    settings.TAO_APP_API_KEY = ""
    code, said = run(capsys, "collect", "hourly")
    assert code == 0
    assert "TAO.app left out: TAO_APP_API_KEY is not set" in said


def test_partly_bad_rows_are_an_exit_code_and_the_rest_is_stored(markets, network, capsys):
    tao_app, _ = markets
    tao_app.say([screened(1, price="NaN"), screened(2), screened(3)])
    code, said = run(capsys, "collect", "screener")
    assert code == 1
    assert "partial" in said
    assert "subnet 1: price is 'NaN'" in said
    assert ScreenerRow.objects.count() == 2


def test_on_the_simulated_network_markets_are_left_out(markets, localnet, capsys):
    localnet.start()
    code, said = run(capsys, "collect", "hourly")
    assert code == 0
    assert "the network is simulated" in said
    assert all(market.asked == [] for market in markets)
    assert set(TaoPrice.objects.values_list("source", flat=True)) == {"simulated"}


def test_a_block_read_just_now_is_as_good_as_a_new_one(markets, network, capsys):
    code, said = run(capsys, "collect", "chain")
    assert code == 0, "no endpoint answers, so it was not asked"
    assert "reused block" in said
    assert NetworkSnapshot.objects.count() == 1
    assert ApiQuota.objects.get(source="chain").reused == 1


def test_the_simulated_network_costs_nothing_and_is_asked_each_time(network, capsys):
    belong_to("0x" + b"simulated".hex() + "00" * 23)
    code, said = run(capsys, "collect", "chain")
    assert code == 1, "no endpoint answers, so it was asked"
    assert "reused" not in said


@pytest.mark.parametrize("minutes", [6, -60 * 24])
def test_a_block_too_old_or_yet_to_come_is_not(capsys, db, minutes):
    stored(a_subnet(1), at=clock.now() - timedelta(minutes=minutes))
    assert run(capsys, "collect", "chain")[0] == 1


def test_only_the_subnets_asked_for_are_stored(markets, network, capsys):
    run(capsys, "collect", "screener", "--netuid", "2", "3")
    assert set(ScreenerRow.objects.values_list("subnet__netuid", flat=True)) == {2, 3}
    ScreenerRow.objects.all().delete()
    run(capsys, "collect", "screener", "--limit", "2")
    assert set(ScreenerRow.objects.values_list("subnet__netuid", flat=True)) == {1}


def test_a_spent_quota_closes_a_source_and_a_person_may_open_it(markets, network, capsys, settings):
    tao_app, _ = markets
    settings.API_QUOTAS["taoapp"] = {"month": 0, "minute": 10}
    code, said = run(capsys, "collect", "screener")
    assert code == 1
    assert "They renew on" in said
    assert tao_app.asked == []
    code, _ = run(capsys, "collect", "screener", "--ignore-quota")
    assert code == 0
    assert ScreenerRow.objects.count() == 3
    assert ApiQuota.objects.get(source="taoapp").calls == 1


def test_no_task_can_ignore_a_quota(markets, network, settings):
    settings.API_QUOTAS = {name: {"month": 0, "minute": 10} for name in ("taoapp", "coingecko")}
    span = {"start": clock.now().isoformat(), "end": clock.now().isoformat()}
    for source in ("screener", "price"):
        for task, asked in ((tasks.collect, {"mode": source}), (tasks.backfill, {"source": source} | span)):
            with pytest.raises(TypeError):
                task.apply(kwargs=asked | {"ignore_quota": True}, throw=True)
        assert tasks.collect.apply(kwargs={"mode": source}).failed()
    for verb in sources("hourly").values():
        assert "ignore_quota" not in inspect.signature(verb).parameters
    assert all(market.asked == [] for market in markets)


def test_tasks_do_what_the_commands_do(markets, network):
    for source in ("screener", "price"):
        assert tasks.collect.apply(kwargs={"mode": source}).successful()
    assert (ScreenerRow.objects.count(), TaoPrice.objects.count()) == (3, 1)


def test_the_task_fills_in_history_as_the_command_does(gecko):
    today = clock.start_of_day(clock.now().date())
    days = [today - timedelta(days=n) for n in range(3, -1, -1)]
    gecko.say({"prices": [[at.timestamp() * 1000, 100.0] for at in days]})
    span = {"start": days[0].isoformat(), "end": days[-1].isoformat()}
    assert tasks.backfill.apply(kwargs={"source": "price"} | span).successful()
    assert TaoPrice.objects.count() == 4


def test_a_dry_run_says_what_it_would_store(markets, network, capsys):
    code, said = run(capsys, "collect", "screener", "--dry-run")
    assert code == 0
    assert "3" in said
    assert not ScreenerRow.objects.exists()


def test_prices_are_backfilled_by_command(gecko, capsys):
    today = clock.start_of_day(clock.now().date())
    days = [today - timedelta(days=n) for n in range(5, -1, -1)]
    gecko.say({"prices": [[at.timestamp() * 1000, 100.0] for at in days]})
    code, said = run(capsys, "backfill", "price", "--from", f"{days[0]:%Y-%m-%d}")
    assert code == 0
    assert TaoPrice.objects.count() == 6
    assert "succeeded" in said


def test_the_past_of_some_subnets_is_backfilled_by_command(tao_app, network, capsys):
    yesterday = clock.start_of_day(clock.now().date()) - timedelta(days=1)
    row = {"netuid": 2, "timestamp": yesterday.isoformat(), "price": 0.5, "tao_in": 1, "alpha_in": 1, "alpha_out": 1}
    tao_app.say({"data": [row]})
    code, _ = run(capsys, "backfill", "screener", "--from", f"{yesterday:%Y-%m-%d}", "--netuid", "2")
    assert code == 0
    assert tao_app.asked[0].parameters["netuid"] == "2"
    assert ScreenerRow.objects.get().source == "history"


def test_netuids_are_refused_where_they_mean_nothing():
    with pytest.raises(CommandError, match="for the screener"):
        call_command("backfill", "price", "--netuid", "1")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("TAO_APP_URL", "http://api.tao.app", "markets.E001"),
        ("COINGECKO_URL", "ftp://x", "markets.E001"),
        ("COINGECKO_PLAN", "gold", "markets.E002"),
        ("COINGECKO_API_KEY", "", "markets.W001"),
    ],
)
def test_misconfiguration_is_a_numbered_check(settings, name, value, complaint):
    assert not [c for c in checks.run_checks() if (c.id or "").startswith("markets")]
    setattr(settings, name, value)
    assert complaint in {c.id for c in checks.run_checks()}


@pytest.mark.real_data
def test_the_openapi_of_the_vendor_names_what_is_asked(real_data):
    """The paths and parameters that the client uses, against the vendor's own description."""
    vendor = json.loads((real_data / "data" / "coingecko" / "coingecko_demo_openapi_subset.json").read_text("utf-8"))
    used = {
        "/simple/price": {"ids", "vs_currencies", "precision", "include_market_cap", "include_24hr_vol"},
        "/coins/{id}/market_chart": {"vs_currency", "days", "precision"},
        "/coins/{id}/market_chart/range": {"vs_currency", "from", "to", "precision"},
    }
    for path, parameters in used.items():
        known = {parameter["name"] for parameter in vendor["paths"][path]["get"]["parameters"]}
        assert parameters <= known
    from markets.coingecko import read_chart, read_price

    told = vendor["paths"]["/simple/price"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    point = read_price({"bittensor": told["bitcoin"]}, clock.now())
    assert point.price_usd == told["bitcoin"]["usd"]
    chart = vendor["paths"]["/coins/{id}/market_chart"]["get"]["responses"]["200"]["content"]["application/json"]
    assert len(read_chart(chart["example"]).points) == 2
