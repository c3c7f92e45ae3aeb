"""Who takes part in a subnet: validators that work, miners that earn, uids that change hands."""

from collections.abc import Sequence
from functools import partial
from itertools import compress

from subnets.facts import NeuronColumns
from subnets.metrics.arithmetic import percent, ratio
from subnets.metrics.concentration import by_holder, concentration, effective_number
from subnets.metrics.inputs import NeuronsAt, Span, SubnetInputs, Value, Values
from subnets.metrics.typeset import over, power, row, sub, sum_over
from subnets.metrics.words import CHAIN, NO_NEURONS, NOT_REPORTED, OWN_HISTORY
from taoanalytics.lib.metric import Better, Layer, Metric, Unit
from taoanalytics.lib.units import U16_MAX

ALIGNED_WITHIN = 0.10  # of the median validator trust
ALIGNED_WITHIN_BEFORE = 0.10  # of consensus, as the predecessor had it

_derived = partial(Metric, layer=Layer.DERIVED, source=CHAIN, unknown=NO_NEURONS, group="health", lower=0)
_percent = partial(_derived, unit=Unit.PERCENT, upper=100)
_TRUST_UNKNOWN = "Validator trust was not recorded at that block, or no active validator has any stake."


def utilisation_pct(used: int | None, places: int | None) -> float | None:
    """Percent of the places that are taken, at most 100; None if either is unknown or negative, or without places."""
    if used is None or used < 0:
        return None
    taken = percent(used, places)
    return None if taken is None else min(100.0, taken)


def active_validators(neurons: NeuronsAt, cutoff_blocks: int | None) -> list[bool]:
    """Per uid: a permit, and weights set within the subnet's activity cut-off.

    Where the cut-off is not known, the chain's own `active` flag stands for the second, as its last epoch set it.
    """
    columns = neurons.columns
    if cutoff_blocks is None:
        return [
            bool(permit and active) for permit, active in zip(columns.validator_permit, columns.active, strict=True)
        ]
    oldest = neurons.block - cutoff_blocks
    return [
        bool(permit and updated >= oldest)
        for permit, updated in zip(columns.validator_permit, columns.last_update, strict=True)
    ]


def stake_share_pct(stakes: Sequence[float], chosen: Sequence[bool]) -> float | None:
    """Percent of the stake that lies with the chosen; None if nobody has any."""
    return percent(sum(compress(stakes, chosen)), sum(stakes))


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float | None:
    """None where the weights sum to nothing."""
    return ratio(sum(value * weight for value, weight in zip(values, weights, strict=True)), sum(weights))


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float | None:
    """The least value at which half of the weight is reached; None where the weights sum to nothing."""
    whole = sum(weights)
    if whole <= 0:
        return None
    reached = 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if 2 * reached >= whole:
            return value
    return None


def consensus_alignment_pct(trusts: Sequence[float], weights: Sequence[float]) -> float | None:
    """Percent of the weight whose trust lies within a tenth of the weighted median; None if that median is 0."""
    median = weighted_median(trusts, weights)
    if not median:
        return None
    aligned = [abs(trust - median) <= ALIGNED_WITHIN * median for trust in trusts]
    return stake_share_pct(weights, aligned)


def consensus_near_mean_pct(consensus: Sequence[float]) -> float | None:
    """The predecessor's alignment: percent of all uids whose consensus is less than 0.10 from the plain mean."""
    if not consensus:
        return None
    mean = sum(consensus) / len(consensus)
    return percent(sum(abs(each - mean) < ALIGNED_WITHIN_BEFORE for each in consensus), len(consensus))


def effective_miners(columns: NeuronColumns, owner_coldkey: str, owner_hotkey: str) -> float | None:
    """Equal coldkeys that would share the miners' incentive as unevenly, the owner's keys left out; 0 if none earns."""
    earns = [
        bool(incentive and not permit and not _owned(coldkey, owner_coldkey) and not _owned(hotkey, owner_hotkey))
        for incentive, permit, coldkey, hotkey in zip(
            columns.incentives, columns.validator_permit, columns.coldkeys, columns.hotkeys, strict=True
        )
    ]
    return effective_number(
        by_holder(list(compress(columns.coldkeys, earns)), list(compress(columns.incentives, earns)))
    )


def _owned(key: str, owner: str) -> bool:
    return bool(owner) and key == owner


def uid_turnover_pct(before: NeuronColumns | None, now: NeuronColumns) -> float | None:
    """Percent of uids whose hotkey or registration changed; one that only either has counts as changed."""
    if before is None or not max(len(before), len(now)):
        return None
    holders_before = list(zip(before.hotkeys, before.block_at_registration, strict=True))
    holders_now = list(zip(now.hotkeys, now.block_at_registration, strict=True))
    kept = sum(a == b for a, b in zip(holders_before, holders_now, strict=False))
    uids = max(len(before), len(now))
    return percent(uids - kept, uids)


PERMITS = _derived(
    key="validator_count", label="Validators", unit=Unit.COUNT, inputs=("validator_permit",),
    about="Neurons with a validator permit, whether they use it or not.",
    formula="count of neurons with a validator permit", mathml=row(sum_over("i", sub("permit", "i"))),
)  # fmt: skip
ACTIVE_VALIDATORS = _derived(
    key="active_validator_count", label="Active validators", unit=Unit.COUNT, better=Better.HIGHER,
    inputs=("validator_permit", "last_update", "active", "activity_cutoff_blocks", "block"),
    about="Neurons with a validator permit whose weights are recent enough for the subnet.",
    formula="count of neurons with a permit and block − last update ≤ activity cut-off",
    mathml=row(sum_over("i", sub("permit", "i"), "·", "(", "b", "−", sub("u", "i"), "≤", "cut-off", ")")),
    note="Where the subnet's own cut-off is not known, the chain's flag of the last epoch decides.",
)  # fmt: skip
UTILISATION = _percent(
    key="uid_utilisation_pct", label="Places taken", inputs=("neuron_count", "max_uids"),
    about="How many of the places that the subnet itself has are taken by neurons.", unknown=NOT_REPORTED,
    formula="100 × neurons ÷ the subnet's own maximum", mathml=row("100", "×", over("n", sub("n", "max"))),
)  # fmt: skip
PERMIT_STAKE = _percent(
    key="permit_stake_pct", label="Stake with permit", inputs=("total_stake", "validator_permit"),
    about="Part of the stake weight that lies with permit holders, whether they work or not.",
    formula="100 × stake weight of permit holders ÷ stake weight of all",
    mathml=row("100", "×", over(sum_over("permit", sub("s", "i")), sum_over("i", sub("s", "i")))),
    note="What the predecessor called active stake ratio.",
)  # fmt: skip
ACTIVE_STAKE = _percent(
    key="active_stake_pct", label="Active stake", better=Better.HIGHER, inputs=("total_stake", ACTIVE_VALIDATORS.key),
    about="Part of the stake weight that lies with active validators: how much of the stake works.",
    unknown=NO_NEURONS + " Or nobody there has any stake.",
    formula="100 × stake weight of active validators ÷ stake weight of all",
    mathml=row("100", "×", over(sum_over("active", sub("s", "i")), sum_over("i", sub("s", "i")))),
)  # fmt: skip
VALIDATOR_TRUST = _derived(
    key="validator_trust_ratio", label="Validator trust", unit=Unit.RATIO, upper=1, better=Better.HIGHER,
    inputs=("validator_trust", "total_stake", ACTIVE_VALIDATORS.key), unknown=_TRUST_UNKNOWN,
    about="How much of what the active validators say the others confirm, by stake weight: 1 is all of it.",
    formula="Σ (validator trust × stake weight) ÷ Σ stake weight, over active validators",
    mathml=row(over(sum_over("i", sub("v", "i"), sub("s", "i")), sum_over("i", sub("s", "i")))),
)  # fmt: skip
ALIGNMENT = _percent(
    key="consensus_alignment_pct", label="Consensus alignment", better=Better.HIGHER,
    inputs=("validator_trust", "total_stake", ACTIVE_VALIDATORS.key), unknown=_TRUST_UNKNOWN,
    about="Part of the active validators' stake weight whose trust is within a tenth of the median: how far they "
    "judge miners alike.",
    formula="100 × stake weight with |trust − median| ≤ 0.1 × median ÷ stake weight, over active validators; "
    "the median is weighted by stake",
    mathml=row("100", "×", over(sum_over("|v−m|≤0.1m", sub("s", "i")), sum_over("i", sub("s", "i")))),
)  # fmt: skip
CONSENSUS_NEAR_MEAN = _percent(
    key="consensus_near_mean_pct", label="Consensus near mean", inputs=("consensus",),
    about="Part of all uids whose consensus is less than 0.10 from the mean of all.",
    formula="100 × count of |consensus − mean| < 0.10 ÷ neurons",
    mathml=row("100", "×", over(sum_over("i", "(", "|", sub("c", "i"), "−", "c̄", "|", "<", "0.1", ")"), "n")),
    note="The predecessor's alignment, an input of its score. It is close to 100 for nearly every subnet and says "
    "little: consensus alignment is the figure to read.",
)  # fmt: skip
EARNING_MINERS = _derived(
    key="active_miner_count", label="Miners that earn", unit=Unit.COUNT, better=Better.HIGHER, inputs=("incentives",),
    about="Neurons that earned incentive in the last epoch.",
    formula="count of neurons with incentive > 0", mathml=row(sum_over("i", "(", sub("I", "i"), ">", "0", ")")),
    note="Of incentive that goes to the owner's keys nothing is paid out.",
)  # fmt: skip
EFFECTIVE_MINERS = _derived(
    key="effective_miners", label="Effective miners", unit=Unit.INDEX, better=Better.HIGHER,
    inputs=("incentives", "coldkeys", "hotkeys", "validator_permit", "owner_coldkey", "owner_hotkey"),
    about="How many equal miners would share the incentive as unevenly, by coldkey; 0 where nobody earns.",
    formula="1 ÷ Σ share², over coldkeys of neurons without permit, the owner's own keys left out",
    mathml=row(over("1", sum_over("c", power(sub("I", "c"), "2")))),
)  # fmt: skip
INCENTIVE_HHI = _derived(
    key="incentive_hhi", label="Incentive HHI", unit=Unit.INDEX, upper=10_000, better=Better.LOWER,
    inputs=("incentives",), about="Concentration of incentive over neurons: 10,000 where one earns all.",
    unknown=NO_NEURONS + " Or nobody earned incentive.", formula="10,000 × Σ (incentive ÷ total incentive)²",
    mathml=row("10000", "×", sum_over("i", power(sub("I", "i"), "2"))),
)  # fmt: skip
INCENTIVE_GINI = _derived(
    key="incentive_gini", label="Incentive Gini", unit=Unit.INDEX, upper=1, better=Better.LOWER,
    inputs=("incentives",), about="Inequality of incentive among the neurons that earn any: 0 all alike.",
    unknown=NO_NEURONS + " Or nobody earned incentive.",
    formula="2 × Σ (rank × incentive) ÷ (n × total) − (n + 1) ÷ n, ranked from the smallest",
    mathml=row(
        over(row("2", sum_over("i", "i", sub("I", "i"))), row("n", sum_over("j", sub("I", "j")))),
        "−", over(row("n", "+", "1"), "n"),
    ),
)  # fmt: skip


def _turnover(span: Span) -> Metric:
    return _percent(
        key=f"uid_turnover_{span.short}_pct", label=f"Uid turnover {span.short}", source=OWN_HISTORY,
        inputs=("hotkeys", "block_at_registration"),
        about=f"Part of the uids that changed hands within {span.short}.",
        unknown=f"The neurons of this tenant were not recorded now, or not close enough to {span.short} earlier.",
        formula="100 × uids whose hotkey or registration changed ÷ uids",
        mathml=row("100", "×", over(sub("n", "changed"), "n")),
        note="Uids that changed hands and back again, or twice, count once at most.",
    )  # fmt: skip


TURNOVERS = {span: _turnover(span) for span in (Span.DAY, Span.WEEK)}
METRICS: tuple[Metric, ...] = (
    PERMITS, ACTIVE_VALIDATORS, UTILISATION, PERMIT_STAKE, ACTIVE_STAKE, VALIDATOR_TRUST, ALIGNMENT,
    CONSENSUS_NEAR_MEAN, EARNING_MINERS, EFFECTIVE_MINERS, INCENTIVE_HHI, INCENTIVE_GINI, *TURNOVERS.values(),
)  # fmt: skip


def values(inputs: SubnetInputs) -> Values:
    """{key: value} of `METRICS`."""
    now, neurons = inputs.now, inputs.neurons
    counted = now.neuron_count if neurons is None else len(neurons.columns)
    result: Values = dict.fromkeys((metric.key for metric in METRICS), None)
    result[UTILISATION.key] = utilisation_pct(counted, now.max_uids)
    if neurons is None:
        reported = {PERMITS: now.validator_count, ACTIVE_VALIDATORS: now.active_validator_count}
        return result | {m.key: n for m, n in (reported | {EARNING_MINERS: now.active_miner_count}).items()}
    return result | _of_validators(neurons, inputs.activity_cutoff_blocks) | _of_miners(inputs, neurons.columns)


def _of_validators(neurons: NeuronsAt, cutoff_blocks: int | None) -> Values:
    columns = neurons.columns
    active = active_validators(neurons, cutoff_blocks)
    weights = list(compress(columns.total_stake, active))
    trust: Value = None
    alignment: Value = None
    if columns.validator_trust is not None:
        trusts = [each / U16_MAX for each in compress(columns.validator_trust, active)]
        trust, alignment = weighted_mean(trusts, weights), consensus_alignment_pct(trusts, weights)
    return {
        PERMITS.key: sum(map(bool, columns.validator_permit)),
        ACTIVE_VALIDATORS.key: sum(active),
        PERMIT_STAKE.key: stake_share_pct(columns.total_stake, columns.validator_permit),
        ACTIVE_STAKE.key: stake_share_pct(columns.total_stake, active),
        VALIDATOR_TRUST.key: trust,
        ALIGNMENT.key: alignment,
    }


def _of_miners(inputs: SubnetInputs, columns: NeuronColumns) -> Values:
    earned = concentration(columns.incentives)
    return {
        CONSENSUS_NEAR_MEAN.key: consensus_near_mean_pct([each / U16_MAX for each in columns.consensus]),
        EARNING_MINERS.key: sum(1 for incentive in columns.incentives if incentive > 0),
        EFFECTIVE_MINERS.key: effective_miners(columns, inputs.owner_coldkey, inputs.owner_hotkey),
        INCENTIVE_HHI.key: None if earned is None else earned.hhi,
        INCENTIVE_GINI.key: None if earned is None else earned.gini,
        **{m.key: uid_turnover_pct(inputs.earlier_neurons.get(span), columns) for span, m in TURNOVERS.items()},
    }
