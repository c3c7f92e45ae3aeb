"""From the SDK's decoded records to our facts. The traps of the chain's encodings are dealt with here, nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any

from subnets.facts import IdentityFacts, NeuronColumns, SubnetFacts
from taoanalytics.lib.text import clean
from taoanalytics.lib.units import LARGEST_INT64, RAO, U16_MAX

_LIMITS = {"name": 128, "symbol": 16, "description": 2000, "additional": 2000}
_LINK_LIMIT = 500


class UnreadableError(ValueError):
    """A record that is not what the chain should have sent; the text names the field."""


def text(value: Any, limit: int = _LINK_LIMIT) -> str:
    """The chain sends text as a list of UTF-8 bytes; the SDK sometimes as bytes or str."""
    if value is None:
        return ""
    if not isinstance(value, str):
        value = bytes(value).decode("utf-8", errors="replace")
    return clean(value, limit)


def whole(value: Any, field: str) -> int | None:
    """A count or an amount in rao that a database can hold; None stays unknown."""
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value <= LARGEST_INT64:
        raise UnreadableError(f"{field} is {value!r:.60}")
    return int(value)


def fixed_point(value: Any, fraction_bits: int) -> float | None:
    """The number in a fixed-point record `{"bits": n}`."""
    bits = value.get("bits") if isinstance(value, Mapping) else value
    return None if bits is None else bits / 2**fraction_bits


def moving_price_rao(value: Any) -> int | None:
    """TAO rao for one alpha from I96F32 bits, in integers so that no digit is lost on the way."""
    bits = value.get("bits") if isinstance(value, Mapping) else None
    return None if bits is None else whole((bits * RAO + 2**31) >> 32, "moving_price")


def pool_tao_weight(value: Any) -> float | None:
    """The weight of TAO in the pool, 0 to 1; the chain counts it in 1e-18."""
    quote = value.get("quote") if isinstance(value, Mapping) else value
    return None if quote is None else quote / 10**18


def pool_fee(value: Any) -> float | None:
    """The share of what goes into a swap that the fee takes, 0 to 1; the chain counts it in 1/65,535."""
    rate = whole(value, "fee rate")
    if rate is None or rate <= U16_MAX:
        return None if rate is None else rate / U16_MAX
    raise UnreadableError(f"fee rate is {rate}, more than everything")


def identity_facts(dynamic: Mapping[str, Any]) -> IdentityFacts:
    """What the subnet says of itself; its own name goes before the one its identity record carries."""
    said = dynamic.get("subnet_identity") or {}

    def read(field: str, limit: int = _LINK_LIMIT) -> str:
        return text(said.get(field), limit)

    return IdentityFacts(
        name=text(dynamic.get("subnet_name"), _LIMITS["name"]) or read("subnet_name", _LIMITS["name"]),
        symbol=text(dynamic.get("token_symbol"), _LIMITS["symbol"]),
        url=read("subnet_url"),
        github=read("github_repo"),
        discord=read("discord"),
        contact=read("subnet_contact"),
        description=read("description", _LIMITS["description"]),
        logo_url=read("logo_url"),
        additional=read("additional", _LIMITS["additional"]),
        owner_coldkey=text(dynamic.get("owner_coldkey"), 64),
        owner_hotkey=text(dynamic.get("owner_hotkey"), 64),
    )


def neuron_columns(graph: Mapping[str, Any], validator_trust: Sequence[int] | None) -> NeuronColumns:
    """The per-uid vectors of a metagraph; not `rank`, `trust` and `pruning_score`, which the chain leaves empty."""
    count = len(graph["hotkeys"])
    names = (
        "hotkeys coldkeys active validator_permit last_update block_at_registration emission dividends incentives "
        "consensus alpha_stake tao_stake total_stake"
    ).split()
    for name in names:
        if len(graph[name]) != count:
            raise UnreadableError(f"{len(graph[name])} values of {name} for {count} neurons")
    trusted = validator_trust is not None and len(validator_trust) == count
    return NeuronColumns(**{name: graph[name] for name in names}, validator_trust=validator_trust if trusted else None)


def subnet_facts(
    dynamic: Mapping[str, Any],
    *,
    block: int,
    price_rao: int | None,
    columns: Mapping[str, Any],
    graph: Mapping[str, Any] | None,
) -> SubnetFacts:
    """One subnet from its dynamic info, its price, its values of the per-subnet `columns` and its metagraph.

    Raises UnreadableError where a value cannot be what it is meant to be.
    """
    registered = whole(dynamic.get("network_registered_at"), "network_registered_at")
    if registered is None or registered > block:
        raise UnreadableError(f"registration at block {registered} is unknown or later than block {block}")
    graph = graph or {}
    neurons = neuron_columns(graph, columns.get("validator_trust")) if "hotkeys" in graph else None
    amounts = {
        "tao_in_rao": "tao_in",
        "alpha_in_rao": "alpha_in",
        "alpha_out_rao": "alpha_out",
        "tao_in_emission_rao": "tao_in_emission",
        "alpha_in_emission_rao": "alpha_in_emission",
        "alpha_out_emission_rao": "alpha_out_emission",
        "pending_alpha_rao": "pending_alpha_emission",
        "volume_rao": "subnet_volume",
        "tempo": "tempo",
        "last_step_block": "last_step",
    }
    miner_burn = fixed_point(columns.get("miner_burned"), 32)
    return SubnetFacts(
        netuid=dynamic["netuid"],
        registered_at_block=registered,
        identity=identity_facts(dynamic),
        neurons=neurons,
        price_rao=whole(price_rao, "price") or None,  # a price of zero is a price nobody could tell
        moving_price_rao=moving_price_rao(dynamic.get("moving_price")),
        chain_buy_rao=whole(columns.get("chain_buy"), "chain_buy"),
        burn_rao=whole(columns.get("burn"), "burn"),
        pool_tao_weight=pool_tao_weight(columns.get("balancer")),
        pool_fee=pool_fee(columns.get("fee_rate")),
        miner_burn=None if miner_burn is None else min(1.0, miner_burn),
        emission_enabled=columns.get("emission_enabled"),
        mechanism_count=whole(columns.get("mechanisms"), "mechanisms"),
        immunity_period=whole(graph.get("immunity_period"), "immunity_period"),
        max_uids=whole(graph.get("max_uids"), "max_uids"),
        **{ours: whole(dynamic.get(theirs), theirs) for ours, theirs in amounts.items()},
        **neuron_counts(neurons),
    )


def neuron_counts(neurons: NeuronColumns | None) -> dict[str, int]:
    """How many there are, hold a permit, are active with one, and earn incentive."""
    if neurons is None:
        return {}
    permits = neurons.validator_permit
    return {
        "neuron_count": len(neurons),
        "validator_count": sum(map(bool, permits)),
        "active_validator_count": sum(
            1 for permit, active in zip(permits, neurons.active, strict=True) if permit and active
        ),
        "active_miner_count": sum(1 for incentive in neurons.incentives if incentive),
    }
