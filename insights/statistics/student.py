"""Student's t distribution through the regularised incomplete beta function."""

import math

_TINY = 1e-300
_ENOUGH = 1e-16
_MOST_TERMS = 10_000


def regularised_incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1, by Lentz's continued fraction.

    ValueError outside that domain. Source: Numerical Recipes, 3rd ed., section 6.4.
    """
    if not (a > 0 and b > 0 and 0 <= x <= 1):
        raise ValueError(f"I_x(a, b) needs a, b > 0 and 0 ≤ x ≤ 1, not a={a}, b={b}, x={x}")
    if x in (0, 1):
        return float(x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x),
    )
    if x < (a + 1) / (a + b + 2):
        return front * _continued_fraction(a, b, x) / a
    return 1 - front * _continued_fraction(b, a, 1 - x) / b


def _continued_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for numerator in (even, odd):
            d = 1 / _away_from_zero(1 + numerator * d)
            c = _away_from_zero(1 + numerator / c)
            change = c * d
            fraction *= change
        if abs(change - 1) < _ENOUGH:
            break
    return fraction


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def two_sided_p(t: float, df: float) -> float:
    """Probability that |T| is at least |t|, for T with `df` > 0 degrees of freedom."""
    if math.isinf(t):
        return 0.0
    return regularised_incomplete_beta(df / 2, 0.5, df / (df + t * t))


def student_t_cdf(t: float, df: float) -> float:
    """Probability that T is at most t, for T with `df` > 0 degrees of freedom."""
    tail = two_sided_p(t, df) / 2
    return 1 - tail if t > 0 else tail
