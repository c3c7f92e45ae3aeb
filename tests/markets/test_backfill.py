"""What markets say of the past: near the grid, in few calls, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from markets.backfill import backfill_price, backfill_screener
from markets.models import ScreenerRow, TaoPrice
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.jobs.models import ApiQuota, Generation, JobRun
from tests.factories import a_subnet, stored
from tests.lib.answers import says

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def chart(*points, caps=True):
    """A chart of (time, price), as market_chart tells it."""
    pairs = [[round(at.timestamp() * 1000), price] for at, price in points]
    scaled = [[at, price and price * 10] for at, price in pairs]
    return {"prices": pairs, "market_caps": scaled if caps else [], "total_volumes": scaled}


def daily(start: datetime, end: datetime):
    days = [start + n * DAY for n in range((end - start) // DAY + 1)]
    return chart(*((at, 100.0 + n) for n, at in enumerate(days)), (NOW, 999.0))


def test_days_cost_one_call_whose_chart_is_long_enough_to_be_daily(gecko):
    gecko.say(daily(day(1), day(20)))
    report = backfill_price(start=day(10), end=day(12))
    assert (report.seen, report.stored) == (3, 3)
    [asked] = gecko.asked
    assert asked.path == "/coins/bittensor/market_chart"
    assert asked.parameters == {"vs_currency": "usd", "precision": "full", "days": "92"}
    first = TaoPrice.objects.order_by("observed_at").first()
    assert (first.observed_at, first.source, first.price_usd) == (day(10), "coingecko", 109.0)
    assert (first.market_cap_usd, first.volume_24h_usd) == (1090.0, 1090.0)


def test_the_moment_of_asking_is_no_day(gecko):
    gecko.say(daily(day(1), day(20)))
    backfill_price(start=day(15), end=NOW)
    assert not TaoPrice.objects.filter(price_usd=999.0).exists()
    assert TaoPrice.objects.count() == 6


def test_a_rerun_asks_nothing(gecko):
    gecko.say(daily(day(1), day(20)))
    backfill_price(start=day(10), end=day(12))
    generation = Generation.objects.current()
    again = backfill_price(start=day(10), end=day(12))
    assert (again.seen, again.stored, again.skipped) == (3, 0, 3)
    assert len(gecko.asked) == 1
    assert Generation.objects.current() == generation


def test_an_overlapping_backfill_stores_what_is_missing(gecko):
    gecko.say(daily(day(1), day(20)))
    backfill_price(start=day(10), end=day(12))
    report = backfill_price(start=day(8), end=day(14))
    assert (report.stored, report.skipped) == (4, 3)
    assert TaoPrice.objects.count() == 7


def test_what_the_plan_does_not_reach_is_skipped_and_said(gecko):
    gecko.say(daily(NOW.replace(hour=0, minute=0) - 364 * DAY, day(20)))
    report = backfill_price(start=NOW - 400 * DAY, end=NOW)
    assert gecko.asked[0].parameters["days"] == "365"
    assert any("beyond the plan" in note for note in report.notes)
    assert report.stored == 365
    assert report.seen == report.stored + report.skipped


def test_the_pro_plan_reaches_as_far_as_asked(gecko, settings):
    settings.COINGECKO_PLAN = "pro"
    gecko.say(daily(NOW.replace(hour=0, minute=0) - 500 * DAY, day(20)))
    report = backfill_price(start=NOW - 500 * DAY, end=NOW)
    assert gecko.asked[0].parameters["days"] == "500"
    assert report.stored == 500


def test_hours_come_in_charts_short_enough_to_be_hourly(gecko):
    start = NOW - 200 * DAY
    gecko.say(chart(*((start.replace(minute=0) + n * HOUR, 50.0) for n in range(200 * 24 + 1))))
    report = backfill_price(start=start, end=NOW, every=6 * HOUR)
    assert report.stored == report.seen == 800
    lengths = [int(a.parameters["to"]) - int(a.parameters["from"]) for a in gecko.asked]
    assert len(lengths) == 3
    assert max(lengths) <= 90 * 86_400
    assert min(lengths) > 86_400


def test_points_a_little_off_the_hour_stand_for_it(gecko):
    off = timedelta(minutes=2, seconds=13)
    gecko.say(chart(*((day(10) + n * HOUR + off, 50.0 + n) for n in range(5))))
    assert backfill_price(start=day(10), end=day(10) + 4 * HOUR, every=HOUR).stored == 5
    assert TaoPrice.objects.order_by("observed_at").first().observed_at == day(10) + off
    again = backfill_price(start=day(10), end=day(10) + 4 * HOUR, every=HOUR)
    assert (again.stored, len(gecko.asked)) == (0, 1)


def test_holes_and_nulls_stay_holes(gecko):
    gecko.say(chart((day(10), 100.0), (day(11), None), (day(13), 103.0)))
    report = backfill_price(start=day(10), end=day(13))
    assert (report.stored, report.skipped) == (2, 2)
    assert any("2 points have no price" in note for note in report.notes)


def test_a_point_that_cannot_be_costs_itself_only(gecko):
    told = chart((day(10), 100.0), (day(11), -5), (day(12), float("nan")), (day(13), 103.0))
    told["prices"] += [["soon", 1.0], "nonsense", [1]]
    gecko.say(told)
    report = backfill_price(start=day(10), end=day(13))
    assert report.stored == 2
    assert sum("unreadable point" in note for note in report.notes) == 5


@pytest.mark.parametrize("answer", [{"prices": []}, {}, [], {"prices": None}, {"prices": {"a": 1}}])
def test_a_chart_without_points_stores_nothing_and_has_failed(gecko, answer):
    gecko.say(answer)
    with pytest.raises((Transient, Permanent), match="chart"):
        backfill_price(start=day(10), end=day(13))
    assert JobRun.objects.get().state == "failed"


def test_a_refusal_of_old_history_is_told_in_its_words(gecko):
    refusal = {"error": {"status": {"error_code": 10012, "error_message": "exceeds the allowed time range"}}}
    gecko.say(refusal)
    with pytest.raises(Permanent, match=r"exceeds the allowed time range \(code 10012\)"):
        backfill_price(start=day(10), end=day(13))


def past(netuid: int, at: datetime, **figures):
    told = {"price": "0.5", "tao_in": "100.5", "alpha_in": 200.25, "alpha_out": None}
    return {"netuid": netuid, "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"), **told, **figures}


@pytest.fixture
def tenants(db):
    """Subnet 1 and 2, of which 2 changed hands in the night to the 12th."""
    stored(a_subnet(0), a_subnet(1), a_subnet(2, registered=5_000_000), at=day(11) + 12 * HOUR)
    newcomer = 7_437_291 + round((day(11) + 23 * HOUR - datetime(2026, 1, 31, tzinfo=UTC)).total_seconds() / 12)
    stored(a_subnet(0), a_subnet(1), a_subnet(2, registered=newcomer, name="Newcomer"), at=day(12) + 12 * HOUR)
    return newcomer


def pages(*rows, size=3):
    """The answers of a paginated list."""
    cut = [rows[i : i + size] for i in range(0, len(rows), size)]
    return [
        says({"data": part, "page": n, "next_page": n + 1 if n < len(cut) else None})
        for n, part in enumerate(cut, start=1)
    ]


def test_the_past_of_each_tenant_is_stored_as_its_own(tao_app, tenants):
    rows = [past(netuid, day(d)) for d in (10, 11, 12) for netuid in (0, 1, 2)]
    tao_app.answer(*pages(*rows))
    report = backfill_screener(start=day(10), end=day(12))
    assert (report.seen, report.stored, report.failed) == (6, 6, 0)
    held = ScreenerRow.objects.filter(subnet__netuid=2).order_by("observed_at")
    assert [r.subnet.registered_at_block for r in held] == [5_000_000, 5_000_000, tenants]
    first = held[0]
    assert (first.source, first.price_tao, first.pool_tao, first.pool_alpha, first.outside_alpha) == (
        "history",
        0.5,
        100.5,
        200.25,
        None,
    )


def test_pages_are_asked_for_one_after_the_other_and_each_is_counted(tao_app, tenants):
    rows = [past(netuid, day(d)) for d in (10, 11, 12) for netuid in (1, 2)]
    tao_app.answer(*pages(*rows, size=2))
    backfill_screener(start=day(10), end=day(12))
    assert [a.parameters["page"] for a in tao_app.asked] == ["1", "2", "3"]
    first = tao_app.asked[0]
    assert first.path == "/api/beta/analytics/dynamic-info/aggregated"
    assert (first.parameters["interval"], first.parameters["netuid"]) == ("1day", "1,2")
    assert ApiQuota.objects.get().calls == 3


def test_a_page_that_names_itself_as_the_next_is_the_last(tao_app, tenants):
    tao_app.say({"data": [past(1, day(10))], "page": 1, "next_page": 1})
    assert backfill_screener(start=day(10), end=day(10)).stored == 1
    assert len(tao_app.asked) == 1


def test_a_window_that_is_stored_is_not_asked_for_again(tao_app, tenants):
    tao_app.say([past(netuid, day(d)) for d in (10, 11, 12) for netuid in (1, 2)])
    backfill_screener(start=day(10), end=day(12))
    again = backfill_screener(start=day(10), end=day(12))
    assert (again.stored, again.skipped, len(tao_app.asked)) == (0, 6, 1)


def test_an_interrupted_backfill_keeps_its_windows_and_goes_on_with_the_rest(tao_app, tenants):
    earlier = [past(n, day(1) - 21 * DAY + d * DAY) for d in range(30) for n in (1, 2)]
    later = [past(n, day(10) + d * DAY) for d in range(3) for n in (1, 2)]
    tao_app.answer(says(earlier), says({"detail": "oops"}, status=503), says(later))
    span = {"start": day(1) - 21 * DAY, "end": day(12)}
    with pytest.raises(Transient, match="503"):
        backfill_screener(**span)
    assert ScreenerRow.objects.count() == 60
    assert backfill_screener(**span).stored == 6
    assert len(tao_app.asked) == 3


def test_a_day_that_is_not_over_is_left_for_later(tao_app, tenants):
    tao_app.say([past(1, day(18)), past(1, day(19)), past(1, day(20))])
    assert backfill_screener(start=day(18), end=NOW, netuids=[1]).stored == 2
    assert not ScreenerRow.objects.filter(observed_at__gte=day(20)).exists()


def test_a_bad_past_row_costs_itself_only(tao_app, tenants):
    tao_app.say([past(1, day(10), price="NaN"), past(2, day(10)), past(1, day(11)) | {"timestamp": "soon"}])
    report = backfill_screener(start=day(10), end=day(11))
    assert (report.stored, report.failed, report.outcome) == (1, 2, "partial")
    assert "price is 'NaN'" in report.problems[0]


def test_a_past_of_nobody_known_is_skipped(tao_app, tenants):
    tao_app.say([past(1, day(10)), past(88, day(10))])
    report = backfill_screener(start=day(10), end=day(10))
    assert report.stored == 1
    assert "nobody is known to have held them then: 88" in str(report.notes)


def test_before_the_chain_was_collected_no_past_is_asked_for(tao_app):
    report = backfill_screener(start=day(10), end=day(12))
    assert (report.seen, tao_app.asked) == (0, [])
    assert "until the chain was collected" in report.notes[0]


def test_without_a_key_no_past_is_asked_for(tao_app, tenants, settings):
    settings.TAO_APP_API_KEY = ""
    assert "TAO_APP_API_KEY" in backfill_screener(start=day(10), end=day(12)).notes[0]
