"""The numbers that pages show beside those of `subnets.metrics`: declared, and how each is read off an observation."""

from subnets.metrics import BY_KEY, EMISSION, MARKET_CAP, MOVING_PRICE, POOL_TAO, PRICE
from taoanalytics.lib.metric import Layer, Metric, Unit
from taoanalytics.lib.units import BLOCKS_PER_DAY, from_rao

Value = float | int | bool | None

_CHAIN = "Bittensor chain"
_NOT_REPORTED = "The chain did not report it at that block."


def _observed(key: str, label: str, unit: Unit, field: str, about: str, group: str) -> Metric:
    return Metric(
        key=key,
        label=label,
        unit=unit,
        layer=Layer.OBSERVED,
        source=_CHAIN,
        about=about,
        unknown=_NOT_REPORTED,
        inputs=(field,),
        lower=0,
        group=group,
    )


def _daily(key: str, label: str, unit: Unit, field: str, about: str) -> Metric:
    return Metric(
        key=key,
        label=label,
        unit=unit,
        layer=Layer.DERIVED,
        source=_CHAIN,
        about=about,
        unknown=_NOT_REPORTED,
        formula="amount of that block × blocks a day",
        inputs=(field, "blocks_per_day"),
        lower=0,
        group="emission",
    )


CHANGE_1D, CHANGE_7D, CHANGE_30D = (BY_KEY[f"change_{span}_pct"] for span in ("1d", "7d", "30d"))
VOLUME_1D = BY_KEY["volume_1d_tao"]
MINER_BURN = BY_KEY["miner_burn"]
VALIDATORS = BY_KEY["validator_count"]
ACTIVE_VALIDATORS = BY_KEY["active_validator_count"]
ACTIVE_MINERS = BY_KEY["active_miner_count"]

PRICE_USD = Metric(
    key="price_usd",
    label="Price",
    unit=Unit.USD,
    layer=Layer.DERIVED,
    source="Bittensor chain, and the newest TAO price at or before the observation",
    about="Price of one alpha in US dollars.",
    unknown="No price of TAO was recorded at or before the observation.",
    formula="price × price of TAO in US dollars",
    inputs=("price_rao",),
    lower=0,
    group="market",
)
ALPHA_IN = _observed(
    "alpha_in_pool", "Alpha in pool", Unit.ALPHA, "alpha_in_rao", "Alpha that the pool holds.", "market"
)
ALPHA_OUT = _observed(
    "alpha_outside", "Alpha outside", Unit.ALPHA, "alpha_out_rao", "Alpha in the hands of its holders.", "market"
)
POOL_WEIGHT = _observed(
    "pool_tao_weight",
    "Pool weight of TAO",
    Unit.SHARE,
    "pool_tao_weight",
    "Weight of TAO in the pool's curve.",
    "market",
)
VOLUME = _observed(
    "volume_tao",
    "Volume since start",
    Unit.TAO,
    "volume_rao",
    "TAO bought and sold since the subnet's start.",
    "market",
)
TAO_INTO_POOL = _daily(
    "tao_into_pool_per_day",
    "TAO into pool",
    Unit.TAO_PER_DAY,
    "tao_in_emission_rao",
    "TAO that the chain adds to the pool.",
)
CHAIN_BUYS = _daily(
    "chain_buys_per_day", "Chain buys", Unit.TAO_PER_DAY, "chain_buy_rao", "TAO with which the chain buys alpha."
)
ALPHA_INTO_POOL = _daily(
    "alpha_into_pool_per_day",
    "Alpha into pool",
    Unit.ALPHA_PER_DAY,
    "alpha_in_emission_rao",
    "Alpha that the chain adds to the pool.",
)
ALPHA_PAID = _daily(
    "alpha_paid_per_day",
    "Alpha to participants",
    Unit.ALPHA_PER_DAY,
    "alpha_out_emission_rao",
    "Alpha paid to owner, validators and miners.",
)
PENDING = _observed(
    "pending_alpha",
    "Pending alpha",
    Unit.ALPHA,
    "pending_alpha_rao",
    "Alpha that waits for the end of the tempo.",
    "emission",
)
EMISSION_ENABLED = _observed(
    "emission_enabled",
    "Emission enabled",
    Unit.YES_NO,
    "emission_enabled",
    "Whether the subnet takes part in emission.",
    "emission",
)
NEURONS = _observed("neuron_count", "Neurons", Unit.COUNT, "neuron_count", "Registered keys.", "network")
MAX_NEURONS = _observed("max_uids", "Places", Unit.COUNT, "max_uids", "How many neurons there is room for.", "network")
REGISTRATION = _observed(
    "registration_cost_tao", "Registration cost", Unit.TAO, "burn_rao", "TAO to register a neuron.", "network"
)
MECHANISMS = _observed(
    "mechanism_count",
    "Mechanisms",
    Unit.COUNT,
    "mechanism_count",
    "Incentive mechanisms that run side by side.",
    "network",
)
TEMPO = _observed("tempo", "Tempo", Unit.BLOCKS, "tempo", "Blocks per epoch, of 12 seconds each.", "network")
IMMUNITY = _observed(
    "immunity_period",
    "Immunity of neurons",
    Unit.BLOCKS,
    "immunity_period",
    "Blocks for which a new neuron is safe.",
    "network",
)

SUBNET_FIGURES = {
    "Market": (PRICE, MOVING_PRICE, MARKET_CAP, POOL_TAO, ALPHA_IN, ALPHA_OUT, POOL_WEIGHT, VOLUME_1D, VOLUME),
    "Emission": (
        EMISSION,
        TAO_INTO_POOL,
        CHAIN_BUYS,
        ALPHA_INTO_POOL,
        ALPHA_PAID,
        PENDING,
        EMISSION_ENABLED,
        MINER_BURN,
    ),
    "Network": (
        NEURONS,
        MAX_NEURONS,
        VALIDATORS,
        ACTIVE_VALIDATORS,
        ACTIVE_MINERS,
        REGISTRATION,
        MECHANISMS,
        TEMPO,
        IMMUNITY,
    ),
}
FACTS: tuple[Metric, ...] = tuple(
    metric for group in SUBNET_FIGURES.values() for metric in group if metric.key not in BY_KEY
)
"""What is read off one observation and is no metric of `subnets.metrics`."""

_PER_DAY = (Unit.TAO_PER_DAY, Unit.ALPHA_PER_DAY)


def figure_of(metric: Metric, observation: object) -> Value:
    """The value of one of FACTS at one observation (a `SubnetSnapshot` or the like), in its unit; None if unknown."""
    field = metric.key if hasattr(observation, metric.key) else metric.inputs[0]
    value: Value = getattr(observation, field)
    if not field.endswith("_rao") or value is None:
        return value
    rao = int(value) * (BLOCKS_PER_DAY if metric.unit in _PER_DAY else 1)
    return from_rao(rao)
