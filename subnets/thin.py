"""The verb that thins old history: the one deletion of observations that the product permits."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CASCADE, Count, QuerySet
from django.db.models.functions import TruncDate

from subnets.models import NetworkSnapshot, SubnetSnapshot
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib import clock

_DAY = timedelta(days=1)
SNAPSHOTS_PER_TRANSACTION = 100  # of the network, each with a row per subnet; a day is never split


@logged("thin history")
def thin_history(*, now: datetime, dry_run: bool = False, progress: Progress = silent) -> Report:
    """Delete network snapshots, with their subnets' rows, of which a day has more than it needs.

    The last THIN_AFTER_DAYS stay whole. Of each earlier UTC day stays the first snapshot that lists every subnet,
    which is the one nearest to the midnight that begins the day and the one that backfill aims at; and any other that
    holds a subnet which the day would otherwise lose. Neuron frames, one a day already, are never touched.

    Reports one item per network snapshot of a day that has several: `stored` were deleted, `skipped` stay.
    """
    report = Report()
    edge = clock.start_of_day((now - timedelta(days=settings.THIN_AFTER_DAYS)).date())
    rows = done = 0
    days = _crowded_days(edge)
    for chunk in _chunks(days):
        with transaction.atomic():
            keep, spare = _sorted_out(chunk)
            if spare and not dry_run:
                rows += _delete(NetworkSnapshot.objects.filter(pk__in=spare))
                Generation.objects.bump()
        report.seen += len(keep) + len(spare)
        report.skipped += len(keep)
        report.stored += len(spare)
        done += len(chunk)
        progress(done, len(days), f"{chunk[-1]:%Y-%m-%d}")
    if dry_run:
        report.note(f"would delete {report.stored:,} network snapshots from before {edge:%Y-%m-%d}")
    else:
        report.note(f"deleted {report.stored:,} network snapshots from before {edge:%Y-%m-%d}, {rows:,} rows in all")
    return report


def _crowded_days(edge: datetime) -> list[tuple[date, int]]:
    """(UTC day, its number of network snapshots) of each day before `edge` that has more than one, in order."""
    counted = (
        NetworkSnapshot.objects.filter(observed_at__lt=edge)
        .order_by()
        .annotate(day=TruncDate("observed_at"))
        .values("day")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    return sorted(counted.values_list("day", "count"))


def _chunks(days: Sequence[tuple[date, int]]) -> Iterator[list[date]]:
    """Whole days, as many as fit into one transaction."""
    chunk: list[date] = []
    size = 0
    for day, count in days:
        if chunk and size + count > SNAPSHOTS_PER_TRANSACTION:
            yield chunk
            chunk, size = [], 0
        chunk.append(day)
        size += count
    if chunk:
        yield chunk


def _sorted_out(days: Sequence[date]) -> tuple[list[int], list[int]]:
    """Keys of the network snapshots of these days that stay, and of those to be deleted.

    Locks them, so that nobody adds a subnet to one that is about to go.
    """
    first, last = clock.start_of_day(days[0]), clock.start_of_day(days[-1]) + _DAY
    found = NetworkSnapshot.objects.select_for_update().filter(observed_at__gte=first, observed_at__lt=last)
    by_day: dict[date, list[tuple[bool, datetime, int]]] = defaultdict(list)
    for pk, complete, observed_at in found.order_by().values_list("pk", "complete", "observed_at"):
        by_day[observed_at.date()].append((not complete, observed_at, pk))
    ranked = [[pk for _, _, pk in sorted(networks)] for networks in by_day.values()]
    keep = [networks[0] for networks in ranked]
    spare = [pk for networks in ranked for pk in networks[1:]]
    needed = _holding_what_others_lack(ranked)
    return [*keep, *needed], [pk for pk in spare if pk not in needed]


def _holding_what_others_lack(ranked: Sequence[Sequence[int]]) -> set[int]:
    """Of each day's network snapshots, the first being kept: those without which the day would lose a subnet."""
    day_of = {pk: day for day, networks in enumerate(ranked) for pk in networks}
    held: dict[int, set[int]] = {pk: set() for pk in day_of}
    rows = SubnetSnapshot.objects.filter(network__in=list(day_of)).order_by()
    for network, subnet in rows.values_list("network_id", "subnet_id").iterator():
        held[network].add(subnet)
    needed = set()
    for kept, *others in ranked:
        covered = set(held[kept])
        for network in others:
            if held[network] - covered:
                needed.add(network)
                covered |= held[network]
    return needed


def _delete(rows: QuerySet[Any]) -> int:
    """Delete rows and what belongs to them, by statements: Django's own way would load millions of rows to do it.

    What refers to them without belonging to them makes the database refuse, and nothing is deleted.
    """
    deleted = 0
    for relation in rows.model._meta.related_objects:
        if relation.on_delete is CASCADE:
            dependants = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows})
            deleted += _delete(dependants.order_by())
    return deleted + int(rows.order_by()._raw_delete(rows.db))
