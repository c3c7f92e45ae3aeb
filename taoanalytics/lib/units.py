"""The chain counts in rao; people read TAO and alpha. 1 TAO = 1 alpha = 1e9 rao of its kind."""

RAO = 10**9
BLOCK_SECONDS = 12
BLOCKS_PER_DAY = 86_400 // BLOCK_SECONDS
U16_MAX = 65_535
U64 = 2**64
SMALLEST_INT64, LARGEST_INT64 = -(2**63), 2**63 - 1


def from_rao(rao: int | None) -> float | None:
    """Whole tokens from rao; unknown stays unknown."""
    return None if rao is None else rao / RAO
