"""How stake is spread: over those who hold the subnet's alpha, and over those who steer it.

Two columns of the chain answer two questions. `alpha_stake` of all neurons says who holds the subnet: alpha alone,
delegated or own. `total_stake` of permit holders says who steers it: the weight that the chain gives a validator,
alpha + TAO staked on root × the network's TAO weight. Each is taken by hotkey and by coldkey, the one who owns the
hotkeys; whoever delegated the stake to them is not known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import compress

from subnets.facts import NeuronColumns
from subnets.metrics.concentration import Concentration, by_holder, concentration, hhi, stake_quality
from subnets.metrics.inputs import SubnetInputs, Values
from subnets.metrics.typeset import over, power, row, sub, sum_over
from subnets.metrics.words import CHAIN, NO_NEURONS
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

_derived = partial(Metric, layer=Layer.DERIVED, source=CHAIN, group="stake", lower=0)
_NOBODY = NO_NEURONS + " Or nobody there has any stake."


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    label: str
    unit: Unit
    about: str
    formula: str
    mathml: str
    upper: float | None
    better: Better
    lower: float = 0


_SHARE = sub("s", "i")
_TOTAL = sum_over("j", sub("s", "j"))
_MEASURES = (
    _Measure(
        "hhi", "HHI", Unit.INDEX, "Concentration of {what}: 10,000 where one {who} has all, 10,000/n for n equal ones.",
        "10,000 × Σ (stake ÷ total stake)²",
        row("10000", "×", sum_over("i", power(row("(", over(_SHARE, _TOTAL), ")"), "2"))), 10_000, Better.LOWER,
    ),
    _Measure(
        "gini", "Gini", Unit.INDEX, "Inequality of {what} among those {who}s who have any: 0 all alike, 1 one has all.",
        "2 × Σ (rank × stake) ÷ (n × total stake) − (n + 1) ÷ n, ranked from the smallest",
        row(over(row("2", sum_over("i", "i", sub("s", "i"))), row("n", _TOTAL)), "−", over(row("n", "+", "1"), "n")),
        1, Better.LOWER,
    ),
    _Measure(
        "nakamoto", "Nakamoto", Unit.COUNT, "Fewest {who}s that together have more than half of {what}.",
        "fewest of the largest whose stake sums to more than half",
        row("min", "{", "k", "|", sum_over("i≤k", sub("s", "i")), ">", over("1", "2"), _TOTAL, "}"),
        None, Better.HIGHER, 1,
    ),
    _Measure(
        "top1_pct", "largest", Unit.PERCENT, "What the largest {who} has of {what}.",
        "100 × largest stake ÷ total stake", row("100", "×", over(sub("s", "1"), _TOTAL)), 100, Better.LOWER,
    ),
    _Measure(
        "top10_pct", "ten largest", Unit.PERCENT, "What the ten largest {who}s have of {what} together.",
        "100 × sum of the ten largest ÷ total stake",
        row("100", "×", over(sum_over("i≤10", sub("s", "i")), _TOTAL)), 100, Better.LOWER,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spread:
    """One reading of who has stake: prefix of its keys, words for it, and the amounts it measures."""

    prefix: str
    label: str
    what: str
    who: str
    inputs: tuple[str, ...]

    def key(self, measure: str) -> str:
        return f"{self.prefix}_{measure}"

    def metrics(self) -> Iterator[Metric]:
        for measure in _MEASURES:
            yield _derived(
                key=self.key(measure.name),
                label=f"{self.label} {measure.label}" + (", by coldkey" if self.who == "coldkey" else ""),
                unit=measure.unit,
                about=measure.about.format(what=self.what, who=self.who),
                unknown=_NOBODY,
                formula=measure.formula,
                mathml=measure.mathml,
                inputs=self.inputs,
                upper=measure.upper,
                better=measure.better,
            )

    def values(self, amounts: list[int]) -> Values:
        measured = concentration(amounts)
        return {self.key(m.name): _measured(measured, m.name) for m in _MEASURES}


def _measured(measured: Concentration | None, name: str) -> float | int | None:
    value: float | int | None = None if measured is None else getattr(measured, name)
    return value


_ALPHA, _WEIGHT = "the alpha staked on the subnet", "the stake weight of the subnet's validators"
_WEIGHT_INPUTS = ("total_stake", "validator_permit")
SPREADS = {
    "alpha_hotkey": _Spread("alpha_stake", "Alpha stake", _ALPHA, "hotkey", ("alpha_stake", "hotkeys")),
    "alpha_coldkey": _Spread("alpha_stake_coldkey", "Alpha stake", _ALPHA, "coldkey", ("alpha_stake", "coldkeys")),
    "validator_hotkey": _Spread("validator_stake", "Validators", _WEIGHT, "hotkey", (*_WEIGHT_INPUTS, "hotkeys")),
    "validator_coldkey": _Spread(
        "validator_stake_coldkey", "Validators", _WEIGHT, "coldkey", (*_WEIGHT_INPUTS, "coldkeys")
    ),
}

STAKE_HHI = _derived(
    key="stake_hhi",
    label="Stake HHI",
    unit=Unit.INDEX,
    about="Concentration of the stake weight of all neurons by hotkey: 10,000 where one hotkey has all.",
    unknown=_NOBODY,
    formula="10,000 × Σ (stake weight ÷ total stake weight)²",
    mathml=_MEASURES[0].mathml,
    inputs=("total_stake", "hotkeys"),
    upper=10_000,
    better=Better.LOWER,
    note="As the predecessor counted it, over all neurons; it is the input of stake quality and of the older scores.",
)
STAKE_QUALITY = _derived(
    key="stake_quality",
    label="Stake quality",
    unit=Unit.POINTS,
    about="Evenness of stake on a scale to 100: 0 where one hotkey has all.",
    unknown="The stake HHI is unknown.",
    formula="100 − stake HHI ÷ 100",
    mathml=row("100", "−", over("HHI", "100")),
    inputs=("stake_hhi",),
    upper=100,
    better=Better.HIGHER,
    note="The same figure as the HHI on another scale, kept for continuity: never count both.",
)

METRICS: tuple[Metric, ...] = (
    STAKE_QUALITY,
    STAKE_HHI,
    *(metric for spread in SPREADS.values() for metric in spread.metrics()),
)


def values(inputs: SubnetInputs) -> Values:
    """{key: value} of `METRICS`."""
    if inputs.neurons is None:
        return dict.fromkeys((metric.key for metric in METRICS), None)
    columns = inputs.neurons.columns
    index = hhi(columns.total_stake)
    result: Values = {STAKE_HHI.key: index, STAKE_QUALITY.key: stake_quality(index)}
    for name, amounts in _amounts(columns).items():
        result |= SPREADS[name].values(amounts)
    return result


def _amounts(columns: NeuronColumns) -> dict[str, list[int]]:
    """{name of a spread: rao per holder}."""
    permits = columns.validator_permit
    weights = list(compress(columns.total_stake, permits))
    return {
        "alpha_hotkey": list(columns.alpha_stake),
        "alpha_coldkey": by_holder(columns.coldkeys, columns.alpha_stake),
        "validator_hotkey": weights,
        "validator_coldkey": by_holder(list(compress(columns.coldkeys, permits)), weights),
    }
