"""Amounts in TAO or in dollars, whichever a visitor asked for, at the price of TAO that held when they were true."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from insights import numbers
from insights.board import Board
from insights.figures import Value
from markets.models import TaoPrice
from taoanalytics.lib.metric import Metric, Unit

DOLLARS = "usd"
_CONVERTED = {Unit.TAO, Unit.TAO_PER_DAY, Unit.TAO_PER_ALPHA}
_AMOUNTS = {Unit.TAO, Unit.TAO_PER_DAY}
_FRESH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Money:
    """`asked` is "usd" or "". `rate`: dollars per TAO, None where amounts stay in TAO.

    `lag`: how long before the observation the rate was true, at `rate_at`, if that is over two hours.
    """

    asked: str = ""
    rate: float | None = None
    rate_at: datetime | None = None
    lag: timedelta | None = None

    @property
    def refused(self) -> bool:
        """Dollars were asked for, and no price of TAO is known to count them in."""
        return bool(self.asked) and self.rate is None

    @property
    def sign(self) -> str:
        return "τ" if self.rate is None else "$"

    def converts(self, metric: Metric | None) -> bool:
        return self.rate is not None and metric is not None and metric.unit in _CONVERTED

    def heading(self, text: str, metric: Metric | None) -> str:
        """A column's head with the unit in which the column is shown: "Price, τ" or "Price, $"."""
        return text.replace("τ", "$") if self.converts(metric) else text

    def in_table(self, metric: Metric, value: Value) -> str:
        """For a column whose head names the unit."""
        if value is None or self.rate is None or not self.converts(metric):
            return numbers.in_table(metric, value)
        return dollar_amount(float(value) * self.rate, whole=metric.unit in _AMOUNTS).removeprefix("$")

    def in_detail(self, metric: Metric, value: Value) -> tuple[str, str]:
        """(number, unit behind it), for a place of its own."""
        if value is None or self.rate is None or not self.converts(metric):
            text = numbers.in_detail(metric, value)
            return text, "" if text.endswith("mτ") else numbers.unit_after(metric)
        amount = dollar_amount(float(value) * self.rate, whole=metric.unit in _AMOUNTS)
        return amount, {Unit.TAO_PER_DAY: "per day", Unit.TAO_PER_ALPHA: "per α"}.get(metric.unit, "")

    def amount(self, tao: float | None) -> str:
        """A compact amount without a column head: "4.17M τ" or "$1.04B"."""
        if tao is None:
            return numbers.DASH
        if self.rate is None:
            return f"{numbers.compact(tao)} τ"
        return f"${numbers.compact(tao * self.rate)}".replace(f"${numbers.MINUS}", f"{numbers.MINUS}$")

    def compact(self, tao: float | None) -> str:
        """A compact amount in a column whose head names the unit."""
        return numbers.compact(tao if tao is None or self.rate is None else tao * self.rate)


def dollar_amount(usd: float, *, whole: bool) -> str:
    """Whole dollars from a thousand up where cents would be noise, else as prices are written."""
    text = f"${numbers.fixed(usd)}" if whole and abs(usd) >= 1000 else numbers.dollars(usd)
    return text.replace(f"${numbers.MINUS}", f"{numbers.MINUS}$")


def money_of(asked: str, board: Board | None, observed_at: datetime | None = None) -> Money:
    """At the newest price of TAO at or before the board's observation, or `observed_at` if that is another time."""
    if asked != DOLLARS:
        return Money()
    price = TaoPrice.objects.at(observed_at) if observed_at else board.tao_price if board else None
    true_at = observed_at or (board.network.observed_at if board and board.network else None)
    if price is None or true_at is None:
        return Money(DOLLARS)
    lag = true_at - price.observed_at
    return Money(DOLLARS, price.price_usd, price.observed_at, lag if lag > _FRESH else None)
