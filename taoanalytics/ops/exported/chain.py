"""What was observed on chain, and what follows from it: subnets in the form that import_history reads."""

from collections.abc import Iterable, Iterator, Mapping

from subnets import recording
from subnets.facts import NeuronColumns
from subnets.metrics import METRICS
from subnets.models import (
    CurrentNeurons,
    HyperparameterSet,
    NetworkSnapshot,
    SubnetIdentity,
    SubnetMetrics,
    SubnetSnapshot,
)
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.units import U16_MAX
from taoanalytics.ops.exported.tables import (
    OBSERVED,
    TENANT,
    Column,
    Line,
    Selection,
    Table,
    between,
    columns,
    exact,
    fetched,
    help_text,
    plain,
    state_by_state,
)

_SAID = {"name": "identity__name", "symbol": "identity__symbol", "owner_coldkey": "identity__owner_coldkey"}
_BESIDE = {
    "chain_buy_tao": "chain_buy_rao",
    "alpha_in_emission": "alpha_in_emission_rao",
    "alpha_out_emission": "alpha_out_emission_rao",
    "pending_alpha": "pending_alpha_rao",
    "registration_cost_tao": "burn_rao",
    "pool_tao_weight": "pool_tao_weight",
    "pool_fee": "pool_fee",
    "emission_enabled": "emission_enabled",
    "mechanism_count": "mechanism_count",
    "last_step_block": "last_step_block",
    "immunity_period": "immunity_period",
}
_FIELDS: Mapping[str, str] = {
    **_SAID,
    **recording.AMOUNTS,
    **recording.COUNTS,
    "incentive_burn": "miner_burn",
    **_BESIDE,
}
_WORDS = {"name": "What it called itself.", "symbol": "Symbol of its alpha.", "owner_coldkey": "Coldkey of its owner."}
_SUBNET_KEYS = (*recording.COLUMNS[len(OBSERVED) :], *_BESIDE)


def _unit(key: str, field: str) -> str:
    if not field.endswith("_rao"):
        return ""
    return "alpha" if "alpha" in key else "TAO per alpha" if "price" in key else "TAO"


def _subnet_column(key: str) -> Column:
    field = _FIELDS[key]
    about = _WORDS.get(key) or help_text(SubnetSnapshot, field) or key.replace("_", " ").capitalize() + "."
    return Column(key, about, unit=_unit(key, field), unknown="Not reported at that block.")


def _subnets(chosen: Selection) -> Iterator[Line]:
    fields = [_FIELDS[key] for key in _SUBNET_KEYS]
    for line in state_by_state(SubnetSnapshot, "network", chosen, fields):
        observed, held = line[: len(OBSERVED)], line[len(OBSERVED) :]
        yield [
            *observed,
            *(
                exact(value) if field.endswith("_rao") else value  # type: ignore[arg-type]
                for field, value in zip(fields, held, strict=True)
            ),
        ]


_NETWORK_AMOUNTS = ("total_issuance_rao", "total_stake_rao", "block_emission_rao")


def _network(chosen: Selection) -> Iterator[Line]:
    rows = between(NetworkSnapshot.objects.order_by("observed_at"), chosen, "observed_at")
    fields = ("observed_at", "block", "source", "complete", "spec_version", "tao_weight", *_NETWORK_AMOUNTS)
    for at, block, source, complete, spec, weight, *amounts in fetched(rows, *fields):
        yield [at.isoformat(), block, source, complete, spec, weight, *map(exact, amounts)]


def _metric(metric: Metric) -> Column:
    return Column(metric.key, metric.about, str(metric.unit), str(metric.layer), metric.formula, metric.unknown)


def _metrics(chosen: Selection) -> Iterator[Line]:
    return state_by_state(SubnetMetrics, "snapshot__network", chosen, [metric.key for metric in METRICS])


_IDENTITY_FIELDS = ("name", "symbol", "url", "github", "discord", "contact", "description", "logo_url", "additional")
_SEEN = (Column("first_seen_at", "When it was first seen, UTC."), Column("last_seen_at", "When it was last seen, UTC."))
_SEEN_FIELDS = ("subnet__netuid", "subnet__registered_at_block", "first_seen_at", "last_seen_at")


def _identities(chosen: Selection) -> Iterator[Line]:
    rows = between(SubnetIdentity.objects.order_by("first_seen_at", "pk"), chosen, "first_seen_at", "subnet__netuid")
    fields = (*_SEEN_FIELDS, *_IDENTITY_FIELDS, "owner_coldkey", "owner_hotkey")
    for netuid, registered, first, last, *said in fetched(rows, *fields):
        yield [netuid, registered, first.isoformat(), last.isoformat(), *said]


def _hyperparameters(chosen: Selection) -> Iterator[Line]:
    rows = HyperparameterSet.objects.order_by("first_seen_at", "pk")
    found = fetched(between(rows, chosen, "first_seen_at", "subnet__netuid"), *_SEEN_FIELDS, "values")
    for netuid, registered, first, last, values in found:
        for name in sorted(values):
            held = values[name]
            value = held if isinstance(held, str | int | float) or held is None else str(held)
            yield [netuid, registered, first.isoformat(), last.isoformat(), name, value]


_NEURON_COLUMNS = {
    "uid": "Its place in the subnet.",
    "hotkey": "Key that it works with.",
    "coldkey": "Account that owns it.",
    "active": "Whether the chain calls it active.",
    "validator_permit": "Whether it may set weights.",
    "last_update": "Block at which it last set weights.",
    "block_at_registration": "Block at which it got its uid.",
    "emission_alpha": "Alpha earned in the last epoch.",
    "dividends": "Part of the validators' reward of the last epoch.",
    "incentive": "Part of the miners' reward of the last epoch.",
    "consensus": "What the validators agree on for it, 0 to 1.",
    "validator_trust": "How far its weights agree with the consensus, 0 to 1; empty where the chain has none.",
    "alpha_stake": "Alpha of the subnet staked to it.",
    "tao_stake": "TAO staked to it on root.",
    "stake_weight": "What the chain makes of both stakes: a weight, not an amount of TAO.",
}


def _neurons(chosen: Selection) -> Iterator[Line]:
    rows = CurrentNeurons.objects.select_related("subnet", "keys__base").order_by("subnet__netuid", "pk")
    for held in between(rows, chosen, "observed_at", "subnet__netuid").iterator(chunk_size=16):
        about = (held.observed_at.isoformat(), held.block, held.subnet.netuid, held.subnet.registered_at_block)
        for line in _lines(held.columns()):
            yield [*about, *line]


def _lines(of: NeuronColumns) -> Iterable[Line]:
    for uid, hotkey in enumerate(of.hotkeys):
        yield [
            uid,
            hotkey,
            of.coldkeys[uid],
            of.active[uid],
            of.validator_permit[uid],
            of.last_update[uid],
            of.block_at_registration[uid],
            exact(of.emission[uid]),
            of.dividends[uid] / U16_MAX,
            of.incentives[uid] / U16_MAX,
            of.consensus[uid] / U16_MAX,
            None if of.validator_trust is None else of.validator_trust[uid] / U16_MAX,
            exact(of.alpha_stake[uid]),
            exact(of.tao_stake[uid]),
            exact(of.total_stake[uid]),
        ]


TABLES: Mapping[str, Table] = {
    "network": Table(
        [
            *OBSERVED[:2],
            *plain(NetworkSnapshot, "source", "complete", "spec_version", "tao_weight"),
            *(Column(name.replace("_rao", "_tao"), name.removesuffix("_rao"), "TAO") for name in _NETWORK_AMOUNTS),
        ],
        _network,
        has_netuids=False,
    ),
    "subnets": Table([*OBSERVED, *map(_subnet_column, _SUBNET_KEYS)], _subnets),
    "metrics": Table([*OBSERVED, *map(_metric, METRICS)], _metrics),
    "identities": Table(
        [*TENANT, *_SEEN, *plain(SubnetIdentity, *_IDENTITY_FIELDS, "owner_coldkey", "owner_hotkey")], _identities
    ),
    "hyperparameters": Table(
        [*TENANT, *_SEEN, Column("name", "Name of the parameter on chain."), Column("value", "Its value.")],
        _hyperparameters,
    ),
    "neurons": Table([*OBSERVED, *columns(_NEURON_COLUMNS)], _neurons),
}
