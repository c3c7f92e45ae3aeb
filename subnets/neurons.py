"""Neurons as packed columns: one compressed row per subnet in place of 256 table rows.

Layout, little-endian, zlib: u32 count, u8 "has validator trust", then the columns in the order of `_LAYOUT`.
Keys are kept apart, since they change far more seldom than scores.
"""

import zlib
from array import array
from hashlib import blake2b
from typing import Any

from subnets.facts import NeuronColumns

_LAYOUT = (
    ("active", "B"),
    ("validator_permit", "B"),
    ("last_update", "Q"),
    ("block_at_registration", "Q"),
    ("emission", "Q"),
    ("dividends", "H"),
    ("incentives", "H"),
    ("consensus", "H"),
    ("alpha_stake", "Q"),
    ("tao_stake", "Q"),
    ("total_stake", "Q"),
    ("validator_trust", "H"),
)
_FLAGS = ("active", "validator_permit")
_LEVEL = 1  # the next levels cost twice the time for a tenth of the size
_KEY_LEVEL = 6  # against a base it is quick at any level, and finds whole keys


def key_text(columns: NeuronColumns) -> bytes:
    return "\n".join((*columns.hotkeys, *columns.coldkeys)).encode()


def key_digest(text: bytes) -> str:
    """32 hex digits that tell one list of keys from another."""
    return blake2b(text, digest_size=16).hexdigest()


def pack_keys(text: bytes, base: bytes = b"") -> bytes:
    """Compressed keys. With a `base`, another list of the same subnet, little more than what differs from it."""
    packer = zlib.compressobj(_KEY_LEVEL if base else _LEVEL, zdict=base)
    return packer.compress(text) + packer.flush()


def unpack_keys(packed: bytes, base: bytes = b"") -> bytes:
    unpacker = zlib.decompressobj(zdict=base)
    return unpacker.decompress(packed) + unpacker.flush()


def pack(columns: NeuronColumns) -> bytes:
    """All columns but the keys. Raises ValueError if they differ in length or a value is out of range."""
    count = len(columns)
    has_trust = columns.validator_trust is not None
    parts = [count.to_bytes(4, "little"), bytes([has_trust])]
    for name, code in _LAYOUT:
        values = getattr(columns, name)
        if values is None:
            continue
        if len(values) != count:
            raise ValueError(f"{len(values)} values of {name} for {count} neurons")
        try:
            parts.append(array(code, values).tobytes())
        except (OverflowError, TypeError) as problem:
            raise ValueError(f"{name} out of range: {problem}") from None
    return zlib.compress(b"".join(parts), _LEVEL)


def unpack(keys: bytes, packed: bytes) -> NeuronColumns:
    """The columns that `pack` was given, with the `key_text` that belongs to them."""
    raw = zlib.decompress(packed)
    count, has_trust, offset = int.from_bytes(raw[:4], "little"), raw[4], 5
    columns: dict[str, Any] = {"validator_trust": None}
    for name, code in _LAYOUT:
        if name == "validator_trust" and not has_trust:
            continue
        column = array(code)
        width = column.itemsize * count
        column.frombytes(raw[offset : offset + width])
        offset += width
        columns[name] = [bool(v) for v in column] if name in _FLAGS else column.tolist()
    names = keys.decode().split("\n") if keys else []
    return NeuronColumns(hotkeys=names[:count], coldkeys=names[count:], **columns)
