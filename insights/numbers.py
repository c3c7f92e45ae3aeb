"""Numbers as people read them: pure functions from values to text. Unknown is a dash, and never a zero."""

from math import floor, log10

from insights.figures import Value
from taoanalytics.lib.metric import Layer, Metric, Unit
from taoanalytics.lib.units import RAO

MINUS, DASH = "\u2212", "\u2014"
_AMOUNTS = (Unit.TAO, Unit.ALPHA, Unit.TAO_PER_DAY, Unit.ALPHA_PER_DAY)
_MILLI_BELOW = 0.0001
_COMPACT = ((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))


def fixed(value: float, places: int = 0) -> str:
    """Thousands separated, a true minus, and no sign before a zero."""
    return f"{round(value, places) or 0:,.{places}f}".replace("-", MINUS)


def significant(value: float, digits: int = 5) -> str:
    """0.088939, 3.0211, 12,346: never an exponent."""
    if value == 0:
        return "0"
    return fixed(value, max(0, digits - 1 - floor(log10(abs(value)))))


def signed(value: float | None, places: int = 1) -> str:
    """+3.8% or −0.3%; what rounds to zero carries no sign."""
    if value is None:
        return DASH
    text = fixed(value, places) + "%"
    return f"+{text}" if round(value, places) > 0 else text


def compact(value: float | None) -> str:
    """12.3k, 390k, 3.87M; whole numbers up to ten thousand."""
    if value is None:
        return DASH
    for bound, scale, suffix in _COMPACT:
        if abs(value) >= bound:
            places = {"k": 1 if abs(value) < 1e5 else 0}.get(suffix, 2)
            return f"{fixed(value / scale, places)}{suffix}"
    return _whole(value)


def round_compact(value: float) -> str:
    """A round number, as on an axis, without decimals that say nothing: 0.5, 18, 10k, 2.5M."""
    text = compact(value) if abs(value) >= _COMPACT[-1][0] else significant(value, 3)
    number, suffix = (text[:-1], text[-1]) if text[-1].isalpha() else (text, "")
    return trimmed(number) + suffix


def trimmed(number: str) -> str:
    """Without decimals that say nothing: 0.01 for 0.0100."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def direction(value: float | None, places: int = 1) -> str:
    """ "up", "dn" or "", as it is seen after rounding."""
    if value is None or round(value, places) == 0:
        return ""
    return "up" if value > 0 else "dn"


def _whole(value: float) -> str:
    """An amount that would round to nothing is still something."""
    return "<1" if value and round(value) == 0 else fixed(value)


def _price(value: float, text: str) -> str:
    return f"{significant(value * 1000, 3)} mτ" if 0 < abs(value) < _MILLI_BELOW else text


def in_table(metric: Metric, value: Value) -> str:
    """For a column whose header names the unit."""
    if value is None:
        return DASH
    if metric.unit in _AMOUNTS:
        return _whole(value)
    if metric.unit is Unit.INDEX:
        return fixed(value, 0 if abs(value) >= 10 else 2)
    if metric.unit is Unit.TAO_PER_ALPHA:
        return "0" if value == 0 else _price(value, fixed(value, 5))
    return _plain(metric, value)


def in_detail(metric: Metric, value: Value) -> str:
    """For a place of its own, without the unit."""
    if value is None:
        return DASH
    if metric.unit in _AMOUNTS:
        return fixed(value) if abs(value) >= 1000 else significant(value, 4)
    if metric.unit is Unit.TAO_PER_ALPHA:
        return _price(value, significant(value, 5))
    return _plain(metric, value)


def _plain(metric: Metric, value: float) -> str:
    match metric.unit:
        case Unit.PERCENT:
            return signed(value) if is_change(metric) else part(value)
        case Unit.SHARE:
            return fixed(100 * value, 1) + "%"
        case Unit.USD:
            return dollars(value)
        case Unit.YES_NO:
            return "yes" if value else "no"
        case Unit.POINTS:
            return fixed(value, 1)
        case Unit.RATIO | Unit.INDEX:
            return fixed(value) if value == int(value) else significant(value, 4)
        case Unit.PERCENTILE:
            return str(whole_percentile(value))
        case _:
            return fixed(value)


def is_change(metric: Metric) -> bool:
    """Whether it can be below zero: then its sign is part of it."""
    return metric.unit is Unit.PERCENT and (metric.lower is None or metric.lower < 0)


def whole_percentile(value: float) -> int:
    """Rounded down, and 1 for the lowest: a percentile reaches neither 0 nor 100."""
    return max(1, floor(value))


def part(percent: float) -> str:
    """A percentage that is a part of something: 12.3%, 0.031%, 0.00042%. What is not zero never reads as zero."""
    if percent == 0 or abs(percent) >= 1:
        return fixed(percent, 1) + "%"
    return fixed(percent, max(3, 1 - floor(log10(abs(percent))))) + "%"


def dollars(value: float | None) -> str:
    """Cents from one dollar up, four significant digits below."""
    if value is None:
        return DASH
    return "$" + (fixed(value, 2) if abs(value) >= 1 or value == 0 else significant(value, 4))


def unit_after(metric: Metric) -> str:
    """What stands behind a value of the metric; "" where the number says it itself."""
    return "" if metric.unit in (Unit.PERCENT, Unit.SHARE, Unit.USD) else metric.unit.suffix


def exact(metric: Metric, value: Value, observation: object) -> str:
    """Every digit that is known: to the rao where the chain counts in rao, with the unit."""
    if value is None:
        return metric.unknown
    field = metric.inputs[0] if len(metric.inputs) == 1 else ""
    if metric.layer is Layer.OBSERVED and field.endswith("_rao"):
        rao = int(getattr(observation, field))
        number = f"{rao // RAO:,}.{rao % RAO:09d}"
    elif metric.unit in (*_AMOUNTS, Unit.TAO_PER_ALPHA):
        number = fixed(value, 9)
    elif metric.unit is Unit.POINTS:
        number = significant(value, 6)
    else:
        number = _plain(metric, value)
    return f"{number} {unit_after(metric)}".rstrip()
