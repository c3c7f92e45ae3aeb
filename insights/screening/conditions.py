"""Which rows pass: ranges of any metric, flags, categories, a list of netuids. Unknown is neither yes nor no."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType

from insights.board import Row
from insights.figures import EMISSION_ENABLED
from insights.numbers import MINUS, fixed, trimmed
from insights.scores.rows import MIN_POOL_TAO
from insights.screening.tenure import NEW_TENANT_DAYS, TENANT_AGE
from insights.selection import slug_of
from subnets.metrics import BY_KEY, EMISSION, POOL_TAO
from taoanalytics.lib.metric import Metric, Unit

_IMMUNITY = BY_KEY["immunity_left_blocks"]
_SUFFIXES = {"k": 1e3, "m": 1e6, "b": 1e9}
_LONGEST_NUMBER = 24
_HUNDRED = 100
_PLACES, _LEAST_PLAIN, _MOST_PLAIN = 9, 1e-9, 1e15  # beyond these a number is said with an exponent

Test = Callable[[Row], bool | None]


def number(text: str) -> float | None:
    """ "1,500", "1.5k", "−3 %": None for what is no finite number."""
    plain = text.strip()[:_LONGEST_NUMBER].lower().replace(",", "").replace("\u2212", "-").rstrip("%τ ")
    scale = _SUFFIXES.get(plain[-1:], 1.0)
    if scale != 1:
        plain = plain[:-1]
    try:
        value = float(plain) * scale
    except ValueError:
        return None
    return value if isfinite(value) else None


def number_text(value: float) -> str:
    """As it stands in an address and a field: the shortest that reads back the same."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included, in the unit in which the metric is shown: shares in percent."""

    metric: Metric
    low: float | None = None
    high: float | None = None

    def test(self, row: Row) -> bool | None:
        value = row.amount(self.metric)
        if value is None:
            return None
        shown = value * _HUNDRED if self.metric.unit is Unit.SHARE else value
        return (self.low is None or shown >= self.low) and (self.high is None or shown <= self.high)

    @property
    def low_text(self) -> str:
        return "" if self.low is None else number_text(self.low)

    @property
    def high_text(self) -> str:
        return "" if self.high is None else number_text(self.high)

    @property
    def words(self) -> str:
        """ "Market cap, τ ≥ 1,000", "7d 0 to 5"."""
        heading = self.metric.heading
        if self.low is not None and self.high is not None:
            return f"{heading} {_words(self.low)} to {_words(self.high)}"
        return f"{heading} ≥ {_words(self.low)}" if self.low is not None else f"{heading} ≤ {_words(self.high)}"


def _words(value: float | None) -> str:
    if value is None:
        return ""
    if value and not _LEAST_PLAIN <= abs(value) < _MOST_PLAIN:
        return f"{value:g}".replace("-", MINUS)
    return trimmed(fixed(value, _PLACES))


@dataclass(frozen=True, slots=True)
class Flag:
    """A state with its threshold in words."""

    key: str
    label: str
    holds: Test


def _immune(row: Row) -> bool | None:
    left = row.amount(_IMMUNITY)
    return None if left is None else left > 0


def _emission_off(row: Row) -> bool | None:
    enabled, emission = row.figures.get(EMISSION_ENABLED.key), row.amount(EMISSION)
    if enabled is not None and not enabled:
        return True
    return None if emission is None else emission == 0


def _new_tenant(row: Row) -> bool | None:
    age = row.amount(TENANT_AGE)
    return None if age is None else age < NEW_TENANT_DAYS


def _thin_pool(row: Row) -> bool | None:
    pool = row.amount(POOL_TAO)
    return None if pool is None else pool < MIN_POOL_TAO


FLAGS: Mapping[str, Flag] = MappingProxyType(
    {
        flag.key: flag
        for flag in (
            Flag("immune", "Immune from removal", _immune),
            Flag("emission_off", "Emission off", _emission_off),
            Flag("new_tenant", f"New tenant, under {NEW_TENANT_DAYS} days", _new_tenant),
            Flag("thin_pool", f"Thin pool, under {MIN_POOL_TAO} τ", _thin_pool),
        )
    }
)


@dataclass(frozen=True, slots=True)
class FlagChoice:
    """Only subnets of which the flag holds, or with `negated` only those of which it does not."""

    flag: Flag
    negated: bool = False

    def __str__(self) -> str:
        return f"-{self.flag.key}" if self.negated else self.flag.key

    @property
    def words(self) -> str:
        return f"Without: {self.flag.label}" if self.negated else self.flag.label

    def test(self, row: Row) -> bool | None:
        holds = self.flag.holds(row)
        return None if holds is None else holds is not self.negated


@dataclass(frozen=True, slots=True)
class Passed:
    """`unknown`: how many rows were left out only because a figure that was asked about is unknown."""

    rows: list[Row]
    unknown: int


def passing(
    rows: Iterable[Row],
    *,
    tests: Sequence[Test],
    categories: Sequence[str] = (),
    only: Sequence[int] = (),
) -> Passed:
    """Rows of which every test is true, in one of the categories and among `only` netuids where any are named."""
    passed, unknown = [], 0
    for row in rows:
        if (categories and slug_of(row.category) not in categories) or (only and row.netuid not in only):
            continue
        answers = [test(row) for test in tests]
        if all(answers):
            passed.append(row)
        elif False not in answers:
            unknown += 1
    return Passed(passed, unknown)
