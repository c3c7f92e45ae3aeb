"""The past of one tenant of a netuid. Another tenant's observations are never read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db.models import F, Max, QuerySet

from subnets.metrics import Observation, emission_tao_per_day, market_cap_tao
from subnets.metrics.arithmetic import growth
from subnets.metrics.flow import organic_flow_tao
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from taoanalytics.lib.downsampling import Point, broken_at, gaps, thinned
from taoanalytics.lib.units import BLOCK_SECONDS, RAO, from_rao

_MOST_READ, _MOST_POINTS, _FEW_POINTS = 2_400, 500, 200  # the first is 90 days of hours and a few
_BLOCK = timedelta(seconds=BLOCK_SECONDS)
_DAY = timedelta(days=1)

RANGES: dict[str, timedelta | None] = {
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "1y": timedelta(days=365),
    "all": None,
}


class Seen(NamedTuple):
    """What a chart needs of one observation: columns of `SubnetSnapshot`; amounts in rao, None is unknown."""

    observed_at: datetime
    network__block: int
    price_rao: int | None
    moving_price_rao: int | None
    volume_rao: int | None
    tao_in_rao: int | None
    alpha_in_rao: int | None
    alpha_out_rao: int | None
    tao_in_emission_rao: int | None
    chain_buy_rao: int | None
    active_validator_count: int | None
    active_miner_count: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """Observations of one tenant over a stretch of time: prices in TAO per alpha, volumes in TAO per UTC day.

    `prices` and `moving_prices` are thinned and share their times; a time with no value stands in each gap. `observed`
    has (time, price, moving price) of what is drawn, out of so many `observations`. `market_caps` and `pools` are in
    TAO, `emissions` in TAO per day, `flows` in TAO per UTC day with an outflow below zero, `validators` and `miners`
    are counts of the active ones; each is thinned by its own extremes.
    """

    prices: Sequence[Point] = ()
    moving_prices: Sequence[Point] = ()
    volumes: Sequence[Point] = ()
    market_caps: Sequence[Point] = ()
    pools: Sequence[Point] = ()
    emissions: Sequence[Point] = ()
    flows: Sequence[Point] = ()
    validators: Sequence[Point] = ()
    miners: Sequence[Point] = ()
    gaps: Sequence[tuple[datetime, datetime]] = ()
    observations: int = 0
    read_every: timedelta | None = None
    observed: Sequence[tuple[datetime, float | None, float | None]] = field(default=(), repr=False)

    @property
    def hours_between(self) -> int | None:
        """If not all that was observed has been read: about how far apart the observations are that were."""
        return None if self.read_every is None else max(1, round(self.read_every / timedelta(hours=1)))

    @property
    def known_prices(self) -> list[float]:
        return [price for _, price in self.prices if price is not None]


def price_series(subnet: Subnet, until: datetime, span: timedelta | None) -> Series:
    """What was observed in the `span` before `until` (None: ever), at most 500 points, extremes kept.

    One query, of about 2,400 rows however often and for how many years the chain was read.
    """
    start = (subnet.first_seen_at or until) if span is None else until - span
    rows = SubnetSnapshot.objects.of(subnet).filter(observed_at__range=(start, until))
    stretch = int((until - start) / _BLOCK / _MOST_READ)
    if stretch > 1:
        rows = rows.filter(observed_at__in=_last_of_each(stretch, start, until))
    found = [Seen._make(row) for row in rows.values_list(*Seen._fields)]
    times = [seen.observed_at for seen in found]
    holes = gaps(times)
    shortest_step = min((b - a for a, b in pairwise(times)), default=until - start)
    kept = thinned([(seen.observed_at, seen.price_rao) for seen in found], _MOST_POINTS)
    moving = {seen.observed_at: from_rao(seen.moving_price_rao) for seen in found}
    prices: list[Point] = [(at, None if price is None else price / RAO) for at, price in kept]

    observations = [_observation(seen) for seen in found]

    def track(values: Iterable[float | None], most: int = _MOST_POINTS) -> list[Point]:
        points: list[Point] = list(zip(times, values, strict=True))
        return broken_at(thinned(points, most), holes) if any(value is not None for _, value in points) else []

    return Series(
        prices=broken_at(prices, holes),
        moving_prices=broken_at([(at, moving[at]) for at, _ in kept], holes),
        volumes=daily_volumes([(seen.observed_at, seen.volume_rao) for seen in found]),
        market_caps=track(map(market_cap_tao, observations)),
        pools=track(from_rao(seen.tao_in_rao) for seen in found),
        emissions=track(map(emission_tao_per_day, observations), _FEW_POINTS),
        flows=daily_flows(observations),
        validators=track((seen.active_validator_count for seen in found), _FEW_POINTS),
        miners=track((seen.active_miner_count for seen in found), _FEW_POINTS),
        gaps=holes,
        observations=len(found),
        read_every=stretch * _BLOCK if stretch * _BLOCK > shortest_step else None,
        observed=[(at, price, moving[at]) for at, price in prices],
    )


def _last_of_each(stretch: int, start: datetime, until: datetime) -> QuerySet[NetworkSnapshot, datetime]:
    """The time of the last complete network snapshot of each `stretch` of blocks."""
    snapshots = NetworkSnapshot.objects.filter(complete=True, observed_at__range=(start, until)).order_by()
    stretches = snapshots.annotate(stretch=F("block") / stretch).values("stretch")
    return stretches.annotate(last=Max("observed_at")).values_list("last", flat=True)


def daily_volumes(totals: Sequence[tuple[datetime, int | None]]) -> list[Point]:
    """TAO traded from each UTC day's first observation to that of the next; unknown where either is missing."""
    first: dict[datetime, int] = {}
    for at, total in totals:
        if total is not None:
            first.setdefault(at.replace(hour=0, minute=0, second=0, microsecond=0), total)
    return [(day, from_rao(growth(total, first.get(day + _DAY)))) for day, total in list(first.items())[:-1]]


def daily_flows(found: Sequence[Observation]) -> list[Point]:
    """TAO that traders put in less what they took out, from each UTC day's first observation to that of the next."""
    first: dict[datetime, Observation] = {}
    for seen in found:
        first.setdefault(seen.observed_at.replace(hour=0, minute=0, second=0, microsecond=0), seen)
    days: list[Point] = []
    for day, seen in list(first.items())[:-1]:
        after = first.get(day + _DAY)
        days.append((day, organic_flow_tao(seen, after) if after else None))
    return days if any(flow is not None for _, flow in days) else []


def _observation(seen: Seen) -> Observation:
    return Observation(
        block=seen.network__block,
        observed_at=seen.observed_at,
        price_rao=seen.price_rao,
        tao_in_rao=seen.tao_in_rao,
        alpha_in_rao=seen.alpha_in_rao,
        alpha_out_rao=seen.alpha_out_rao,
        tao_in_emission_rao=seen.tao_in_emission_rao,
        chain_buy_rao=seen.chain_buy_rao,
    )
