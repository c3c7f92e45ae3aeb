"""From the board to the rows that the landing page's lists are made from."""

from collections.abc import Mapping
from datetime import datetime

from insights.board import Board, Row
from insights.landing import LandingRow
from insights.registry import SCORE
from subnets.metrics import BY_KEY
from subnets.models import HyperparameterSet

_SEATS = "max_validators"
_READ = (
    "stake_quality",
    "change_7d_pct",
    "change_30d_pct",
    "organic_flow_1d_tao",
    "market_cap_tao",
    "active_validator_count",
    "stake_hhi",
    "emission_to_market_cap_pct",
)
"""Fields of a landing row that are keys of metrics."""


def landing_rows(board: Board, seats: Mapping[int, int]) -> list[LandingRow]:
    """`seats`: {subnet row: how many validators may hold a permit}."""
    return [_row(row, seats.get(row.snapshot.subnet_id)) for row in board.rows]


def _row(row: Row, seats: int | None) -> LandingRow:
    read = {field: row.amount(BY_KEY[field]) for field in _READ}
    active = read["active_validator_count"]
    return LandingRow(
        netuid=row.netuid,
        category=row.category.name if row.category else "",
        tao_score=row.amount(SCORE),
        max_validators=seats,
        validator_utilisation_pct=100 * active / seats if seats and active is not None else None,
        **read,
    )


def validator_seats(at: datetime | None) -> dict[int, int]:
    """{subnet row: places for validators} by the newest hyperparameters seen by `at`. One query."""
    sets = HyperparameterSet.objects.order_by("first_seen_at")
    if at is not None:
        sets = sets.filter(first_seen_at__lte=at)
    seats = sets.values_list("subnet_id", f"values__{_SEATS}")
    return {subnet: count for subnet, count in seats if isinstance(count, int) and count > 0}
