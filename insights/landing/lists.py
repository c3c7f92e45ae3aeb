"""Three lists of the landing page: what is hot, what stands out, what gathers momentum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from insights.landing.rows import MIN_SUBNETS, Blend, LandingRow, blend_of_rows, column
from insights.statistics.spread import robust_z

TOP = 3
HOT_WEIGHTS: Mapping[str, float] = {
    "tao_score": 0.30,
    "stake_quality": 0.20,
    "change_7d_pct": 0.20,
    "flow_turnover": 0.15,
    "validator_ratio": 0.05,
}
MOMENTUM_WEIGHTS: Mapping[str, float] = {"change_7d_pct": 0.5, "flow_turnover": 0.5}
OUTLIER_FIELDS = ("tao_score", "stake_quality", "market_cap_tao", "flow_turnover")
OUTLIER_BEYOND = 2.0


@dataclass(frozen=True, slots=True)
class Listed:
    """A subnet in a list, with its own values in `row`, and why it stands there."""

    row: LandingRow
    blend: Blend


@dataclass(frozen=True, slots=True)
class Outlier:
    """A subnet whose `value` of `field` lies `robust_z` away from the median; above it if positive."""

    row: LandingRow
    field: str
    value: float
    robust_z: float


def hot_scores(rows: Sequence[LandingRow]) -> dict[int, Blend]:
    """netuid → weighted mean of the five z-scores, for those known well enough."""
    return {
        row.netuid: blend
        for row, blend in zip(rows, blend_of_rows(rows, HOT_WEIGHTS), strict=True)
        if blend is not None
    }


def hot_subnets(rows: Sequence[LandingRow], top: int = TOP) -> list[Listed]:
    """The `top` rows by hot score, best first."""
    scores = hot_scores(rows)
    return best_first((Listed(row, scores[row.netuid]) for row in rows if row.netuid in scores), top)


def price_momentum(rows: Sequence[LandingRow], top: int = TOP) -> list[Listed]:
    """Of the subnets whose price rose in 7 days while TAO flowed in, the `top` by the mean of both z-scores."""
    blends = zip(rows, blend_of_rows(rows, MOMENTUM_WEIGHTS), strict=True)
    return best_first((Listed(row, blend) for row, blend in blends if blend is not None and _rises(row)), top)


def outliers(rows: Sequence[LandingRow], top: int = TOP) -> list[Outlier]:
    """The `top` values more than two robust deviations from their field's median, farthest first."""
    found = []
    for field in OUTLIER_FIELDS:
        values = column(rows, field)
        for row, value, z in zip(rows, values, robust_z(values, MIN_SUBNETS), strict=True):
            if z is not None and value is not None and abs(z) > OUTLIER_BEYOND:
                found.append(Outlier(row, field, value, z))
    return sorted(found, key=lambda outlier: (-abs(outlier.robust_z), outlier.row.netuid))[:top]


def best_first(listed: Iterable[Listed], top: int) -> list[Listed]:
    """The `top` by score; equal scores in the order of their netuids."""
    return sorted(listed, key=lambda one: (-one.blend.value, one.row.netuid))[:top]


def _rises(row: LandingRow) -> bool:
    return (row.change_7d_pct or 0) > 0 and (row.organic_flow_1d_tao or 0) > 0
