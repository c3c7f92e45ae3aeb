"""Take the real runtime metadata out of the `bittensor` source distribution.

    pip download --no-deps --no-binary :all: bittensor==11.3.0
    python subnets/localnet/extract_metadata.py bittensor-11.3.0.tar.gz subnets/localnet/data/metadata-v15-461.scale.gz

The distribution (Apache-2.0) carries tests/fixtures/golden.json: V15 metadata that its authors recorded
from a node they ran locally (spec version 461). That node was built in fast-block mode, so one constant is
put back to its mainnet value: Aura.SlotDuration, 250 ms -> 12,000 ms (the SDK derives its block time from it).
"""

import gzip
import json
import sys
import tarfile
from pathlib import Path

RECORDING = "tests/fixtures/golden.json"
SLOT_DURATION = b"\x30SlotDuration\x1c\x20"  # name, type u64, a value of 8 bytes
FAST_MS, MAINNET_MS = 250, 12_000


def strip_option_vec(encoded: bytes) -> bytes:
    """The bytes inside an Option<Vec<u8>> with a compact length of four bytes. ValueError: something else."""
    size = int.from_bytes(encoded[1:5], "little") >> 2
    if encoded[0] != 1 or encoded[1] & 3 != 2 or len(encoded) != 5 + size:
        raise ValueError("not an encoded Option<Vec<u8>>")
    return encoded[5:]


def with_mainnet_blocks(metadata: bytes) -> bytes:
    """The same metadata with the slot duration of mainnet. ValueError: not V15, or not recorded in fast-block mode."""
    fast = SLOT_DURATION + FAST_MS.to_bytes(8, "little")
    if not metadata.startswith(b"meta\x0f") or metadata.count(fast) != 1:
        raise ValueError("not V15 metadata of a fast-block node")
    return metadata.replace(fast, SLOT_DURATION + MAINNET_MS.to_bytes(8, "little"))


def read_recording(distribution: Path) -> bytes:
    """The metadata recorded in a source distribution. LookupError: it has no recording."""
    with tarfile.open(distribution) as tar:
        name = next((name for name in tar.getnames() if name.endswith(RECORDING)), None)
        recorded = tar.extractfile(name) if name else None
        if recorded is None:
            raise LookupError(f"{distribution} holds no {RECORDING}")
        golden = json.load(recorded)
    return strip_option_vec(bytes.fromhex(golden["metadata"]["v15_hex"].removeprefix("0x")))


def main(distribution: Path, target: Path) -> None:
    """Write the metadata, gzipped without a time stamp, so that the same source gives the same file."""
    target.write_bytes(gzip.compress(with_mainnet_blocks(read_recording(distribution)), mtime=0))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
