"""The word that stands beside a signal's statistics, and the tags that keep it honest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MIN_NAMES = 20
MIN_DAYS = 30
MIN_WINDOWS = 5
MIN_WINDOWS_FOR_PROMISING = 10


class Word(StrEnum):
    """There is none above promising."""

    INSUFFICIENT = "insufficient data"
    NO_EVIDENCE = "no evidence"
    WEAK = "weak"
    PROMISING = "promising"


class Tag(StrEnum):
    EXPLAINED_BY_SIZE = "explained by size"
    MEAN_DISAGREES = "mean disagrees"
    PRICE_ONLY = "price return only"
    REGIMES_DISAGREE = "regimes disagree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a verdict rests on: median `names` a day, `n` days, side-by-side `windows`, t and q of the mean.

    `halves_agree`: both halves of the days have the sign of the mean. `t_neutral`: t of the size-neutral row.
    `live`: the signals were stored before their outcomes.
    """

    names: float
    n: int
    windows: int
    t: float | None
    q: float | None
    halves_agree: bool
    t_neutral: float | None
    live: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    word: Word
    opposite: bool = False

    def __str__(self) -> str:
        return f"{self.word}, opposite direction" if self.opposite else str(self.word)


def sufficient(names: float, n: int, windows: int, t: float | None) -> bool:
    """Whether t and p may be shown at all."""
    return names >= MIN_NAMES and n >= MIN_DAYS and windows >= MIN_WINDOWS and t is not None


def verdict(evidence: Evidence) -> Verdict:
    """The first word that applies. A signal that works against its declared direction is said to."""
    t, q = evidence.t, evidence.q
    if t is None or not sufficient(evidence.names, evidence.n, evidence.windows, t):
        return Verdict(Word.INSUFFICIENT)
    if q is None or abs(t) < 2 or q > 0.10:
        return Verdict(Word.NO_EVIDENCE)
    return Verdict(Word.PROMISING if _promising(evidence, t, q) else Word.WEAK, opposite=t < 0)


def _promising(evidence: Evidence, t: float, q: float) -> bool:
    strong = abs(t) >= 3 and q <= 0.05 and evidence.windows >= MIN_WINDOWS_FOR_PROMISING
    neutral = evidence.t_neutral
    holds_without_size = neutral is not None and abs(neutral) >= 2 and (neutral > 0) == (t > 0)
    return evidence.live and strong and evidence.halves_agree and holds_without_size


def tags(
    given: Verdict,
    *,
    t_neutral: float | None,
    mean_ic: float | None,
    mean_excess: float | None,
    t_by_regime: Sequence[float | None] = (),
    total_return_known: bool = False,
) -> list[Tag]:
    """What must be said beside the word. `mean_excess` is the mean of top fifth minus equal weight, a fraction."""
    passes = given.word in (Word.WEAK, Word.PROMISING)
    strong_regimes = [t for t in t_by_regime if t is not None and abs(t) >= 2]
    said = {
        Tag.EXPLAINED_BY_SIZE: passes and t_neutral is not None and abs(t_neutral) < 2,
        Tag.MEAN_DISAGREES: mean_ic is not None and mean_excess is not None and mean_ic * mean_excess < 0,
        Tag.PRICE_ONLY: not total_return_known,
        Tag.REGIMES_DISAGREE: len({t > 0 for t in strong_regimes}) == 2,
    }
    return [tag for tag, applies in said.items() if applies]


def exceeded_at(gross: float | None, net_by_level: Mapping[int, float | None]) -> int | None:
    """The smallest level in TAO per name at which cost takes all of a positive `gross` result, or None."""
    if gross is None or gross <= 0:
        return None
    return min((level for level, net in net_by_level.items() if net is not None and net <= 0), default=None)
