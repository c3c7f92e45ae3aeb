"""What the landing page's lists read of a subnet, put on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights.statistics.ranks import is_known, known
from insights.statistics.spread import winsorised, z_scores

MIN_SUBNETS = 8
TAIL = 0.01
MIN_KNOWN_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingRow:
    """One subnet now. Unit by name; `stake_quality` 0 to 100, `stake_hhi` 0 to 10,000; `category` "" is unclassified.

    `emission_to_market_cap_pct`: what the network spends on it in a day, in percent of its market cap.
    """

    netuid: int
    category: str = ""
    tao_score: float | None = None
    stake_quality: float | None = None
    change_7d_pct: float | None = None
    change_30d_pct: float | None = None
    organic_flow_1d_tao: float | None = None
    market_cap_tao: float | None = None
    active_validator_count: float | None = None
    max_validators: float | None = None
    validator_utilisation_pct: float | None = None
    stake_hhi: float | None = None
    emission_to_market_cap_pct: float | None = None

    @property
    def flow_turnover(self) -> float | None:
        """Net flow of a day per TAO of market cap; unknown without a market cap above 0."""
        return _ratio(self.organic_flow_1d_tao, self.market_cap_tao)

    @property
    def validator_ratio(self) -> float | None:
        """Active validators per seat; unknown without seats."""
        return _ratio(self.active_validator_count, self.max_validators)


@dataclass(frozen=True, slots=True)
class Blend:
    """A weighted mean of z-scores and what each gave; the `contributions` (field → points) add up to `value`."""

    value: float
    contributions: tuple[tuple[str, float], ...]


def _ratio(part: float | None, whole: float | None) -> float | None:
    if not is_known(part) or not is_known(whole) or whole <= 0:
        return None
    return part / whole


def column(rows: Sequence[LandingRow], field: str) -> list[float | None]:
    """One value per row. AttributeError for a field that a row does not have."""
    return [getattr(row, field) for row in rows]


def standardised(values: Sequence[float | None]) -> list[float | None]:
    """z-scores (sample deviation) after pulling in both 1 % tails: 0 is the mean, 1 a standard deviation above it.

    Unknown for all under eight known values; 0 for the known ones where none differs from another.
    """
    if len(known(values)) < MIN_SUBNETS:
        return [None] * len(values)
    pulled_in = winsorised(values, TAIL)
    scores = z_scores(pulled_in)
    if not known(scores):
        return [None if value is None else 0.0 for value in pulled_in]
    return scores


def blended(columns: Mapping[str, Sequence[float | None]], weights: Mapping[str, float]) -> list[Blend | None]:
    """Per row Σ weight × z ÷ Σ |weight| over the known ones: an unknown input hands its weight on in proportion.

    `columns`: field → z-scores, all of one length, the same fields as in `weights`. Unknown under half of the weight.
    """
    whole = sum(abs(weight) for weight in weights.values())
    blends: list[Blend | None] = []
    for values in zip(*(columns[field] for field in weights), strict=True):
        present = [(field, z) for field, z in zip(weights, values, strict=True) if z is not None]
        weight_known = sum(abs(weights[field]) for field, _ in present)
        if weight_known < MIN_KNOWN_WEIGHT * whole:
            blends.append(None)
            continue
        contributions = tuple((field, weights[field] * z / weight_known) for field, z in present)
        blends.append(Blend(sum(points for _, points in contributions), contributions))
    return blends


def blend_of_rows(rows: Sequence[LandingRow], weights: Mapping[str, float]) -> list[Blend | None]:
    """`blended` over the rows' own standardised fields."""
    return blended({field: standardised(column(rows, field)) for field in weights}, weights)
