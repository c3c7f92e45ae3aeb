"""The big records (dynamic info and metagraphs) put together from fields that are encoded once.

A metagraph is a few scalars, new with every block, and some 20 columns, new with every epoch. Both are
kept as {field: bytes} in the order of the chain's record, so that the whole record, the selective one
and the dynamic one are different picks from the same fields.
"""

from functools import lru_cache
from typing import Any

from subnets.localnet import people
from subnets.localnet.draw import RAO
from subnets.localnet.neurons import Neurons, Occupant
from subnets.localnet.registry import Registry
from subnets.localnet.settings import METAGRAPH
from subnets.localnet.tenants import Tenant
from subnets.localnet.world import Subnet, World

API = "SubnetInfoRuntimeApi"
MECHANISM_STEP = 4_096  # netuid field of a mechagraph = mechanism * 4,096 + netuid
OWN_NAMES = {
    "subnet_name": "name",
    "token_symbol": "symbol",
    "subnet_identity": "identity",
    "emission": "subnet_emission",
}
AXON_DELAY = 900  # blocks between a registration and the first served axon


def burn(subnet: Subnet) -> int:
    """Rao that a registration costs."""
    return int(subnet.tenant.price * RAO)


def fixed_point(value: float, fraction_bits: int) -> dict[str, int]:
    """A number as the chain's fixed-point types are decoded."""
    return {"bits": int(value * 2**fraction_bits)}


class Records:
    """Encodes the records of a world."""

    def __init__(self, world: World, registry: Registry) -> None:
        self.world, self.registry = world, registry
        self.types = registry.fields(API, "get_metagraph")
        self.dynamic_names = [OWN_NAMES.get(f, f) for f in registry.fields(API, "get_dynamic_info")]
        self.selective_names = list(registry.fields(API, "get_selective_metagraph"))
        self._fixed = {name: registry.encode(self.types[name], value) for name, value in METAGRAPH.items()}
        self._people = {
            coldkey: b"\x01" + registry.texts(person) for coldkey, person in people.identified(world.seed).items()
        }
        self._scalars = lru_cache(maxsize=512)(self._encode_scalars)
        self._columns = lru_cache(maxsize=260)(self._encode_columns)
        self._axon = lru_cache(maxsize=60_000)(self._encode_axon)

    # -- records --------------------------------------------------------------------------------

    def fields(self, netuid: int, block: int) -> dict[str, bytes]:
        """Every field of a metagraph, in no particular order. KeyError: netuid not taken."""
        tenant, step = self.world.tenant(netuid, block), self.world.last_step(netuid, block)
        return self._fixed | self._scalars(netuid, block) | self._columns(tenant, step)

    def metagraph(self, netuid: int, block: int, mechanism: int = 0) -> bytes:
        """The whole metagraph, inside an option. KeyError: netuid not taken."""
        fields = self.fields(netuid, block)
        fields["netuid"] = self._netuid(netuid, mechanism)
        return b"\x01" + b"".join([fields[name] for name in self.types])

    def selective(self, netuid: int, block: int, indexes: list[int], mechanism: int = 0) -> bytes:
        """The fields with these indexes, inside an option; as on the chain netuid reads 0 unless asked for."""
        fields = self.fields(netuid, block) | {"netuid": self._netuid(netuid, mechanism)}
        wanted = {self.selective_names[i] for i in indexes if i < len(self.selective_names)}
        parts = [fields["netuid"] if "netuid" in wanted else b"\x00"]
        parts += [
            b"\x01" + fields.get(name, b"\x00") if name in wanted else b"\x00" for name in self.selective_names[1:]
        ]
        return b"\x01" + b"".join(parts)

    def dynamic(self, netuid: int, block: int) -> bytes:
        """The dynamic info, inside an option. KeyError: netuid not taken."""
        fields = self._fixed | self._scalars(netuid, block)
        return b"\x01" + b"".join([fields[name] for name in self.dynamic_names])

    # -- fields ---------------------------------------------------------------------------------

    def _netuid(self, netuid: int, mechanism: int) -> bytes:
        return self.registry.encode("Compact<u16>", mechanism * MECHANISM_STEP + netuid)

    def _encode_scalars(self, netuid: int, block: int) -> dict[str, bytes]:
        subnet = self.world.subnet(netuid, block)
        tenant = subnet.tenant
        values: dict[str, Any] = {
            "netuid": netuid,
            "name": list(tenant.name),
            "symbol": list(people.symbol(netuid)),
            "network_registered_at": tenant.registered,
            "owner_hotkey": tenant.owner_hotkey,
            "owner_coldkey": tenant.owner_coldkey,
            "block": block,
            "tempo": tenant.tempo,
            "last_step": subnet.last_step,
            "blocks_since_last_step": block - subnet.last_step,
            "alpha_in": subnet.pool.alpha_in,
            "alpha_out": subnet.alpha_out,
            "tao_in": subnet.pool.tao_in,
            "alpha_out_emission": subnet.alpha_out_emission,
            "alpha_in_emission": subnet.paid.alpha_in,
            "tao_in_emission": subnet.paid.tao_in,
            "pending_alpha_emission": subnet.pending_alpha_emission,
            "subnet_volume": subnet.volume,
            "moving_price": fixed_point(subnet.moving_price, 32),
            "num_uids": len(self.world.neurons(netuid, block).occupants),
            "max_uids": tenant.max_uids,
            "burn": burn(subnet),
        }
        identity = b"\x00" if tenant.identity is None else b"\x01" + self.registry.texts(tenant.identity)
        return {name: self.registry.encode(self.types[name], value) for name, value in values.items()} | {
            "identity": identity
        }

    def _encode_columns(self, tenant: Tenant, step: int) -> dict[str, bytes]:
        columns = self.world.columns(tenant, step)
        numbers: dict[str, list[int] | list[bool]] = {
            "active": columns.active,
            "validator_permit": columns.validator_permit,
            "pruning_score": [],  # the chain no longer computes these three
            "trust": [],
            "rank": [],
            "last_update": columns.last_update,
            "emission": columns.emission,
            "dividends": columns.dividends,
            "incentives": columns.incentives,
            "consensus": columns.consensus,
            "block_at_registration": columns.block_at_registration,
            "alpha_stake": columns.alpha_stake,
            "tao_stake": columns.tao_stake,
            "total_stake": columns.total_stake,
            "collateral_locked": [o.collateral for o in columns.occupants],
            "collateral_min": [min(o.collateral, RAO) for o in columns.occupants],
            "collateral_earned": [o.collateral // 10 for o in columns.occupants],
        }
        encoded = {name: self.registry.encode(self.types[name], value) for name, value in numbers.items()}
        return encoded | self._keyed(columns, tenant)

    def _keyed(self, columns: Neurons, tenant: Tenant) -> dict[str, bytes]:
        many, hotkeys = self.registry.many, columns.hotkeys
        paid = zip(hotkeys, columns.emission, columns.validator_permit, strict=True)
        return {
            "hotkeys": many(hotkeys),
            "coldkeys": many(columns.coldkeys),
            "identities": many(self._people.get(coldkey, b"\x00") for coldkey in columns.coldkeys),
            "axons": many(self._axon(tenant.netuid, occupant) for occupant in columns.occupants),
            "tao_dividends_per_hotkey": many(hotkey + b"\x00" for hotkey in hotkeys),
            "alpha_dividends_per_hotkey": many(
                hotkey + (self.registry.encode("Compact<u64>", emission * 9 // 10) if permit else b"\x00")
                for hotkey, emission, permit in paid
            ),
        }

    def _encode_axon(self, netuid: int, occupant: Occupant) -> bytes:
        address = 0xC0000200 + occupant.phase % 256  # 192.0.2.0/24: for documentation, never routed
        numbers = ((occupant.registered + AXON_DELAY, 8), (1, 4), (address, 16), (8_091 + netuid, 2))
        return b"".join(number.to_bytes(size, "little") for number, size in numbers) + bytes([4, 4, 0, 0])
