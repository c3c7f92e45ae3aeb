"""Storage items of the made-up runtime: {key: value} of each at any height."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from subnets.localnet import emission, eras, people, swaps, tenants
from subnets.localnet.neurons import TAO_WEIGHT, Neurons
from subnets.localnet.records import burn, fixed_point
from subnets.localnet.registry import Registry
from subnets.localnet.world import Subnet, World

PREFIX_BYTES = 32
SPEC_NAME = "node-subtensor"

COLUMNS: dict[str, Callable[[Neurons], Any]] = {
    "Active": lambda c: c.active,
    "ValidatorPermit": lambda c: c.validator_permit,
    "LastUpdate": lambda c: c.last_update,
    "Emission": lambda c: c.emission,
    "Dividends": lambda c: c.dividends,
    "Incentive": lambda c: c.incentives,
    "Consensus": lambda c: c.consensus,
    "ValidatorTrust": lambda c: c.validator_trust,
    "SubnetworkN": lambda c: len(c.occupants),
}
PER_SUBNET: dict[str, Callable[[Subnet, int], Any]] = {
    "NetworksAdded": lambda _s, _b: True,
    "Tempo": lambda s, _: s.tenant.tempo,
    "Burn": lambda s, _: burn(s),
    "MaxAllowedUids": lambda s, _: s.tenant.max_uids,
    "TokenSymbol": lambda s, _: people.symbol(s.tenant.netuid),
    "SubnetEmissionEnabled": lambda s, _: s.tenant.enabled,
    "MinerBurned": lambda s, _: fixed_point(s.tenant.burned, 32),
    "SubnetExcessTao": lambda s, _: s.paid.excess,
    "SubnetTaoInEmission": lambda s, _: s.paid.tao_in,
    "SubnetTAO": lambda s, _: s.pool.tao_in,
    "SubnetAlphaIn": lambda s, _: s.pool.alpha_in,
    "SubnetAlphaOut": lambda s, _: s.alpha_out,
    "SubnetVolume": lambda s, _: s.volume,
    "SubnetMovingPrice": lambda s, _: fixed_point(s.moving_price, 32),
    "SubnetOwner": lambda s, _: s.tenant.owner_coldkey,
    "SubnetOwnerHotkey": lambda s, _: s.tenant.owner_hotkey,
    "NetworkRegisteredAt": lambda s, _: s.tenant.registered,
    "FirstEmissionBlockNumber": lambda s, _: s.tenant.registered + 1,
    "MechanismCountCurrent": lambda s, _: s.tenant.mechanisms,
    "BlocksSinceLastStep": lambda s, block: block - s.last_step,
    "SubnetEmaTaoFlow": lambda s, block: (block, fixed_point(s.pool.price - s.moving_price, 64)),
    "SubnetIdentitiesV3": lambda s, _: s.tenant.identity and s.tenant.identity._asdict(),
    "SwapBalancer": lambda s, _: {"quote": swaps.tao_weight(s.pool)},
    "FeeRate": lambda s, _: s.tenant.fee_rate,
}
SINGLE: dict[str, Callable[[World, int], Any]] = {
    "TotalIssuance": lambda _, block: emission.issuance(block),
    "TotalStake": lambda _, block: emission.issuance(block) * 7 // 10,
    "TotalNetworks": lambda world, block: len(world.netuids(block)),
    "BlockEmission": lambda _w, _b: emission.of_block(0),  # on the real chain too nothing has written it since
    "TaoWeight": lambda _w, _b: int(TAO_WEIGHT * 2**64),
    "NetworkImmunityPeriod": lambda _w, _b: tenants.IMMUNITY,
    "SubnetLimit": lambda world, _: world.subnets,
    "Now": lambda world, block: world.timestamp_ms(block),
    "Number": lambda _, block: block,
    "LastRuntimeUpgrade": lambda _, block: {"spec_version": eras.era_at(block).spec, "spec_name": SPEC_NAME},
}
ELSEWHERE = {"SwapBalancer": ("Swap",), "FeeRate": ("Swap",), "Now": ("Timestamp",), "Number": ("System",),
             "LastRuntimeUpgrade": ("System",), "BlockHash": ("System",),
             "TotalIssuance": ("SubtensorModule", "Balances")}  # fmt: skip
ITEMS = [
    (pallet, name)
    for name in (*COLUMNS, *PER_SUBNET, *SINGLE, "IdentitiesV2", "BlockHash")
    for pallet in ELSEWHERE.get(name, ("SubtensorModule",))
]


class Storage:
    """Reads a world's storage by raw key."""

    def __init__(self, world: World, registry: Registry) -> None:
        self.world, self.registry = world, registry
        self._prefixes = {bytes(registry.core.storage_prefix(pallet, name)): (pallet, name) for pallet, name in ITEMS}
        self._whole = lru_cache(maxsize=64)(self._encode)
        self._key = lru_cache(maxsize=32_768)(self._encode_key)

    def read(self, key: bytes, block: int) -> bytes | None:
        """The encoded value, or None where there is none or the runtime of that height lacks the item."""
        return self._entries(key, block).get(key)

    def keys(self, prefix: bytes, count: int, start: bytes, block: int) -> list[bytes]:
        """The next `count` keys with a prefix, after `start`."""
        matching = sorted(key for key in self._entries(prefix, block) if key.startswith(prefix) and key > start)
        return matching[:count]

    def _entries(self, key: bytes, block: int) -> dict[bytes, bytes]:
        item = self._prefixes.get(key[:PREFIX_BYTES])
        return self._whole(*item, block) if item and eras.has(".".join(item), block) else {}

    def _encode_key(self, pallet: str, name: str, *params: Any) -> bytes:
        return bytes(self.registry.core.storage_key(pallet, name, list(params)))

    def _encode(self, pallet: str, name: str, block: int) -> dict[bytes, bytes]:
        value_type = self.registry.core.storage_entry(pallet, name).value_type
        return {
            self._key(pallet, name, *params): self.registry.encode(value_type, value)
            for params, value in self._values(name, block)
        }

    def _values(self, name: str, block: int) -> list[tuple[tuple[Any, ...], Any]]:
        world = self.world
        if name in SINGLE:
            return [((), SINGLE[name](world, block))]
        if name == "BlockHash":  # the runtime keeps the genesis hash for good, and of the others only the newest
            return [((number,), world.block_hash(number)) for number in (0, block - 1)]
        if name == "IdentitiesV2":
            return [((coldkey,), person._asdict()) for coldkey, person in world.identities(block).items()]
        rows: list[tuple[tuple[Any, ...], Any]]
        if name in COLUMNS:
            rows = [((n,), COLUMNS[name](world.neurons(n, block))) for n in world.netuids(block)]
        else:
            rows = [((n,), PER_SUBNET[name](world.subnet(n, block), block)) for n in world.netuids(block)]
        return [(params, value) for params, value in rows if value is not None]
