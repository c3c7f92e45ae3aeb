"""Who validates on a subnet: its permit holders, from the columns of its neurons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from insights.figures import Value
from subnets.facts import NeuronColumns
from subnets.metrics.yields import dividends_rao
from taoanalytics.lib.metric import Better, Layer, Metric, Unit
from taoanalytics.lib.units import U16_MAX, from_rao


def _declared(
    key: str, label: str, unit: Unit, layer: Layer, about: str, *, formula: str = "", field: str = ""
) -> Metric:
    return Metric(
        key=key,
        label=label,
        unit=unit,
        layer=layer,
        source="Bittensor chain",
        about=about,
        unknown="The chain did not report it at that block.",
        formula=formula,
        inputs=(field or key,),
        lower=0,
        better=Better.NEITHER,
        group="validators",
    )


ALPHA_STAKE = _declared(
    "alpha_stake", "Alpha stake", Unit.ALPHA, Layer.OBSERVED, "Alpha of this subnet that is staked to the validator."
)
TAO_STAKE = _declared(
    "tao_stake", "TAO stake", Unit.TAO, Layer.OBSERVED, "TAO that is staked to the validator on root."
)
STAKE_WEIGHT = _declared(
    "stake_weight",
    "Stake weight",
    Unit.INDEX,
    Layer.OBSERVED,
    "What the chain makes of both stakes together. It is a weight, not an amount of TAO.",
    field="total_stake",
)
WEIGHT_SHARE = _declared(
    "stake_weight_share",
    "Share",
    Unit.SHARE,
    Layer.DERIVED,
    "Part of the stake weight of all permit holders of the subnet.",
    formula="stake weight ÷ Σ stake weight of permit holders",
    field="total_stake",
)
DIVIDENDS = _declared(
    "dividends",
    "Dividends",
    Unit.SHARE,
    Layer.OBSERVED,
    "Part of the validators' reward that went to it in the last epoch.",
)
TRUST = _declared(
    "validator_trust",
    "Trust",
    Unit.RATIO,
    Layer.OBSERVED,
    "How far its weights agree with the consensus, from 0 to 1.",
)
LAST_UPDATE = _declared(
    "blocks_since_update",
    "Last update",
    Unit.BLOCKS,
    Layer.DERIVED,
    "Blocks since it last set weights.",
    formula="block of the observation − block of the last update",
    field="last_update",
)
RETURN = Metric(
    key="own_return_1d_pct",
    label="Return a day, est.",
    unit=Unit.PERCENT,
    layer=Layer.DERIVED,
    source="Bittensor chain",
    about="What its alpha stake was paid in dividends, per day, at the rate of the last epoch.",
    unknown="It holds no alpha stake, or the tempo of the subnet is unknown.",
    formula="100 × its dividends of the last epoch × epochs a day ÷ its alpha stake",
    inputs=("emission", "dividends", "incentives", "alpha_stake", "tempo"),
    lower=0,
    group="validators",
    note="In alpha and before its take; stakers on root have a part of it. No forecast.",
)
METRICS = (ALPHA_STAKE, TAO_STAKE, STAKE_WEIGHT, WEIGHT_SHARE, DIVIDENDS, RETURN, TRUST, LAST_UPDATE)


def heading(metric: Metric) -> str:
    """The percent sign stands in the cell."""
    return metric.label if metric.unit in (Unit.SHARE, Unit.PERCENT) else metric.heading


@dataclass(frozen=True, slots=True)
class Validator:
    """`figures` is keyed by metric. `name` is what its coldkey calls itself, "" if it says nothing."""

    uid: int
    name: str
    hotkey: str
    coldkey: str
    figures: Mapping[str, Value]

    @property
    def short_hotkey(self) -> str:
        return f"{self.hotkey[:6]}…{self.hotkey[-4:]}"


def permit_holders(
    neurons: NeuronColumns, block: int, names: Mapping[str, str], epochs_a_day: float | None = None
) -> list[Validator]:
    """Every neuron with a validator permit as of `block`, in uid order; `names` is {coldkey: name}."""
    dividends = dividends_rao(neurons)
    holders = [uid for uid, permitted in enumerate(neurons.validator_permit) if permitted]
    total = sum(neurons.total_stake[uid] for uid in holders)
    return [
        Validator(
            uid=uid,
            name=names.get(neurons.coldkeys[uid], ""),
            hotkey=neurons.hotkeys[uid],
            coldkey=neurons.coldkeys[uid],
            figures=_figures(neurons, uid, block, total)
            | {RETURN.key: _percent_a_day(dividends[uid], neurons.alpha_stake[uid], epochs_a_day)},
        )
        for uid in holders
    ]


def _figures(neurons: NeuronColumns, uid: int, block: int, total_weight: int) -> dict[str, Value]:
    trust = neurons.validator_trust
    return {
        ALPHA_STAKE.key: from_rao(neurons.alpha_stake[uid]),
        TAO_STAKE.key: from_rao(neurons.tao_stake[uid]),
        STAKE_WEIGHT.key: from_rao(neurons.total_stake[uid]),
        WEIGHT_SHARE.key: neurons.total_stake[uid] / total_weight if total_weight else None,
        DIVIDENDS.key: neurons.dividends[uid] / U16_MAX,
        TRUST.key: trust[uid] / U16_MAX if trust is not None else None,
        LAST_UPDATE.key: max(0, block - neurons.last_update[uid]),
    }


def _percent_a_day(dividends_rao: float, alpha_stake_rao: int, epochs_a_day: float | None) -> float | None:
    if epochs_a_day is None or alpha_stake_rao <= 0:
        return None
    return 100 * dividends_rao * epochs_a_day / alpha_stake_rao


def ordered(validators: Iterable[Validator], key: str, *, descending: bool) -> list[Validator]:
    """By "uid", "name" or a metric's key; those without a name or value come last either way."""
    pairs = [(_sort_value(each, key), each) for each in sorted(validators, key=lambda each: each.uid)]
    known = [pair for pair in pairs if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)  # type: ignore[arg-type, return-value]
    return [each for _, each in known] + [each for value, each in pairs if value is None]


def _sort_value(validator: Validator, key: str) -> float | str | None:
    if key == "uid":
        return validator.uid
    if key == "name":
        return validator.name.casefold() or None
    value = validator.figures[key]
    return None if value is None else float(value)
