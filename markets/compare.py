"""Where the chain and TAO.app report the same figure: how far the two are apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markets.models import ScreenerRow
from subnets.metrics import market_cap_tao
from subnets.models import NetworkSnapshot, SubnetSnapshot
from taoanalytics.lib.units import from_rao

OLDEST = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of one subnet, ours from the chain and theirs from TAO.app. `relative` is a fraction of ours.

    `apart`: how long after ours theirs was true; a figure may have moved meanwhile.
    """

    netuid: int
    name: str
    figure: str
    ours: float
    theirs: float
    relative: float | None
    apart: timedelta


_OURS: dict[str, Callable[[SubnetSnapshot], float | None]] = {
    "price_tao": lambda snapshot: from_rao(snapshot.price_rao),
    "market_cap_tao": market_cap_tao,
    "pool_tao": lambda snapshot: from_rao(snapshot.tao_in_rao),
    "pool_alpha": lambda snapshot: from_rao(snapshot.alpha_in_rao),
    "outside_alpha": lambda snapshot: from_rao(snapshot.alpha_out_rao),
}
FIGURES = tuple(_OURS)


def differences(at: datetime, oldest: timedelta = OLDEST) -> list[Difference]:
    """Every figure that both report of a subnet, newest at or before `at`, by netuid. Three queries.

    Theirs is no older than `oldest`, ours the newest complete snapshot before it; a figure that either does not know
    is left out.
    """
    theirs = ScreenerRow.objects.newest_per_subnet(at, oldest)
    if not theirs:
        return []
    network = NetworkSnapshot.objects.newest_complete(max(row.observed_at for row in theirs.values()))
    if network is None:
        return []
    ours = {s.subnet_id: s for s in SubnetSnapshot.objects.filter(network=network, subnet__in=theirs)}
    rows = sorted(theirs.values(), key=lambda row: row.subnet.netuid)
    return [
        difference
        for row in rows
        if (snapshot := ours.get(row.subnet_id))
        for figure in FIGURES
        if (difference := _difference(figure, snapshot, row)) is not None
    ]


def largest(found: Sequence[Difference], limit: int = 10) -> list[Difference]:
    """Those that are farthest apart, first."""
    return sorted(found, key=lambda d: abs(d.relative or 0), reverse=True)[:limit]


def _difference(figure: str, snapshot: SubnetSnapshot, row: ScreenerRow) -> Difference | None:
    ours, theirs = _OURS[figure](snapshot), getattr(row, figure)
    if ours is None or theirs is None:
        return None
    return Difference(
        netuid=row.subnet.netuid,
        name=row.subnet.name,
        figure=figure,
        ours=ours,
        theirs=theirs,
        relative=(theirs - ours) / ours if ours else None,
        apart=row.observed_at - snapshot.observed_at,
    )
