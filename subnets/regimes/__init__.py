"""The chain's dated rule changes: which rule and which parameter held at a block.

Days are UTC and name the day from which a rule holds. `rule` is what a rule is, `dated` the rules themselves, `asked`
what held when.
"""

from subnets.regimes.asked import (
    Split,
    alpha_cap_at,
    blocks_per_day_at,
    epoch_blocks_at,
    estimated_day,
    in_force,
    parameter,
    split_at,
    subnet_immunity_blocks_at,
    successor,
    swap_fee_at,
    timeline,
)
from subnets.regimes.dated import DTAO_BLOCK, HALVING_BLOCK, PARAMETERS, REGIMES
from subnets.regimes.rule import Regime, Topic

__all__ = [
    "DTAO_BLOCK",
    "HALVING_BLOCK",
    "PARAMETERS",
    "REGIMES",
    "Regime",
    "Split",
    "Topic",
    "alpha_cap_at",
    "blocks_per_day_at",
    "epoch_blocks_at",
    "estimated_day",
    "in_force",
    "parameter",
    "split_at",
    "subnet_immunity_blocks_at",
    "successor",
    "swap_fee_at",
    "timeline",
]
