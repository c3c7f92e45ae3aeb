"""What staking on the subnet's validators would have returned: estimates from the last epoch, no forecast.

A neuron's `emission` is alpha rao of a whole tempo: incentive and dividends together. The part of it that is dividends
follows from the shares of both that the epoch gave the uid; the epoch pays out equal halves to miners and validators.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from itertools import compress

from subnets import regimes
from subnets.facts import NeuronColumns
from subnets.metrics.arithmetic import percent
from subnets.metrics.emission import DAYS_PER_YEAR
from subnets.metrics.inputs import EarlierReturn, NeuronsAt, Observation, Span, SubnetInputs, Values
from subnets.metrics.market import CHANGES, price_change_pct
from subnets.metrics.typeset import over, row, sub, sum_over
from subnets.metrics.words import CHAIN, NO_NEURONS, OWN_HISTORY
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

LEAST_DAYS = {Span.WEEK: 5, Span.MONTH: 20}
"""UTC days with a known return that a mean needs, of the 7 or 30 that end today."""

_estimate = partial(Metric, unit=Unit.PERCENT, layer=Layer.DERIVED, group="yield", better=Better.HIGHER)
_UPPER_BOUND = (
    "An estimate and an upper bound: before the validators' take, and with the part of the dividends that stakers on "
    "root receive. One epoch stands for a day."
)


def dividends_rao(columns: NeuronColumns) -> list[float]:
    """Per uid, alpha rao of dividends in the last epoch; 0 without a validator permit.

    Where the epoch gave a permit holder neither incentive nor dividends by score, what it was paid counts as
    dividends: the chain then pays by stake.
    """
    incentive, dividend = sum(columns.incentives) or 1, sum(columns.dividends) or 1
    paid = []
    for emission, earned, received, permit in zip(
        columns.emission, columns.incentives, columns.dividends, columns.validator_permit, strict=True
    ):
        mining, validating = earned / incentive, received / dividend
        share = validating / (mining + validating) if mining + validating else 1.0
        paid.append(emission * share if permit else 0.0)
    return paid


def _per_day(paid_rao: float, stake_rao: float, epochs_a_day: float | None) -> float | None:
    if epochs_a_day is None or paid_rao < 0:
        return None
    return percent(paid_rao * epochs_a_day, stake_rao)


def epochs_per_day(now: Observation) -> float | None:
    """None if the tempo is unknown, or 0: such a subnet runs no epoch."""
    if now.tempo is None:
        return None
    blocks = regimes.epoch_blocks_at(now.tempo, now.block, now.day)
    return None if blocks is None else regimes.blocks_per_day_at(now.block) / blocks


def validator_return_pct(columns: NeuronColumns, epochs_a_day: float | None) -> float | None:
    """Percent a day: dividends of the last epoch × epochs a day ÷ alpha stake of the permit holders."""
    stake = sum(compress(columns.alpha_stake, columns.validator_permit))
    return _per_day(sum(dividends_rao(columns)), stake, epochs_a_day)


def alpha_holder_return_pct(columns: NeuronColumns, epochs_a_day: float | None) -> float | None:
    """As `validator_return_pct`, of what is left when each validator's stakers on root have been given their part."""
    permits = columns.validator_permit
    paid, alphas = compress(dividends_rao(columns), permits), list(compress(columns.alpha_stake, permits))
    weights = compress(columns.total_stake, permits)
    kept = sum(
        dividends * min(1.0, alpha / weight)
        for dividends, alpha, weight in zip(paid, alphas, weights, strict=True)
        if weight > 0
    )
    return _per_day(kept, sum(alphas), epochs_a_day)


def mean_return_pct(
    earlier: Iterable[EarlierReturn], today: float | None, now: Observation, span: Span
) -> float | None:
    """Mean of one return per UTC day, the latest of each, over the days of `span` that end today.

    None if today's is unknown, or if fewer than `LEAST_DAYS` days are known.
    """
    if today is None:
        return None
    first = now.day - timedelta(days=span.value.days - 1)
    by_day: dict[date, float] = {}
    for each in sorted(earlier, key=lambda e: e.observed_at):
        if each.percent is not None and first <= each.observed_at.date() and each.observed_at <= now.observed_at:
            by_day[each.observed_at.date()] = each.percent
    by_day[now.day] = today
    return sum(by_day.values()) / len(by_day) if len(by_day) >= LEAST_DAYS[span] else None


def return_in_tao_pct(percent_a_day: float | None, days: float, change_pct: float | None) -> float | None:
    """What the alpha return of `days` days, not compounded, and the change of price come to in TAO."""
    if percent_a_day is None or change_pct is None:
        return None
    return 100 * ((1 + percent_a_day * days / 100) * (1 + change_pct / 100) - 1)


RETURN = _estimate(
    key="validator_return_1d_pct",
    label="Validator return, a day (estimate)",
    source=CHAIN,
    about="What the permit holders' alpha stake was paid in dividends, per day, at the rate of the last epoch.",
    unknown=NO_NEURONS + " Or tempo or alpha stake is unknown or zero.",
    formula="100 × dividends of permit holders in the last epoch × epochs a day ÷ their alpha stake",
    mathml=row(
        "100", "×",
        over(row(sum_over("permit", sub("D", "i")), "×", over(sub("b", "day"), sub("b", "epoch"))),
             sum_over("permit", sub("α", "i"))),
    ),
    inputs=("emission", "dividends", "incentives", "validator_permit", "alpha_stake", "tempo", "blocks_per_day",
            "epoch_blocks_beyond_tempo"),
    lower=0,
    note=_UPPER_BOUND + " With more than one incentive mechanism the split of emission into incentive and dividends "
    "is approximate.",
)  # fmt: skip
HOLDER_RETURN = _estimate(
    key="alpha_holder_return_1d_pct",
    label="Alpha holder's return, a day (estimate)",
    source=CHAIN,
    about="What is left of the validator return for those who staked alpha, when stakers on root have had their part.",
    unknown=RETURN.unknown,
    formula="100 × Σ (dividends × alpha stake ÷ stake weight) × epochs a day ÷ Σ alpha stake, over permit holders",
    mathml=row(
        "100", "×",
        over(row(sum_over("permit", sub("D", "i"), over(sub("α", "i"), sub("s", "i"))), "×",
                 over(sub("b", "day"), sub("b", "epoch"))),
             sum_over("permit", sub("α", "i"))),
    ),
    inputs=(*RETURN.inputs, "total_stake"),
    lower=0,
    note="An estimate, before the validators' take. Each validator's dividends are split by its own mix of alpha and "
    "weighted root stake, as the chain's documents describe it; the chain sets one part of all dividends aside.",
)  # fmt: skip


def _mean(span: Span) -> Metric:
    return _estimate(
        key=f"validator_return_{span.short}_mean_pct",
        label=f"Validator return, mean of {span.short}, a day (estimate)",
        source=OWN_HISTORY,
        about=f"Mean of the validator return of the last {span.short}, per day.",
        unknown=f"Fewer than {LEAST_DAYS[span]} days of this tenant's return are known, or today's is not.",
        formula="mean of validator return, one a UTC day",
        mathml=row(over("1", "n"), sum_over("d", sub("y", "d"))),
        inputs=(RETURN.key,),
        lower=0,
        note=_UPPER_BOUND,
    )


MEANS = {span: _mean(span) for span in (Span.WEEK, Span.MONTH)}
ANNUAL = _estimate(
    key="validator_return_annual_pct",
    label="Validator return, a year (estimate)",
    source=OWN_HISTORY,
    about="What a year at the mean rate of the last 7 days would come to, in alpha.",
    unknown="The mean of 7 days is unknown: shorter spans are not annualised.",
    formula="mean validator return of 7 days × 365",
    mathml=row(sub("y", "7d"), "×", "365"),
    inputs=(MEANS[Span.WEEK].key,),
    lower=0,
    note="Not compounded, no forecast; paid in the alpha that it dilutes. " + _UPPER_BOUND,
)


def _in_tao(span: Span) -> Metric:
    rate = RETURN.key if span is Span.DAY else MEANS[span].key
    return _estimate(
        key=f"validator_return_tao_{span.short}_pct",
        label=f"Validator return in TAO, {span.short} (estimate)",
        source=OWN_HISTORY,
        about=f"What alpha staked for the last {span.short} has returned in TAO: dividends and change of price.",
        unknown="The return in alpha or the change of price is unknown.",
        formula=f"100 × ((1 + return a day × {span.days:.0f}) × (1 + change of price) − 1)",
        mathml=row("100", "×", "(", "(", "1", "+", "y", "d", ")", "(", "1", "+", "Δ", "p", ")", "−", "1", ")"),
        inputs=(rate, CHANGES[span].key),
        lower=-100,
        note="Alpha return not compounded. " + _UPPER_BOUND,
    )


IN_TAO = {span: _in_tao(span) for span in (Span.DAY, Span.WEEK, Span.MONTH)}
METRICS: tuple[Metric, ...] = (RETURN, HOLDER_RETURN, *MEANS.values(), ANNUAL, *IN_TAO.values())


def values(inputs: SubnetInputs) -> Values:
    """{key: value} of `METRICS`."""
    today, holders = _today(inputs.neurons, inputs.now)
    rates = {Span.DAY: today} | {s: mean_return_pct(inputs.earlier_returns, today, inputs.now, s) for s in MEANS}
    week = rates[Span.WEEK]
    return {
        RETURN.key: today,
        HOLDER_RETURN.key: holders,
        **{MEANS[span].key: rates[span] for span in MEANS},
        ANNUAL.key: None if week is None else week * DAYS_PER_YEAR,
        **{
            metric.key: return_in_tao_pct(
                rates[span], span.days, price_change_pct(inputs.earlier.get(span), inputs.now)
            )
            for span, metric in IN_TAO.items()
        },
    }


def _today(neurons: NeuronsAt | None, now: Observation) -> tuple[float | None, float | None]:
    if neurons is None:
        return None, None
    epochs = epochs_per_day(now)
    return validator_return_pct(neurons.columns, epochs), alpha_holder_return_pct(neurons.columns, epochs)
