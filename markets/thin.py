"""The verb that thins what markets said: prices of TAO, and TAO.app's rows."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from markets.backfill import TOLERANCE
from markets.models import ScreenerRow, TaoPrice
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib import clock

_DAY = timedelta(days=1)
_AFTER_MIDNIGHT = time(minute=TOLERANCE.seconds // 60)
_KEYS_PER_STATEMENT = 5_000  # SQLite takes some ten thousand


@dataclass(frozen=True, slots=True)
class _Policy:
    """`stays` chooses a key among those of a day, oldest first, that agree in `each`."""

    words: str
    rows: QuerySet[Any]
    each: Sequence[str]
    stays: Callable[[Sequence[int]], int]


@logged("thin markets")
def thin_markets(*, now: datetime, dry_run: bool = False, progress: Progress = silent) -> Report:
    """Delete prices of TAO and screener rows of which a UTC day has more than it needs, a day to a transaction.

    The last THIN_AFTER_DAYS stay whole. Of each earlier day stays, source by source: the last price, which is the
    newest one when the next day's first snapshot is taken, and any at midnight, where backfill aims; of each tenant's
    rows the first, as of its snapshots. The simulated network's prices belong to its snapshots and stay.

    Reports one item per row of a day that has several: `stored` were deleted, `skipped` stay.
    """
    edge = clock.start_of_day((now - timedelta(days=settings.THIN_AFTER_DAYS)).date())
    prices = TaoPrice.objects.exclude(source=TaoPrice.Source.SIMULATED).filter(observed_at__time__gt=_AFTER_MIDNIGHT)
    return Report.total(
        _thinned(policy, edge, dry_run=dry_run, progress=progress)
        for policy in (
            _Policy("prices of TAO", prices, ("source",), itemgetter(-1)),
            _Policy("screener rows", ScreenerRow.objects.all(), ("source", "subnet"), itemgetter(0)),
        )
    )


def _thinned(policy: _Policy, edge: datetime, *, dry_run: bool, progress: Progress) -> Report:
    report = Report()
    days = _crowded_days(policy, edge)
    for done, day in enumerate(days, 1):
        with transaction.atomic():
            keep, spare = _sorted_out(policy, day)
            if not dry_run:
                _delete(policy.rows, spare)
                Generation.objects.bump()
        report.seen += keep + len(spare)
        report.skipped += keep
        report.stored += len(spare)
        progress(done, len(days), f"{policy.words} of {day:%Y-%m-%d}")
    done_to_them = "would delete" if dry_run else "deleted"
    report.note(f"{done_to_them} {report.stored:,} {policy.words} from before {edge:%Y-%m-%d}")
    return report


def _crowded_days(policy: _Policy, edge: datetime) -> list[date]:
    """The UTC days before `edge` that have more than one row of a kind, in order."""
    of_a_day = policy.rows.filter(observed_at__lt=edge).order_by().annotate(day=TruncDate("observed_at"))
    crowded = of_a_day.values("day", *policy.each).annotate(count=Count("pk")).filter(count__gt=1)
    return sorted(set(crowded.values_list("day", flat=True)))


def _sorted_out(policy: _Policy, day: date) -> tuple[int, list[int]]:
    """How many rows of that day stay, and the keys of those to be deleted; of kinds with one row neither."""
    start = clock.start_of_day(day)
    of_the_day = policy.rows.filter(observed_at__gte=start, observed_at__lt=start + _DAY)
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for pk, *kind in of_the_day.order_by("observed_at", "pk").values_list("pk", *policy.each).iterator():
        alike[tuple(kind)].append(pk)
    crowded = [keys for keys in alike.values() if len(keys) > 1]
    return len(crowded), [pk for keys in crowded for pk in keys if pk != policy.stays(keys)]


def _delete(rows: QuerySet[Any], keys: Sequence[int]) -> None:
    for start in range(0, len(keys), _KEYS_PER_STATEMENT):
        rows.filter(pk__in=keys[start : start + _KEYS_PER_STATEMENT]).delete()
