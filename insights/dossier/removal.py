"""How near one subnet is to being removed, and what its holders would get."""

from collections.abc import Mapping
from dataclasses import dataclass

from insights.board import Board, Row
from insights.figures import Value
from insights.registry import BY_KEY
from subnets import regimes
from subnets.metrics import MOVING_PRICE
from subnets.models import SubnetSnapshot

_RANK, _BLOCKS = BY_KEY["deregistration_rank"], BY_KEY["immunity_left_blocks"]


@dataclass(frozen=True, slots=True)
class Removal:
    """`place` 1 goes first, of `line` subnets without immunity. Prices in TAO per alpha, immunity in blocks and days.

    `problem` says in words why nothing can be told, `unpaid` why nobody can say what a holder would get; `lowest` is
    who goes first, with its moving price.
    """

    place: int | None = None
    line: int = 0
    gap_pct: float | None = None
    immunity_blocks: int | None = None
    immunity_days: float | None = None
    moving_price: float | None = None
    nav_tao: float | None = None
    nav_pct: float | None = None
    lowest: tuple[Row, float] | None = None
    limit: int | None = None
    listed: int = 0
    problem: str = ""
    unpaid: str = ""

    @property
    def immune(self) -> bool:
        return bool(self.immunity_blocks)

    @property
    def against_price_pct(self) -> float | None:
        """How much more than the market's price a holder would get; negative for less."""
        return None if self.nav_pct is None else self.nav_pct - 100

    @property
    def times_lowest(self) -> float | None:
        """Its moving price as a multiple of the lowest other's, where it is twice that or more."""
        return None if self.gap_pct is None or self.gap_pct < 100 else 1 + self.gap_pct / 100

    @property
    def places_free(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.listed)


def removal(snapshot: SubnetSnapshot, figures: Mapping[str, Value], now: Board) -> Removal:
    """Of a subnet on the board."""
    block, day = snapshot.network.block, snapshot.observed_at.date()
    limit = regimes.parameter(regimes.Topic.DEREGISTRATION, "subnet_limit", block, day)
    blocks, place = _number(figures, _BLOCKS.key), _number(figures, _RANK.key)
    return Removal(
        place=None if place is None else int(place),
        line=sum(row.figures.get(_RANK.key) is not None for row in now.rows),
        gap_pct=_number(figures, "deregistration_gap_pct"),
        immunity_blocks=None if blocks is None else int(blocks),
        immunity_days=_number(figures, "immunity_left_days"),
        moving_price=_number(figures, MOVING_PRICE.key),
        nav_tao=_number(figures, "nav_tao"),
        nav_pct=_number(figures, "nav_to_price_pct"),
        lowest=_lowest(now),
        limit=None if limit is None else int(limit),
        listed=len(now.rows),
        problem=_NEVER if limit is None else "",
        unpaid=_NOBODY if snapshot.alpha_out_rao == 0 else _NOT_REPORTED,
    )


_NOBODY = "Nobody holds any of its alpha: there is nobody to pay out."
_NOT_REPORTED = "What a holder would get is unknown: the pool or the alpha outside it was not reported."
_NEVER = "No subnet could be removed then: removal by moving price began on 24 September 2025."


def _number(figures: Mapping[str, Value], key: str) -> float | None:
    value = figures.get(key)
    return None if value is None else float(value)


def _lowest(now: Board) -> tuple[Row, float] | None:
    first = next((row for row in now.rows if row.figures.get(_RANK.key) == 1), None)
    price = first.amount(MOVING_PRICE) if first else None
    return None if first is None or price is None else (first, price)
