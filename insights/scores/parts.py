"""What a score is made of: parts that add up to it, exactly and as shown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from taoanalytics.lib.metric import Better, Unit

_NOISE_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One input of a score as declared: metric `key`, its `unit` and better direction, `weight` of 100."""

    key: str
    label: str
    group: str
    weight: int
    unit: Unit
    better: Better


class Part(NamedTuple):
    """What one input gave.

    `inputs` are metric keys with the values read, the one it is named for first; `rating` is 0 to 100,
    better is higher; `weight` is the effective share of the score; `points` = weight × rating; `tenths` are
    the points as shown.
    """

    label: str
    group: str
    inputs: tuple[tuple[str, float | None], ...]
    rating: float
    weight: float
    points: float
    tenths: int = 0

    @property
    def key(self) -> str:
        return self.inputs[0][0]

    @property
    def raw(self) -> float | None:
        """The value of the input it is named for, in that metric's unit."""
        return self.inputs[0][1]

    @property
    def shown(self) -> float:
        return self.tenths / 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`rank` 1 is best, of `of` scored; from `best` to `worst` where the weights are given some play, if tried."""

    rank: int
    of: int
    best: int | None = None
    worst: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A judgement of one subnet, 0 to 100. `value` is None exactly where `reason` says why there is none.

    `value` is the exact sum of the parts' points; `tenths` is what is shown, the exact sum of the parts' tenths.
    `coverage` is the share (0 to 1) of the declared weight that was known, `unknown` the metric keys that were not.
    """

    version: str
    value: float | None
    tenths: int | None
    coverage: float
    reason: str = ""
    parts: tuple[Part, ...] = ()
    unknown: tuple[str, ...] = ()
    place: Place | None = None

    @property
    def shown(self) -> float | None:
        return None if self.tenths is None else self.tenths / 10


def summed(
    version: str, parts: Sequence[Part], *, tenths: int | None = None, coverage: float, unknown: Sequence[str] = ()
) -> Score:
    """The score that `parts` make. It shows `tenths`, or its value rounded half up where none is given."""
    value = math.fsum(part.points for part in parts)
    total = half_up_tenths(value) if tenths is None else tenths
    shares = shared_tenths([part.points for part in parts], total)
    return Score(
        version=version,
        value=value,
        tenths=total,
        coverage=coverage,
        parts=tuple(part._replace(tenths=share) for part, share in zip(parts, shares, strict=True)),
        unknown=tuple(unknown),
    )


def not_scored(version: str, reason: str, *, coverage: float = 0.0, unknown: Sequence[str] = ()) -> Score:
    """No score, and the sentence that says why."""
    return Score(version=version, value=None, tenths=None, coverage=coverage, reason=reason, unknown=tuple(unknown))


def half_up_tenths(value: float) -> int:
    """Tenths, halves up, with the noise of binary arithmetic taken off first: 0.15 gives 2, whatever summed to it."""
    decimal = Decimal(repr(round(value, _NOISE_DECIMALS)))
    return int((decimal * 10).to_integral_value(ROUND_HALF_UP))


def shared_tenths(points: Sequence[float], total: int) -> list[int]:
    """Each of `points` (≥ 0) in tenths, so that they add up to `total`, their own sum in tenths rounded.

    What rounding down leaves goes to the largest remainders, ties to the earlier.
    """
    tenths = [math.floor(point * 10) for point in points]
    by_remainder = sorted(range(len(points)), key=lambda position: tenths[position] - points[position] * 10)
    for position in by_remainder[: total - sum(tenths)]:
        tenths[position] += 1
    return tenths


def with_places(scores: Mapping[int, Score], places: Mapping[int, Place]) -> dict[int, Score]:
    """The same scores, each with its place where it has one."""
    return {
        netuid: replace(score, place=places[netuid]) if netuid in places else score for netuid, score in scores.items()
    }
