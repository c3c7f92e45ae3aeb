"""Who holds which netuid at which height, and the traits each tenant is born with.

A netuid outlives its tenants: at the subnet limit the chain removes one and hands its netuid to
the next. Here about 30 % of the netuids change hands, each every `TENANCY` blocks; the changes are
spread evenly, so whatever the height there are recent ones. A world with fewer subnets is the first
netuids of the whole one.
"""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from subnets.localnet import people
from subnets.localnet.draw import key, stream

DTAO = 4_920_351  # before this block no subnet has a pool
FULL = 6_450_000  # from here on every netuid is taken
CHURN_FROM = 7_600_000
TENANCY = 1_299_600  # blocks a tenant keeps its netuid: a little more than a new subnet's immunity
IMMUNITY = 1_296_000
CHURN_SHARE = 0.3  # of the netuids change hands
DISABLED_SHARE = 0.25  # of the tenants, give or take
CHURN_JITTER = 800

NETUIDS = 128  # the chain's subnet limit
LARGE, CHANGING, THIN, CRASHING, RALLYING = 1, 3, 4, 6, 7  # netuids that always have the trait
TAO_WEIGHTS = {5: 0.2, 8: 0.85}  # of netuids whose pools lean far to one side
USUAL_FEE = 33  # of a swap, in 1/65,535 of what goes in
OWN_FEES = {2: 327, 8: 0}  # of netuids whose owners have set another


@dataclass(frozen=True, slots=True)
class Shocks:
    """Crashes or rallies that come back: every `period` blocks, first `phase` blocks after registration."""

    period: int
    phase: int
    crash_share: float


@dataclass(frozen=True, slots=True, eq=False)
class Tenant:
    """One tenancy of a netuid, from block `registered` until before block `until` (None: not yet known)."""

    netuid: int
    registered: int
    until: int | None
    seed: int
    key: int
    identity: people.SubnetIdentity | None
    category: str | None
    price: float  # TAO per alpha that its path moves around
    drift: float  # of the logarithm of the price, per block
    volatility: float
    shocks: Shocks | None
    depth: float  # TAO in a grown pool
    tao_weight: float  # weight of TAO in the pool, 0..1
    fee_rate: int | None  # of a swap, in 1/65,535 of what goes in; None: the usual one
    enabled: bool  # whether the chain pays it emission
    burned: float  # share of the miners' part that is burned
    mechanisms: int
    tempo: int  # blocks
    validators: int
    capacity: int  # uids that will be taken
    max_uids: int

    @property
    def name(self) -> bytes:
        """The name the chain shows: the owner's, else a default one."""
        if self.netuid == 0:
            return b"root"
        return people.default_name(self.netuid) if self.identity is None else self.identity.subnet_name

    @property
    def owner_hotkey(self) -> bytes:
        """32 bytes."""
        return people.owner_hotkey(self.seed, self.netuid, self.registered)

    @property
    def owner_coldkey(self) -> bytes:
        """32 bytes."""
        return people.owner_coldkey(self.seed, self.netuid, self.registered)


@lru_cache(maxsize=64)
def churn_phases(seed: int) -> dict[int, int]:
    """{netuid that changes hands: blocks between `CHURN_FROM` and its first change}."""
    fixed = {LARGE, CHANGING, THIN, CRASHING, RALLYING, *people.HOSTILE_NETUIDS}
    others = [netuid for netuid in range(1, NETUIDS + 1) if netuid not in fixed]
    draw = stream(seed, "churn")
    draw.shuffle(others)
    movers = others[: round(NETUIDS * CHURN_SHARE) - 1]
    movers.insert(len(movers) // 2, CHANGING)
    gap = TENANCY // len(movers)
    return {netuid: gap * i + draw.randrange(CHURN_JITTER) for i, netuid in enumerate(movers)}


@lru_cache(maxsize=4096)
def first_registration(seed: int, netuid: int) -> int:
    """The height at which a netuid was taken for the first time."""
    return stream(seed, "first", netuid).randrange(DTAO, FULL) if netuid else 0


def term(seed: int, netuid: int, block: int) -> tuple[int, int | None]:
    """(registered, until) of the tenancy at a height; a height before the first one gives the first."""
    phase = churn_phases(seed).get(netuid)
    if phase is None:
        return first_registration(seed, netuid), None
    first_change = CHURN_FROM + phase
    if block < first_change:
        return first_registration(seed, netuid), first_change
    registered = block - (block - first_change) % TENANCY
    return registered, registered + TENANCY


def _shocks(netuid: int, draw: Random) -> Shocks | None:
    period, phase = draw.randrange(150_000, 400_000), draw.randrange(150_000)
    if netuid == CRASHING:
        return Shocks(period, phase, 1.0)
    if netuid == RALLYING:
        return Shocks(period, phase, 0.0)
    return Shocks(period, phase, 0.7) if draw.random() < 0.15 else None


@lru_cache(maxsize=4096)
def tenant(seed: int, netuid: int, registered: int, until: int | None, uids: int) -> Tenant:
    """The tenant that took a netuid at a height. `uids`: size of an ordinary subnet."""
    draw = stream(seed, "tenant", netuid, registered)
    max_uids = uids * 4 if netuid == LARGE else uids
    hostile = netuid in people.HOSTILE_NETUIDS
    identity = people.subnet_identity(netuid, draw)
    filled = max_uids if netuid == LARGE or draw.random() < 0.8 else round(max_uids * draw.uniform(0.15, 0.9))
    capacity = max(2, filled) if netuid else min(people.HOUSES, uids)
    return Tenant(
        netuid=netuid,
        registered=registered,
        until=until,
        seed=seed,
        key=key(seed, "tenant", netuid, registered),
        identity=(people.hostile_identity(netuid) if hostile else identity) if netuid else None,
        category=draw.choice(people.CATEGORIES) if netuid and draw.random() < 0.9 else None,
        price=10 ** draw.uniform(-3.0, -0.9),
        drift=draw.uniform(-2e-7, 2e-7),
        volatility=draw.uniform(0.4, 1.5),
        shocks=_shocks(netuid, draw),
        depth=0.4 if netuid == THIN else 10 ** draw.uniform(3.2, 5.0),
        tao_weight=TAO_WEIGHTS.get(netuid, draw.uniform(0.46, 0.54)),
        fee_rate=OWN_FEES.get(netuid),
        enabled=netuid == LARGE or draw.random() > DISABLED_SHARE,
        burned=0.0 if netuid == LARGE else draw.choice([0.0, 0.0, 0.0, 0.2, 0.6, 1.0]),
        mechanisms=2 if netuid % 10 == 3 else 1,
        tempo=100 if netuid == 0 else 360 if draw.random() < 0.9 else draw.choice([99, 720, 1_080, 7_200]),
        validators=capacity if netuid == 0 else min(draw.randrange(8, 20), max(1, capacity // 2)),
        capacity=capacity,
        max_uids=max_uids,
    )
