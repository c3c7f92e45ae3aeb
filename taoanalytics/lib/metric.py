"""The declaration of a metric: whatever shows, stores, exports or explains a number is rendered from it."""

from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """How a number came to be: read, calculated from what was read, or an opinion."""

    OBSERVED = "observed"
    DERIVED = "derived"
    JUDGED = "judged"


class Unit(StrEnum):
    """What one of it is. TAO and alpha are never mixed; percent means percent points, ratio and share are fractions."""

    TAO = "TAO"
    ALPHA = "alpha"
    TAO_PER_ALPHA = "TAO per alpha"
    TAO_PER_DAY = "TAO per day"
    ALPHA_PER_DAY = "alpha per day"
    USD = "USD"
    PERCENT = "%"
    SHARE = "share"
    RATIO = "ratio"
    INDEX = "index"
    COUNT = "count"
    BLOCKS = "blocks"
    DAYS = "days"
    POINTS = "points"
    RANK = "rank"
    PERCENTILE = "percentile"
    YES_NO = "yes or no"

    @property
    def suffix(self) -> str:
        """What stands behind the label in a column head; "" where the number needs nothing."""
        return _SUFFIXES.get(self, str(self))


_SUFFIXES = {
    Unit.TAO: "τ",
    Unit.ALPHA: "α",
    Unit.TAO_PER_ALPHA: "τ",
    Unit.TAO_PER_DAY: "τ/day",
    Unit.ALPHA_PER_DAY: "α/day",
    Unit.USD: "$",
    Unit.SHARE: "%",
    Unit.RATIO: "",
    Unit.INDEX: "",
    Unit.COUNT: "",
    Unit.RANK: "",
    Unit.PERCENTILE: "",
    Unit.YES_NO: "",
}


MONEY = frozenset((Unit.TAO, Unit.ALPHA, Unit.TAO_PER_ALPHA, Unit.TAO_PER_DAY, Unit.ALPHA_PER_DAY, Unit.USD))
"""Units of an amount of money or of a price."""


class Better(StrEnum):
    """Which direction a holder of the token would wish for; NEITHER where that is a matter of view."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number about a subnet.

    `key` is its name in storage, files, the API and addresses. `formula` is readable text, `mathml` the same typeset.
    `inputs` are keys of other metrics, names of observed fields or of chain parameters. `unknown` says what a missing
    value means, `note` what the number approximates or takes for granted.
    """

    key: str
    label: str
    unit: Unit
    layer: Layer
    source: str
    about: str
    unknown: str
    formula: str = ""
    mathml: str = ""
    inputs: tuple[str, ...] = ()
    lower: float | None = None
    upper: float | None = None
    better: Better = Better.NEITHER
    version: int = 1
    group: str = ""
    note: str = ""

    @property
    def heading(self) -> str:
        """The label with its unit: "Market cap, τ"."""
        return f"{self.label}, {self.unit.suffix}" if self.unit.suffix else self.label
