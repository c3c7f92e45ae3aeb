"""What a score reads of a subnet, and which subnets can be compared with one another at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from insights.statistics.ranks import is_known

MIN_POOL_TAO = 100
MIN_DAYS_SINCE_START = 7
MAX_PRICE_GAP = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreInput:
    """One subnet in one snapshot.

    `values`: metric key → value in that metric's unit; a key left out is unknown. The rest decides on eligibility:
    blocks; prices in TAO per alpha; reserves in whole tokens; `pool_tao_weight` is the pool's share for TAO;
    `days_since_start` counts from the first block with a moving price above 0, or from the registration
    where the start was not observed.
    """

    netuid: int
    values: Mapping[str, float | None] = field(default_factory=dict)
    block: int | None = None
    registered_at_block: int | None = None
    price_tao: float | None = None
    moving_price_tao: float | None = None
    pool_tao: float | None = None
    pool_alpha: float | None = None
    pool_tao_weight: float = 0.5
    days_since_start: float | None = None


def ineligible_because(row: ScoreInput) -> str:
    """The first rule that keeps the subnet out of the comparison, as a sentence; "" where none does."""
    return next((sentence for applies, sentence in _RULES if applies(row)), "")


def reasons_against(rows: Sequence[ScoreInput]) -> dict[int, str]:
    """netuid → why it is not compared, "" for those that are. ValueError where a netuid comes twice."""
    reasons = {row.netuid: ineligible_because(row) for row in rows}
    if len(reasons) != len(rows):
        raise ValueError("A netuid comes twice: a snapshot has one row for each")
    return reasons


def _positive(value: float | None) -> bool:
    return is_known(value) and value > 0


def _registered_later(row: ScoreInput) -> bool:
    return row.registered_at_block is not None and row.block is not None and row.registered_at_block > row.block


def _price_off_reserves(row: ScoreInput) -> bool:
    if not is_known(row.price_tao) or not is_known(row.pool_tao) or not is_known(row.pool_alpha):
        return True
    reserve_price = (1 - row.pool_tao_weight) * row.pool_tao / (row.pool_tao_weight * row.pool_alpha)
    return reserve_price <= 0 or abs(row.price_tao / reserve_price - 1) > MAX_PRICE_GAP


def _fresh(row: ScoreInput) -> bool:
    return is_known(row.days_since_start) and row.days_since_start < MIN_DAYS_SINCE_START


def _shallow(row: ScoreInput) -> bool:
    return is_known(row.pool_tao) and row.pool_tao < MIN_POOL_TAO


_RULES: tuple[tuple[Callable[[ScoreInput], bool], str], ...] = (
    (lambda row: not _positive(row.registered_at_block), "Its registration is unknown, and so is whose history it is."),
    (_registered_later, "It was registered after this observation: the pool is its predecessor's."),
    (lambda row: not _positive(row.price_tao), "Its price is unknown."),
    (lambda row: not (_positive(row.pool_tao) and _positive(row.pool_alpha)), "Its pool is unknown or empty."),
    (lambda row: not 0 < row.pool_tao_weight < 1, "The weights of its pool are unknown."),
    (_price_off_reserves, "Its price is more than 25 % away from what its pool holds."),
    (lambda row: not is_known(row.moving_price_tao), "Whether it has started is unknown."),
    (lambda row: not _positive(row.moving_price_tao), "It has not started: it has no moving price yet."),
    (lambda row: not is_known(row.days_since_start), "How long ago it started is unknown."),
    (_fresh, "It started less than 7 days ago: its price still falls from the bootstrap level."),
    (_shallow, "Its pool holds less than 100 TAO: a trade of 10 TAO there and back costs over 16 %."),
)
