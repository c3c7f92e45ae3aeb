"""Is a mean of daily numbers different from zero, when neighbouring days share most of their return window?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev

from insights.statistics.ranks import known
from insights.statistics.student import two_sided_p

_SMALLEST_ERROR = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanTest:
    """A mean over `n` known days and its Newey-West test.

    `hit_rate` is the share of days above 0; `windows` how many return windows fit side by side; `df` follows from them.
    `se`, `t` and two-sided `p` are None where the days have no variance to measure by.
    """

    n: int
    mean: float | None
    hit_rate: float | None
    lag: int
    windows: int
    df: int
    se: float | None = None
    t: float | None = None
    p: float | None = None


def newey_west(values: Sequence[float | None], horizon_days: int, lag: int | None = None) -> MeanTest:
    """The mean of daily `values` whose windows of `horizon_days` overlap. Unknown days are skipped.

    The lag is max(h − 1, ⌊4(n/100)^(2/9)⌋) unless given, at most n − 1; Bartlett weights; p from Student's t with
    ⌊n/h⌋ − 1 degrees of freedom, at least 1. Source: Newey and West, 1987 and 1994. ValueError for a horizon under 1.
    """
    if horizon_days < 1:
        raise ValueError(f"A horizon lasts at least a day, not {horizon_days}")
    present = known(values)
    n = len(present)
    used_lag = max(min(automatic_lag(n, horizon_days) if lag is None else lag, n - 1), 0)
    windows = n // horizon_days
    df = max(1, windows - 1)
    if not present:
        return MeanTest(n=0, mean=None, hit_rate=None, lag=used_lag, windows=windows, df=df)
    mean = fmean(present)
    hit_rate = sum(value > 0 for value in present) / n
    se = _standard_error(present, mean, used_lag)
    t = None if se is None else mean / se
    return MeanTest(
        n=n,
        mean=mean,
        hit_rate=hit_rate,
        lag=used_lag,
        windows=windows,
        df=df,
        se=se,
        t=t,
        p=None if t is None else two_sided_p(t, df),
    )


def automatic_lag(n: int, horizon_days: int) -> int:
    """How many days back the errors may still be related: the overlap, or more where the series is long."""
    return max(horizon_days - 1, math.floor(4 * math.pow(n / 100, 2 / 9)))


def _standard_error(values: Sequence[float], mean: float, lag: int) -> float | None:
    n = len(values)
    errors = [value - mean for value in values]
    variance = math.fsum(error * error for error in errors) / n
    for distance in range(1, lag + 1):
        covariance = math.fsum(errors[i] * errors[i - distance] for i in range(distance, n)) / n
        variance += 2 * (1 - distance / (lag + 1)) * covariance
    if variance <= 0:
        return None
    se = math.sqrt(variance / n)
    return None if se < _SMALLEST_ERROR else se


def median_t_of_offsets(values: Sequence[float | None], horizon_days: int) -> float | None:
    """The overlap check: t of the plain mean of every h-th day, for each of the h first days; their median.

    `values` has one entry per day, None for an unknown one. None where no start gives a t.
    """
    found = [_plain_t(known(values[offset::horizon_days])) for offset in range(horizon_days)]
    defined = [t for t in found if t is not None]
    return median(defined) if defined else None


def _plain_t(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    se = stdev(values) / math.sqrt(len(values))
    return None if se < _SMALLEST_ERROR else fmean(values) / se


def halves_agree(values: Sequence[float | None]) -> bool:
    """Whether the mean of the first half and of the second half of the known days have the sign of the whole."""
    present = known(values)
    if len(present) < 2:
        return False
    middle = len(present) // 2
    signs = {_sign(fmean(part)) for part in (present, present[:middle], present[middle:])}
    return len(signs) == 1 and 0 not in signs


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
