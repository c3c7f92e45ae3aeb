"""Figures as the power table shows them."""

from insights import numbers
from insights.figures import Value
from taoanalytics.lib.metric import Metric, Unit

SIGNAL_LEVELS = 5


def shown(metric: Metric, value: Value) -> str:
    """For a column whose head names the unit: "+3.8%" for a change, "0.05%" for a part."""
    if value is None:
        return numbers.DASH
    if metric.key == "buy_signal":
        return f"{value:.0f} of {SIGNAL_LEVELS}"
    if metric.unit is Unit.PERCENT and not numbers.is_change(metric):
        return numbers.fixed(value, 2 if abs(value) < 10 else 1) + "%"
    if metric.key == "trade_capacity":
        return numbers.significant(value, 3) if value < 100 else numbers.fixed(value)
    if metric.unit is Unit.POINTS:
        return numbers.fixed(value, 1)
    if metric.unit is Unit.DAYS:
        return numbers.fixed(value, 1 if value < 10 else 0)
    return numbers.in_table(metric, value)


def on_axis(metric: Metric, value: float) -> str:
    """A round number at a tick, without its unit save for percent."""
    if metric.unit is Unit.SHARE:
        return f"{numbers.significant(100 * value, 3)}%"
    text = numbers.round_compact(value) if abs(value) >= 10_000 else _trimmed(value)
    return f"{text}%" if metric.unit is Unit.PERCENT else text


def _trimmed(value: float) -> str:
    text = numbers.significant(value, 3)
    return text.rstrip("0").rstrip(".") if "." in text else text
