"""Figures as the power table shows them."""

from insights import numbers
from insights.figures import Value
from taoanalytics.lib.metric import Metric, Unit

SIGNAL_LEVELS = 5
_LEAST_PART_PCT = 0.01


def shown(metric: Metric, value: Value) -> str:
    """For a column whose head names the unit: "+3.8%" for a change, "0.05%" for a part."""
    if value is None:
        return numbers.DASH
    if metric.key == "buy_signal":
        return f"{value:.0f} of {SIGNAL_LEVELS}"
    if metric.unit is Unit.PERCENT and not numbers.is_change(metric):
        return _part(value)
    if metric.key == "trade_capacity":
        return numbers.significant(value, 3) if value < 100 else numbers.fixed(value)
    if metric.unit is Unit.POINTS:
        return numbers.fixed(value, 1)
    if metric.unit is Unit.DAYS:
        return numbers.fixed(value, 1 if value < 10 else 0)
    return numbers.in_table(metric, value)


def _part(percent: float) -> str:
    """What is not zero never reads as zero."""
    if 0 < abs(percent) < _LEAST_PART_PCT:
        return f"<{_LEAST_PART_PCT}%"
    return numbers.fixed(percent, 2 if abs(percent) < 10 else 1) + "%"


def on_axis(metric: Metric, value: float) -> str:
    """A round number at a tick, without its unit save for percent."""
    if metric.unit is Unit.SHARE:
        return f"{numbers.significant(100 * value, 3)}%"
    text = numbers.round_compact(value) if abs(value) >= 10_000 else numbers.trimmed(numbers.significant(value, 3))
    return f"{text}%" if metric.unit is Unit.PERCENT else text
