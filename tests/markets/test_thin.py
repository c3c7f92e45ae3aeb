"""Thinning what markets said: old days keep what they need, and no day loses its only copy of anything."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from markets.models import ScreenerRow, TaoPrice
from markets.thin import thin_markets
from subnets.models import Subnet
from taoanalytics.jobs.models import Generation, JobRun

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OLD = datetime(2026, 1, 10, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def a_price(at: datetime, source: str = "coingecko") -> None:
    TaoPrice.objects.create(observed_at=at, source=source, price_usd=300.0)


def a_row(at: datetime, netuid: int = 1, source: str = "screener") -> None:
    subnet, _ = Subnet.objects.get_or_create(netuid=netuid, registered_at_block=1)
    ScreenerRow.objects.create(subnet=subnet, observed_at=at, source=source, price_tao=0.1)


def times(model) -> list[str]:
    return [f"{at:%m-%d %H:%M}" for at in model.objects.order_by("observed_at").values_list("observed_at", flat=True)]


def test_an_old_day_keeps_its_last_price_and_its_first_row_and_a_recent_one_all():
    for hour in range(24):
        for day in (OLD, NOW - timedelta(days=60)):
            a_price(day + hour * HOUR + 17 * MINUTE)
            a_row(day + hour * HOUR + 37 * MINUTE)
    report = thin_markets(now=NOW)
    assert times(TaoPrice)[0] == "01-10 23:17"
    assert times(ScreenerRow)[0] == "01-10 00:37"
    assert TaoPrice.objects.count() == ScreenerRow.objects.count() == 25
    assert (report.seen, report.stored, report.skipped) == (48, 46, 2)
    assert JobRun.objects.get(job="thin markets").state == "succeeded"


def test_a_price_at_midnight_stays_for_the_backfill_that_would_ask_for_it_again():
    for minutes in (0, 77, 137):
        a_price(OLD + minutes * MINUTE)
    thin_markets(now=NOW)
    assert times(TaoPrice) == ["01-10 00:00", "01-10 02:17"]
    assert thin_markets(now=NOW).seen == 0


def test_each_source_and_each_tenant_has_its_own_day():
    for source in ("coingecko", "import"):
        for hour in (9, 10):
            a_price(OLD + hour * HOUR, source)
    for netuid, source in ((1, "screener"), (1, "history"), (2, "screener")):
        for hour in (9, 10):
            a_row(OLD + hour * HOUR, netuid, source)
    thin_markets(now=NOW)
    assert times(TaoPrice) == ["01-10 10:00"] * 2
    assert times(ScreenerRow) == ["01-10 09:00"] * 3


def test_prices_of_the_simulated_network_stay_with_its_snapshots():
    for hour in (9, 10):
        a_price(OLD + hour * HOUR, "simulated")
    assert thin_markets(now=NOW).seen == 0


def test_the_limit_is_the_beginning_of_a_day(settings):
    settings.THIN_AFTER_DAYS = 10
    edge = datetime(2026, 5, 22, tzinfo=UTC)
    for at in (edge - 2 * HOUR, edge - HOUR, edge + HOUR, edge + 2 * HOUR):
        a_row(at)
    thin_markets(now=NOW)
    assert times(ScreenerRow) == ["05-21 22:00", "05-22 01:00", "05-22 02:00"]


def test_a_dry_run_deletes_nothing_and_counts_the_same():
    for hour in range(5):
        a_row(OLD + hour * HOUR)
    generation = Generation.objects.current()
    planned = thin_markets(now=NOW, dry_run=True)
    assert ScreenerRow.objects.count() == 5
    assert Generation.objects.current() == generation
    done = thin_markets(now=NOW)
    assert (planned.seen, planned.stored, planned.skipped) == (done.seen, done.stored, done.skipped) == (5, 4, 1)
    assert Generation.objects.current() > generation


def test_the_command_thins_markets_too_and_only_when_told_yes(capsys):
    for hour in (1, 2):
        a_price(OLD + hour * HOUR)
    call_command("thin")
    assert "would delete 1 prices of TAO" in capsys.readouterr().out
    assert TaoPrice.objects.count() == 2
    call_command("thin", "--yes")
    assert times(TaoPrice) == ["01-10 02:00"]


MOMENTS = st.lists(
    st.tuples(st.integers(0, 3 * 24 * 60 - 1), st.integers(1, 3), st.sampled_from(["screener", "history"])),
    unique=True,
    max_size=15,
)


@given(MOMENTS)
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_day_ever_loses_its_only_copy(moments):
    ScreenerRow.objects.all().delete()
    TaoPrice.objects.all().delete()
    for minute, netuid, source in moments:
        a_row(OLD + minute * MINUTE, netuid, source)
    for minute in {minute for minute, *_ in moments}:
        a_price(OLD + minute * MINUTE)

    def known() -> set[tuple[object, ...]]:
        rows = ScreenerRow.objects.values_list("observed_at", "subnet__netuid", "source")
        prices = TaoPrice.objects.values_list("observed_at", "source")
        return {(f"{at:%Y-%m-%d}", *rest) for at, *rest in (*rows, *prices)}

    before = known()
    thin_markets(now=NOW)
    assert known() == before
    assert ScreenerRow.objects.count() == len([each for each in before if len(each) == 3])
