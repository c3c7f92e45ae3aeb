"""How strongly two columns move together, and how easily chance alone would do it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from statistics import fmean
from typing import NamedTuple

from insights.statistics.ranks import is_known, known, midranks
from insights.statistics.student import two_sided_p

FEWEST_PAIRS = 3
MOST_PAIRS_FOR_EXACT_P = 7
_ROUNDING = 1e-12


class Pairs(NamedTuple):
    x: list[float]
    y: list[float]


@dataclass(frozen=True, slots=True)
class Association:
    """`coefficient` −1 to 1 and two-sided `p` 0 to 1 over `n` pairs known on both sides; None where undefined."""

    coefficient: float | None
    n: int
    p: float | None = None


def both_known(x: Sequence[float | None], y: Sequence[float | None]) -> Pairs:
    """The pairs that are known on both sides. ValueError for columns of unequal length."""
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if is_known(a) and is_known(b)]
    return Pairs([a for a, _ in pairs], [b for _, b in pairs])


def pearson(x: Sequence[float | None], y: Sequence[float | None], min_pairs: int = FEWEST_PAIRS) -> Association:
    """Linear correlation. Undefined under `min_pairs` pairs, or where either side does not vary.

    p is Student's with n − 2 degrees of freedom, exact for normally distributed pairs.
    """
    pairs = both_known(x, y)
    n = len(pairs.x)
    r = coefficient(pairs) if n >= min_pairs else None
    return Association(r, n, None if r is None else p_of_coefficient(r, n))


def spearman(x: Sequence[float | None], y: Sequence[float | None], min_pairs: int = FEWEST_PAIRS) -> Association:
    """Rank correlation: Pearson's of the midranks. Undefined as there.

    p counts every permutation up to seven pairs, where Student's t is coarse, and is Student's from eight on.
    """
    pairs = both_known(x, y)
    n = len(pairs.x)
    ranks = Pairs(_ranks(tuple(pairs.x)), _ranks(tuple(pairs.y)))
    rho = coefficient(ranks) if n >= min_pairs else None
    if rho is None:
        return Association(None, n)
    return Association(rho, n, permutation_p(ranks) if n <= MOST_PAIRS_FOR_EXACT_P else p_of_coefficient(rho, n))


@lru_cache(maxsize=64)
def _ranks(values: tuple[float, ...]) -> list[float]:
    """Midranks of known values, kept: in a matrix each column meets every other, mostly with the same values."""
    return known(midranks(values))


def coefficient(pairs: Pairs) -> float | None:
    """Pearson's r of known pairs, or None where a side does not vary or its squares leave the range of a float."""
    if not pairs.x or _constant(pairs.x) or _constant(pairs.y):
        return None
    dx, dy = _from_mean(pairs.x), _from_mean(pairs.y)
    norm_x, norm_y = math.hypot(*dx), math.hypot(*dy)
    if norm_x == 0 or norm_y == 0 or math.isinf(norm_x) or math.isinf(norm_y):
        return None
    r = math.fsum((a / norm_x) * (b / norm_y) for a, b in zip(dx, dy, strict=True))
    return max(-1.0, min(1.0, r))


def p_of_coefficient(r: float, n: int) -> float | None:
    """Two-sided p of a correlation over n pairs, from t = r·√((n − 2) ÷ (1 − r²)); None without degrees of freedom."""
    if n < FEWEST_PAIRS:
        return None
    unexplained = (1 - r) * (1 + r)
    if unexplained <= _ROUNDING:
        return 0.0
    return two_sided_p(r * math.sqrt((n - 2) / unexplained), n - 2)


def permutation_p(pairs: Pairs) -> float:
    """Share of all orders of y whose correlation with x is at least as strong, in either direction: n! orders."""
    dx, dy = _from_mean(pairs.x), _from_mean(pairs.y)
    observed = abs(_product(dx, dy))
    as_strong = sum(abs(_product(dx, order)) >= observed - _ROUNDING * max(1.0, observed) for order in permutations(dy))
    return as_strong / math.factorial(len(dy))


def _product(x: Sequence[float], y: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(x, y, strict=True))


def _constant(values: Sequence[float]) -> bool:
    return min(values) == max(values)


def _from_mean(values: Sequence[float]) -> list[float]:
    mean = fmean(values)
    return [value - mean for value in values]
