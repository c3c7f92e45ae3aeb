"""TAO Score v1.1 and v2.1, to the digit as the predecessor defined them: kept so that its series can be continued.

What it meant by its inputs: stake quality and HHI over all UIDs; `validator_count` whoever holds a permit;
`consensus_near_mean_pct` and `permit_stake_pct` as declared there; `emission_share_pct` the share of the network's
emission, which it took for inflation; `market_cap_tao` was price × circulating alpha, `net_volume_1d_tao` bought less
sold. Shares of root are fractions, changes percent.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from insights.scores.parts import Part, Place, Score, not_scored, summed, with_places
from insights.scores.rows import ScoreInput
from insights.statistics.ranks import is_known, places

V11 = "tao-score-1.1"
V21 = "tao-score-2.1"
INFLATION_TARGET_PCT = 8.0
VALIDATOR_SEATS = 256

Values = Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyTerm:
    """`rate` takes the inputs' values in order and gives 0 to 100; `assumed` is what v2.1 put for an unknown one."""

    label: str
    inputs: tuple[str, ...]
    weight: int
    rate: Callable[..., float]
    core: bool = False
    assumed: float = 0.0


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 100.0)


def _within_three_sd(value: float, mean: float, sd: float) -> float:
    return 100 * (min(max((value - mean) / sd, -3.0), 3.0) + 3) / 6


def _root_growth(value: float, ceiling: float) -> float:
    return min(100.0, 100 * math.sqrt(max(value, 0.0)) / ceiling)


def _v11_seats(validators: float) -> float:
    """Of 256 seats, in whole percent, as the predecessor stored it."""
    return _clipped(round(100 * validators / VALIDATOR_SEATS))


def _v11_inflation(emission_pct: float) -> float:
    return max(0.0, 100 - 4 * abs(emission_pct - INFLATION_TARGET_PCT))


def _v11_momentum(change_pct: float) -> float:
    return _clipped(25 * (min(max(change_pct / 10, -2.0), 2.0) + 2))


TERMS_V11 = (
    LegacyTerm(label="Stake quality", inputs=("stake_quality",), weight=35, rate=_clipped, core=True),
    LegacyTerm(label="Validator utilisation", inputs=("validator_count",), weight=20, rate=_v11_seats),
    LegacyTerm(label="Consensus alignment", inputs=("consensus_near_mean_pct",), weight=15, rate=_clipped, core=True),
    LegacyTerm(label="Active stake", inputs=("permit_stake_pct",), weight=15, rate=_clipped, core=True),
    LegacyTerm(label="Emission share against 8 %", inputs=("emission_share_pct",), weight=10, rate=_v11_inflation),
    LegacyTerm(label="Price change over 7 days", inputs=("change_7d_pct",), weight=5, rate=_v11_momentum),
)


def _v21_emission(emission_pct: float, fdv_tao: float) -> float:
    return 100 - (_root_growth(emission_pct / fdv_tao, 0.1) if fdv_tao > 0 else 0.0)


def _v21_flow(flow_tao: float, alpha_circulating: float) -> float:
    return _root_growth(abs(flow_tao) / alpha_circulating, 0.5) if alpha_circulating > 0 else 0.0


TERMS_V21 = (
    LegacyTerm(label="Stake quality", inputs=("stake_quality",), weight=18, rate=_clipped, core=True),
    LegacyTerm(
        label="Validator permits of 256",
        inputs=("validator_count",),
        weight=10,
        rate=lambda count: _clipped(100 * count / VALIDATOR_SEATS),
        core=True,
    ),
    LegacyTerm(
        label="Low stake concentration",
        inputs=("stake_hhi",),
        weight=7,
        rate=lambda hhi: 100 - _within_three_sd(hhi, 5000, 2000),
        core=True,
    ),
    LegacyTerm(
        label="Market cap",
        inputs=("market_cap_tao",),
        weight=15,
        rate=lambda cap: _root_growth(cap, 1000),
        core=True,
    ),
    LegacyTerm(
        label="Low emission share to FDV",
        inputs=("emission_share_pct", "fdv_tao"),
        weight=10,
        rate=_v21_emission,
        assumed=100,
    ),
    LegacyTerm(
        label="Size of net flow over 24 hours",
        inputs=("net_volume_1d_tao", "alpha_circulating"),
        weight=8,
        rate=_v21_flow,
        assumed=0,
    ),
    LegacyTerm(
        label="Falling root proportion",
        inputs=("root_share", "root_share_previous_day"),
        weight=7,
        rate=lambda now, before: 100 - _within_three_sd(now - before, 0, 0.1),
        assumed=50,
    ),
    LegacyTerm(
        label="Price change over 30 days",
        inputs=("change_30d_pct", "price_tao"),
        weight=15,
        rate=lambda change_pct, _price: _within_three_sd(change_pct / 100, 0, 0.2),
        assumed=50,
    ),
    LegacyTerm(
        label="Volume over 24 hours",
        inputs=("volume_1d_tao",),
        weight=10,
        rate=lambda volume: _root_growth(volume, 10_000),
        assumed=0,
    ),
)


INPUTS_V11 = tuple(dict.fromkeys(key for term in TERMS_V11 for key in term.inputs))
INPUTS_V21 = tuple(dict.fromkeys(key for term in TERMS_V21 for key in term.inputs))


def tao_score_v11(values: Values) -> Score:
    """v1.1. Unknown without stake quality, consensus alignment and active stake.

    The weight of another unknown input goes to these three in proportion, as the predecessor had it.
    """
    unknown = _unknown(INPUTS_V11, values)
    known, missing = _divided(V11, unknown)
    covered = sum(term.weight for term in known) / 100
    if any(term.core for term in missing):
        return not_scored(V11, _without(missing), coverage=covered, unknown=unknown)
    core = sum(term.weight for term in known if term.core)
    freed = 100 - sum(term.weight for term in known)
    parts = []
    for term in known:
        weight = term.weight / 100 * (1 + freed / core) if term.core else term.weight / 100
        parts.append(_part(term, values, weight, term.rate(*_read(term, values))))
    return _rounded(V11, parts, covered, unknown)


def tao_score_v21(values: Values, *, fill_unknown: bool = False) -> Score:
    """v2.1. Unknown where any input is.

    `fill_unknown` does as the predecessor did: an unknown input beside the four core ones gets the rating that it
    assumed (50, 0, or 100 for emission), and counts as known.
    """
    unknown = _unknown(INPUTS_V21, values)
    _, missing = _divided(V21, unknown)
    covered = 1 - sum(term.weight for term in missing) / 100
    if any(term.core for term in missing) or (missing and not fill_unknown):
        return not_scored(V21, _without(missing), coverage=covered, unknown=unknown)
    parts = [
        _part(term, values, term.weight / 100, term.assumed if term in missing else term.rate(*_read(term, values)))
        for term in TERMS_V21
    ]
    return _rounded(V21, parts, covered, unknown)


def score_v11(rows: Sequence[ScoreInput]) -> dict[int, Score]:
    """netuid → v1.1 with its rank among those scored. Each subnet is judged by itself."""
    return _ranked({row.netuid: tao_score_v11(row.values) for row in rows})


def score_v21(rows: Sequence[ScoreInput]) -> dict[int, Score]:
    """netuid → v2.1 with its rank among those scored. Each subnet is judged by itself."""
    return _ranked({row.netuid: tao_score_v21(row.values) for row in rows})


def _ranked(scores: Mapping[int, Score]) -> dict[int, Score]:
    values = {netuid: score.value for netuid, score in scores.items() if score.value is not None}
    ranks = zip(values, places(list(values.values())), strict=True)
    return with_places(scores, {netuid: Place(rank=rank, of=len(values)) for netuid, rank in ranks if rank is not None})


def _unknown(inputs: Iterable[str], values: Values) -> tuple[str, ...]:
    return tuple(key for key in inputs if not is_known(values.get(key)))


@lru_cache(maxsize=1024)
def _divided(version: str, unknown: tuple[str, ...]) -> tuple[list[LegacyTerm], list[LegacyTerm]]:
    """(the terms that can be rated, those that cannot): the same for nearly all subnets of a snapshot."""
    terms = TERMS_V11 if version == V11 else TERMS_V21
    missing = [term for term in terms if set(term.inputs) & set(unknown)]
    return [term for term in terms if term not in missing], missing


def _without(missing: Iterable[LegacyTerm]) -> str:
    return f"It needs what is not known: {', '.join(term.label for term in missing)}."


def _read(term: LegacyTerm, values: Values) -> list[float | None]:
    return [values[key] for key in term.inputs]


def _part(term: LegacyTerm, values: Values, weight: float, rating: float) -> Part:
    return Part(
        label=term.label,
        group="",
        inputs=tuple((key, values.get(key)) for key in term.inputs),
        rating=rating,
        weight=weight,
        points=weight * rating,
    )


def _rounded(version: str, parts: Sequence[Part], covered: float, unknown: Sequence[str]) -> Score:
    """As the predecessor showed it: to one decimal by Python's own rounding."""
    total = round(round(math.fsum(part.points for part in parts), 1) * 10)
    return summed(version, parts, tenths=total, coverage=covered, unknown=unknown)
