"""What a subnet's metrics are calculated from: its earlier observations, loaded network by network, each once."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Generic, TypeVar

from subnets.metrics import (
    DAILY_FIELDS,
    DAYS_KEPT,
    REPORTED_FIELDS,
    TOLERANCES,
    DailyPoint,
    EarlierReturn,
    Observation,
    Span,
)
from subnets.models import NetworkSnapshot, SubnetSnapshot
from subnets.models.metrics import SubnetMetrics

_DAY = timedelta(days=1)
_HALF_DAY = timedelta(hours=12)
_RETURN_DAYS = 30

Row = TypeVar("Row")
BySubnet = Mapping[int, Row]
"""{primary key of the subnet: its row} of one network snapshot."""


class _Kept(Generic[Row]):
    """Rows by network snapshot, those used longest ago dropped first."""

    def __init__(self, load: Callable[[Sequence[int]], Mapping[int, BySubnet[Row]]], limit: int) -> None:
        self._load, self._limit = load, limit
        self._kept: OrderedDict[int, BySubnet[Row]] = OrderedDict()

    def get(self, networks: Iterable[int]) -> dict[int, BySubnet[Row]]:
        wanted = list(dict.fromkeys(networks))
        missing = [network for network in wanted if network not in self._kept]
        if missing:
            loaded = self._load(missing)
            self._kept |= {network: loaded.get(network, {}) for network in missing}
        for network in wanted:
            self._kept.move_to_end(network)
        found = {network: self._kept[network] for network in wanted}
        while len(self._kept) > max(self._limit, len(wanted)):
            self._kept.popitem(last=False)
        return found

    def put(self, network: int, rows: BySubnet[Row]) -> None:
        self._kept[network] = rows


class Past:
    """Earlier observations of every tenant, for network snapshots between two times.

    Walk through the snapshots in the order of time: what one needs the next needs too, and is kept.
    """

    def __init__(self, first: datetime, last: datetime) -> None:
        reach = (DAYS_KEPT + 1) * _DAY
        timeline = NetworkSnapshot.objects.filter(observed_at__range=(first - reach, last)).order_by("observed_at")
        complete = list(timeline.filter(complete=True).values_list("observed_at", "pk", "block"))
        self._times = [at for at, _, _ in complete]
        self._networks = [pk for _, pk, _ in complete]
        self._dated = {pk: (block, at) for at, pk, block in complete}
        self._observations = _Kept(self._load_observations, limit=DAYS_KEPT + 2)
        self._daily = _Kept(self._load_daily, limit=DAYS_KEPT + 2)
        self._returns = _Kept(self._load_returns, limit=DAYS_KEPT + 2)

    def earlier(self, now: datetime) -> dict[Span, BySubnet[Observation]]:
        """The observations nearest to one span before `now`; a span is absent where none lies within its tolerance."""
        nearest = {span: self._nearest(now - span.value, TOLERANCES[span]) for span in Span}
        loaded = self._observations.get(network for network in nearest.values() if network is not None)
        return {span: loaded[network] for span, network in nearest.items() if network is not None}

    def daily(self, now: datetime) -> list[BySubnet[DailyPoint]]:
        """One point a day for as long as the metrics look back, `now` the newest; a day without one is left out."""
        return list(self._daily.get(self._days_before(now, DAYS_KEPT)).values())

    def returns(self, now: datetime) -> list[BySubnet[EarlierReturn]]:
        """The estimated returns of the days before `now`."""
        return list(self._returns.get(self._days_before(now - _DAY, _RETURN_DAYS)).values())

    def remember(self, network: int, rows: BySubnet[Observation]) -> None:
        """What was observed at the snapshot that is measured next: it need not be read again."""
        self._observations.put(network, rows)
        self._daily.put(network, {subnet: DailyPoint.of(observed) for subnet, observed in rows.items()})

    def remember_returns(self, network: int, rows: BySubnet[EarlierReturn]) -> None:
        """What was calculated a moment ago, for the snapshots that follow."""
        self._returns.put(network, rows)

    def _days_before(self, now: datetime, days: int) -> list[int]:
        found = (self._nearest(now - back * _DAY, _HALF_DAY) for back in range(days, -1, -1))
        return [network for network in found if network is not None]

    def _nearest(self, wanted: datetime, tolerance: timedelta) -> int | None:
        right = bisect_left(self._times, wanted)
        around = [i for i in (right - 1, right) if 0 <= i < len(self._times)]
        distance, index = min(((abs(self._times[i] - wanted), i) for i in around), default=(timedelta.max, -1))
        return self._networks[index] if distance <= tolerance else None

    def _load_observations(self, networks: Sequence[int]) -> dict[int, dict[int, Observation]]:
        def made(network: int, values: Sequence[int | float | None]) -> Observation:
            return Observation(*self._dated[network], *values)  # type: ignore[arg-type]

        return _loaded(networks, REPORTED_FIELDS, made)

    def _load_daily(self, networks: Sequence[int]) -> dict[int, dict[int, DailyPoint]]:
        def made(network: int, values: Sequence[int | None]) -> DailyPoint:
            return DailyPoint(*self._dated[network], *values)

        return _loaded(networks, DAILY_FIELDS, made)

    def _load_returns(self, networks: Sequence[int]) -> dict[int, dict[int, EarlierReturn]]:
        rows = SubnetMetrics.objects.filter(snapshot__network__in=networks, validator_return_1d_pct__isnull=False)
        found: dict[int, dict[int, EarlierReturn]] = {}
        keys = ("snapshot__network_id", "snapshot__subnet_id", "validator_return_1d_pct")
        for network, subnet, percent in rows.values_list(*keys):
            found.setdefault(network, {})[subnet] = EarlierReturn(self._dated[network][1], percent)
        return found


def _loaded(
    networks: Sequence[int], columns: Sequence[str], made: Callable[[int, Sequence[int | None]], Row]
) -> dict[int, dict[int, Row]]:
    rows = SubnetSnapshot.objects.filter(network__in=networks).order_by("network_id")
    by_network = groupby(rows.values_list("network_id", "subnet_id", *columns), key=lambda row: row[0])
    return {network: {row[1]: made(network, row[2:]) for row in group} for network, group in by_network}
