"""Who may be farming emission: much of it for little market, few validators, concentrated stake, TAO leaving.

A reading of public numbers that asks for a second look. It accuses nobody.
"""

from collections.abc import Mapping, Sequence

from insights.landing.lists import TOP, Listed, best_first
from insights.landing.rows import LandingRow, blend_of_rows

WATCH_ABOVE = 1.00
RED_FLAG_ABOVE = 1.30
WEIGHTS: Mapping[str, float] = {
    "emission_to_market_cap_pct": 0.20,
    "stake_quality": -0.15,
    "validator_utilisation_pct": -0.15,
    "flow_turnover": -0.15,
    "stake_hhi": 0.20,
    "change_30d_pct": -0.15,
}


def farming_scores(rows: Sequence[LandingRow]) -> list[Listed]:
    """Every subnet known well enough, the most conspicuous first."""
    blends = zip(rows, blend_of_rows(rows, WEIGHTS), strict=True)
    return best_first((Listed(row, blend) for row, blend in blends if blend is not None), len(rows))


def watch_list(rows: Sequence[LandingRow], top: int = TOP) -> list[Listed]:
    """The `top` with a score above 1.00 and up to 1.30."""
    return [one for one in farming_scores(rows) if WATCH_ABOVE < one.blend.value <= RED_FLAG_ABOVE][:top]


def red_flags(rows: Sequence[LandingRow], top: int = TOP) -> list[Listed]:
    """The `top` with a score above 1.30. They are not on the watch-list a second time."""
    return [one for one in farming_scores(rows) if one.blend.value > RED_FLAG_ABOVE][:top]


def main_reasons(listed: Listed, top: int = TOP) -> list[tuple[str, float]]:
    """(field, points) of the `top` contributions that raised the score, largest first."""
    raising = [(field, points) for field, points in listed.blend.contributions if points > 0]
    return sorted(raising, key=lambda reason: -reason[1])[:top]
