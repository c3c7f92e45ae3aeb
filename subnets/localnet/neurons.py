"""The uids of one subnet: who holds them, and what each epoch gives them.

A uid is a slot that hotkeys take over from one another at heights of its own. Whoever holds it is an
`Occupant`; what an epoch decides is computed for the whole subnet at once, in columns.
"""

from functools import lru_cache
from typing import NamedTuple

from subnets.localnet import people
from subnets.localnet.draw import RAO, U16, digest, stream, u16
from subnets.localnet.tenants import Tenant

TAO_WEIGHT = 0.18  # what a staked TAO counts against an alpha
MINERS_AND_VALIDATORS = 0.82  # of the alpha minted per block; the owner's 18 % is paid outside the uids
FILLING = 30  # blocks between two registrations while a new subnet fills up
FIRST_UIDS = 4  # neurons a subnet starts with
WAVES = 256
STAKE_GROWTH = 300_000  # blocks in which an occupant's stake doubles for the first time


class Slots(NamedTuple):
    """When each uid changes hands: taken at `taken`, again at `turns`, then every `life` blocks."""

    taken: list[int]
    turns: list[int]
    life: list[int]


class Occupant(NamedTuple):
    """Whoever holds a uid: keys of 32 bytes, height of registration, and traits."""

    hotkey: bytes
    coldkey: bytes
    registered: int
    power: float
    phase: int
    permitted: bool  # runs as a validator
    earns: bool
    collateral: int  # rao of alpha


class Neurons(NamedTuple):
    """Columns of one subnet, index = uid. Scores are u16 shares, stakes and emission rao, heights blocks."""

    occupants: list[Occupant]
    active: list[bool]
    validator_permit: list[bool]
    last_update: list[int]
    emission: list[int]
    dividends: list[int]
    incentives: list[int]
    consensus: list[int]
    validator_trust: list[int]
    alpha_stake: list[int]
    tao_stake: list[int]
    total_stake: list[int]

    @property
    def hotkeys(self) -> list[bytes]:
        """Per uid, 32 bytes."""
        return [occupant.hotkey for occupant in self.occupants]

    @property
    def coldkeys(self) -> list[bytes]:
        """Per uid, 32 bytes."""
        return [occupant.coldkey for occupant in self.occupants]

    @property
    def block_at_registration(self) -> list[int]:
        """Per uid, a height."""
        return [occupant.registered for occupant in self.occupants]


def _waves(name: str, size: float) -> list[float]:
    draw = stream("waves", name)
    return [1 + draw.uniform(-size, size) for _ in range(WAVES)]


FAST, SLOW = _waves("fast", 0.15), _waves("slow", 0.5)  # factors on a neuron's weight, by epoch and by season
EPOCHS_PER_SEASON = 40


@lru_cache(maxsize=512)
def _slots(tenant: Tenant) -> Slots:
    draw = stream(tenant.key, "slots")
    slots = Slots([], [], [])
    for uid in range(tenant.capacity):
        low, high = (1_500_000, 6_000_000) if uid < tenant.validators else (40_000, 900_000)
        life = draw.randrange(low, high)
        taken = tenant.registered + FILLING * max(0, uid + 1 - FIRST_UIDS)
        slots.taken.append(taken)
        slots.turns.append(taken + draw.randrange(life // 8, life))
        slots.life.append(life)
    return slots


@lru_cache(maxsize=512)
def _house_order(tenant: Tenant) -> tuple[people.House, ...]:
    houses = list(people.houses(tenant.seed))
    stream(tenant.key, "houses").shuffle(houses)
    return tuple(houses)


@lru_cache(maxsize=120_000)
def _occupant(tenant: Tenant, uid: int, turn: int) -> Occupant:
    """Who holds a uid after it changed hands `turn` times."""
    slots = _slots(tenant)
    registered = slots.turns[uid] + (turn - 1) * slots.life[uid] if turn else slots.taken[uid]
    drawn = digest(tenant.key, uid, turn, size=48)
    hotkey, numbers = drawn[:32], drawn[32:]
    phase = int.from_bytes(numbers[:4], "big")
    chance = int.from_bytes(numbers[4:8], "big") / 2**32
    if uid < tenant.validators:
        # each slot walks over houses that no other slot of this subnet visits, so no hotkey sits on two uids
        house = _house_order(tenant)[uid + tenant.validators * (turn % (people.HOUSES // tenant.validators))]
        wavering = numbers[8] < 26 and tenant.netuid != 0
        return Occupant(house.hotkey, house.coldkey, registered, house.tao / 50_000, phase, True, not wavering, 0)
    power = min(200.0, (1 - chance) ** -0.9)
    coldkeys = people.miner_coldkeys(tenant.seed)
    collateral = (numbers[9] + 1) * RAO if tenant.key % 8 == 0 else 0
    earns = numbers[8] > 50  # about one miner in five never earns
    return Occupant(hotkey, coldkeys[phase % len(coldkeys)], registered, power, phase, False, earns, collateral)


def _present(tenant: Tenant, step: int) -> list[Occupant]:
    slots = _slots(tenant)
    return [
        _occupant(tenant, uid, 0 if step < turns else 1 + (step - turns) // life)
        for uid, (taken, turns, life) in enumerate(zip(*slots, strict=True))
        if taken <= step or uid < FIRST_UIDS
    ]


def _permitted(occupant: Occupant, season: int) -> bool:
    """A wavering validator (one in ten) loses its permit in some seasons."""
    return occupant.permitted and (occupant.earns or (occupant.phase + season) % 3 != 0)


def _shared(weights: list[float]) -> list[float]:
    total = sum(weights) or 1.0
    return [weight / total for weight in weights]


def columns(tenant: Tenant, step: int) -> Neurons:
    """The subnet as its epoch at block `step` left it."""
    occupants = _present(tenant, step)
    root = tenant.netuid == 0
    epoch = step // tenant.tempo
    season = epoch // EPOCHS_PER_SEASON
    permits = [_permitted(o, season) for o in occupants]
    weights = [o.power * FAST[(o.phase + epoch) % WAVES] * SLOW[(o.phase + season) % WAVES] for o in occupants]
    dividends = _shared([0.0 if root or not p else w for w, p in zip(weights, permits, strict=True)])
    incentives = _shared([0.0 if o.permitted or not o.earns else w for w, o in zip(weights, occupants, strict=True)])
    half = 0 if root else tenant.tempo * MINERS_AND_VALIDATORS / 2 * RAO
    grown = [o.power * (1 + (step - o.registered) / STAKE_GROWTH) for o in occupants]
    alpha = [int(g * (20_000 if o.permitted else 40)) * RAO for g, o in zip(grown, occupants, strict=True)]
    tao = [int(o.power * 50_000) * RAO if o.permitted else 0 for o in occupants]
    return Neurons(
        occupants=occupants,
        active=[o.permitted or o.phase % 9 != 8 for o in occupants],
        validator_permit=permits,
        last_update=[
            max(o.registered, step - (o.phase + epoch * 7_919) % (300 if o.permitted else 20_000)) for o in occupants
        ],
        emission=[int(half * (d + i)) for d, i in zip(dividends, incentives, strict=True)],
        dividends=[round(d * U16) for d in dividends],
        incentives=[round(i * U16) for i in incentives],
        consensus=[min(U16, round(i * 8 * U16)) for i in incentives],
        validator_trust=[
            u16(0.7 + 0.3 * FAST[(o.phase + epoch) % WAVES] / 1.15) if p and not root else 0
            for o, p in zip(occupants, permits, strict=True)
        ],
        alpha_stake=[0] * len(alpha) if root else alpha,
        tao_stake=tao,
        total_stake=[a + int(t * TAO_WEIGHT) for a, t in zip([0] * len(alpha) if root else alpha, tao, strict=True)],
    )
