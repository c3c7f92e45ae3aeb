"""From values to percent of a drawing's side, linear or logarithmic, with the ticks that belong to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from insights.charts.axes import value_ticks

_PAD = 0.04
_FULL = 100.0
_WIDE_DECADES = 1.5


@dataclass(frozen=True, slots=True)
class Scale:
    """`low` < `high`; with `log` both are above zero."""

    low: float
    high: float
    log: bool = False

    @classmethod
    def over(cls, values: Iterable[float], *, log: bool = False) -> "Scale | None":
        """Room for all of them, those not above zero left out of a logarithmic one; None without any."""
        known = [value for value in values if isfinite(value) and (value > 0 or not log)]
        if not known:
            return None
        low, high = min(known), max(known)
        if log:
            spread = (high / low) ** _PAD if high > low else 2.0
            return cls(low / spread, high * spread, log=True)
        pad = (high - low) * _PAD or abs(high) * 0.1 or 1.0
        return cls(low - pad, high + pad)

    def holds(self, value: float) -> bool:
        return isfinite(value) and self.low <= value <= self.high

    def percent(self, value: float) -> float:
        """0 at `low`, 100 at `high`."""
        if self.log:
            return _FULL * (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return _FULL * (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        if not self.log:
            return value_ticks(self.low, self.high)
        decades = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        steps: Sequence[int] = (1,) if log10(self.high / self.low) > _WIDE_DECADES else (1, 2, 5)
        return [tick for power in decades for step in steps if self.holds(tick := step * 10.0**power)]
