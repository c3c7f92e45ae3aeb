"""Sums that keep their manners: unknown in, unknown out; no number from an impossible input; never NaN or infinity."""

from collections.abc import Sequence
from math import isfinite

from subnets.metrics.inputs import Value
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.units import RAO

_ROUNDING = 1e-9


def tokens(rao: float | None) -> float | None:
    """Whole tokens from rao; None if unknown or below zero, which no amount can be."""
    return None if rao is None or rao < 0 else rao / RAO


def positive(value: float | None) -> float | None:
    """The value if it is above zero: for prices and divisors, where zero means that nobody could tell."""
    return None if value is None or value <= 0 else value


def ratio(part: float | None, whole: float | None) -> float | None:
    """part ÷ whole; None if either is unknown or the whole is not above zero."""
    if part is None or whole is None or whole <= 0:
        return None
    return _finite(part / whole)


def percent(part: float | None, whole: float | None) -> float | None:
    """100 × part ÷ whole; None if either is unknown or the whole is not above zero."""
    quotient = ratio(part, whole)
    return None if quotient is None else _finite(100 * quotient)


def percent_change(before: float | None, after: float | None) -> float | None:
    """Percent points from one price to another; None unless both are above zero."""
    if before is None or after is None or min(before, after) <= 0:
        return None
    return _finite(100 * (after / before - 1))


def growth(before: int | None, after: int | None) -> int | None:
    """What a running total grew by; None if it shrank, for then it was counted anew."""
    if before is None or after is None or before < 0 or after < before:
        return None
    return after - before


def sample_deviation(values: Sequence[float]) -> float | None:
    """Sample standard deviation (n − 1); None below two values."""
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    return float((sum((v - mean) ** 2 for v in values) / (len(values) - 1)) ** 0.5)


def within_bounds(metric: Metric, value: Value) -> Value:
    """The value, put back onto a bound that it passes by rounding alone; None if it passes further or is no number."""
    if value is None or not isfinite(value):
        return None
    if metric.lower is not None and value < metric.lower:
        return _back_onto(metric.lower, value)
    if metric.upper is not None and value > metric.upper:
        return _back_onto(metric.upper, value)
    return value


def _back_onto(bound: float, value: float) -> Value:
    return bound if abs(value - bound) <= _ROUNDING * max(1.0, abs(bound)) else None


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
