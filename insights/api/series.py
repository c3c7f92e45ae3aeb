"""One number of one tenant over time, and the network's totals: as many rows as points, however long the history."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable

from insights.api.schemas import HistoryPoint, Totals
from insights.figures import FACTS, PRICE_USD, Value, figure_of
from insights.models import ScoreRow
from insights.scores import DECLARATIONS, SIGNAL_VERSION
from markets.models import TaoPrice
from subnets.decode import ROOT_NETUID
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from subnets.models.metrics import METRIC_COLUMNS
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.units import BLOCK_SECONDS, from_rao

_BLOCK = timedelta(seconds=BLOCK_SECONDS)
_VERSIONS = {metric.key: version for version, metric in DECLARATIONS.items()}
_TOTALS: Mapping[str, Sum] = {
    key: Sum(f"subnet_snapshots__metrics__{key}") for key in ("market_cap_tao", "pool_tao", "emission_tao_per_day")
}


def states(start: datetime, end: datetime, every: timedelta) -> QuerySet[NetworkSnapshot]:
    """The last complete state of the network in each stretch, oldest first."""
    stretch = max(1, int(every / _BLOCK))
    complete = NetworkSnapshot.objects.filter(complete=True, observed_at__range=(start, end)).order_by()
    last = complete.annotate(stretch=F("block") / stretch).values("stretch").annotate(last=Max("block"))
    return NetworkSnapshot.objects.filter(block__in=last.values("last")).order_by("observed_at")


def history_of(subnet: Subnet, metric: Metric, start: datetime, end: datetime, every: timedelta) -> list[HistoryPoint]:
    """What was observed of this tenant alone. One query."""
    rows = SubnetSnapshot.objects.of(subnet).filter(network__in=states(start, end, every).order_by().values("pk"))
    field, stored = _stored(metric)
    found = rows.annotate(_held=stored).values_list("network__block", "observed_at", "network__source", "_held")
    return [
        HistoryPoint(block=block, observed_at=at, source=source, value=_in_unit(metric, field, held))
        for block, at, source, held in found
    ]


def _stored(metric: Metric) -> tuple[str, Combinable]:
    """(name of the field that holds it, or "" where it is in its unit already; where it is stored)"""
    if metric in FACTS:
        columns = {field.name for field in SubnetSnapshot._meta.fields}
        field = metric.key if metric.key in columns else metric.inputs[0]
        return field, F(field)
    if metric == PRICE_USD:
        price = TaoPrice.objects.filter(observed_at__lte=OuterRef("observed_at")).order_by("-observed_at")
        return "", F("metrics__price_tao") * Subquery(price.values("price_usd")[:1])
    if metric.key in METRIC_COLUMNS:
        return "", F(f"metrics__{metric.key}")
    version = _VERSIONS.get(metric.key, SIGNAL_VERSION)
    column = "level" if metric.key == "buy_signal" else "shown"
    return "", Subquery(ScoreRow.objects.filter(snapshot=OuterRef("pk"), version=version).values(column)[:1])


def _in_unit(metric: Metric, field: str, held: Value) -> Value:
    return figure_of(metric, SimpleNamespace(**{field: held})) if field else held


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
