"""Does the order in which a signal puts the subnets agree with the order of what they returned?"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from insights.statistics.association import Association, both_known, coefficient
from insights.statistics.ranks import is_known, known, midranks

MIN_NAMES = 20
MIN_NAMES_TO_NEUTRALISE = 5
_RESIDUAL_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossSection:
    """One day's signal and what followed it, for the same names in the same order; None is unknown.

    `names` identify a tenant, so that a netuid that changed hands is two names. `signal` is turned so that more is
    declared better. `forward_return` is a fraction. `market_cap_tao` is that of the signal's day.
    """

    day: date
    names: tuple[Hashable, ...]
    signal: tuple[float | None, ...]
    forward_return: tuple[float | None, ...]
    market_cap_tao: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class DailyIC:
    """Information coefficient of one day, −1 to 1, and over how many names; None where it is undefined."""

    day: date
    value: float | None
    names: int


def rank_ic(
    signal: Sequence[float | None], forward_return: Sequence[float | None], min_names: int = MIN_NAMES
) -> Association:
    """Spearman's coefficient of signal and return. Undefined under `min_names`, or where one side does not vary.

    It comes without p: the names of one day move together, so the test is over days (`newey_west`).
    """
    pairs = both_known(signal, forward_return)
    if len(pairs.x) < min_names:
        return Association(None, len(pairs.x))
    return Association(coefficient(both_known(midranks(pairs.x), midranks(pairs.y))), len(pairs.x))


def size_neutral(signal: Sequence[float | None], market_cap_tao: Sequence[float | None]) -> list[float | None]:
    """What is left of the signal's midranks when those of market cap are taken out by least squares.

    In ranks, to nine decimals so that ties stay ties; only the signal is neutralised. None where either is unknown,
    and for all under five names. With one market cap for all nothing is taken out but the mean.
    """
    positions = [
        position
        for position, pair in enumerate(zip(signal, market_cap_tao, strict=True))
        if is_known(pair[0]) and is_known(pair[1])
    ]
    residuals: list[float | None] = [None] * len(signal)
    if len(positions) < MIN_NAMES_TO_NEUTRALISE:
        return residuals
    ranks = _from_mean(known(midranks([signal[position] for position in positions])))
    sizes = _from_mean(known(midranks([market_cap_tao[position] for position in positions])))
    spread = sum(size * size for size in sizes)
    slope = sum(rank * size for rank, size in zip(ranks, sizes, strict=True)) / spread if spread else 0.0
    for position, rank, size in zip(positions, ranks, sizes, strict=True):
        residuals[position] = round(rank - slope * size, _RESIDUAL_DECIMALS) + 0.0
    return residuals


def daily_ics(sections: Sequence[CrossSection], *, neutral: bool = False, min_names: int = MIN_NAMES) -> list[DailyIC]:
    """One coefficient per day, raw or size-neutral, in the order of `sections`."""
    result = []
    for section in sections:
        signal = size_neutral(section.signal, section.market_cap_tao) if neutral else section.signal
        found = rank_ic(signal, section.forward_return, min_names)
        result.append(DailyIC(section.day, found.coefficient, found.n))
    return result


def _from_mean(values: Sequence[float]) -> list[float]:
    mean = fmean(values)
    return [value - mean for value in values]
