"""Rows for tests, through the same door as real ones: facts are built here and stored by `subnets.store`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from subnets.facts import IdentityFacts, NetworkFacts, NeuronColumns, SubnetFacts
from subnets.measure import measure
from subnets.models import NetworkSnapshot
from subnets.store import store_snapshot
from taoanalytics.lib.units import BLOCK_SECONDS, RAO

T0 = datetime(2026, 1, 31, tzinfo=UTC)
BLOCK0 = 7_437_291


def a_subnet(netuid: int = 1, *, registered: int = 5_000_000, name: str | None = None, **figures: Any) -> SubnetFacts:
    """A plausible subnet; `figures` replace fields of SubnetFacts."""
    plausible: dict[str, Any] = {
        "price_rao": RAO // 10,
        "moving_price_rao": RAO // 11,
        "tao_in_rao": 10_000 * RAO,
        "alpha_in_rao": 100_000 * RAO,
        "alpha_out_rao": 900_000 * RAO,
        "tao_in_emission_rao": 2_000_000,
        "chain_buy_rao": 1_000_000,
        "volume_rao": 5_000 * RAO,
        "tempo": 360,
    }
    identity = IdentityFacts(name=f"Subnet {netuid}" if name is None else name, symbol="α", owner_coldkey="5Owner")
    return SubnetFacts(netuid=netuid, registered_at_block=registered, identity=identity, **plausible | figures)


def some_neurons(count: int = 4, **columns: Any) -> NeuronColumns:
    """`count` neurons, of which the first half holds permits; `columns` replace any column."""
    permits = [uid < count / 2 for uid in range(count)]
    plausible: dict[str, Any] = {
        "hotkeys": [f"5Hot{uid}" for uid in range(count)],
        "coldkeys": [f"5Cold{uid}" for uid in range(count)],
        "active": [True] * count,
        "validator_permit": permits,
        "last_update": [7_000_000] * count,
        "block_at_registration": [6_000_000] * count,
        "emission": [RAO] * count,
        "dividends": [30_000 if permit else 0 for permit in permits],
        "incentives": [0 if permit else 30_000 for permit in permits],
        "consensus": [30_000] * count,
        "validator_trust": [60_000 if permit else 0 for permit in permits],
        "alpha_stake": [(uid + 1) * RAO for uid in range(count)],
        "tao_stake": [uid * RAO for uid in range(count)],
        "total_stake": [(uid + 1) * RAO for uid in range(count)],
    }
    return NeuronColumns(**plausible | columns)


def block_at(when: datetime) -> int:
    return BLOCK0 + round((when - T0) / timedelta(seconds=BLOCK_SECONDS))


def a_network(subnets: Iterable[SubnetFacts], *, at: datetime = T0, **fields: Any) -> NetworkFacts:
    return replace(
        NetworkFacts(
            block=block_at(at), observed_at=at, source="chain", endpoint="ws://127.0.0.1:1", subnets=list(subnets)
        ),
        **fields,
    )


def stored(*subnets: SubnetFacts, at: datetime = T0, **fields: Any) -> None:
    """Store and measure one network snapshot of these subnets, as a collection does."""
    stored_unmeasured(*subnets, at=at, **fields)
    measure(NetworkSnapshot.objects.filter(observed_at=at, complete=True))


def stored_unmeasured(*subnets: SubnetFacts, at: datetime = T0, **fields: Any) -> None:
    """Store one network snapshot of these subnets."""
    store_snapshot(a_network(subnets, at=at, **fields))
