"""What a trade of the visitor's own size costs in each subnet, as metrics that are declared for that size."""

from insights.board import Row
from insights.figures import Value
from insights.numbers import trimmed
from subnets.metrics import pool
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

TRADE_GROUP = "My trade"
DEFAULT_TRADE_TAO = 100.0
LEAST_TRADE_TAO, MOST_TRADE_TAO = 0.001, 1_000_000.0
CAPACITY_IMPACT_PCT = 1.0

_SOURCE = "Bittensor chain: the pool's reserves and weights at that block"
_UNKNOWN = "The pool's reserves are unknown, or the chain's price contradicts the pool's formula."
_INPUTS = ("tao_in_rao", "alpha_in_rao", "pool_tao_weight", "price_rao")
_WITH_FEES = (*_INPUTS, "pool_fee", "swap_fee")


def amount_text(trade_tao: float) -> str:
    """250, 0.5, 12,500.25: as typed, no more digits."""
    return trimmed(f"{trade_tao:,.3f}")


def _declared(
    key: str, label: str, unit: Unit, about: str, formula: str, better: Better, inputs: tuple[str, ...] = _INPUTS
) -> Metric:
    return Metric(
        key=key,
        label=label,
        unit=unit,
        layer=Layer.DERIVED,
        source=_SOURCE,
        about=about,
        unknown=_UNKNOWN,
        formula=formula,
        inputs=inputs,
        lower=0,
        upper=100 if unit is Unit.PERCENT else None,
        better=better,
        group="trade",
    )


def trade_metrics(trade_tao: float) -> tuple[Metric, ...]:
    """The declarations for exactly that size, which stands in each heading."""
    size = f"{amount_text(trade_tao)} τ"
    return (
        _declared(
            "trade_buy_impact_pct",
            f"Impact of buying {size}",
            Unit.PERCENT,
            f"By how much a buy for {size} pays more than the price on average, the fee apart.",
            "100 × (1 − alpha received × price ÷ TAO paid)",
            Better.LOWER,
        ),
        _declared(
            "trade_sell_impact_pct",
            f"Impact of selling {size}",
            Unit.PERCENT,
            f"By how much a sale of alpha worth {size} yields less than the price on average, the fee apart.",
            "100 × (1 − TAO received ÷ (alpha sold × price))",
            Better.LOWER,
        ),
        _declared(
            "trade_round_trip_pct",
            f"Round trip of {size}",
            Unit.PERCENT,
            f"What is gone of {size} after buying and later selling all of it, both fees included, at the same price.",
            "100 × (1 − TAO returned ÷ TAO paid)",
            Better.LOWER,
            _WITH_FEES,
        ),
        _declared(
            "trade_capacity",
            f"Capacity at 1 %, in trades of {size}",
            Unit.RATIO,
            f"How many times {size} fits into the largest single trade that moves the average price by 1 % at most.",
            f"capacity at 1 % impact ÷ {amount_text(trade_tao)}",
            Better.HIGHER,
        ),
    )


def trade_figures(row: Row, trade_tao: float, block: int) -> dict[str, Value]:
    """{key: value} of `trade_metrics`; None where the pool gives no quote. `block`: that of the observation."""
    market = pool.Pool.of(row.snapshot, block)
    capacity = pool.capacity_tao(market, CAPACITY_IMPACT_PCT)
    return {
        "trade_buy_impact_pct": pool.price_impact_pct(market, trade_tao),
        "trade_sell_impact_pct": pool.sell_impact_pct(market, trade_tao),
        "trade_round_trip_pct": pool.round_trip_cost_pct(market, trade_tao),
        "trade_capacity": None if capacity is None else capacity / trade_tao,
    }
