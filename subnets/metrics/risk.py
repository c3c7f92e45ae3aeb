"""What can go wrong: being removed, what the pool would pay then, and what it costs to get out."""

from collections.abc import Mapping, Sequence
from functools import partial

from subnets import regimes
from subnets.metrics.arithmetic import percent, percent_change, positive, ratio, tokens
from subnets.metrics.inputs import NetworkRow, Observation, Reported, SubnetInputs, Values
from subnets.metrics.market import MOVING_PRICE, PRICE, price_tao
from subnets.metrics.pool import (
    MODEL_TOLERANCE_PCT,
    Pool,
    capacity_tao,
    model_gap_pct,
    price_impact_pct,
    round_trip_cost_pct,
    sell_impact_pct,
)
from subnets.metrics.typeset import greatest, least, over, power, row, sub
from subnets.metrics.words import CHAIN
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

STANDARD_TRADE_TAO = 100.0
CAPACITY_IMPACT_PCT = 1.0

_derived = partial(Metric, layer=Layer.DERIVED, source=CHAIN, group="risk")
_percent = partial(_derived, unit=Unit.PERCENT, lower=0, upper=100, better=Better.LOWER)
_NO_REMOVAL = "No subnet could be removed then (before 2025-09-24)."


def nav_tao(o: Reported) -> float | None:
    """TAO in the pool for each alpha outside it: what its holders get if the subnet is removed."""
    return ratio(tokens(o.tao_in_rao), tokens(o.alpha_out_rao))


def immunity_left(registered_at_block: int, now: Observation) -> int | None:
    """Blocks for which the subnet cannot be removed yet; None while none could be, or for a block before its start."""
    immunity = regimes.subnet_immunity_blocks_at(now.block, now.day)
    if immunity is None or registered_at_block > now.block:
        return None
    return max(0, registered_at_block + immunity - now.block)


IMMUNITY_BLOCKS = _derived(
    key="immunity_left_blocks", label="Immunity left", unit=Unit.BLOCKS, lower=0, better=Better.HIGHER,
    inputs=("registered_at_block", "subnet_immunity_blocks", "block"), unknown=_NO_REMOVAL,
    about="Blocks for which the subnet cannot be removed, however low its moving price.",
    formula="registration block + immunity of a new subnet − block, at least 0",
    mathml=row(greatest("·", "0", ",", sub("b", "registered"), "+", "immunity", "−", "b")),
)  # fmt: skip
IMMUNITY_DAYS = _derived(
    key="immunity_left_days", label="Immunity left", unit=Unit.DAYS, lower=0, better=Better.HIGHER,
    inputs=("immunity_left_blocks", "blocks_per_day"), unknown=_NO_REMOVAL,
    about="The same in days.", formula="immunity left in blocks ÷ blocks a day",
    mathml=row(over("immunity", sub("b", "day"))),
)  # fmt: skip
NAV = _derived(
    key="nav_tao", label="Net asset value", unit=Unit.TAO_PER_ALPHA, lower=0, better=Better.HIGHER,
    inputs=("tao_in_rao", "alpha_out_rao"), unknown="Pool was not reported, or there is no alpha outside it.",
    about="What an alpha would get from the pool if the subnet were removed now.",
    formula="TAO in the pool ÷ alpha outside the pool", mathml=row(over(sub("τ", "in"), sub("α", "out"))),
    note="All alpha outside the pool is taken to share alike.",
)  # fmt: skip
NAV_TO_PRICE = _derived(
    key="nav_to_price_pct", label="Asset value against price", unit=Unit.PERCENT, lower=0, better=Better.HIGHER,
    inputs=(NAV.key, PRICE.key), unknown="Net asset value or price is unknown.",
    about="What removal would pay for an alpha, as a part of what the market pays now; above 100, more.",
    formula="100 × net asset value ÷ price", mathml=row("100", "×", over("nav", "p")),
)  # fmt: skip
POOL_GAP = _derived(
    key="pool_price_gap_pct", label="Price against pool formula", unit=Unit.PERCENT, lower=-100,
    inputs=(PRICE.key, "tao_in_rao", "alpha_in_rao", "pool_tao_weight"), unknown="Price or pool was not reported.",
    about="How far the chain's price is from the one that the pool's reserves and weights give: 0 where the quotes "
    "below are exact.",
    formula="100 × (price ÷ (weight of alpha × TAO ÷ (weight of TAO × alpha)) − 1)",
    mathml=row(
        "100", "×", "(",
        over(row("p", "·", sub("w", "tao"), sub("α", "in")), row(sub("w", "alpha"), sub("τ", "in"))), "−", "1", ")",
    ),
    note="Before spec 423 (June 2026) the chain had no weights; equal ones are taken.",
)  # fmt: skip
_POOL_INPUTS = ("tao_in_rao", "alpha_in_rao", "pool_tao_weight", "price_rao")
_NO_POOL = (
    f"The pool was not reported, or its price is more than {MODEL_TOLERANCE_PCT:.0f} % from the weighted pool's, so "
    "that the formula is not that pool's."
)
_WEIGHTS = (
    "Weights of the pool from spec 423 (June 2026) on. Before, equal weights are taken: exact until July 2025, an "
    "approximation while liquidity was concentrated."
)
_OUT = row(
    sub("R", "out"), "(", "1", "−",
    power(row("(", over(sub("R", "in"), row(sub("R", "in"), "+", "x")), ")"), over(sub("w", "in"), sub("w", "out"))),
    ")",
)  # fmt: skip
_TRADE = f"{STANDARD_TRADE_TAO:.0f}"
BUY_IMPACT = _percent(
    key="buy_impact_100_pct", label=f"Impact of buying {_TRADE} τ", inputs=_POOL_INPUTS, unknown=_NO_POOL,
    about=f"How much more than spot a buy for {_TRADE} TAO pays on average, without the fee.",
    formula="100 × (1 − alpha received × spot ÷ TAO paid); received = alpha × (1 − (TAO ÷ (TAO + paid)) ^ (weight of "
    "TAO ÷ weight of alpha))",
    mathml=row("100", "×", "(", "1", "−", over(row("p", "·", _OUT), "x"), ")"), note=_WEIGHTS,
)  # fmt: skip
SELL_IMPACT = _percent(
    key="sell_impact_100_pct", label=f"Impact of selling {_TRADE} τ", inputs=_POOL_INPUTS, unknown=_NO_POOL,
    about=f"How much less than spot a sale of alpha worth {_TRADE} TAO yields on average, without the fee.",
    formula="100 × (1 − TAO received ÷ (alpha sold × spot)); received = TAO × (1 − (alpha ÷ (alpha + sold)) ^ (weight "
    "of alpha ÷ weight of TAO))",
    mathml=row("100", "×", "(", "1", "−", over(_OUT, row("p", "·", "x")), ")"), note=_WEIGHTS,
)  # fmt: skip
ROUND_TRIP = _percent(
    key="round_trip_100_pct", label=f"Round trip of {_TRADE} τ",
    inputs=(*_POOL_INPUTS, "pool_fee", "swap_fee"), unknown=_NO_POOL,
    about=f"Part of {_TRADE} TAO that is gone after buying and later selling again, both fees included.",
    formula=f"100 × (1 − TAO received for the alpha that {_TRADE} TAO buy ÷ {_TRADE})",
    mathml=row("100", "×", "(", "1", "−", over(row("sell", "(", "buy", "(", "x", ")", ")"), "x"), ")"),
    note="At most so much: the pool is taken to have recovered before the sale. The fee is the subnet's own, "
    "and the chain's default where that was not reported. " + _WEIGHTS,
)  # fmt: skip
CAPACITY = _derived(
    key="capacity_1pct_tao", label="Capacity at 1 %", unit=Unit.TAO, lower=0, better=Better.HIGHER,
    inputs=_POOL_INPUTS, unknown=_NO_POOL,
    about="The largest trade that moves its own price by 1 % at most, whichever way it goes.",
    formula="greatest x with impact of buying x ≤ 1 % and impact of selling x ≤ 1 %",
    mathml=row(greatest("x", "{", "x", "|", "impact", "(", "x", ")", "≤", "1%", "}")), note=_WEIGHTS,
)  # fmt: skip
DEREGISTRATION_RANK = _derived(
    key="deregistration_rank", label="Place in line for removal", unit=Unit.RANK, lower=1, better=Better.HIGHER,
    inputs=(MOVING_PRICE.key, "immunity_left_blocks", "registered_at_block"),
    about="1 is the subnet that goes when the next one registers at the limit: the lowest moving price of those that "
    "are not immune, the earliest registration first where equal.",
    unknown="The subnet is immune, its moving price is unknown, or no subnet could be removed then.",
    formula="place in ascending order of moving price among the subnets without immunity",
    mathml=row("rank", "(", sub("p", "moving"), ")"),
    note="Nothing is removed while the network has room for more subnets.",
)  # fmt: skip
CUTOFF_GAP = _derived(
    key="deregistration_gap_pct", label="Gap to removal", unit=Unit.PERCENT, lower=-100, better=Better.HIGHER,
    inputs=(MOVING_PRICE.key, "immunity_left_blocks"),
    about="How far the moving price is above the lowest of the other subnets that are not immune; not above zero for "
    "the one that goes next.",
    unknown="The moving price is unknown, no other subnet without immunity has one above zero, or no subnet could be "
    "removed then.",
    formula="100 × (moving price ÷ lowest moving price of the other subnets without immunity − 1)",
    mathml=row("100", "×", "(", over(sub("p", "i"), least("j≠i", sub("p", "j"))), "−", "1", ")"),
    note="For an immune subnet: where it would stand if its immunity ended now.",
)  # fmt: skip

METRICS: tuple[Metric, ...] = (
    IMMUNITY_BLOCKS, IMMUNITY_DAYS, NAV, NAV_TO_PRICE, BUY_IMPACT, SELL_IMPACT, ROUND_TRIP, CAPACITY, POOL_GAP,
)  # fmt: skip
NETWORK_METRICS: tuple[Metric, ...] = (DEREGISTRATION_RANK, CUTOFF_GAP)


def values(inputs: SubnetInputs) -> Values:
    """{key: value} of `METRICS`."""
    now = inputs.now
    left = immunity_left(inputs.registered_at_block, now)
    nav = nav_tao(now)
    pool = Pool.of(now, now.block)
    return {
        IMMUNITY_BLOCKS.key: left,
        IMMUNITY_DAYS.key: None if left is None else left / regimes.blocks_per_day_at(now.block),
        NAV.key: nav,
        NAV_TO_PRICE.key: percent(nav, price_tao(now)),
        BUY_IMPACT.key: price_impact_pct(pool, STANDARD_TRADE_TAO),
        SELL_IMPACT.key: sell_impact_pct(pool, STANDARD_TRADE_TAO),
        ROUND_TRIP.key: round_trip_cost_pct(pool, STANDARD_TRADE_TAO),
        CAPACITY.key: capacity_tao(pool, CAPACITY_IMPACT_PCT),
        POOL_GAP.key: model_gap_pct(now),
    }


def network_values(rows: Sequence[NetworkRow]) -> dict[int, Values]:
    """{netuid: {key: value}} of `NETWORK_METRICS`; root left out."""
    moving = {r.netuid: r.values.get(MOVING_PRICE.key) for r in rows}
    line = _line_for_removal(rows, moving)
    places = {netuid: place for place, netuid in enumerate(line, 1)}
    return {
        r.netuid: {
            DEREGISTRATION_RANK.key: places.get(r.netuid),
            CUTOFF_GAP.key: _gap(r, moving, line),
        }
        for r in rows
    }


def _line_for_removal(rows: Sequence[NetworkRow], moving: Mapping[int, float | None]) -> list[int]:
    """Netuids without immunity whose moving price is known, next to go first."""
    candidates = [
        (price, r.registered_at_block, r.netuid)
        for r in rows
        if (price := moving[r.netuid]) is not None and r.values.get(IMMUNITY_BLOCKS.key) == 0
    ]
    return [netuid for _, _, netuid in sorted(candidates)]


def _gap(subnet: NetworkRow, moving: Mapping[int, float | None], line: Sequence[int]) -> float | None:
    if subnet.values.get(IMMUNITY_BLOCKS.key) is None:
        return None
    lowest_other = next((moving[netuid] for netuid in line if netuid != subnet.netuid), None)
    own = moving[subnet.netuid]
    if own == 0 and positive(lowest_other) is not None:
        return -100.0
    return percent_change(lowest_other, own)
