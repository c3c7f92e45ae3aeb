"""Time as this project knows it: aware, and UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta


def now() -> datetime:
    return datetime.now(UTC)


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def end_of_day(day: date) -> datetime:
    """The last instant of a day: what "as of that day" means."""
    return datetime.combine(day, time.max, UTC)


def grid(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """UTC points of the grid that midnight anchors, from `start` to `end`, both included when they lie on it."""
    seconds = step.total_seconds()
    if seconds <= 0:
        raise ValueError("the step of a grid must be longer than nothing")
    anchor = start_of_day(start.astimezone(UTC).date())
    point = anchor + step * -((anchor - start) // step)
    while point <= end:
        yield point
        point += step
