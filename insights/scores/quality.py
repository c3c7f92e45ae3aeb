"""TAO Score v3: how a subnet stands today beside the others. A quality score, no forecast."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from insights.scores.parts import Part, Place, Score, Term, not_scored, summed, with_places
from insights.scores.play import rank_intervals
from insights.scores.rows import ScoreInput, reasons_against
from insights.scores.weights import coverage, effective_weights
from insights.statistics.ranks import percentiles, places
from taoanalytics.lib.metric import Better, Unit

VERSION = "tao-score-3.0"
MIN_COVERAGE = 0.60
NO_DIFFERENCE_POINTS = 4
"""Scores closer than this are not told apart: it is what ±20 % on the weights moves one by."""


def _term(group: str, weight: int, key: str, label: str, unit: Unit, better: Better = Better.HIGHER) -> Term:
    return Term(key=key, label=label, group=group, weight=weight, unit=unit, better=better)


TERMS = (
    _term("liquidity", 5, "pool_tao", "Pool depth", Unit.TAO),
    _term("liquidity", 15, "depth_to_market_cap_pct", "Pool depth to market cap", Unit.PERCENT),
    _term("demand", 8, "organic_flow_7d_pct", "Net flow to market cap over 7 days", Unit.PERCENT),
    _term("demand", 12, "organic_flow_30d_pct", "Net flow to market cap over 30 days", Unit.PERCENT),
    _term(
        "fundamentals",
        10,
        "alpha_supply_growth_30d_pct",
        "Alpha supply growth over 30 days",
        Unit.PERCENT,
        Better.LOWER,
    ),
    _term("fundamentals", 10, "miner_burn", "Incentive burned", Unit.SHARE, Better.LOWER),
    _term("participation", 9, "validator_stake_coldkey_nakamoto", "Coldkeys to a majority of stake", Unit.COUNT),
    _term("participation", 6, "effective_miners", "Miners that earn", Unit.COUNT),
    _term("participation", 5, "active_validator_count", "Active validators", Unit.COUNT),
    _term("participation", 5, "validator_trust_ratio", "Validator trust by stake", Unit.RATIO),
    _term("risk", 7, "volatility_30d_pct", "Volatility over 30 days", Unit.PERCENT, Better.LOWER),
    _term("risk", 8, "max_drawdown_30d_pct", "Drawdown within 30 days", Unit.PERCENT),
)


def score_v3(rows: Sequence[ScoreInput], *, draws: int = 200) -> dict[int, Score]:
    """netuid → score, for every row: eligible ones are ranked among each other, the others say why they are not.

    `draws` weightings give the interval of the rank; 0 leaves it out. ValueError where a netuid comes twice.
    """
    against = reasons_against(rows)
    ranked = percentiles_of([row for row in rows if not against[row.netuid]], TERMS)
    scores = {
        row.netuid: not_scored(VERSION, reason)
        if (reason := against[row.netuid])
        else score_of_percentiles(ranked[row.netuid], row.values)
        for row in rows
    }
    return with_places(scores, _places(scores, ranked, draws))


def percentiles_of(rows: Sequence[ScoreInput], terms: Iterable[Term]) -> dict[int, dict[str, float | None]]:
    """netuid → metric key → percentile among `rows`, turned so that better is higher."""
    table: dict[int, dict[str, float | None]] = {row.netuid: {} for row in rows}
    for term in terms:
        for row, percentile in zip(
            rows, percentiles([row.values.get(term.key) for row in rows], term.better), strict=True
        ):
            table[row.netuid][term.key] = percentile
    return table


def score_of_percentiles(ranked: Mapping[str, float | None], raw: Mapping[str, float | None] | None = None) -> Score:
    """The score from percentiles (metric key → 0 to 100, better is higher); `raw` are the values behind them.

    The weight of an unknown input goes to its group, that of an unknown group to the other groups. No score under
    60 % of the weight, which no two groups make up.
    """
    present = {term.key: percentile for term in TERMS if (percentile := ranked.get(term.key)) is not None}
    covered, weights = _weighting(tuple(present))
    unknown = [term.key for term in TERMS if term.key not in present]
    if covered < MIN_COVERAGE:
        return not_scored(VERSION, "Too little known.", coverage=covered, unknown=unknown)
    parts = [
        Part(
            label=term.label,
            group=term.group,
            inputs=((term.key, (raw or {}).get(term.key)),),
            rating=present[term.key],
            weight=weights[term.key],
            points=weights[term.key] * present[term.key],
        )
        for term in TERMS
        if term.key in present
    ]
    return summed(VERSION, parts, coverage=covered, unknown=unknown)


@lru_cache(maxsize=1024)
def _weighting(present: tuple[str, ...]) -> tuple[float, Mapping[str, float]]:
    """(coverage, effective weights) of the inputs `present`: nearly all subnets of a snapshot lack the same."""
    return coverage(TERMS, present), effective_weights(TERMS, present)


def _places(
    scores: Mapping[int, Score], ranked: Mapping[int, Mapping[str, float | None]], draws: int
) -> dict[int, Place]:
    scored = {netuid: score.value for netuid, score in scores.items() if score.value is not None}
    ranks = dict(zip(scored, places(list(scored.values())), strict=True))
    intervals = rank_intervals(TERMS, {netuid: ranked[netuid] for netuid in scored}, draws) if draws else {}
    result = {}
    for netuid, rank in ranks.items():
        if rank is not None:
            low, high = intervals.get(netuid, (None, None))
            result[netuid] = Place(
                rank=rank,
                of=len(scored),
                best=None if low is None else min(low, rank),
                worst=None if high is None else max(high, rank),
            )
    return result
