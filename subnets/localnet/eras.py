"""What the chain could answer at which height: calls, storage items and fields appear with runtime upgrades.

The specs and what came with them are the real chain's; the heights are pressed together so that
a year of history crosses all of them. As on the real chain a block is decoded with its parent's
runtime, so a client sees an upgrade one block after `first_block`.
"""

from bisect import bisect_right
from dataclasses import dataclass

ALPHA_PRICE = "SwapRuntimeApi.current_alpha_price"
QUOTES = tuple(f"SwapRuntimeApi.{name}" for name in ("sim_swap_tao_for_alpha", "sim_swap_alpha_for_tao"))
SWAP_FEE = "Swap.FeeRate"
ALL_PRICES = "SwapRuntimeApi.current_alpha_price_all"
HYPERPARAMS_V3 = "SubnetInfoRuntimeApi.get_subnet_hyperparams_v3"
EMISSION_SWITCH = "SubtensorModule.SubnetEmissionEnabled"
CHAIN_BUYS = "SubtensorModule.SubnetExcessTao"
MINER_BURNED = "SubtensorModule.MinerBurned"
WEIGHTED_POOL = "Swap.SwapBalancer"
MECHANISMS = "SubtensorModule.MechanismCountCurrent"
MECHAGRAPHS = tuple(f"SubnetInfoRuntimeApi.{name}" for name in (
    "get_mechagraph", "get_all_mechagraphs", "get_selective_mechagraph"))  # fmt: skip
COLLATERAL = tuple(f"Metagraph.{name}" for name in (
    "collateral_locked", "collateral_min", "collateral_earned"))  # fmt: skip

INTRODUCED: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    # spec, first block, what that runtime brought
    (261, 0, ()),
    (300, 6_750_000, (ALPHA_PRICE, *QUOTES, SWAP_FEE)),
    (320, 7_050_000, (MECHANISMS, *MECHAGRAPHS)),
    (391, 8_100_000, (ALL_PRICES,)),
    (411, 8_350_000, (EMISSION_SWITCH, CHAIN_BUYS)),
    (423, 8_550_000, (WEIGHTED_POOL, MINER_BURNED, HYPERPARAMS_V3)),
    (461, 8_900_000, COLLATERAL),
)


@dataclass(frozen=True, slots=True)
class Era:
    """One runtime: its spec version, the first block it wrote, and the names it does not have yet."""

    spec: int
    first_block: int
    missing: frozenset[str]


ERAS = tuple(
    Era(spec, first_block, frozenset(name for *_, names in INTRODUCED[index + 1 :] for name in names))
    for index, (spec, first_block, _) in enumerate(INTRODUCED)
)
LATEST = ERAS[-1]
_FIRST_BLOCKS = [era.first_block for era in ERAS]


def era_at(block: int) -> Era:
    """The runtime in force at a height."""
    return ERAS[bisect_right(_FIRST_BLOCKS, block) - 1]


def has(name: str, block: int) -> bool:
    """Whether the runtime at a height knows a call, storage item or field."""
    return name not in era_at(block).missing


def without(metadata: bytes, era: Era) -> bytes:
    """Metadata of the latest runtime as an earlier one would give it.

    Names that the era lacks end in "zzz" instead: the length stays, so nothing else in the
    encoded metadata moves, and a client that looks for the real name does not find it.
    """
    for name in sorted(era.missing):
        bare = name.split(".")[1].encode()
        prefix = bytes([len(bare) << 2])
        metadata = metadata.replace(prefix + bare, prefix + bare[:-3] + b"zzz")
    version = b"\x38node-subtensor\x38node-subtensor" + (1).to_bytes(4, "little")
    return metadata.replace(version + LATEST.spec.to_bytes(4, "little"), version + era.spec.to_bytes(4, "little"))
