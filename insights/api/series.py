"""One number of one tenant over time, and the network's totals: as many rows as points, however long the history."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from insights import traced
from insights.api.schemas import HistoryPoint, Totals
from subnets.decode import ROOT_NETUID
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.units import BLOCK_SECONDS, from_rao

_BLOCK = timedelta(seconds=BLOCK_SECONDS)
_TOTALS: Mapping[str, Sum] = {
    key: Sum(f"subnet_snapshots__metrics__{key}") for key in ("market_cap_tao", "pool_tao", "emission_tao_per_day")
}


def states(start: datetime, end: datetime, every: timedelta) -> QuerySet[NetworkSnapshot]:
    """The last complete state of the network in each stretch, oldest first."""
    complete = NetworkSnapshot.objects.filter(complete=True, observed_at__range=(start, end))
    return traced.last_of_each(max(1, int(every / _BLOCK)), complete)


def history_of(subnet: Subnet, metric: Metric, start: datetime, end: datetime, every: timedelta) -> list[HistoryPoint]:
    """What was observed of this tenant alone. One query."""
    rows = SubnetSnapshot.objects.of(subnet).filter(network__in=states(start, end, every).order_by().values("pk"))
    found = traced.points_of(metric, rows)
    return [
        HistoryPoint(block=block, observed_at=at, source=source, value=value, tao_price_at=priced_at)
        for block, at, source, value, priced_at in found
    ]


def totals_of(networks: QuerySet[NetworkSnapshot]) -> list[Totals]:
    """One query."""
    living = Q(subnet_snapshots__subnet__netuid__gt=ROOT_NETUID)
    summed = networks.filter(living).annotate(count=Count("subnet_snapshots"), **_TOTALS)
    columns = ("block", "observed_at", "source", "count", *_TOTALS)
    return [
        Totals(block=block, observed_at=at, source=source, subnets=count, **dict(zip(_TOTALS, sums, strict=True)))
        for block, at, source, count, *sums in summed.values_list(*columns)
    ]


def tokens(rao: int | None) -> float | None:
    return from_rao(rao)
