"""What changed in the network: who came, went, was renamed or reclassified, and which prices leapt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import TypeVar

from django.db.models import Q, QuerySet

from insights.board import display_name
from insights.numbers import signed
from subnets.models import CategoryAssignment, NetworkSnapshot, Subnet, SubnetIdentity, SubnetMetrics, SubnetSnapshot
from taoanalytics.lib.text import clean

DAYS = 30
LEAP_PCT = 25.0
LEAP_POOL_TAO = 1000.0
_MOST = 200

Version = TypeVar("Version", SubnetIdentity, CategoryAssignment)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one tenant, `at` the time when it was first seen. `kind` is one word."""

    at: datetime
    kind: str
    subnet: Subnet
    title: str
    text: str

    @property
    def place(self) -> str:
        """The same for as long as the event is told."""
        return f"{self.kind}/{self.subnet.netuid}/{self.subnet.registered_at_block}/{self.at:%Y%m%dT%H%M%S}"


def recent_changes(at: datetime | None = None) -> list[Event]:
    """Of the 30 days before the newest observation by `at`, newest first. Seven queries at most."""
    network = NetworkSnapshot.objects.newest_complete(at)
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
    return sorted(events, key=lambda event: (event.at, event.subnet.netuid), reverse=True)[:_MOST]


def _comings_and_goings(network: NetworkSnapshot, since: datetime) -> Iterable[Event]:
    until = network.observed_at
    first = (
        NetworkSnapshot.objects.filter(complete=True).order_by("observed_at").values_list("observed_at", flat=True)[0]
    )
    living = set(SubnetSnapshot.objects.filter(network=network).values_list("subnet_id", flat=True))
    seen = Subnet.objects.filter(Q(first_seen_at__range=(since, until)) | Q(last_seen_at__range=(since, until)))
    for subnet in seen.select_related("identity"):
        name = display_name(subnet.identity, subnet.netuid)
        came, left = subnet.first_seen_at, subnet.last_seen_at
        if came and since <= came <= until and came > first:
            text = f"A tenant registered at block {subnet.registered_at_block:,} holds netuid {subnet.netuid}."
            yield Event(came, "new", subnet, f"New tenant: {name} ({subnet.netuid})", text)
        if left and left < until and subnet.pk not in living:
            text = f"It was last seen holding netuid {subnet.netuid}; its history stays with it."
            yield Event(left, "gone", subnet, f"Deregistered: {name} ({subnet.netuid})", text)


def _renamings(since: datetime, until: datetime) -> Iterable[Event]:
    news = SubnetIdentity.objects.filter(first_seen_at__range=(since, until))
    versions = SubnetIdentity.objects.filter(subnet__in=news.values("subnet"), first_seen_at__lte=until)
    for _, of_one in groupby(_in_order(versions, "first_seen_at"), key=lambda version: version.subnet_id):
        for before, after in pairwise(of_one):
            old, new = display_name(before, before.subnet.netuid), display_name(after, after.subnet.netuid)
            if after.first_seen_at >= since and old != new:
                title = f"Renamed: {old} is now {new} ({after.subnet.netuid})"
                yield Event(after.first_seen_at, "renamed", after.subnet, title, f"It called itself {old} before.")


def _reclassified(since: datetime, until: datetime) -> Iterable[Event]:
    news = CategoryAssignment.objects.filter(assigned_at__range=(since, until))
    all_of_them = CategoryAssignment.objects.filter(subnet__in=news.values("subnet"), assigned_at__lte=until)
    assigned = _in_order(all_of_them.select_related("category"), "assigned_at")
    for _, of_one in groupby(assigned, key=lambda each: each.subnet_id):
        for before, after in pairwise([None, *of_one]):
            old, new = before.category if before else None, after.category if after else None
            if after is None or after.assigned_at < since or old == new:
                continue
            name = display_name(after.subnet.identity, after.subnet.netuid)
            title = f"Category: {name} ({after.subnet.netuid}) is {new or 'unclassified'}"
            text = f"It was {old or 'unclassified'} before. {after.get_source_display().capitalize()}."
            yield Event(after.assigned_at, "category", after.subnet, title, text)


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
        yield Event(snapshot.observed_at, "move", snapshot.subnet, clean(title, 300), text)
