"""What following the signal would have paid: the top fifth of each day against all of the same names, long only."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from insights.signals.information import MIN_NAMES, CrossSection
from insights.signals.significance import MeanTest, newey_west
from insights.statistics.ranks import is_known, known


@dataclass(frozen=True, slots=True)
class FifthDay:
    """Mean returns (fractions) over one horizon, entered after `day`, and which names the top fifth held."""

    day: date
    held: frozenset[Hashable]
    top: float
    equal_weight: float

    @property
    def excess(self) -> float:
        return self.top - self.equal_weight


@dataclass(frozen=True, slots=True, kw_only=True)
class FifthRecord:
    """Top fifth minus equal weight per period: `gross` and `net` of cost, with medians, all start days overlapped.

    `net` and `median_net` are None where no day has both turnover and cost.
    """

    gross: MeanTest
    median_gross: float | None
    mean_turnover: float | None
    net: MeanTest | None
    median_net: float | None


def fifth_of(section: CrossSection, min_names: int = MIN_NAMES) -> FifthDay | None:
    """The day's top fifth (a fifth of the names with signal and return, rounded down); ties go to the later name.

    None under `min_names` names, or under five.
    """
    ranked = sorted(
        (signal, position)
        for position, (signal, got) in enumerate(zip(section.signal, section.forward_return, strict=True))
        if is_known(signal) and is_known(got)
    )
    size = len(ranked) // 5
    if len(ranked) < min_names or size == 0:
        return None
    returns = {position: section.forward_return[position] for _, position in ranked}
    top = [position for _, position in ranked[-size:]]
    return FifthDay(
        day=section.day,
        held=frozenset(section.names[position] for position in top),
        top=fmean(known(returns[position] for position in top)),
        equal_weight=fmean(known(returns.values())),
    )


def turnovers(days: Sequence[FifthDay], horizon_days: int) -> dict[date, float]:
    """Day → share of its top fifth that was not in the top fifth exactly `horizon_days` before, where that is known."""
    by_day = {day.day: day for day in days}
    result = {}
    for day in days:
        before = by_day.get(day.day - timedelta(days=horizon_days))
        if before is not None:
            result[day.day] = 1 - len(day.held & before.held) / len(day.held)
    return result


def fifth_record(
    days: Sequence[FifthDay], horizon_days: int, round_trip_cost: Mapping[date, float | None] | None = None
) -> FifthRecord:
    """The record of all `days`. `round_trip_cost`: day → mean cost of its top fifth, as a share of what is traded.

    Net is gross less turnover × cost: only the part of the portfolio that changed is charged.
    """
    turnover = turnovers(days, horizon_days)
    gross = [day.excess for day in days]
    costs = round_trip_cost or {}
    net = [
        day.excess - turnover[day.day] * cost
        for day in days
        if day.day in turnover and is_known(cost := costs.get(day.day))
    ]
    return FifthRecord(
        gross=newey_west(gross, horizon_days),
        median_gross=median(gross) if gross else None,
        mean_turnover=fmean(turnover.values()) if turnover else None,
        net=newey_west(net, horizon_days) if net else None,
        median_net=median(net) if net else None,
    )
