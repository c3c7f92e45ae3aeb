"""What was traded of one tenant on each UTC day: the bars below its charts, with the observations that they rest on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from insights.history import Series
from insights.traced import Step
from subnets.models import NetworkSnapshot
from taoanalytics.lib.downsampling import Point

_DAY, _LATE = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Day:
    """In TAO, from the first observation of a UTC day to that of the next; None is unknown, an outflow below zero.

    `steps` are those two observations, or the first alone where the next day was not observed.
    """

    day: date
    volume_tao: float | None
    organic_flow_tao: float | None
    steps: Sequence[Step]


def days_of(series: Series) -> list[Day]:
    """The days of `series`, oldest first, the newest left out: it is not over. One query."""
    volumes, flows = dict(whole_days(series, series.volumes)), dict(whole_days(series, series.flows))
    first_block: dict[date, int] = {}
    for seen in series.found:
        first_block.setdefault(seen.observed_at.date(), seen.network__block)
    steps = _steps(first_block.values())
    return [
        Day(
            day=at.date(),
            volume_tao=volumes.get(at),
            organic_flow_tao=flows.get(at),
            steps=[steps[first_block[day]] for day in (at.date(), at.date() + _DAY) if day in first_block],
        )
        for at in sorted({*volumes, *flows})
    ]


def whole_days(series: Series, points: Sequence[Point]) -> list[Point]:
    """Without a first day of which the series has the later part only: its amount would pass for a day's."""
    start = series.found[0].observed_at if series.found else None
    return [(at, value) for at, value in points if start is not None and start - at <= _LATE]


def _steps(blocks: Iterable[int]) -> dict[int, Step]:
    """{block: the observation of the network at it}. One query."""
    found = NetworkSnapshot.objects.filter(block__in=blocks)
    rows = found.values_list("pk", "observed_at", "block", "source")
    return {step.block: step for step in (Step(*row) for row in rows)}
