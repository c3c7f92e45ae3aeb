"""One number of one tenant over time, and the network's totals: as many rows as points, however long the history."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from insights import traced
from insights.api.asked import SPANS
from insights.api.schemas import Day, HistoryPoint, Observation, Totals
from insights.days import days_of
from insights.history import price_series
from subnets.facts import ROOT_NETUID
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


def days_between(subnet: Subnet, start: datetime, end: datetime) -> list[Day]:
    """The days from `start` to that of `end`, as a chart of so long a time has them. Three queries."""
    until = end + SPANS["1d"]  # the day of `end` ends with the first observation of the next
    found = days_of(price_series(subnet, until, until - start))
    return [
        Day(
            day=each.day,
            volume_tao=each.volume_tao,
            organic_flow_tao=each.organic_flow_tao,
            first=_observation(each.steps[0]),
            last=_observation(each.steps[1]) if len(each.steps) > 1 else None,
        )
        for each in found
        if each.day <= end.date()
    ]


def _observation(step: traced.Step) -> Observation:
    return Observation(block=step.block, observed_at=step.observed_at, source=step.source)


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
