"""What a dated rule of the chain is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Topic(StrEnum):
    """What a rule is about. At any block at most one regime of a topic is in force."""

    BLOCK_EMISSION = "TAO minted per block"
    BLOCK_TIME = "Time between blocks"
    ALPHA = "Supply of alpha"
    SPLIT = "Who is paid a subnet's alpha"
    EMISSION_SHARE = "How TAO is shared out over subnets"
    ROOT = "How root is paid"
    POOL = "How the pool prices alpha"
    SWAP_FEE = "Fee of a swap"
    EPOCH = "Length of an epoch"
    ACTIVITY = "When a validator counts as active"
    DEREGISTRATION = "Which subnet is removed"
    TRUST = "Which scores of a neuron the chain computes"
    SWITCH = "Emission switched per subnet"


def numbers(**values: float) -> Mapping[str, float]:
    """{name: number}, not to be changed."""
    return MappingProxyType(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One rule of one topic, until the next of that topic takes over.

    `from_block` is exact; `from_day` is UTC. Without either, the rule is known from the source but not when, or
    whether, it took effect, and it is never in force here. `spec` is the runtime version that brought it.
    `parameters` are the numbers that formulas read.
    """

    topic: Topic
    name: str
    what: str
    source: str
    from_block: int | None = None
    from_day: date | None = None
    spec: int | None = None
    parameters: Mapping[str, float] = field(default_factory=numbers)

    def began(self, block: int, on: date) -> bool:
        if self.from_block is not None:
            return block >= self.from_block
        return self.from_day is not None and on >= self.from_day

    @property
    def dated(self) -> bool:
        return self.from_block is not None or self.from_day is not None
