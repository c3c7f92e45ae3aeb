"""What changed in the network: who came, went, was renamed or reclassified, and which prices leapt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import TypeVar

from django.db.models import Q, QuerySet

from insights.board import display_name
from insights.numbers import signed
from subnets.models import (
    Category,
    CategoryAssignment,
    NetworkSnapshot,
    Subnet,
    SubnetIdentity,
    SubnetMetrics,
    SubnetSnapshot,
)
from taoanalytics.lib.text import clean

DAYS = 30
LEAP_PCT = 25.0
LEAP_POOL_TAO = 1000.0
MANY_FIRST_CATEGORIES = 10
_MOST = 200

Version = TypeVar("Version", SubnetIdentity, CategoryAssignment)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one tenant, or with `subnet` None to many, `at` the time when it was first seen.

    `kind` is one word. `which` tells it from others of its kind and tenant, whatever history is filled in later.
    """

    at: datetime
    kind: str
    subnet: Subnet | None
    title: str
    text: str
    which: str = ""

    @property
    def netuid(self) -> int:
        return self.subnet.netuid if self.subnet else 0

    @property
    def place(self) -> str:
        """The same for as long as the event is told."""
        tenant = (str(self.subnet.netuid), str(self.subnet.registered_at_block)) if self.subnet else ()
        return "/".join(filter(None, (self.kind, *tenant, self.which)))


def recent_changes() -> list[Event]:
    """Of the 30 days before the newest observation, newest first. Seven queries at most."""
    network = NetworkSnapshot.objects.newest_complete()
    if network is None:
        return []
    until = network.observed_at
    since = until - timedelta(days=DAYS)
    events = [
        *_comings_and_goings(network, since),
        *_renamings(since, until),
        *_reclassified(since, until),
        *_leaps(since, until),
    ]
    return sorted(events, key=lambda event: (event.at, event.netuid), reverse=True)[:_MOST]


def _comings_and_goings(network: NetworkSnapshot, since: datetime) -> Iterable[Event]:
    until = network.observed_at
    first = (
        NetworkSnapshot.objects.filter(complete=True).order_by("observed_at").values_list("observed_at", flat=True)[0]
    )
    living = set(SubnetSnapshot.objects.filter(network=network).values_list("subnet_id", flat=True))
    seen = Subnet.objects.filter(Q(first_seen_at__range=(since, until)) | Q(last_seen_at__range=(since, until)))
    for subnet in seen.filter(netuid__gt=0).select_related("identity"):
        name = display_name(subnet.identity, subnet.netuid)
        came, left = subnet.first_seen_at, subnet.last_seen_at
        if came and since <= came <= until and came > first:
            text = f"A tenant registered at block {subnet.registered_at_block:,} holds netuid {subnet.netuid}."
            yield Event(came, "new", subnet, f"New tenant: {name} ({subnet.netuid})", text)
        if left and left < until and subnet.pk not in living:
            text = f"It was last seen holding netuid {subnet.netuid}; its history stays with it."
            yield Event(left, "gone", subnet, f"Deregistered: {name} ({subnet.netuid})", text)


def _renamings(since: datetime, until: datetime) -> Iterable[Event]:
    news = SubnetIdentity.objects.filter(first_seen_at__range=(since, until), subnet__netuid__gt=0)
    versions = SubnetIdentity.objects.filter(subnet__in=news.values("subnet"), first_seen_at__lte=until)
    for _, of_one in groupby(_in_order(versions, "first_seen_at"), key=lambda version: version.subnet_id):
        for before, after in pairwise(of_one):
            old, new = display_name(before, before.subnet.netuid), display_name(after, after.subnet.netuid)
            if after.first_seen_at >= since and old != new:
                title = f"Renamed: {old} is now {new} ({after.subnet.netuid})"
                at, text = after.first_seen_at, f"It called itself {old} before."
                yield Event(at, "renamed", after.subnet, title, text, _second(at))


def _reclassified(since: datetime, until: datetime) -> Iterable[Event]:
    """Each change; the first categories of many, which a first run of enrichment gives, in one for the day."""
    first_ones = defaultdict[date, list[CategoryAssignment]](list)
    for old, assigned in _changes_of_category(since, until):
        if old is None:
            first_ones[assigned.assigned_at.date()].append(assigned)
        else:
            yield _of_category(old, assigned)
    for day, assigned_then in first_ones.items():
        if len(assigned_then) > MANY_FIRST_CATEGORIES:
            at = max(each.assigned_at for each in assigned_then)
            title = f"Categories: {len(assigned_then)} subnets that had none have one"
            yield Event(at, "category", None, title, f"All of them on {day.day} {day:%B %Y}.", f"{day:%Y%m%d}")
        else:
            yield from (_of_category(None, each) for each in assigned_then)


def _of_category(old: Category | None, assigned: CategoryAssignment) -> Event:
    name = display_name(assigned.subnet.identity, assigned.subnet.netuid)
    title = f"Category: {name} ({assigned.subnet.netuid}) is {assigned.category or 'unclassified'}"
    text = f"It was {old or 'unclassified'} before. {assigned.get_source_display().capitalize()}."
    return Event(assigned.assigned_at, "category", assigned.subnet, title, text, _second(assigned.assigned_at))


def _changes_of_category(since: datetime, until: datetime) -> Iterator[tuple[Category | None, CategoryAssignment]]:
    """(the category before, what has put another in its place)"""
    news = CategoryAssignment.objects.filter(assigned_at__range=(since, until), subnet__netuid__gt=0)
    all_of_them = CategoryAssignment.objects.filter(subnet__in=news.values("subnet"), assigned_at__lte=until)
    assigned = _in_order(all_of_them.select_related("category"), "assigned_at")
    for _, of_one in groupby(assigned, key=lambda each: each.subnet_id):
        for before, after in pairwise([None, *of_one]):
            old, new = before.category if before else None, after.category if after else None
            if after is not None and after.assigned_at >= since and old != new:
                yield old, after


def _in_order(rows: "QuerySet[Version]", when: str) -> "Sequence[Version]":
    return list(rows.select_related("subnet__identity").order_by("subnet", when, "pk"))


def _leaps(since: datetime, until: datetime) -> Iterable[Event]:
    """Changes of a day, as of the last observation of each day that is over."""
    last_of_day: dict[object, int] = {}
    for at, network in NetworkSnapshot.objects.complete_between(since, until).values_list("observed_at", "pk"):
        if at.date() < until.date():
            last_of_day[at.date()] = network
    large = SubnetMetrics.objects.filter(
        Q(change_1d_pct__gte=LEAP_PCT) | Q(change_1d_pct__lte=-LEAP_PCT),
        snapshot__network__in=last_of_day.values(),
        snapshot__subnet__netuid__gt=0,
        pool_tao__gte=LEAP_POOL_TAO,
    )
    for row in large.select_related("snapshot__subnet", "snapshot__identity"):
        snapshot, change = row.snapshot, signed(row.values["change_1d_pct"])
        name = display_name(snapshot.identity, snapshot.subnet.netuid)
        text = f"Price against a day earlier, in a pool of at least {LEAP_POOL_TAO:,.0f} TAO."
        title = f"{change} in a day: {name} ({snapshot.subnet.netuid})"
        day = f"{snapshot.observed_at:%Y%m%d}"
        yield Event(snapshot.observed_at, "move", snapshot.subnet, clean(title, 300), text, day)


def _second(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}"
