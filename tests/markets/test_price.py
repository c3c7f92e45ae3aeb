"""Collecting the price of TAO from CoinGecko."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from markets.collect import collect_price
from markets.models import MarketReply, TaoPrice
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.jobs.models import ApiQuota, Generation, JobRun
from taoanalytics.lib import clock
from tests.lib.answers import says
from tests.markets.conftest import CANARY
from tests.markets.samples import priced

pytestmark = pytest.mark.django_db
DATED = int(datetime(2026, 11, 22, 11, 59, 40, tzinfo=UTC).timestamp())


def test_a_price_is_dated_when_it_was_true_not_when_it_came(gecko):
    told = priced()
    gecko.say(told)
    report = collect_price()
    assert (report.seen, report.stored) == (1, 1)
    price = TaoPrice.objects.get()
    assert (price.source, price.price_usd, price.market_cap_usd, price.volume_24h_usd) == (
        "coingecko",
        412.5,
        4.1e9,
        1.5e8,
    )
    assert price.observed_at.timestamp() == told["bittensor"]["last_updated_at"]
    assert TaoPrice.objects.at(clock.now()) == price


@pytest.mark.parametrize(
    ("plan", "header"), [("public", None), ("demo", "x-cg-demo-api-key"), ("pro", "x-cg-pro-api-key")]
)
def test_each_plan_shows_its_key_at_its_own_door(gecko, settings, plan, header):
    settings.COINGECKO_PLAN = plan
    gecko.say(priced())
    collect_price()
    [asked] = gecko.asked
    keys = {name.lower(): value for name, value in asked.headers.items() if "cg-" in name.lower()}
    assert keys == ({header: CANARY} if header else {})
    assert asked.parameters["ids"] == "bittensor"
    assert CANARY not in str(asked.parameters)


def test_the_pro_plan_has_an_address_of_its_own(settings):
    from markets.coingecko import coingecko

    settings.COINGECKO_URL = ""
    roots = {}
    for plan in ("public", "demo", "pro"):
        settings.COINGECKO_PLAN = plan
        roots[plan] = coingecko()._service.root
    assert roots["public"] == roots["demo"] == "https://api.coingecko.com/api/v3"
    assert roots["pro"] == "https://pro-api.coingecko.com/api/v3"


@pytest.mark.parametrize("plan", ["demo", "pro", "gold"])
def test_a_plan_without_its_key_is_left_out_and_has_not_failed(gecko, settings, plan):
    settings.COINGECKO_API_KEY, settings.COINGECKO_PLAN = "", plan
    report = collect_price()
    assert (report.outcome, gecko.asked) == ("succeeded", [])
    assert "CoinGecko left out" in report.notes[0]


def test_what_is_not_told_stays_unknown(gecko):
    gecko.say(priced(usd_market_cap=None, usd_24h_vol=None))
    collect_price()
    assert TaoPrice.objects.values_list("market_cap_usd", "volume_24h_usd").get() == (None, None)


def test_a_market_cap_of_nothing_is_untold_but_a_day_without_trade_is_zero(gecko):
    gecko.say(priced(usd_market_cap=0, usd_24h_vol=0))
    collect_price()
    assert TaoPrice.objects.values_list("market_cap_usd", "volume_24h_usd").get() == (None, 0.0)


@pytest.mark.parametrize("body", [{}, {"bittensor": {}}, {"bittensor": {"usd": None}}, {"bittensor": None}, []])
def test_a_reply_that_says_nothing_of_tao_is_no_price(gecko, body):
    gecko.say(body)
    with pytest.raises(Transient, match="says nothing of bittensor"):
        collect_price()
    assert not TaoPrice.objects.exists()
    assert JobRun.objects.get().state == "failed"


@pytest.mark.parametrize(
    "spoiled",
    [
        {"usd": 0},
        {"usd": -1},
        {"usd": "much"},
        {"usd": True},
        {"usd": float("nan")},
        {"usd": float("inf")},
        {"usd": 1e300},
        {"usd": [412]},
        {"usd_market_cap": -1},
        {"usd_24h_vol": "NaN"},
        {"last_updated_at": "soon"},
        {"last_updated_at": 5},
        {"last_updated_at": 1e300},
        {"last_updated_at": DATED + 10 * 365 * 86_400},
    ],
)
def test_a_price_that_cannot_be_is_refused_with_the_reason(gecko, spoiled):
    gecko.say(priced(**spoiled))
    with pytest.raises(Permanent, match="CoinGecko"):
        collect_price()
    assert not TaoPrice.objects.exists()


ERRORS = {
    "status": {"status": {"error_code": 10005, "error_message": "this plan is restricted"}},
    "error and status": {
        "error": {"status": {"timestamp": "2026-11-22", "error_code": 10012, "error_message": "older than 365 days"}}
    },
    "text": {"error": "coin not found"},
}


@pytest.mark.parametrize("shape", ERRORS)
@pytest.mark.parametrize("status", [200, 400, 401, 404])
def test_an_error_in_any_shape_and_under_any_status_is_refused_in_its_words(gecko, shape, status):
    gecko.answer(says(ERRORS[shape], status=status))
    with pytest.raises(Permanent, match=r"restricted|365 days|not found"):
        collect_price()
    assert not TaoPrice.objects.exists()
    assert not MarketReply.objects.exists()
    assert len(gecko.asked) == 1


def test_an_error_that_passes_may_be_tried_again_even_under_status_200(gecko):
    gecko.say({"status": {"error_code": 429, "error_message": "slow down"}})
    with pytest.raises(Transient, match="slow down"):
        collect_price()


def test_a_rerun_asks_nothing_and_stores_nothing(gecko):
    gecko.say(priced())
    collect_price()
    generation = Generation.objects.current()
    again = collect_price()
    assert (again.stored, again.skipped, len(gecko.asked)) == (0, 1, 1)
    assert Generation.objects.current() == generation
    assert ApiQuota.objects.get(source="coingecko").reused == 1


def test_a_price_that_was_not_renewed_is_stored_once(gecko):
    gecko.say(priced())
    collect_price()
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        again = collect_price()
    assert (again.stored, again.skipped, len(gecko.asked)) == (0, 1, 2)
    assert TaoPrice.objects.count() == 1


def test_a_dry_run_stores_nothing(gecko):
    gecko.say(priced())
    report = collect_price(dry_run=True)
    assert (report.seen, report.skipped) == (1, 1)
    assert not any(model.objects.exists() for model in (TaoPrice, MarketReply, JobRun))


def test_a_simulated_chain_keeps_its_own_prices(gecko, settings):
    settings.SIMULATED = True
    assert "simulated" in collect_price().notes[0]
    assert gecko.asked == []
