"""What a trade would cost: exact quotes from the pool of one observation."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from re import ASCII, fullmatch

from subnets.metrics.pool import (
    MODEL_TOLERANCE_PCT,
    Pool,
    buy_quote,
    capacity_tao,
    model_gap_pct,
    price_impact_pct,
    round_trip_cost_pct,
    sell_impact_pct,
    sell_quote,
)
from subnets.models import SubnetSnapshot
from taoanalytics.lib.text import clean

SIZES = (10.0, 100.0, 1_000.0, 5_000.0)
SMALLEST_TAO, LARGEST_TAO = 0.001, 21_000_000.0
ROUND_TRIPS = (10.0, 100.0, 1_000.0)
_LONGEST_SIZE = 20  # characters that a form takes


@dataclass(frozen=True, slots=True)
class Quote:
    """A trade worth `size_tao`: a buy for that much, and a sale of alpha that is worth it at spot.

    Prices are averages in TAO per alpha, fee included; impacts are percent against spot, without fee.
    """

    size_tao: float
    asked: bool
    alpha_out: float
    buy_price: float | None
    buy_impact_pct: float | None
    alpha_sold: float
    tao_out: float
    sell_price: float | None
    sell_impact_pct: float | None
    round_trip_pct: float | None


@dataclass(frozen=True, slots=True)
class Trade:
    """`problem` says in words why there are no quotes; `refused` why the size that was asked for was not taken.

    `typed` is that size as the form shows it again.
    """

    quotes: Sequence[Quote] = ()
    pool: Pool | None = None
    capacity_tao: float | None = None
    asked_tao: float | None = None
    problem: str = ""
    refused: str = ""
    typed: str = ""

    @property
    def fee_pct(self) -> float | None:
        return None if self.pool is None else 100 * self.pool.fee

    @property
    def tao_weight_pct(self) -> float | None:
        return None if self.pool is None else 100 * self.pool.tao_weight

    @property
    def round_trips(self) -> list[tuple[float, float]]:
        """(TAO, percent lost by buying and selling again)"""
        costs = ((size, round_trip_cost_pct(self.pool, size)) for size in ROUND_TRIPS)
        return [(size, cost) for size, cost in costs if cost is not None]


def asked_size(raw: str | None) -> tuple[float | None, str]:
    """(TAO, "") for a number from a thousandth to all TAO there can be; else (None, why not).

    Commas part thousands only: who writes 0,5 is not given a quote for 5.
    """
    text = (raw or "").strip()
    if not text:
        return None, ""
    if "," in text and not fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", text, ASCII):
        return None, "Decimals follow a point, as in 0.5; commas part thousands, as in 1,500."
    try:
        size = float(text.replace(",", ""))
    except ValueError:
        return None, "That is not a number of TAO."
    if not isfinite(size) or not SMALLEST_TAO <= size <= LARGEST_TAO:
        return None, "A trade is at least 0.001 τ and at most 21,000,000 τ."
    return size, ""


def size_text(size_tao: float) -> str:
    """250, 0.5, 12,500.25: to the rao, no more digits than it has."""
    return f"{size_tao:,.9f}".rstrip("0").rstrip(".")


def trade_of(snapshot: SubnetSnapshot, raw_size: str | None = None) -> Trade:
    """Quotes of the usual sizes and of the one that was asked for."""
    asked, refused = asked_size(raw_size)
    typed = size_text(asked) if asked else clean(raw_size or "", _LONGEST_SIZE)
    pool = Pool.of(snapshot, snapshot.network.block)
    if pool is None:
        return Trade(asked_tao=asked, refused=refused, typed=typed, problem=_problem(snapshot))
    sizes = sorted({*SIZES, asked} - {None} if asked else SIZES)
    return Trade(
        quotes=[quote(pool, size, asked=size == asked) for size in sizes if size is not None],
        pool=pool,
        capacity_tao=capacity_tao(pool),
        asked_tao=asked,
        refused=refused,
        typed=typed,
    )


def quote(pool: Pool, size_tao: float, *, asked: bool = False) -> Quote:
    bought = buy_quote(pool, size_tao) or 0.0
    sold = size_tao / pool.spot
    received = sell_quote(pool, sold) or 0.0
    return Quote(
        size_tao=size_tao,
        asked=asked,
        alpha_out=bought,
        buy_price=size_tao / bought if bought else None,
        buy_impact_pct=price_impact_pct(pool, size_tao),
        alpha_sold=sold,
        tao_out=received,
        sell_price=received / sold if sold else None,
        sell_impact_pct=sell_impact_pct(pool, size_tao),
        round_trip_pct=round_trip_cost_pct(pool, size_tao),
    )


def _problem(snapshot: SubnetSnapshot) -> str:
    """Why no formula gives this pool's price."""
    if snapshot.tao_in_rao is None or snapshot.alpha_in_rao is None:
        return "The chain did not report the pool's reserves at that block."
    if snapshot.tao_in_rao == 0 or snapshot.alpha_in_rao == 0:
        return "The pool is empty: nothing can be bought or sold."
    gap = model_gap_pct(snapshot)
    if gap is None:
        return "The weights of the pool are impossible: no price follows from them."
    return (
        f"The chain's price is {gap:+.0f}% away from what the pool's reserves give, more than the "
        f"{MODEL_TOLERANCE_PCT:.0f}% up to which the formula is taken for this pool's."
    )
