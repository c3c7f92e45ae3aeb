"""Which of the chain's rules changed while a chart runs, and where its lines stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from subnets import regimes
from subnets.regimes import Topic
from taoanalytics.lib import clock
from taoanalytics.lib.units import BLOCK_SECONDS

TOPICS = (Topic.BLOCK_EMISSION, Topic.EMISSION_SHARE, Topic.POOL, Topic.DEREGISTRATION)
"""Those whose changes can be seen in prices, pools and emission."""

_SHORT = {
    "First halving": "halving",
    "By TAO flow": "emission by flow",
    "By price, less burned incentive": "burn counts",
    "Hill gate": "Hill gate",
    "Hill gate, burn not counted": "burn not counted",
    "Hill gate, burn counted again": "burn counts again",
    "Concentrated liquidity": "concentrated liquidity",
    "Weighted pool": "weighted pool",
    "Lowest moving price": "removal begins",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An event at a time, UTC: a word for the chart, the topic and a sentence for the list below it."""

    at: datetime
    word: str
    topic: str
    what: str


def rule_changes(start: datetime, end: datetime) -> list[Line]:
    """Every dated change of a rule of `TOPICS` after `start` and up to `end`, oldest first."""
    lines = []
    for topic in TOPICS:
        for regime in regimes.timeline(topic):
            if regime.from_day is None:
                continue
            at = clock.start_of_day(regime.from_day)
            if start < at <= end:
                lines.append(Line(at, _SHORT.get(regime.name, regime.name), str(topic), regime.what))
    return sorted(lines, key=lambda line: line.at)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a chart in which one rule shared out emission; every other one is `shaded`."""

    start: datetime
    end: datetime
    rule: str
    shaded: bool


def emission_bands(start: datetime, end: datetime) -> list[Band]:
    """Side by side from `start` to `end`, the oldest first. A rule without a day of its own began before them all."""
    dated = [
        (clock.start_of_day(rule.from_day) if rule.from_day else start, rule.name)
        for rule in regimes.timeline(Topic.EMISSION_SHARE)
        if rule.dated
    ]
    ends = [at for at, _ in dated[1:]] + [end]
    return [
        Band(max(at, start), min(until, end), name, shaded=bool(i % 2))
        for i, ((at, name), until) in enumerate(zip(dated, ends, strict=True))
        if at < end and until > start
    ]


def time_of_block(block: int, known_block: int, known_at: datetime) -> datetime:
    """When a block was made, counted in 12-second blocks from one whose time is known: right to a day or so."""
    return known_at + timedelta(seconds=(block - known_block) * BLOCK_SECONDS)


def tenancy(registered: datetime, ended: datetime | None, start: datetime, end: datetime) -> list[Line]:
    """The boundaries of a tenancy, as far as they lie within the chart."""
    boundaries = [
        (registered, "registered", "This tenant registered the netuid; before, it belonged to another or to nobody."),
        (ended, "netuid passed on", "Another tenant registered the netuid."),
    ]
    return [Line(at, word, "Tenancy", what) for at, word, what in boundaries if at is not None and start <= at <= end]


def lanes(positions: Sequence[float], needed: float, count: int = 4) -> list[int]:
    """A lane, 0 to `count` − 1, for each of the ascending `positions`, so that labels `needed` long do not touch.

    Where no lane is free the label goes into the one that is free soonest.
    """
    free_from = [float("-inf")] * count
    found = []
    for position in positions:
        lane = next((i for i, free in enumerate(free_from) if free <= position), free_from.index(min(free_from)))
        free_from[lane] = position + needed
        found.append(lane)
    return found
