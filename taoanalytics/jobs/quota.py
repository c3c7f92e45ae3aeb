"""How often an outside service may be asked: counted in the database before each call, and never beyond the limits.

Every process counts in the same rows, so neither a restart nor a second worker finds a new budget. Where nothing can be
counted, nothing is asked. Months are rows that nobody resets: a clock set back or ahead spends no budget twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import django.db
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.jobs.models import ApiQuota, first_of_month
from taoanalytics.lib import clock

MINUTE = timedelta(minutes=1)
SKEW_BORNE = timedelta(minutes=5)  # a last call farther ahead than this was dated by a clock gone wrong


@dataclass(frozen=True, slots=True)
class Usage:
    """What a source was asked in a month. The limits are None for one that is only counted."""

    source: str
    calls: int
    reused: int
    per_month: int | None
    per_minute: int | None
    last_call_at: datetime | None
    renews_at: datetime


def reserve(source: str, *, ignore_quota: bool = False) -> None:
    """Count one call that is about to be made. Call it outside any transaction.

    At most `per_minute` calls go out between two minutes without any, hence in any minute: a calendar's minute would
    let twice as many through at its end. `ignore_quota` counts the call and refuses nothing; it is for a person.
    Raises Permanent when the month's calls are spent, Transient with `retry_after` when the minute's are or when the
    database does not answer. In all these cases the call must not be made.
    """
    limits = _limits(source)
    at = clock.now()
    try:
        with transaction.atomic(durable=True):
            row = ApiQuota.objects.of_month(source, at)
            if _count(row, limits, at, ignore_quota=ignore_quota):
                return
            row.refresh_from_db()
    except django.db.Error as problem:
        raise Transient(f"{source}: not asked, as the call could not be counted ({type(problem).__name__})") from None
    if row.calls >= limits["month"]:
        raise Permanent(
            f"{source}: not asked, as all {limits['month']:,} calls of {row.month:%B %Y} are spent. "
            f"They renew on {renewal(at):%Y-%m-%d %H:%M} UTC."
        )
    wait = max(1.0, ((row.last_call_at or at) + MINUTE - at).total_seconds())
    raise Transient(
        f"{source}: not asked, as the {limits['minute']:,} calls of a minute are spent. They renew in {wait:.0f} s.",
        retry_after=wait,
    )


def count_reuse(source: str) -> None:
    """Write down that a kept reply was used in place of a call."""
    row = ApiQuota.objects.of_month(source, clock.now())
    ApiQuota.objects.filter(pk=row.pk).update(reused=F("reused") + 1)


def reusable_since(lifetime_seconds: float) -> datetime:
    """How old a kept reply may be to stand for a new one.

    A twentieth of the lifetime is left off: a schedule of the same length must not miss each second turn because it
    fires a second early.
    """
    return clock.now() - timedelta(seconds=lifetime_seconds) * 0.95


def usage(at: datetime | None = None) -> list[Usage]:
    """Every source with a limit or a count in the month of `at` (default: now), by name. One query."""
    at = at or clock.now()
    rows = {row.source: row for row in ApiQuota.objects.filter(month=first_of_month(at))}
    unasked = ApiQuota()
    found = []
    for source in sorted({*settings.API_QUOTAS, *rows}):
        row, limits = rows.get(source, unasked), settings.API_QUOTAS.get(source, {})
        found.append(
            Usage(
                source=source,
                calls=row.calls,
                reused=row.reused,
                per_month=limits.get("month"),
                per_minute=limits.get("minute"),
                last_call_at=row.last_call_at,
                renews_at=renewal(at),
            )
        )
    return found


def renewal(at: datetime) -> datetime:
    """When the month after that of `at` begins, UTC."""
    later = first_of_month(at) + timedelta(days=32)
    return clock.start_of_day(later.replace(day=1))


def _limits(source: str) -> Mapping[str, int]:
    limits: Mapping[str, int] | None = settings.API_QUOTAS.get(source)
    if limits is None:
        raise Permanent(f"{source}: not asked, as API_QUOTAS sets no limits for it")
    return limits


def _count(row: ApiQuota, limits: Mapping[str, int], at: datetime, *, ignore_quota: bool) -> bool:
    """Whether the call was granted. One statement, so that of two who ask at once the database lets one go first."""
    is_new_burst = Q(last_call_at__isnull=True) | Q(last_call_at__lte=at - MINUTE) | Q(last_call_at__gt=at + SKEW_BORNE)
    rows = ApiQuota.objects.filter(pk=row.pk)
    if not ignore_quota:
        rows = rows.filter(calls__lt=limits["month"])
        rows = rows.filter(is_new_burst | Q(burst_calls__lt=limits["minute"])) if limits["minute"] else rows.none()
    return bool(
        rows.update(
            calls=F("calls") + 1,
            burst_calls=Case(When(is_new_burst, then=Value(1)), default=F("burst_calls") + 1),
            last_call_at=Case(When(~is_new_burst & Q(last_call_at__gt=at), then=F("last_call_at")), default=Value(at)),
        )
    )
