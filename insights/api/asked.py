"""What a request may ask for, and how it is told that it may not."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from ninja import Path, Query
from ninja.errors import HttpError

from insights.registry import BY_KEY
from taoanalytics.lib import clock
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.units import U16_MAX

FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2100, 1, 1)
MOST_POINTS = 1_000
MOST_STATES = 400
_LONGEST_LIST = 8_000  # characters: every key of the registry fits

Every = Literal["1h", "6h", "1d", "7d", "30d"]
SPANS: dict[str, timedelta] = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}

_DAY = {"ge": FIRST_DAY, "le": LAST_DAY}
AsOf = Annotated[date | None, Query(description="The end of this day, UTC. Left out: the newest there is.", **_DAY)]
From = Annotated[date | None, Query(alias="from", description="First day, UTC.", **_DAY)]
To = Annotated[date | None, Query(alias="to", description="Last day, UTC, to its end. Left out: today.", **_DAY)]
Step = Annotated[Every, Query(description="One point per stretch: its last observation.")]
Netuid = Annotated[int, Path(ge=0, le=U16_MAX, description="Of a subnet; 0 is root.", example=1)]
Tenancy = Annotated[
    int | None,
    Query(ge=0, le=2**62, description="Registration of a former tenant. Left out: the present one."),
]
Category = Annotated[
    str | None,
    Query(
        pattern=r"^[-a-z0-9_]{1,50}$",
        description='Slug of a category, or "unclassified".',
        example="llm-inference",
    ),
]
Fields = Annotated[
    str | None,
    Query(
        max_length=_LONGEST_LIST,
        description="Keys of metrics, with commas between them. Left out: all.",
        example="price_tao,market_cap_tao",
    ),
]
Sort = Annotated[
    str,
    Query(
        max_length=80,
        description='Key of a metric, "netuid" or "name"; with "-" before it the largest come first.',
        example="-market_cap_tao",
    ),
]
DeclaredKey = Annotated[str, Path(description="Key of a declared number.", example="price_tao")]
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many subnets.")]
MetricKey = Annotated[str, Query(max_length=80, description="Key of a metric.", example="price_tao")]


def refused(words: str) -> HttpError:
    return HttpError(400, words)


def end_of(day: date | None) -> datetime | None:
    return None if day is None else clock.end_of_day(day)


def keys_of(fields: str | None) -> list[str]:
    """The keys asked for, or all there are. Refuses a name that is none."""
    if fields is None:
        return list(BY_KEY)
    asked = [name for part in fields.split(",") if (name := part.strip())]
    wrong = [name for name in asked if name not in BY_KEY]
    if wrong:
        raise refused(f"No metric is called {wrong[0]!r:.60}; /api/v1/metrics lists them all.")
    return asked


def order_of(sort: str) -> tuple[str, bool]:
    """(key, whether the largest come first)"""
    key = sort.removeprefix("-")
    if key not in BY_KEY and key not in ("netuid", "name"):
        raise refused(f"Nothing can be sorted by {key!r:.60}: a metric's key, netuid or name.")
    return key, sort.startswith("-")


def metric_of(key: str) -> Metric:
    metric = BY_KEY.get(key)
    if metric is None:
        raise refused(f"No metric is called {key!r:.60}; /api/v1/metrics lists them all.")
    return metric


def stretch_of(
    start: date | None, end: date | None, every: str, *, most: int, newest: datetime
) -> tuple[datetime, datetime]:
    """(first, last moment) of a history. Without a first day it goes back 90 days, or as far as `most` points reach.

    Refuses an end before its start, and more points than `most`.
    """
    last = end_of(end) or newest
    step = SPANS[every]
    if start is None:
        return last - min(timedelta(days=90), most * step), last
    first = clock.start_of_day(start)
    if first > last:
        raise refused("The first day lies after the last.")
    if (last - first) / step > most:
        raise refused(f"More than {most:,} points: ask for a shorter time, or for fewer with a longer `every`.")
    return first, last
