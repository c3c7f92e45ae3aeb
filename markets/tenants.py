"""Who holds which netuid at which time: outside markets name netuids, and these change hands."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from subnets.models import NetworkSnapshot, Subnet
from taoanalytics.lib.units import BLOCK_SECONDS

_BLOCK = timedelta(seconds=BLOCK_SECONDS)


def living_tenants(at: datetime) -> tuple[dict[int, Subnet], NetworkSnapshot | None]:
    """{netuid: its tenant} as of the newest complete snapshot at or before `at`, and that snapshot.

    Where there is none so old it is the first one after. At most three queries.
    """
    complete = NetworkSnapshot.objects.filter(complete=True)
    nearest = NetworkSnapshot.objects.newest_complete(at) or complete.order_by("observed_at").first()
    if nearest is None:
        return {}, None
    return {s.netuid: s for s in Subnet.objects.living(nearest).select_related("identity")}, nearest


def former_owners(netuids: Iterable[int], living: Iterable[Subnet]) -> dict[int, set[str]]:
    """{netuid: coldkeys of those who held it before}. One query."""
    former = Subnet.objects.filter(netuid__in=netuids).exclude(pk__in=[s.pk for s in living])
    owners: dict[int, set[str]] = {}
    for number, coldkey in former.values_list("netuid", "identity__owner_coldkey"):
        if coldkey:
            owners.setdefault(number, set()).add(coldkey)
    return owners


class PastTenants:
    """Tenants at any time from `start` to `end`, told from registrations and the heights known around then.

    Between two known heights blocks are taken to come evenly, beyond them every 12 s. Four queries, however many are
    asked for.
    """

    def __init__(self, start: datetime, end: datetime) -> None:
        known = NetworkSnapshot.objects.order_by("observed_at").values_list("observed_at", "block")
        before = known.filter(observed_at__lt=start).reverse()[:1]
        after = known.filter(observed_at__gt=end)[:1]
        self._heights = [*before, *known.filter(observed_at__range=(start, end)), *after]
        self._registrations: dict[int, list[tuple[int, int]]] = {}
        registered = Subnet.objects.order_by("netuid", "registered_at_block")
        for netuid, block, pk in registered.values_list("netuid", "registered_at_block", "pk"):
            self._registrations.setdefault(netuid, []).append((block, pk))

    @property
    def netuids(self) -> list[int]:
        return list(self._registrations)

    def at(self, netuid: int, when: datetime) -> int | None:
        """The row of the subnet that held `netuid`, or None where nobody is known to have."""
        if not self._heights:
            return None
        registrations = self._registrations.get(netuid, [])
        position = bisect_right(registrations, self._height(when), key=lambda registration: registration[0])
        return registrations[position - 1][1] if position else None

    def _height(self, when: datetime) -> float:
        position = bisect_right(self._heights, when, key=lambda height: height[0])
        (earlier, low), *later = self._heights[max(0, position - 1) :][:2]
        if not position or not later:
            return low + (when - earlier) / _BLOCK
        [(afterwards, high)] = later
        return low + (high - low) * ((when - earlier) / (afterwards - earlier))
