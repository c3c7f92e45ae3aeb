"""How old what we know is, source by source, and in words fit for everyone why it is not younger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Max

from markets.models import ScreenerRow, TaoPrice
from subnets.models import HyperparameterSet, NetworkSnapshot
from taoanalytics.jobs.models import JobRun
from taoanalytics.lib import clock
from taoanalytics.ops.logbook import JobRecord


class State(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    EMPTY = "nothing yet"
    UNUSED = "not used"


@dataclass(frozen=True, slots=True)
class Source:
    """`job` is the name of its runs in the logbook."""

    label: str
    about: str
    job: str
    newest: Callable[[], datetime | None]
    stale_after: timedelta


@dataclass(frozen=True, slots=True)
class Freshness:
    """`why` is empty for a source that is fresh. It names no address, path or error text."""

    source: Source
    state: State
    newest_at: datetime | None
    last_run: JobRun | None
    why: str

    @property
    def trouble(self) -> bool:
        return self.state in (State.STALE, State.EMPTY)


def _chain() -> datetime | None:
    newest = NetworkSnapshot.objects.newest_complete()
    return newest.observed_at if newest else None


def _hyperparameters() -> datetime | None:
    seen: datetime | None = HyperparameterSet.objects.aggregate(at=Max("last_seen_at"))["at"]
    return seen


def _price() -> datetime | None:
    price = TaoPrice.objects.order_by("-observed_at").first()
    return price.observed_at if price else None


def _screener() -> datetime | None:
    row = ScreenerRow.objects.order_by("-observed_at").values("observed_at").first()
    return row["observed_at"] if row else None


def sources() -> Sequence[Source]:
    hours, days = timedelta(hours=3), timedelta(days=2)
    chain = timedelta(minutes=settings.STALE_AFTER_MINUTES)
    return (
        Source("Chain", "Every subnet and neuron at one block", "collect chain", _chain, chain),
        Source("TAO price", "TAO in US dollars", "collect price", _price, hours),
        Source("Screener", "The market's own view of each subnet", "collect screener", _screener, hours),
        Source("Hyperparameters", "Each subnet's rules", "collect hyperparameters", _hyperparameters, days),
    )


def freshness(records: Sequence[JobRecord]) -> list[Freshness]:
    """One query per source."""
    by_job = {record.job: record for record in records}
    now = clock.now()
    return [_judged(source, by_job, now) for source in sources()]


def _judged(source: Source, by_job: Mapping[str, JobRecord], now: datetime) -> Freshness:
    newest_at = source.newest()
    record = by_job.get(source.job)
    last = record.last if record else None
    state = State.FRESH
    if newest_at is None:
        unused = last is not None and last.state == JobRun.State.SUCCEEDED and not last.seen
        state = State.UNUSED if unused else State.EMPTY
    elif now - newest_at > source.stale_after:
        state = State.STALE
    why = "" if state is State.FRESH else _why(source, state, last, now)
    return Freshness(source, state, newest_at, last, why)


def _why(source: Source, state: State, last: JobRun | None, now: datetime) -> str:
    if last is None:
        return "It has not been asked by this site."
    if state is State.UNUSED:
        return "This site is not set up to ask it."
    if last.state == JobRun.State.RUNNING:
        return "It is being asked now."
    if now - last.started_at > source.stale_after:
        return "Nobody has asked it since: the schedule is not running or was paused."
    if last.state == JobRun.State.FAILED:
        if last.error.startswith("Transient"):
            return "It did not answer as it should at the last try, and is asked again."
        return "The last try failed in a way that waiting does not mend. Staff can see why."
    if last.state in (JobRun.State.LOST, JobRun.State.INTERRUPTED):
        return "The last try was cut off, and is made again."
    return "It was asked, and had nothing newer."
