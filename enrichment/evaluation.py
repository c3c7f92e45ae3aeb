"""How good classifications are, against labels that people gave: figures with their n and interval. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

Z95 = 1.959964
BINS_FEW, BINS_MANY, MANY = 5, 10, 200
"""Of the calibration error: five bins, ten where there are at least 200 answers."""

TOP = 3


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a subnet is by a person's word: one category, and others that would do."""

    primary: str
    also: frozenset[str] = frozenset()

    def allows(self, category: str | None) -> bool:
        return category is not None and (category == self.primary or category in self.also)


@dataclass(frozen=True, slots=True)
class Result:
    """One classification with its label. `ranked`: categories, best first, as many as are known; empty for none.

    `confidence` 0 to 1; `published`: it was good enough to be shown.
    """

    label: Labelled
    ranked: tuple[str, ...]
    confidence: float | None = None
    published: bool = False

    @property
    def first(self) -> str | None:
        return self.ranked[0] if self.ranked else None

    @property
    def is_right(self) -> bool:
        return self.label.allows(self.first)


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`; `low` and `high` bound the true share with 95 % (Wilson). Of nothing, no share is known."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.n:
            return None
        share, z2 = self.hits / self.n, Z95**2
        middle = (share + z2 / (2 * self.n)) / (1 + z2 / self.n)
        spread = Z95 / (1 + z2 / self.n) * math.sqrt(share * (1 - share) / self.n + z2 / (4 * self.n**2))
        return max(0.0, middle - spread), min(1.0, middle + spread)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of `n` results.

    `strict`: the first is the primary label; `lenient`: or another that would do; `top3`: one of the first three is;
    `coverage`: published; `selective`: lenient, of those published; `macro_f1`: mean over the labelled categories,
    strict; `calibration_error`: mean distance of confidence from lenient accuracy, 0 to 1, in `bins` bins.
    """

    n: int
    strict: Share
    lenient: Share
    top3: Share
    coverage: Share
    selective: Share
    macro_f1: float | None
    calibration_error: float | None
    bins: int
    confusion: tuple[tuple[str, str, int], ...] = field(default=())
    """(label, answer or "", how often), the mistakes, most frequent first."""


def accuracy(results: Iterable[Result]) -> Accuracy:
    found = list(results)
    published = [result for result in found if result.published]
    bins = BINS_MANY if len(found) >= MANY else BINS_FEW
    return Accuracy(
        n=len(found),
        strict=_share(result.first == result.label.primary for result in found),
        lenient=_share(result.is_right for result in found),
        top3=_share(any(map(result.label.allows, result.ranked[:TOP])) for result in found),
        coverage=_share(result.published for result in found),
        selective=_share(result.is_right for result in published),
        macro_f1=macro_f1(found),
        calibration_error=calibration_error(found, bins),
        bins=bins,
        confusion=_confusion(found),
    )


def macro_f1(results: Sequence[Result]) -> float | None:
    """Every labelled category counts the same, however many subnets it has."""
    right = Counter(result.first for result in results if result.first == result.label.primary)
    named = Counter(result.first for result in results)
    labelled = Counter(result.label.primary for result in results)
    if not labelled:
        return None
    return sum(2 * right[slug] / (named[slug] + count) for slug, count in labelled.items()) / len(labelled)


def calibration_error(results: Sequence[Result], bins: int) -> float | None:
    """Expected calibration error: by bins of equal width of confidence, weighed by how many are in them."""
    known = [(result.confidence, result.is_right) for result in results if result.confidence is not None]
    if not known:
        return None
    by_bin: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in known:
        by_bin.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    return sum(
        abs(sum(confidence for confidence, _ in members) - sum(right for _, right in members))
        for members in by_bin.values()
    ) / len(known)


def middle(values: Iterable[float]) -> float | None:
    known = list(values)
    return median(known) if known else None


def _share(outcomes: Iterable[bool]) -> Share:
    listed = list(outcomes)
    return Share(sum(listed), len(listed))


def _confusion(results: Sequence[Result]) -> tuple[tuple[str, str, int], ...]:
    mistakes = Counter((result.label.primary, result.first or "") for result in results if not result.is_right)
    ordered = sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))
    return tuple((label, answer, count) for (label, answer), count in ordered)
