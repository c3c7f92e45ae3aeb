"""The past of one tenant of a netuid. Another tenant's observations are never read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple, TypeVar

from django.db.models import CharField, F, Max, QuerySet
from django.db.models.functions import Cast

from subnets.metrics import Observation, emission_tao_per_day, market_cap_tao
from subnets.metrics.arithmetic import growth
from subnets.metrics.flow import organic_flow_tao
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from taoanalytics.lib.downsampling import Point, broken_at, gaps, thinned
from taoanalytics.lib.units import BLOCK_SECONDS, from_rao

T = TypeVar("T")

CHART_POINTS, FILE_POINTS = 240, 500
_MOST_READ, _FEW_POINTS = 2_400, 120  # the first is 90 days of hours and a few
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


@dataclass(frozen=True)
class Series:
    """Observations of one tenant over a stretch of time, oldest first; what is drawn of them is made when it is asked.

    Each track has at most `most_points`, the first, the last, and the highs and lows of all that was observed kept.
    Unknown values stand in the middle of each gap, so that no line is drawn across it.
    """

    found: Sequence[Seen] = field(default=(), repr=False)
    gaps: Sequence[tuple[datetime, datetime]] = ()
    most_points: int = CHART_POINTS
    read_every: timedelta | None = None

    @property
    def observations(self) -> int:
        return len(self.found)

    @property
    def hours_between(self) -> int | None:
        """If not all that was observed has been read: about how far apart the observations are that were."""
        return None if self.read_every is None else max(1, round(self.read_every / timedelta(hours=1)))

    @cached_property
    def observed(self) -> Sequence[tuple[datetime, float | None, float | None]]:
        """(time, price, moving price) of what is drawn of the price, in TAO per alpha."""
        kept = self._kept(attrgetter("price_rao"), self.most_points)
        return [(seen.observed_at, from_rao(seen.price_rao), from_rao(seen.moving_price_rao)) for seen in kept]

    @cached_property
    def prices(self) -> Sequence[Point]:
        return broken_at([(at, price) for at, price, _ in self.observed], self.gaps)

    @cached_property
    def moving_prices(self) -> Sequence[Point]:
        """At the times of `prices`."""
        return broken_at([(at, moving) for at, _, moving in self.observed], self.gaps)

    @property
    def known_prices(self) -> list[float]:
        return [price for _, price in self.prices if price is not None]

    @cached_property
    def volumes(self) -> Sequence[Point]:
        """In TAO per UTC day."""
        return daily_volumes([(seen.observed_at, seen.volume_rao) for seen in self.found])

    @cached_property
    def flows(self) -> Sequence[Point]:
        """In TAO per UTC day, an outflow below zero."""
        return daily_flows(self.found)

    @cached_property
    def market_caps(self) -> Sequence[Point]:
        """In TAO."""
        return self._track(_cap_by, lambda seen: market_cap_tao(_observation(seen)), self.most_points)

    @cached_property
    def pools(self) -> Sequence[Point]:
        """In TAO."""
        return self._track(attrgetter("tao_in_rao"), lambda seen: from_rao(seen.tao_in_rao), self.most_points)

    @cached_property
    def emissions(self) -> Sequence[Point]:
        """In TAO per day."""
        return self._track(_emission_by, lambda seen: emission_tao_per_day(_observation(seen)), _FEW_POINTS)

    @cached_property
    def validators(self) -> Sequence[Point]:
        """How many are active."""
        count = attrgetter("active_validator_count")
        return self._track(count, count, _FEW_POINTS)

    @cached_property
    def miners(self) -> Sequence[Point]:
        """How many are active."""
        count = attrgetter("active_miner_count")
        return self._track(count, count, _FEW_POINTS)

    def _track(
        self, by: Callable[[Seen], int | None], value: Callable[[Seen], float | None], most: int
    ) -> Sequence[Point]:
        """The values, thinned `by` what rises and falls with them; nothing where none is known."""
        points = [(seen.observed_at, value(seen)) for seen in self._kept(by, most)]
        return broken_at(points, self.gaps) if any(known is not None for _, known in points) else []

    def _kept(self, by: Callable[[Seen], int | None], most: int) -> Sequence[Seen]:
        if len(self.found) <= most:
            return self.found
        kept = thinned([(seen.observed_at, by(seen)) for seen in self.found], most)
        return [self._seen_at[at] for at, _ in kept]

    @cached_property
    def _seen_at(self) -> dict[datetime, Seen]:
        return {seen.observed_at: seen for seen in self.found}


def price_series(subnet: Subnet, until: datetime, span: timedelta | None, most_points: int = CHART_POINTS) -> Series:
    """What was observed in the `span` before `until` (None: ever).

    Two queries: how many rows there are, and about 2,400 of them, however often and for how long the chain was read.
    """
    start = (subnet.first_seen_at or until) if span is None else until - span
    rows = SubnetSnapshot.objects.of(subnet).filter(observed_at__range=(start, until))
    stretch = 0
    if rows.count() > _MOST_READ:
        stretch = max(1, int((until - start) / _BLOCK / _MOST_READ))
        rows = rows.filter(observed_at__in=_last_of_each(stretch, start, until))
    stored = rows.annotate(written=Cast("observed_at", CharField())).values_list("written", *Seen._fields[1:])
    found = [Seen._make((_time(row[0]), *row[1:])) for row in stored]
    return Series(
        found=found,
        gaps=gaps([seen.observed_at for seen in found]),
        most_points=most_points,
        read_every=stretch * _BLOCK if stretch else None,
    )


def _time(written: str) -> datetime:
    """A time in UTC as either database writes it: read by Django, it would take longer than the rest of its row."""
    return datetime.fromisoformat(written if written.endswith("+00") else f"{written}+00:00")


def _last_of_each(stretch: int, start: datetime, until: datetime) -> QuerySet[NetworkSnapshot, datetime]:
    """The time of the last complete network snapshot of each `stretch` of blocks."""
    snapshots = NetworkSnapshot.objects.filter(complete=True, observed_at__range=(start, until)).order_by()
    stretches = snapshots.annotate(stretch=F("block") / stretch).values("stretch")
    return stretches.annotate(last=Max("observed_at")).values_list("last", flat=True)


def daily_volumes(totals: Sequence[tuple[datetime, int | None]]) -> list[Point]:
    """TAO traded from each UTC day's first observation to that of the next; unknown where either is missing."""
    first = _first_of_each_day((at, total) for at, total in totals if total is not None)
    return [(day, from_rao(growth(total, first.get(day + _DAY)))) for day, total in list(first.items())[:-1]]


def daily_flows(found: Sequence[Seen]) -> list[Point]:
    """TAO that traders put in less what they took out, from each UTC day's first observation to that of the next."""
    firsts = _first_of_each_day((seen.observed_at, seen) for seen in found)
    first = {day: _observation(seen) for day, seen in firsts.items()}
    days: list[Point] = []
    for day, seen in list(first.items())[:-1]:
        after = first.get(day + _DAY)
        days.append((day, organic_flow_tao(seen, after) if after else None))
    return days if any(flow is not None for _, flow in days) else []


def _first_of_each_day(rows: Iterable[tuple[datetime, T]]) -> dict[datetime, T]:
    """{start of the UTC day: what was first on it}, of rows in the order of time."""
    first: dict[datetime, T] = {}
    next_day: datetime | None = None
    for at, value in rows:
        if next_day is None or at >= next_day:
            day = at.replace(hour=0, minute=0, second=0, microsecond=0)
            first[day], next_day = value, day + _DAY
    return first


def _cap_by(seen: Seen) -> int | None:
    """The market cap rises and falls with it; None where that is unknown."""
    if seen.price_rao is None or seen.alpha_in_rao is None or seen.alpha_out_rao is None:
        return None
    return seen.price_rao * (seen.alpha_in_rao + seen.alpha_out_rao)


def _emission_by(seen: Seen) -> int | None:
    """The emission rises and falls with it; None where that is unknown."""
    injected, bought = seen.tao_in_emission_rao, seen.chain_buy_rao or 0
    return None if injected is None or injected < 0 or bought < 0 else injected + bought


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
