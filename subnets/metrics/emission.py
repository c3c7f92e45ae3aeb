"""What the network pays a subnet, and what the subnet pays in its alpha."""

from functools import partial

from subnets import regimes
from subnets.metrics.arithmetic import percent, percent_change, tokens
from subnets.metrics.inputs import Observation, Reported, Span, SubnetInputs, Values
from subnets.metrics.market import ALPHA_SUPPLY, alpha_supply, market_cap_tao
from subnets.metrics.typeset import over, row, sub, sum_over
from subnets.metrics.words import CHAIN, NOT_REPORTED, OWN_HISTORY
from taoanalytics.lib.metric import Better, Layer, Metric, Unit
from taoanalytics.lib.units import BLOCKS_PER_DAY

DAYS_PER_YEAR = 365
_derived = partial(Metric, layer=Layer.DERIVED, source=CHAIN, group="emission")


def emission_tao_per_day(o: Reported, blocks_per_day: float = BLOCKS_PER_DAY) -> float | None:
    """What the network spends on the subnet in a day at this block's rate: put into the pool and bought from it."""
    if o.tao_in_emission_rao is None or min(o.tao_in_emission_rao, o.chain_buy_rao or 0) < 0:
        return None
    return tokens((o.tao_in_emission_rao + (o.chain_buy_rao or 0)) * blocks_per_day)


def per_day(rao_per_block: int | None, block: int) -> float | None:
    """Whole tokens a day at a rate per block."""
    return None if rao_per_block is None else tokens(rao_per_block * regimes.blocks_per_day_at(block))


def alpha_emitted_per_day(now: Observation) -> float | None:
    """New alpha a day: into the pool and to participants."""
    into_pool = per_day(now.alpha_in_emission_rao, now.block)
    paid_out = per_day(now.alpha_out_emission_rao, now.block)
    return None if into_pool is None or paid_out is None else into_pool + paid_out


def annual_inflation_pct(emitted_per_day: float | None, supply: float | None) -> float | None:
    """Percent of the supply that a year at today's rate would add; simple, not compounded."""
    return None if emitted_per_day is None else percent(emitted_per_day * DAYS_PER_YEAR, supply)


EMISSION = _derived(
    key="emission_tao_per_day",
    label="Emission",
    unit=Unit.TAO_PER_DAY,
    about="TAO that the network spends on the subnet in a day, at the rate of that block.",
    unknown=NOT_REPORTED,
    formula="(TAO put into the pool + TAO with which the chain buys, per block) × blocks a day",
    mathml=row("(", sub("e", "pool"), "+", sub("e", "buy"), ")", "×", sub("b", "day")),
    inputs=("tao_in_emission_rao", "chain_buy_rao", "blocks_per_day"),
    lower=0,
    better=Better.HIGHER,
    note="Chain buys can be read from spec 411 (2026-05-27) on; before, from November 2025, they are missing here.",
)
EMISSION_SHARE = _derived(
    key="emission_share_pct",
    label="Share of emission",
    unit=Unit.PERCENT,
    about="The subnet's part of all TAO that the subnets were paid at that block.",
    unknown="The subnet's own emission is unknown, or no subnet was paid.",
    formula="100 × emission ÷ sum of the emission of all subnets",
    mathml=row("100", "×", over(sub("e", "i"), sum_over("j", sub("e", "j")))),
    inputs=("emission_tao_per_day",),
    lower=0,
    upper=100,
    better=Better.HIGHER,
    note="Of what was distributed, which can be less than the block's emission; a subnet whose own is unknown is "
    "not in the sum.",
)
EMISSION_TO_CAP = _derived(
    key="emission_to_market_cap_pct",
    label="Emission against cap, a day",
    unit=Unit.PERCENT,
    about="TAO that the network spends on the subnet in a day, as a part of its market cap. It is not income of "
    "those who hold the alpha.",
    unknown="Emission or market cap is unknown.",
    formula="100 × emission of a day ÷ market cap",
    mathml=row("100", "×", over(sub("e", "day"), "cap")),
    inputs=("emission_tao_per_day", "market_cap_tao"),
    lower=0,
)
ALPHA_EMITTED = _derived(
    key="alpha_emitted_per_day",
    label="Alpha emitted",
    unit=Unit.ALPHA_PER_DAY,
    about="New alpha in a day, at the rate of that block: into the pool and to owner, miners and validators.",
    unknown=NOT_REPORTED,
    formula="(alpha into the pool + alpha to participants, per block) × blocks a day",
    mathml=row("(", sub("a", "pool"), "+", sub("a", "paid"), ")", "×", sub("b", "day")),
    inputs=("alpha_in_emission_rao", "alpha_out_emission_rao", "blocks_per_day"),
    lower=0,
    better=Better.LOWER,
    note="Alpha that is burned or recycled afterwards is not taken off.",
)
ALPHA_INFLATION = _derived(
    key="alpha_inflation_annual_pct",
    label="Alpha inflation a year",
    unit=Unit.PERCENT,
    about="How much a year at today's rate would add to all alpha in existence.",
    unknown="Alpha emission or supply was not reported.",
    formula="100 × alpha emitted a day × 365 ÷ alpha supply",
    mathml=row("100", "×", over(row(sub("a", "day"), "×", "365"), sub("α", "supply"))),
    inputs=("alpha_emitted_per_day", "alpha_supply"),
    lower=0,
    better=Better.LOWER,
    note="Simple, not compounded; coming halvings and alpha that is burned are left out.",
)
SUPPLY_GROWTH = Metric(
    key="alpha_supply_growth_30d_pct",
    label="Supply growth 30d",
    unit=Unit.PERCENT,
    layer=Layer.DERIVED,
    source=OWN_HISTORY,
    group="emission",
    about="How much the alpha in existence has grown in 30 days: the dilution that happened.",
    unknown="No supply of this tenant was recorded close enough to 30 days earlier.",
    formula="100 × (alpha supply ÷ alpha supply 30 days earlier − 1)",
    mathml=row("100", "×", "(", over(sub("α", "now"), sub("α", "then")), "−", "1", ")"),
    inputs=(ALPHA_SUPPLY.key,),
    lower=-100,
    better=Better.LOWER,
)
MINER_BURN = Metric(
    key="miner_burn",
    label="Miner incentive burned",
    unit=Unit.SHARE,
    layer=Layer.OBSERVED,
    source=CHAIN,
    group="emission",
    about="Share of the miners' incentive of the last tempo that went to keys of the owner and was burned or recycled.",
    unknown="The chain reports it from spec 421 (2026-06-22) on; it did not at that block.",
    inputs=("miner_burn",),
    lower=0,
    upper=1,
    better=Better.LOWER,
)


def _split(key: str, label: str, who: str, share: str, inputs: tuple[str, ...], note: str) -> Metric:
    return _derived(
        key=key,
        label=label,
        unit=Unit.ALPHA_PER_DAY,
        about=f"Alpha that {who} in a day, by the protocol's split of that block.",
        unknown=NOT_REPORTED,
        formula=f"alpha to participants per block × blocks a day × {share}",
        mathml=row(sub("a", "paid"), "×", sub("b", "day"), "×", sub("s", key.split("_", 1)[0])),
        inputs=("alpha_out_emission_rao", "blocks_per_day", *inputs),
        lower=0,
        note=note,
    )


_REST = ("owner_cut", "miner_share_of_rest")
OWNER_ALPHA = _split(
    "owner_alpha_per_day", "Owner's alpha", "the owner is due", "owner cut", ("owner_cut",),
    "With the owner cut of the protocol, unless the subnet is known to have switched its own off.",
)  # fmt: skip
MINER_ALPHA = _split(
    "miner_alpha_per_day", "Miners' alpha", "miners are due", "(1 − owner cut) × miners' half", _REST,
    "Before what is burned of it; in a tempo without any incentive validators are paid this part too.",
)  # fmt: skip
VALIDATOR_ALPHA = _split(
    "validator_alpha_per_day", "Validators' alpha", "validators and their stakers are due",
    "(1 − owner cut) × validators' half", _REST,
    "Before validators' take, and with the part of it that is kept for stakers on root.",
)  # fmt: skip

METRICS: tuple[Metric, ...] = (
    EMISSION, EMISSION_TO_CAP, ALPHA_EMITTED, ALPHA_INFLATION, SUPPLY_GROWTH, MINER_BURN,
    OWNER_ALPHA, MINER_ALPHA, VALIDATOR_ALPHA,
)  # fmt: skip
NETWORK_METRICS: tuple[Metric, ...] = (EMISSION_SHARE,)


def values(inputs: SubnetInputs) -> Values:
    """{key: value} of `METRICS`."""
    now = inputs.now
    emission = emission_tao_per_day(now, regimes.blocks_per_day_at(now.block))
    emitted, supply = alpha_emitted_per_day(now), alpha_supply(now)
    before = inputs.earlier.get(Span.MONTH)
    return {
        EMISSION.key: emission,
        EMISSION_TO_CAP.key: percent(emission, market_cap_tao(now)),
        ALPHA_EMITTED.key: emitted,
        ALPHA_INFLATION.key: annual_inflation_pct(emitted, supply),
        SUPPLY_GROWTH.key: None if before is None else percent_change(alpha_supply(before), supply),
        MINER_BURN.key: now.miner_burn,
        **_split_values(inputs),
    }


def _split_values(inputs: SubnetInputs) -> Values:
    paid = per_day(inputs.now.alpha_out_emission_rao, inputs.now.block)
    split = regimes.split_at(inputs.now.block, owner_cut_enabled=inputs.owner_cut_enabled)
    if paid is None or split is None:
        return {OWNER_ALPHA.key: None, MINER_ALPHA.key: None, VALIDATOR_ALPHA.key: None}
    return {
        OWNER_ALPHA.key: paid * split.owner,
        MINER_ALPHA.key: paid * split.miners,
        VALIDATOR_ALPHA.key: paid * split.validators,
    }
