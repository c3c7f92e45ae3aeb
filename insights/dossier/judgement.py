"""How the score and the signal of one subnet came about: their parts, recomputed from the snapshot's own metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from insights.board import Board
from insights.charts import waterfall
from insights.figures import Value
from insights.judged import judged
from insights.models import ScoreRow
from insights.numbers import in_detail, unit_after
from insights.registry import BY_KEY, SCORE_VERSION
from insights.scores import DECLARATIONS, Part, Score, Signal
from insights.scores.buy_signal import THRESHOLDS
from subnets.models import SubnetSnapshot
from taoanalytics.lib.metric import Metric

_OTHERS = tuple(metric.key for version, metric in DECLARATIONS.items() if version != SCORE_VERSION)


@dataclass(frozen=True, slots=True)
class Step:
    """One part as a row: its points start where those of the parts above it end. All of 100."""

    part: Part
    input_words: str
    start: float

    @property
    def weight(self) -> float:
        return 100 * self.part.weight

    @property
    def bar(self) -> SafeString:
        return waterfall.step(self.start, self.part.shown, self.weight)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The score with its parts in order, and the signal with its own; `stored` is what the ranks were read from.

    `older` are the other versions' scores of the same snapshot, where they could be told.
    """

    score: Score
    steps: Sequence[Step]
    signal: Signal
    signal_steps: Sequence[Step]
    stored: ScoreRow | None
    older: Sequence[tuple[Metric, float]]

    @property
    def bar(self) -> SafeString | str:
        return "" if self.score.shown is None else waterfall.total(self.score.shown)

    @property
    def unknown(self) -> list[str]:
        """What the score had to do without, in words."""
        return [_label(key) for key in self.score.unknown]

    @property
    def signal_unknown(self) -> list[str]:
        return [_label(key) for key in self.signal.composite.unknown]

    @property
    def coverage_pct(self) -> int:
        return round(100 * self.score.coverage)

    @property
    def rank(self) -> int | None:
        if self.stored and self.stored.rank:
            return self.stored.rank
        return self.score.place.rank if self.score.place else None

    @property
    def ranked(self) -> int | None:
        if self.stored and self.stored.ranked:
            return self.stored.ranked
        return self.score.place.of if self.score.place else None

    @property
    def next_level(self) -> tuple[int, float] | None:
        """(the next level up, how many points it asks for)"""
        level = self.signal.level
        return None if level is None or level == max(THRESHOLDS) else (level + 1, THRESHOLDS[level + 1])


def judgement(snapshot: SubnetSnapshot, figures: Mapping[str, Value], now: Board) -> Judgement | None:
    """Of a measured subnet, among those of its own network snapshot; None for root.

    One query, and one more once for the board or two for a snapshot that is not on it.
    """
    netuid, found = snapshot.subnet.netuid, judged(snapshot.network, now)
    if netuid not in found.scores:
        return None
    score, signal = found.scores[netuid], found.signals[netuid]
    return Judgement(
        score=score,
        steps=steps_of(score.parts),
        signal=signal,
        signal_steps=steps_of(signal.composite.parts),
        stored=ScoreRow.objects.filter(snapshot=snapshot, version=SCORE_VERSION).first(),
        older=[(BY_KEY[key], float(value)) for key in _OTHERS if (value := figures.get(key)) is not None],
    )


def steps_of(parts: Sequence[Part]) -> list[Step]:
    """The parts as shown, each starting where the last one ends."""
    steps, tenths = [], 0
    for part in parts:
        steps.append(Step(part, _words(part), tenths / 10))
        tenths += part.tenths
    return steps


def _words(part: Part) -> str:
    metric = BY_KEY.get(part.key)
    if metric is None or part.raw is None:
        return ""
    return f"{in_detail(metric, part.raw)} {unit_after(metric)}".rstrip()


def _label(key: str) -> str:
    return BY_KEY[key].label if key in BY_KEY else key
