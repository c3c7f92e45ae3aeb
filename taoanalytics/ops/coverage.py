"""What is missing of which living subnet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from markets.models import ScreenerRow
from subnets.facts import ROOT_NETUID
from subnets.models import CurrentNeurons, HyperparameterSet, NetworkSnapshot, Subnet

RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A subnet, with the address of its page in the admin."""

    netuid: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one kind of knowledge: who lacks it."""

    what: str
    missing: Sequence[Lacking]
    of: int

    @property
    def known(self) -> int:
        return self.of - len(self.missing)


def coverage(newest: NetworkSnapshot | None) -> list[Coverage]:
    """One entry per kind of knowledge about the subnets that `newest` lists, root left out. Four queries."""
    if newest is None:
        return []
    living = list(Subnet.objects.living(newest).exclude(netuid=ROOT_NETUID).select_related("identity"))
    recent = ScreenerRow.objects.filter(observed_at__gte=newest.observed_at - RECENT)
    known: dict[str, QuerySet[Any]] = {
        "neurons": CurrentNeurons.objects.all(),
        "hyperparameters": HyperparameterSet.objects.all(),
        "screener row of the last day": recent,
    }
    lacking = {
        "category": [s for s in living if s.category_id is None],
        "description": [s for s in living if not (s.identity and s.identity.description)],
        "links": [s for s in living if not (s.identity and s.identity.links)],
    }
    for what, rows in known.items():
        holders = set(rows.order_by().values_list("subnet_id", flat=True).distinct())
        lacking[what] = [s for s in living if s.pk not in holders]
    named = {s.pk: _named(s) for s in living}  # once each: an address costs more than the rest of its line
    return [Coverage(what, [named[s.pk] for s in missing], len(living)) for what, missing in lacking.items()]


def _named(subnet: Subnet) -> Lacking:
    return Lacking(subnet.netuid, subnet.name, reverse("admin:subnets_subnet_change", args=[subnet.pk]))
