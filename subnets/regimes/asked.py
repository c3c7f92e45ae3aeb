"""What held at a block: the regimes of a topic, the one in force, and what follows from its parameters.

Where only the day of a change is known, a block alone is placed on the calendar by 12-second blocks from the halving
(`estimated_day`), which is right to about a day; `on`, the UTC day of the block, leaves nothing to that estimate.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from subnets.regimes.dated import HALVING_BLOCK, HALVING_DAY, REGIMES
from subnets.regimes.rule import Regime, Topic
from taoanalytics.lib.units import BLOCK_SECONDS

_SECONDS_PER_DAY = 86_400


def timeline(topic: Topic) -> tuple[Regime, ...]:
    """The regimes of a topic, oldest first; undated ones last."""
    return tuple(regime for regime in REGIMES if regime.topic is topic)


def successor(regime: Regime) -> Regime | None:
    """The dated regime that ends this one; None if it still holds."""
    line = timeline(regime.topic)
    later = line[line.index(regime) + 1 :]
    return next((each for each in later if each.dated), None)


def estimated_day(block: int) -> date:
    """The UTC day of a block, counted in 12-second blocks from the halving: right to about a day since dTAO."""
    return HALVING_DAY + timedelta(seconds=(block - HALVING_BLOCK) * BLOCK_SECONDS)


@lru_cache(maxsize=4096)
def in_force(topic: Topic, block: int, on: date | None = None) -> Regime | None:
    """The regime of a topic at a block; None before the first. `on`: the UTC day of the block, if known."""
    day = estimated_day(block) if on is None else on
    begun = [regime for regime in timeline(topic) if regime.began(block, day)]
    return begun[-1] if begun else None


def parameter(topic: Topic, name: str, block: int, on: date | None = None) -> float | None:
    """A parameter of the regime in force; None if there is none. KeyError if the regime has no such parameter."""
    regime = in_force(topic, block, on)
    return None if regime is None else regime.parameters[name]


def alpha_cap_at(block: int) -> float | None:
    """The most alpha that one subnet can have; None before there was alpha."""
    return parameter(Topic.ALPHA, "alpha_cap", block)


def blocks_per_day_at(block: int) -> float:
    return _SECONDS_PER_DAY / (parameter(Topic.BLOCK_TIME, "block_seconds", block) or BLOCK_SECONDS)


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of the alpha that a subnet pays out; they sum to 1."""

    owner: float
    miners: float
    validators: float


def split_at(block: int, *, owner_cut_enabled: bool | None = None) -> Split | None:
    """Who is paid a subnet's alpha; None before dTAO. `owner_cut_enabled`: the subnet's own switch, None if unknown."""
    regime = in_force(Topic.SPLIT, block)
    if regime is None:
        return None
    owner = 0.0 if owner_cut_enabled is False else regime.parameters["owner_cut"]
    miners = (1 - owner) * regime.parameters["miner_share_of_rest"]
    return Split(owner=owner, miners=miners, validators=1 - owner - miners)


def swap_fee_at(block: int) -> float | None:
    """The chain's default fee as a share of what goes into a swap; None before there were pools."""
    return parameter(Topic.SWAP_FEE, "swap_fee", block)


def epoch_blocks_at(tempo: int, block: int, on: date | None = None) -> int | None:
    """Blocks from one epoch to the next; None for a tempo of 0, which never runs."""
    beyond = parameter(Topic.EPOCH, "epoch_blocks_beyond_tempo", block, on)
    return None if tempo <= 0 or beyond is None else tempo + int(beyond)


def subnet_immunity_blocks_at(block: int, on: date | None = None) -> int | None:
    """Blocks for which a new subnet cannot be removed; None while no subnet could be."""
    immunity = parameter(Topic.DEREGISTRATION, "subnet_immunity_blocks", block, on)
    return None if immunity is None else int(immunity)
