"""The numbers of a subnet's quotes and of its holders, declared as those of the registry are."""

from taoanalytics.lib.metric import Better, Layer, Metric, Unit

_POOL = ("tao_in_rao", "alpha_in_rao", "pool_tao_weight", "price_rao")


def _quoted(key: str, label: str, unit: Unit, about: str, formula: str, better: Better, *, fee: bool) -> Metric:
    return Metric(
        key=f"quote_{key}",
        label=label,
        unit=unit,
        layer=Layer.DERIVED,
        source="Bittensor chain: the pool's reserves and weights at that block",
        about=about,
        unknown="The pool's reserves are unknown, or the chain's price contradicts the pool's formula.",
        formula=formula,
        inputs=(*_POOL, "pool_fee", "swap_fee") if fee else _POOL,
        lower=0,
        better=better,
        group="trade",
        note="For the size of its row, in the pool of that block. What others trade meanwhile is not in it.",
    )


QUOTE = (
    _quoted(
        *("buy_price", "Average price of a buy", Unit.TAO_PER_ALPHA, "What each alpha costs on average, fee included."),
        *("TAO paid ÷ alpha received", Better.LOWER),
        fee=True,
    ),
    _quoted(
        *("buy_impact_pct", "Impact of a buy", Unit.PERCENT),
        "By how much a buy pays more than the price on average, the fee apart.",
        *("100 × (1 − alpha received × price ÷ TAO paid)", Better.LOWER),
        fee=False,
    ),
    _quoted(
        *("alpha_out", "Alpha out", Unit.ALPHA, "What the pool gives for the TAO, fee taken off."),
        "α reserve × (1 − (τ reserve ÷ (τ reserve + TAO paid less fee)) ^ (weight of TAO ÷ weight of alpha))",
        Better.HIGHER,
        fee=True,
    ),
    _quoted(
        *("sell_price", "Average price of a sale", Unit.TAO_PER_ALPHA),
        "What each alpha yields on average, fee included, where alpha worth the trade at spot is sold.",
        *("TAO received ÷ alpha sold", Better.HIGHER),
        fee=True,
    ),
    _quoted(
        *("sell_impact_pct", "Impact of a sale", Unit.PERCENT),
        "By how much a sale yields less than the price on average, the fee apart.",
        *("100 × (1 − TAO received ÷ (alpha sold × price))", Better.LOWER),
        fee=False,
    ),
    _quoted(
        *("tao_out", "TAO out", Unit.TAO, "What the pool gives for alpha worth the trade at spot, fee taken off."),
        "τ reserve × (1 − (α reserve ÷ (α reserve + alpha sold less fee)) ^ (weight of alpha ÷ weight of TAO))",
        Better.HIGHER,
        fee=True,
    ),
    _quoted(
        *("round_trip_pct", "There and back", Unit.PERCENT),
        "What is gone after buying and selling all of it again at once, both fees included.",
        *("100 × (1 − TAO returned ÷ TAO paid)", Better.LOWER),
        fee=True,
    ),
)
"""Of a quote, in the order of its columns."""


def _held(key: str, label: str, unit: Unit, about: str, formula: str) -> Metric:
    return Metric(
        key=f"holder_{key}",
        label=label,
        unit=unit,
        layer=Layer.DERIVED,
        source="Bittensor chain",
        about=about,
        unknown="The neurons of the subnet were not reported at that block.",
        formula=formula,
        inputs=("alpha_stake", "coldkeys"),
        lower=0,
        better=Better.NEITHER,
        group="holders",
        note="Delegated stake counts for the owner of the key that it was delegated to.",
    )


HOLDER = (
    _held("hotkeys", "Hotkeys", Unit.COUNT, "Keys of the owner with alpha stake here.", "number of hotkeys with stake"),
    _held("alpha", "Stake", Unit.ALPHA, "Alpha staked to the owner's keys here.", "Σ alpha stake of its hotkeys"),
    _held(
        *("share_pct", "Share", Unit.PERCENT, "Its part of all alpha that is staked to registered keys."),
        "100 × its stake ÷ Σ stake of all",
    ),
    _held(
        *("together_pct", "Together", Unit.PERCENT, "Part of all that it and the larger owners have together."),
        "Σ share from the largest down to it",
    ),
)
"""Of one owner among the largest, in the order of the table's columns."""
