"""Quotas: counted before the call, never overspent, renewed by the calendar, closed when in doubt."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, OperationalError, transaction

from taoanalytics.jobs import quota
from taoanalytics.jobs.errors import Permanent, ServiceError, Transient
from taoanalytics.jobs.models import ApiQuota
from taoanalytics.jobs.quota import count_reuse, reserve, usage
from tests.competing import at_once
from tests.ops.engine import database_url

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.API_QUOTAS = {"shop": {"month": 5, "minute": 3}, "other": {"month": 1, "minute": 1}}
    with time_machine.travel(NOON):  # no month ends while several compete for its calls
        yield


def reserved(times: int, source: str = "shop") -> int:
    """How many of so many calls are granted."""
    granted = 0
    for _ in range(times):
        try:
            reserve(source)
        except ServiceError:
            continue
        granted += 1
    return granted


@pytest.mark.django_db
def test_calls_are_counted_by_source_and_month():
    with time_machine.travel(NOON, tick=False):
        reserve("shop")
        reserve("other")
        reserve("shop")
    assert set(ApiQuota.objects.values_list("source", "month", "calls")) == {
        ("shop", NOON.date().replace(day=1), 2),
        ("other", NOON.date().replace(day=1), 1),
    }


@pytest.mark.django_db
def test_a_spent_month_is_final_and_says_when_it_renews(settings):
    settings.API_QUOTAS["shop"]["minute"] = 100
    with time_machine.travel(NOON, tick=False):
        assert reserved(5) == 5
        with pytest.raises(Permanent, match=r"all 5 calls of November 2026 .* renew on 2026-12-01 00:00 UTC"):
            reserve("shop")
    assert ApiQuota.objects.get().calls == 5


@pytest.mark.django_db
def test_a_spent_minute_passes_and_says_in_how_many_seconds():
    with time_machine.travel(NOON, tick=False) as clock:
        assert reserved(3) == 3
        clock.shift(20)
        with pytest.raises(Transient, match="the 3 calls of a minute are spent") as refused:
            reserve("shop")
        assert refused.value.retry_after == 40
        clock.shift(40)
        reserve("shop")


@pytest.mark.django_db
def test_no_minute_however_it_is_cut_sees_more_calls_than_allowed(settings):
    settings.API_QUOTAS["shop"] = {"month": 10_000, "minute": 3}
    granted = []
    with time_machine.travel(NOON, tick=False) as clock:
        for second in range(0, 600, 7):
            if reserved(1):
                granted.append(second)
            clock.shift(7)
    assert len(granted) > 15
    assert all(later - earlier >= 60 for earlier, later in zip(granted, granted[3:], strict=False))


@pytest.mark.django_db
def test_a_new_month_is_a_new_budget_and_the_old_one_stays_spent(settings):
    settings.API_QUOTAS["shop"] = {"month": 2, "minute": 100}
    with time_machine.travel(datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC), tick=False) as clock:
        assert reserved(3) == 2
        clock.shift(31)
        assert reserved(3) == 2
        clock.shift(-31)
        assert reserved(1) == 0, "a clock set back finds its month as it was left"


@pytest.mark.django_db
def test_the_minute_goes_on_over_the_end_of_a_month(settings):
    settings.API_QUOTAS["shop"] = {"month": 100, "minute": 2}
    with time_machine.travel(datetime(2027, 2, 28, 23, 59, 50, tzinfo=UTC), tick=False) as clock:
        assert reserved(2) == 2
        clock.shift(15)
        assert reserved(1) == 0
        clock.shift(50)
        assert reserved(1) == 1


@pytest.mark.django_db
def test_a_clock_that_lags_a_little_is_no_way_around_the_minute(settings):
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert reserved(3) == 3
    with time_machine.travel(NOON, tick=False):
        assert reserved(1) == 0


@pytest.mark.django_db
def test_a_call_of_a_lagging_clock_does_not_shorten_the_wait_after_those_of_a_leading_one():
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert reserved(2) == 2
    with time_machine.travel(NOON, tick=False) as clock:
        assert reserved(1) == 1
        clock.shift(61)
        assert reserved(1) == 0


@pytest.mark.django_db
def test_a_clock_gone_wrong_by_years_does_not_close_the_source_for_years(settings):
    settings.API_QUOTAS["shop"] = {"month": 100, "minute": 2}
    with time_machine.travel(datetime(2026, 11, 30, tzinfo=UTC), tick=False):
        assert reserved(2) == 2
    with time_machine.travel(NOON, tick=False):
        assert reserved(1) == 1


@pytest.mark.django_db
def test_a_person_may_ignore_the_quota_and_is_counted_nonetheless():
    with time_machine.travel(NOON, tick=False):
        for _ in range(7):
            reserve("shop", ignore_quota=True)
    assert ApiQuota.objects.get().calls == 7


@pytest.mark.django_db
def test_a_limit_of_none_at_all_closes_the_source(settings):
    settings.API_QUOTAS["shop"] = {"month": 0, "minute": 10}
    with pytest.raises(Permanent):
        reserve("shop")
    settings.API_QUOTAS["shop"] = {"month": 10, "minute": 0}
    with pytest.raises(Transient):
        reserve("shop")


@pytest.mark.django_db
def test_a_source_without_limits_is_not_asked():
    with pytest.raises(Permanent, match="API_QUOTAS sets no limits"):
        reserve("unheard of")


@pytest.mark.django_db
@pytest.mark.parametrize("failure", [DatabaseError, OperationalError])
def test_a_call_that_cannot_be_counted_is_not_made(monkeypatch, failure):
    def fail(*args, **options):
        raise failure("the database is locked")

    monkeypatch.setattr("taoanalytics.jobs.models.ApiQuotaQuerySet.of_month", fail)
    with pytest.raises(Transient, match="could not be counted"):
        reserve("shop")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_reserved_within_a_transaction_that_may_yet_be_undone():
    with pytest.raises(RuntimeError), transaction.atomic():
        reserve("shop")


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_than_the_limit_goes_out(settings):
    settings.API_QUOTAS["shop"] = {"month": 5, "minute": 100}
    assert sum(at_once(8, lambda: reserved(3))) == 5
    assert ApiQuota.objects.get().calls == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_the_last_call_of_the_minute(settings):
    settings.API_QUOTAS["shop"] = {"month": 100, "minute": 1}
    assert sorted(at_once(2, lambda: reserved(1))) == [0, 1]


ASK_ONCE = """
import django, sys
django.setup()
from django.conf import settings
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.quota import reserve
print("ready", flush=True)
sys.stdin.readline()
settings.API_QUOTAS = {"shop": {"month": 1, "minute": 10}}
try:
    reserve("shop")
    print("granted")
except Permanent:
    print("refused")
"""


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_one_gets_the_last_call_and_a_third_later_none():
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "taoanalytics.settings"}

    def process() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", ASK_ONCE],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    both = [process(), process()]
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("\n")
        one.stdin.flush()
    assert sorted(one.communicate()[0].strip() for one in both) == ["granted", "refused"]
    assert process().communicate("\n")[0].split() == ["ready", "refused"]
    assert ApiQuota.objects.get().calls == 1


@pytest.mark.django_db
def test_usage_tells_of_every_source_with_its_limits_in_one_query(django_assert_num_queries):
    with time_machine.travel(NOON, tick=False):
        reserve("shop")
        count_reuse("shop")
        count_reuse("chain")
        with django_assert_num_queries(1):
            found = {u.source: u for u in usage()}
    assert list(found) == ["chain", "other", "shop"]
    shop = found["shop"]
    assert (shop.calls, shop.reused, shop.per_month, shop.per_minute) == (1, 1, 5, 3)
    assert shop.renews_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert (found["other"].calls, found["other"].last_call_at) == (0, None)
    assert (found["chain"].reused, found["chain"].per_month) == (1, None)


def test_december_renews_in_january():
    assert quota.renewal(datetime(2026, 12, 31, 23, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
