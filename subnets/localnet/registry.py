"""The chain's own type registry: metadata of every era, and records encoded field by field."""

import gzip
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from bittensor_core.bittensor_core import Runtime as Codec

from subnets.localnet.eras import LATEST, Era, without

SS58_FORMAT = 42
_LATEST_FILE = Path(__file__).parent / "data" / "metadata-v15-461.scale.gz"


@lru_cache(maxsize=8)
def metadata(era: Era) -> bytes:
    """V15 metadata as the runtime of an era describes itself."""
    return without(gzip.decompress(_LATEST_FILE.read_bytes()), era)


class Registry:
    """Encodes Python values as the latest runtime would; missing names are a matter of `metadata` only."""

    def __init__(self) -> None:
        self.core = Codec(metadata(LATEST), LATEST.spec, 1, SS58_FORMAT)
        self.apis: dict[str, dict[str, Any]] = self.core.runtime_api_map()
        self._types: list[dict[str, Any]] = [entry["type"] for entry in json.loads(self.core.registry_json())["types"]]

    def encode(self, type_string: str, value: Any) -> bytes:
        """SCALE bytes of a value of a named or numbered type."""
        return bytes(self.core.encode(type_string, value))

    def arguments(self, api: str, method: str, encoded: bytes) -> list[Any]:
        """The decoded arguments of a runtime call. KeyError: no such call."""
        values, offset = [], 0
        for _, type_string in self.apis[api][method]["inputs"]:
            value = self.core.decode(type_string, encoded[offset:], False)
            offset += len(self.core.encode(type_string, value))
            values.append(value)
        return values

    def encode_answer(self, api: str, method: str, value: Any) -> bytes:
        """SCALE bytes of what a runtime call answers. KeyError: no such call."""
        return self.encode(self.apis[api][method]["output"], value)

    def fields(self, api: str, method: str) -> dict[str, str]:
        """{field: type} of the record that a call answers, alone, optional or in a list."""
        number = int(self.apis[api][method]["output"].removeprefix("scale_info::"))
        while True:
            kind = self._types[number]
            if "sequence" in kind["def"]:
                number = kind["def"]["sequence"]["type"]
            elif "variant" in kind["def"]:
                number = kind["params"][0]["type"]
            else:
                break
        return {field["name"]: f"scale_info::{field['type']}" for field in kind["def"]["composite"]["fields"]}

    def many(self, encoded: Iterable[bytes]) -> bytes:
        """A vector of values that are encoded already."""
        items = list(encoded)
        return self.encode("Compact<u32>", len(items)) + b"".join(items)

    def texts(self, values: Iterable[bytes]) -> bytes:
        """A record of byte strings, such as an identity."""
        return b"".join([self.encode("Vec<u8>", value) for value in values])
