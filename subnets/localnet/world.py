"""A simulated network whose every value is a pure function of (seed, block).

Nothing is stored, so any height can be asked for in any order, two runs agree, and the quantities
keep the relations that the real chain gives them (see `prices`, `emission` and `neurons`).
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from subnets.localnet import emission as minting
from subnets.localnet import identity, people, prices, tenants
from subnets.localnet import neurons as uids_of
from subnets.localnet.draw import RAO

BLOCK_SECONDS = 12
GENESIS_UNIX = 1_680_120_000  # puts heights near the dates they have on the real chain
ALPHA_SUPPLY_HALF = 10_500_000


class Subnet(NamedTuple):
    """One subnet at one block; amounts in rao, `moving_price` in TAO per alpha."""

    tenant: tenants.Tenant
    pool: prices.Pool
    paid: minting.Paid
    last_step: int
    alpha_out: int
    alpha_out_emission: int
    pending_alpha_emission: int
    volume: int
    moving_price: float


class World:
    """The network at every height.

    seed: another seed is another chain. subnets: netuids besides root. uids: size of an ordinary
    subnet (netuid 1 is four times as large). head: a fixed newest height, or None to follow the
    clock, 12 s a block. clock: seconds since the epoch. mark: first bytes of every block hash;
    nine other bytes make a chain that does not look simulated.
    """

    def __init__(
        self,
        seed: int = 1,
        subnets: int = 128,
        uids: int = 256,
        head: int | None = None,
        *,
        clock: Callable[[], float] = time.time,
        mark: bytes = identity.MARK,
    ) -> None:
        if len(mark) != len(identity.MARK):
            raise ValueError(f"the mark takes {len(identity.MARK)} bytes, not {len(mark)}")
        self.seed, self.subnets, self.uids, self.mark = seed, subnets, uids, mark
        self._fixed_head, self._clock = head, clock
        self._paid = lru_cache(maxsize=64)(self._split)
        self._subnet = lru_cache(maxsize=1_024)(self._describe)
        self._columns = lru_cache(maxsize=260)(uids_of.columns)

    # -- blocks ---------------------------------------------------------------------------------

    @property
    def head(self) -> int:
        """The newest height."""
        return self.height_at(self._clock()) if self._fixed_head is None else self._fixed_head

    @property
    def follows_clock(self) -> bool:
        """Whether the head moves by itself."""
        return self._fixed_head is None

    @staticmethod
    def height_at(unix: float) -> int:
        """The newest height at a time, in seconds since the epoch."""
        return int(unix - GENESIS_UNIX) // BLOCK_SECONDS

    def advance(self, blocks: int = 1) -> None:
        """Move a fixed head up; from then on a clock's head is fixed too."""
        self._fixed_head = self.head + blocks

    def block_hash(self, number: int) -> bytes:
        """32 bytes that carry the mark and the height."""
        return identity.block_hash(self.seed, number, self.mark)

    def height_of(self, hash_: bytes) -> int | None:
        """The height of a block of this chain up to its head, else None."""
        number = identity.height_of(self.seed, hash_, self.mark)
        return number if number is not None and number <= self.head else None

    def timestamp_ms(self, number: int) -> int:
        """When a block was made, in milliseconds since the epoch."""
        return (GENESIS_UNIX + number * BLOCK_SECONDS) * 1000

    # -- tenants --------------------------------------------------------------------------------

    def netuids(self, block: int) -> list[int]:
        """The netuids taken at a height, root (0) first; before dTAO only root is modelled."""
        if block >= tenants.FULL:
            return list(range(self.subnets + 1))
        return [n for n in range(self.subnets + 1) if tenants.first_registration(self.seed, n) <= block]

    def tenant(self, netuid: int, block: int) -> tenants.Tenant:
        """Who holds a netuid at a height. KeyError: not taken."""
        if not 0 <= netuid <= self.subnets:
            raise KeyError(netuid)
        registered, until = tenants.term(self.seed, netuid, block)
        if registered > block:
            raise KeyError(netuid)
        return tenants.tenant(self.seed, netuid, registered, until, self.uids)

    def registrations(self, first: int, last: int) -> list[tuple[int, int]]:
        """(block, netuid) of the tenancies that began at heights first..last, oldest first."""
        found = set()
        for netuid in range(1, self.subnets + 1):
            block: int | None = last
            while block is not None and block >= first:
                registered, _ = tenants.term(self.seed, netuid, block)
                if first <= registered <= last:
                    found.add((registered, netuid))
                block = registered - 1 if registered <= block else None
        return sorted(found)

    def category(self, netuid: int, block: int) -> str | None:
        """What a subnet's tenant is for: one of `people.CATEGORIES`, or None when nobody knows."""
        return self.tenant(netuid, block).category

    # -- markets --------------------------------------------------------------------------------

    def tao_usd(self, block: int) -> float:
        """US dollars per TAO."""
        return prices.tao_usd(self.seed, block)

    def price(self, netuid: int, block: int) -> float:
        """TAO per alpha. KeyError: netuid not taken."""
        return prices.price(self.tenant(netuid, block), block)

    def emission(self, block: int) -> dict[int, minting.Paid]:
        """{netuid: what the block pays it}."""
        return self._paid(block)

    def _split(self, block: int) -> dict[int, minting.Paid]:
        return minting.split([self.tenant(n, block) for n in self.netuids(block)], block)

    # -- subnets --------------------------------------------------------------------------------

    def last_step(self, netuid: int, block: int) -> int:
        """The block of a subnet's newest epoch; a fresh tenancy counts its registration as one."""
        tenant = self.tenant(netuid, block)
        return max(tenant.registered, block - (block + netuid) % tenant.tempo)

    def subnet(self, netuid: int, block: int) -> Subnet:
        """One subnet at a height. KeyError: netuid not taken."""
        return self._subnet(netuid, block)

    def _describe(self, netuid: int, block: int) -> Subnet:
        tenant = self.tenant(netuid, block)
        step = self.last_step(netuid, block)
        since = min(block - tenant.registered, 2 * ALPHA_SUPPLY_HALF)
        minted = RAO if netuid else 0
        return Subnet(
            tenant=tenant,
            pool=prices.pool(tenant, block),
            paid=self.emission(block)[netuid],
            last_step=step,
            alpha_out=since * RAO if netuid else 5_000_000 * RAO,
            alpha_out_emission=minted,
            pending_alpha_emission=int((block - step) * uids_of.MINERS_AND_VALIDATORS * minted),
            volume=prices.volume(tenant, block),
            moving_price=prices.moving_price(tenant, block),
        )

    def neurons(self, netuid: int, block: int) -> uids_of.Neurons:
        """Columns of a subnet's uids as its newest epoch left them. KeyError: netuid not taken."""
        return self.columns(self.tenant(netuid, block), self.last_step(netuid, block))

    def columns(self, tenant: tenants.Tenant, step: int) -> uids_of.Neurons:
        """Columns of a tenant's uids as the epoch at block `step` left them."""
        return self._columns(tenant, step)

    def identities(self, block: int) -> dict[bytes, people.Person]:
        """{coldkey: identity} of everyone who gave one, subnet owners of that height included."""
        owners = (self.tenant(netuid, block) for netuid in self.netuids(block) if netuid)
        return people.identified(self.seed) | {t.owner_coldkey: people.owner(t.netuid) for t in owners}
