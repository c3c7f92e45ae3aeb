"""What is stored of a metric over time: which snapshots are read, and what each tenant had in them.

Everything is keyed by tenant, never by netuid: whoever held a netuid before leaves nothing to its successor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DateTimeField, F, Max, OuterRef, QuerySet, Subquery
from django.db.models import Value as Constant
from django.db.models.expressions import Combinable

from insights import figures, scores
from insights.figures import Value
from insights.models import ScoreRow
from insights.registry import GROUPS, METRICS
from insights.scores.declarations import BUY_SIGNAL
from markets.models import TaoPrice
from subnets.metrics import PRICE
from subnets.models import NetworkSnapshot, SubnetSnapshot
from subnets.models.metrics import METRIC_COLUMNS
from taoanalytics.lib.metric import Metric, Unit
from taoanalytics.lib.units import BLOCKS_PER_DAY, from_rao

RANGES: Mapping[str, timedelta | None] = {
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "1y": timedelta(days=365),
    "all": None,
}
MOST_STEPS = 200
_HOURS = (1, 3, 6, 12, 24, 48, 72, 168, 336, 720, 2160)
_HOUR = timedelta(hours=1)
_BLOCKS_PER_HOUR = BLOCKS_PER_DAY // 24


@dataclass(frozen=True, slots=True)
class Step:
    """One network snapshot that is read: all that is made of this step rests on it."""

    network: int
    observed_at: datetime
    block: int
    source: str

    @classmethod
    def of(cls, network: NetworkSnapshot) -> "Step":
        return cls(network.pk, network.observed_at, network.block, network.source)


def steps_before(newest: NetworkSnapshot, span: timedelta | None) -> list[Step]:
    """At most about 200 complete snapshots of the `span` up to `newest`, oldest first: the last of each stretch.

    One query however long the history is, two for all of it (None).
    """
    complete = NetworkSnapshot.objects.complete_between(None, newest.observed_at)
    oldest = complete.values_list("observed_at", flat=True).first() if span is None else newest.observed_at - span
    blocks = _BLOCKS_PER_HOUR * _stretch_hours(newest.observed_at - (oldest or newest.observed_at))
    chosen = last_of_each(blocks, complete.filter(observed_at__gte=oldest))
    return [Step(*row) for row in chosen.values_list("pk", "observed_at", "block", "source")]


def last_of_each(blocks: int, networks: QuerySet[NetworkSnapshot]) -> QuerySet[NetworkSnapshot]:
    """The last of `networks` in each stretch of so many blocks, oldest first."""
    stretches = networks.order_by().annotate(stretch=F("block") / blocks)
    last = stretches.values("stretch").annotate(last=Max("block")).values("last")
    return NetworkSnapshot.objects.filter(block__in=last).order_by("observed_at")


def _stretch_hours(span: timedelta) -> int:
    """The shortest of the usual ones that keeps to the most steps."""
    return next((hours for hours in _HOURS if span / (hours * _HOUR) <= MOST_STEPS), _HOURS[-1])


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a metric is stored, seen from an observation, and how to get from there to its unit."""

    path: str
    version: str = ""
    per_block: bool = False
    in_dollars: bool = False

    def in_unit(self, stored: float | None) -> float | None:
        if stored is None:
            return None
        if not self.path.endswith("_rao"):
            return float(stored)
        return from_rao(int(stored) * (BLOCKS_PER_DAY if self.per_block else 1))

    @property
    def held(self) -> Combinable:
        """What an observation has there, as one expression of its own row."""
        if self.version:
            judged = ScoreRow.objects.filter(snapshot=OuterRef("pk"), version=self.version)
            return Subquery(judged.values(self.path.removeprefix("scores__"))[:1])
        if self.in_dollars:
            return F(self.path) * Subquery(_price_of_tao().values("price_usd")[:1])
        return F(self.path)


def _column(metric: Metric) -> _Column | None:
    if metric.key in METRIC_COLUMNS:
        return _Column(f"metrics__{metric.key}")
    if metric == figures.PRICE_USD:
        return _Column(f"metrics__{PRICE.key}", in_dollars=True)
    if metric in figures.FACTS:
        stored = {each.name for each in SubnetSnapshot._meta.get_fields()}
        path = metric.key if metric.key in stored else metric.inputs[0]
        return _Column(path, per_block=metric.unit in (Unit.TAO_PER_DAY, Unit.ALPHA_PER_DAY))
    for version, declared in scores.DECLARATIONS.items():
        if metric == declared:
            return _Column("scores__shown", version)
    if metric in scores.METRICS:
        return _Column("scores__level" if metric.key == BUY_SIGNAL.key else "scores__shown", scores.SIGNAL_VERSION)
    return None


_COLUMNS: Mapping[str, _Column] = {metric.key: column for metric in METRICS if (column := _column(metric))}
TRACED: Mapping[str, Metric] = {
    metric.key: metric for metric in METRICS if metric.key in _COLUMNS and metric.unit is not Unit.YES_NO
}
"""{key: metric} of every number that is stored with each observation, in the order of the registry."""


def grouped() -> dict[str, list[Metric]]:
    """{name of the group: its metrics}, of TRACED."""
    found: dict[str, list[Metric]] = {}
    for metric in TRACED.values():
        found.setdefault(GROUPS[metric.group], []).append(metric)
    return found


Values = Mapping[int, Mapping[int, float | None]]
"""{network snapshot: {tenant: value}}; a tenant that was not living then is absent."""


def _price_of_tao() -> QuerySet[TaoPrice]:
    """The newest at or before an observation, first."""
    return TaoPrice.objects.filter(observed_at__lte=OuterRef("observed_at")).order_by("-observed_at")


def tao_prices(steps: Sequence[Step]) -> dict[int, TaoPrice]:
    """{network snapshot: the newest price of TAO at or before it}, where there is one. Two queries."""
    networks = NetworkSnapshot.objects.filter(pk__in=[step.network for step in steps])
    chosen = dict(networks.values_list("pk", Subquery(_price_of_tao().values("pk")[:1])))
    prices = TaoPrice.objects.in_bulk({key for key in chosen.values() if key is not None})
    return {network: prices[key] for network, key in chosen.items() if key is not None}


def _dollars(steps: Sequence[Step]) -> dict[int, float | None]:
    """{network snapshot: the newest price of TAO at or before it, in dollars}. One query."""
    networks = NetworkSnapshot.objects.filter(pk__in=[step.network for step in steps])
    return dict(networks.values_list("pk", Subquery(_price_of_tao().values("price_usd")[:1])))


def _times(value: float | None, rate: float | None) -> float | None:
    return None if value is None or rate is None else value * rate


def values_at(metric: Metric, steps: Sequence[Step], tenants: Iterable[int] | None = None) -> Values:
    """What the living tenants (or those of the primary keys `tenants`) had at each step; root left out.

    One query, two for dollars.
    """
    column = _COLUMNS[metric.key]
    rows = SubnetSnapshot.objects.filter(network__in=[step.network for step in steps], subnet__netuid__gt=0)
    if tenants is not None:
        rows = rows.filter(subnet__in=list(tenants))
    if column.version:
        rows = rows.filter(scores__version=column.version)
    found: dict[int, dict[int, float | None]] = {step.network: {} for step in steps}
    for network, tenant, stored in rows.values_list("network_id", "subnet_id", column.path):
        found[network][tenant] = column.in_unit(stored)
    if column.in_dollars:
        rates = _dollars(steps)
        return {key: {n: _times(value, rates.get(key)) for n, value in held.items()} for key, held in found.items()}
    return found


def columns_of(metrics: Sequence[Metric], steps: Sequence[Step], tenant: int) -> dict[str, list[float | None]]:
    """{key: one value per step} of one tenant; None where it was not observed.

    One query, one more for scores and one for dollars.
    """
    place = {step.network: position for position, step in enumerate(steps)}
    found: dict[str, list[float | None]] = {metric.key: [None] * len(steps) for metric in metrics}
    plain = [metric.key for metric in metrics if not _COLUMNS[metric.key].version]
    rows = SubnetSnapshot.objects.filter(subnet=tenant, network__in=place)
    for network, *stored in rows.values_list("network_id", *(_COLUMNS[key].path for key in plain)):
        for key, value in zip(plain, stored, strict=True):
            found[key][place[network]] = _COLUMNS[key].in_unit(value)
    for key in (key for key in plain if _COLUMNS[key].in_dollars):
        rates = _dollars(steps)
        found[key] = [_times(v, rates.get(step.network)) for v, step in zip(found[key], steps, strict=True)]
    judged = [metric.key for metric in metrics if _COLUMNS[metric.key].version]
    if judged:
        versions = {_COLUMNS[key].version for key in judged}
        judgements = rows.filter(scores__version__in=versions)
        for network, version, shown, level in judgements.values_list(
            "network_id", "scores__version", "scores__shown", "scores__level"
        ):
            for key in judged:
                if _COLUMNS[key].version == version:
                    found[key][place[network]] = level if _COLUMNS[key].path.endswith("level") else shown
    return found


Point = tuple[int, datetime, str, Value, datetime | None]
"""(block, time, source, value, when the price of TAO was true that a value in dollars rests on)"""


_NEVER = Constant(None, output_field=DateTimeField(null=True))


def points_of(metric: Metric, observations: QuerySet[SubnetSnapshot]) -> list[Point]:
    """What was stored of any declared number with each of `observations`, in their order. One query."""
    column = _COLUMNS[metric.key]
    priced_at = Subquery(_price_of_tao().values("observed_at")[:1]) if column.in_dollars else _NEVER
    found = observations.annotate(_held=column.held, _priced_at=priced_at)
    rows = found.values_list("network__block", "observed_at", "network__source", "_held", "_priced_at")
    if metric.unit is Unit.YES_NO:
        return list(rows)
    return [(block, at, source, column.in_unit(held), priced_at) for block, at, source, held, priced_at in rows]
