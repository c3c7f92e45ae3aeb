"""Where the ticks of an axis go, and what they say."""

from datetime import datetime, timedelta
from math import ceil, floor, log10

_DAY = timedelta(days=1)
_MOST_TICKS = 8
_STEPS = (1, 2, 2.5, 5, 10)

AMOUNT_TICKS = {
    "tickformatstops": [
        {"dtickrange": [0.9, None], "value": ",.0f"},
        *({"dtickrange": [0.9 / 10**places, 9 / 10**places], "value": f",.{places}f"} for places in range(1, 9)),
    ]
}
"""For Plotly: ticks with as many decimals as the step between them needs, all alike."""
TIME_TICKS = {
    "type": "date",
    "tickformatstops": [
        {"dtickrange": [None, 43_200_000], "value": "%H:%M\n%-d %b"},
        {"dtickrange": [43_200_000, "M1"], "value": "%-d %b"},
        {"dtickrange": ["M1", "M12"], "value": "%b\n%Y"},
        {"dtickrange": ["M12", None], "value": "%Y"},
    ],
}
"""For Plotly: a time axis whose days read as everywhere else on the site."""


def value_ticks(low: float, high: float, count: int = 5, *, whole: bool = False) -> list[float]:
    """Round numbers from `low` to `high`, about `count` of them and at least two, if they differ.

    `whole`: of what is counted, between whose numbers there is nothing.
    """
    spread = (high - low) / count
    if spread <= 0:
        return [low]
    step = 10.0 ** floor(log10(spread))
    if step == 0:  # a spread too small for a float to split
        return [low]
    if whole:
        step = max(1.0, step)
    step *= next(m for m in _STEPS if (high - low) / (step * m) <= count and not (whole and step * m % 1))
    ticks = [i * step for i in range(ceil(low / step), floor(high / step) + 1)]
    return ticks if len(ticks) > 1 or count > _MOST_TICKS else value_ticks(low, high, count + 1, whole=whole)


def time_ticks(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """(time, label) at the starts of days, or of months where days would be too many."""
    days = (end - start) / _DAY
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    every = [midnight + _DAY * i for i in range(1, int(days) + 2) if midnight + _DAY * i <= end]
    for step in (1, 2, 7, 14):
        if days / step <= _MOST_TICKS:
            return [(day, f"{day.day} {day:%b}") for day in every[::step]]
    step = next((step for step in (1, 2, 3, 6) if days / 30.4 / step <= _MOST_TICKS + 4), 12)
    months = [day for day in every if day.day == 1 and (day.month - 1) % step == 0]
    return [(day, f"{day:%b %Y}" if day.month == 1 else f"{day:%b}") for day in months]


def value_range(values: list[float]) -> tuple[float, float]:
    """From zero, unless that would press the line flat against the top."""
    low, high = min(values), max(values)
    if high == low:
        return (0, high * 1.1 or 1) if high >= 0 else (low - 1, high + 1)
    pad = (high - low) * 0.06
    return (0, high + pad) if low < 0.6 * high else (low - pad, high + pad)
