"""Repeatable draws: the same parts give the same bytes and numbers, on any machine and in any order."""

from hashlib import blake2b
from random import Random

RAO = 10**9  # rao in one TAO, or in one alpha
U16 = 65_535


def digest(*parts: object, size: int = 32) -> bytes:
    """`size` bytes that depend on every part."""
    return blake2b("|".join(map(str, parts)).encode(), digest_size=size).digest()


def stream(*parts: object) -> Random:
    """A random generator that always starts the same way for these parts."""
    return Random(digest(*parts))


def key(*parts: object) -> int:
    """64 bits that name these parts, for use as a cheap first part elsewhere."""
    return int.from_bytes(digest(*parts, size=8), "big")


def u16(share: float) -> int:
    """A share in 0..1 as the chain stores it, in 0..65,535."""
    return max(0, min(U16, round(share * U16)))
