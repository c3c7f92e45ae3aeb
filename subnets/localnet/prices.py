"""Price paths: one tenant's alpha in TAO, its pool and its volume, and TAO in US dollars."""

import math
from functools import lru_cache
from typing import NamedTuple

from subnets.localnet import eras
from subnets.localnet.draw import RAO, digest
from subnets.localnet.tenants import Shocks, Tenant

DAY = 7_200  # blocks
Octave = tuple[int, float]  # blocks between two draws, size of a draw in the logarithm

ALPHA_OCTAVES: tuple[Octave, ...] = ((300, 0.006), (1_800, 0.018), (7_200, 0.05), (50_000, 0.15), (300_000, 0.45))
USD_OCTAVES: tuple[Octave, ...] = ((600, 0.006), (7_200, 0.03), (60_000, 0.12), (400_000, 0.2), (2_000_000, 0.1))
USD_MIDDLE = 316.0
SHOCK_BLOCKS = 1_800  # a crash or rally takes six hours, its way back the rest of the period
MOVING_SPAN, MOVING_SAMPLES = 600_000, 10
MATURITY = 200_000  # blocks after which a moving price has come half way from zero


class Pool(NamedTuple):
    """A subnet's pool: reserves in rao, weight of TAO in 0..1, price in TAO per alpha."""

    tao_in: int
    alpha_in: int
    tao_weight: float
    price: float


@lru_cache(maxsize=1 << 16)
def _draw(key: int, octave: int, index: int) -> float:
    return int.from_bytes(digest(key, octave, index, size=4), "big") / 2**31 - 1


def wander(key: int, block: int, octaves: tuple[Octave, ...]) -> float:
    """A path that looks random at every scale, within the sum of the octaves' sizes either side of zero."""
    total = 0.0
    for number, (period, size) in enumerate(octaves):
        index, into = divmod(block, period)
        x = into / period
        ease = x * x * (3 - 2 * x)
        here, there = _draw(key, number, index), _draw(key, number, index + 1)
        total += size * (here + (there - here) * ease)
    return total


def _shock_at(tenant: Tenant, shocks: Shocks, block: int) -> tuple[int, float, float]:
    """(shocks so far, size in the logarithm, progress 0..1 of the present one's fall or rise)."""
    number, since = divmod(block - tenant.registered - shocks.phase, shocks.period)
    if number < 0:
        return 0, 0.0, 0.0
    chance = (_draw(tenant.key, 100, number) + 1) / 2
    strength = (_draw(tenant.key, 101, number) + 1) / 2
    size = -1.0 - 0.4 * strength if chance < shocks.crash_share else 0.8 + 0.7 * strength
    rise = min(1.0, since / SHOCK_BLOCKS)
    fade = math.exp(-4 * since / shocks.period) * (1 - since / shocks.period)
    return number + 1, size * rise * fade, rise


def price(tenant: Tenant, block: int) -> float:
    """TAO per alpha; root counts in TAO, so its price is 1."""
    if tenant.netuid == 0:
        return 1.0
    age = max(0, block - tenant.registered)
    path = tenant.volatility * wander(tenant.key, block, ALPHA_OCTAVES) + tenant.drift * age
    if tenant.shocks:
        path += _shock_at(tenant, tenant.shocks, block)[1]
    listing = 1 + 2 * math.exp(-age / 6_000)
    return tenant.price * listing * math.exp(path)


def moving_price(tenant: Tenant, block: int) -> float:
    """The slow average the chain ranks by; it starts at zero with each tenancy."""
    age = block - tenant.registered
    if tenant.netuid == 0 or age <= 0:
        return 0.0
    step = min(MOVING_SPAN, age) / MOVING_SAMPLES
    mean = sum(min(1.0, price(tenant, block - round(step * i))) for i in range(MOVING_SAMPLES)) / MOVING_SAMPLES
    return mean * age / (age + MATURITY)


def pool(tenant: Tenant, block: int) -> Pool:
    """Reserves that give exactly the price: price = (alpha weight * tao) / (tao weight * alpha)."""
    if tenant.netuid == 0:
        return Pool(5_000_000 * RAO, 0, 0.5, 1.0)
    now = price(tenant, block)
    age = max(0, block - tenant.registered)
    grown = 0.1 + 0.9 * age / (age + MATURITY)
    weight = tenant.tao_weight if eras.has(eras.WEIGHTED_POOL, block) else 0.5
    tao = tenant.depth * grown * math.sqrt(now / tenant.price)
    return Pool(int(tao * RAO), int(tao * (1 - weight) / (weight * now) * RAO), weight, now)


def volume(tenant: Tenant, block: int) -> int:
    """Rao bought and sold since the tenancy began: never falls, grows by uneven days, jumps in a crash or rally."""
    age = max(0, block - tenant.registered)
    if tenant.netuid == 0 or age == 0:
        return 0
    phase = tenant.key % 628 / 100
    turned = float(age)
    for period, size in ((DAY * 1.3, 0.3), (DAY * 6.1, 0.4)):  # an integral of 1 + size * sin: its slope stays above 0
        turned -= size * period * (math.cos(age / period + phase) - math.cos(phase))
    if tenant.shocks:
        count, _, rise = _shock_at(tenant, tenant.shocks, block)
        turned += 40_000 * (max(0, count - 1) + rise)
    return int(tenant.depth * turned / 60_000 * RAO)


def tao_usd(seed: int, block: int) -> float:
    """US dollars per TAO, between about 200 and 500."""
    key = int.from_bytes(digest(seed, "usd", size=8), "big")
    return USD_MIDDLE * math.exp(wander(key, block, USD_OCTAVES))
