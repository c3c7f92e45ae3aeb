"""What the methodology says of each number, gathered: its inputs, what builds on it, where it differs from before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from insights import landing, network, registry, scores, statistics, validators
from insights.dossier import declared
from insights.screening.classified import CONFIDENCE
from insights.screening.tenure import TENANT_AGE
from insights.screening.trade import DEFAULT_TRADE_TAO, trade_metrics
from insights.screening.traded import BOUGHT, SOLD
from insights.statistics import Deviation
from markets.models import ScreenerRow
from subnets import regimes
from subnets.models import NetworkSnapshot, Subnet, SubnetIdentity, SubnetSnapshot
from taoanalytics.lib.metric import Metric

_BESIDE: Mapping[str, Sequence[Metric]] = {
    "The whole network": network.METRICS,
    "Lists of the home page": landing.METRICS,
    "Validators of a subnet": validators.METRICS,
    "Largest holders of a subnet": declared.HOLDER,
    "What a subnet does": (CONFIDENCE,),
    "Reckoned for the screener": (BOUGHT, SOLD, TENANT_AGE),
    "A trade of one's own size": (*trade_metrics(DEFAULT_TRADE_TAO), *declared.QUOTE),
}
"""Numbers that are shown beside the registry's: of a list, of a validator in place of a subnet, or made to measure."""

EXPLAINED: Mapping[str, Metric] = MappingProxyType(
    {metric.key: metric for group in _BESIDE.values() for metric in group} | dict(registry.BY_KEY)
)
"""{key: metric} of every number that has a page in the methodology."""


def groups() -> dict[str, list[Metric]]:
    """{name of the group: its metrics} of EXPLAINED, each once."""
    found = registry.grouped()
    for name, members in _BESIDE.items():
        rest = [metric for metric in members if metric.key not in registry.BY_KEY]
        if rest:
            found[name] = rest
    return found


_NEURON_COLUMNS = {
    "active": "Whether the chain calls the neuron active.",
    "alpha_stake": "Alpha of the subnet that is staked to the neuron, in rao.",
    "block_at_registration": "Block at which the neuron got its uid.",
    "coldkeys": "Coldkey of each neuron: the account that owns it.",
    "consensus": "What the validators agree on for the neuron, as a fraction of 65,535.",
    "dividends": "Part of the validators' reward that went to the neuron in the last epoch.",
    "emission": "Alpha that the neuron earned in the last epoch, in rao.",
    "hotkeys": "Hotkey of each neuron: the key that it works with.",
    "incentives": "Part of the miners' reward that went to the neuron in the last epoch.",
    "last_update": "Block at which the neuron last set weights.",
    "tao_stake": "TAO that is staked to the neuron on root, in rao.",
    "total_stake": "What the chain makes of alpha and TAO stake together: a weight, not an amount of TAO.",
    "validator_permit": "Whether the neuron may set weights.",
    "validator_trust": "How far the validator's weights agree with the consensus, as a fraction of 65,535.",
}
_OTHER_FIELDS = {
    "alpha_circulating": "Alpha that circulates, as TAO.app reports it.",
    "block": "Block of the observation.",
    "emission_enabled": "Whether the subnet takes part in emission.",
    "max_uids": "How many neurons there is room for.",
    "max_validators": "How many validator permits the subnet gives out, a hyperparameter.",
    "mechanism_count": "Incentive mechanisms that run side by side.",
    "neuron_count": "Registered keys.",
    "net_volume_1d_tao": "TAO bought less TAO sold in 24 hours, as TAO.app reports it.",
    "owner_coldkey": "Coldkey of the subnet's owner.",
    "owner_hotkey": "Hotkey of the subnet's owner.",
    "registered_at_block": "Block at which the present tenant got the netuid.",
    "root_share": "Root's part of the subnet's dividends, as TAO.app reports it.",
    "root_share_previous_day": "The same a day before.",
    "validator_utilisation_pct": "Active validators in percent of the permits there are.",
}
_MODELS = (SubnetSnapshot, Subnet, SubnetIdentity, NetworkSnapshot, ScreenerRow)


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a metric: another `metric`, or an observed field or a parameter of the protocol in words."""

    name: str
    kind: str
    about: str
    metric: Metric | None = None

    @property
    def described(self) -> bool:
        return bool(self.about)


def inputs_of(metric: Metric) -> list[Input]:
    return [_input(name, metric) for name in metric.inputs]


def _input(name: str, of: Metric) -> Input:
    known = EXPLAINED.get(name)
    if known is not None and known.key != of.key:
        return Input(name, str(known.layer), known.about, known)
    if name in regimes.PARAMETERS:
        meaning = regimes.PARAMETERS[name]
        return Input(name, "protocol rule", f"{meaning[0].upper()}{meaning[1:]}, as the rule of that block had it.")
    if name in _NEURON_COLUMNS:
        return Input(name, "observed, of each neuron", _NEURON_COLUMNS[name])
    return Input(name, "observed", _field_help(name) or _OTHER_FIELDS.get(name, ""))


def _field_help(name: str) -> str:
    for model in _MODELS:
        field = next((each for each in model._meta.fields if each.name == name), None)
        if field is not None and field.help_text:
            return str(field.help_text)
    return ""


def built_on(metric: Metric) -> list[Metric]:
    """The metrics that have this one among their inputs."""
    return [other for other in EXPLAINED.values() if metric.key in other.inputs and other.key != metric.key]


ALL_DEVIATIONS: tuple[Deviation, ...] = (*scores.DEVIATIONS, *landing.DEVIATIONS, *statistics.DEVIATIONS)
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "tao-score-2.1.": ("tao_score_v21",),
    "hot-score.": ("hot_score",),
    "momentum.": ("momentum_score",),
    "farming.": ("farming_score",),
    "landing.": ("hot_score", "momentum_score", "farming_score"),
}
"""{beginning of a deviation's key: the metrics that it is about}"""


def deviations_of(metric: Metric) -> list[Deviation]:
    """Where this metric knowingly says something else than the site's predecessor did."""
    ranks = ("rank-percentile",) if metric.key.endswith("_percentile") else ()
    return [
        each
        for each in ALL_DEVIATIONS
        if each.key in ranks or any(each.key.startswith(start) and metric.key in keys for start, keys in _ABOUT.items())
    ]
