"""How unevenly something is spread over its holders."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul

HHI_OF_ONE = 10_000


@dataclass(frozen=True, slots=True)
class Concentration:
    """Of amounts that are above zero.

    hhi: sum of squared shares, 0 to 10,000 (one holder has all). gini: 0 (all alike) to 1. nakamoto: fewest holders
    with more than half. top1_pct, top10_pct: what the largest, the ten largest have together, in percent.
    """

    hhi: float
    gini: float
    nakamoto: int
    top1_pct: float
    top10_pct: float


def concentration(amounts: Iterable[float]) -> Concentration | None:
    """None if nobody holds anything, or for an amount below zero. Holders of nothing make no difference."""
    held = sorted(amounts, reverse=True)
    if held and held[-1] < 0:
        return None
    held = [amount for amount in held if amount > 0]
    total = sum(held)
    if not total:
        return None
    shares = [amount / total for amount in held]
    return Concentration(
        hhi=HHI_OF_ONE * sum(map(mul, shares, shares)),
        gini=_gini(shares),
        nakamoto=_nakamoto(held, total),
        top1_pct=100 * shares[0],
        top10_pct=100 * (sum(held[:10]) / total),
    )


def hhi(amounts: Iterable[float]) -> float | None:
    """Herfindahl-Hirschman index, 0 to 10,000; None as for `concentration`."""
    measured = concentration(amounts)
    return None if measured is None else measured.hhi


def stake_quality(index: float | None) -> float | None:
    """100 less a hundredth of an HHI: 0 where one holder has all. None for what cannot be an HHI."""
    return None if index is None or not 0 <= index <= HHI_OF_ONE else 100 - index / 100


def effective_number(amounts: Iterable[float]) -> float | None:
    """How many equal holders would be as concentrated: 1 ÷ Σ squared shares. 0 if nobody holds anything."""
    held = list(amounts)
    if any(amount < 0 for amount in held):
        return None
    index = hhi(held)
    return 0.0 if index is None else HHI_OF_ONE / index


def by_holder(holders: Sequence[str], amounts: Sequence[int]) -> list[int]:
    """Amounts summed by holder; where a holder is unknown (""), each amount is its own."""
    sums: defaultdict[str, int] = defaultdict(int)
    unknown = []
    for holder, amount in zip(holders, amounts, strict=True):
        if holder:
            sums[holder] += amount
        else:
            unknown.append(amount)
    return [*sums.values(), *unknown]


def _gini(descending_shares: Sequence[float]) -> float:
    count = len(descending_shares)
    weighted: float = sum(map(mul, range(count, 0, -1), descending_shares))
    return max(0.0, 2 * weighted / count - (count + 1) / count)


def _nakamoto(descending: Sequence[float], total: float) -> int:
    together: float = 0
    for position, amount in enumerate(descending, 1):
        together += amount
        if 2 * together > total:
            return position
    return len(descending)
