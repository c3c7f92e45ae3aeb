"""The mark in every block hash by which a client knows that this chain is simulated."""

from subnets.localnet.draw import digest

MARK = b"simulated"
_DRAWN = 32 - len(MARK) - 8  # hash bytes between the mark and the height


def is_simulated(genesis_hash_hex: str) -> bool:
    """Whether `chain_getBlockHash(0)`, hex with or without 0x, names a simulated chain."""
    return genesis_hash_hex.lower().removeprefix("0x").startswith(MARK.hex())


def block_hash(seed: int, number: int, mark: bytes = MARK) -> bytes:
    """32 bytes: the mark, a draw from seed and height, and the height, so that no index is needed."""
    return mark + digest(seed, "block", number, size=_DRAWN) + number.to_bytes(8, "big")


def height_of(seed: int, hash_: bytes, mark: bytes = MARK) -> int | None:
    """The height a hash of this chain carries, or None when the hash is another chain's."""
    number = int.from_bytes(hash_[-8:], "big")
    return number if block_hash(seed, number, mark) == hash_ else None
