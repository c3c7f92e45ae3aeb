"""The runtime of a world: which calls and storage a height has, and their answers in the chain's encoding."""

from subnets.localnet import eras
from subnets.localnet.calls import APIS, Calls
from subnets.localnet.records import Records
from subnets.localnet.registry import Registry, metadata
from subnets.localnet.storage import Storage
from subnets.localnet.world import World

NOTHING = b"\x00"  # an empty option
METADATA_V15 = (15).to_bytes(4, "little")


class Runtime:
    """Answers `state_call` and storage reads."""

    def __init__(self, world: World) -> None:
        self.registry = Registry()
        self.calls = Calls(world, Records(world, self.registry))
        self.storage = Storage(world, self.registry)

    def call(self, name: str, arguments: bytes, block: int) -> bytes:
        """The encoded answer of a call named `Api_method`. LookupError: that height has no such call."""
        api, _, method = name.partition("_")
        if name == "Metadata_metadata_at_version":
            return self._metadata(block) if arguments[:4] == METADATA_V15 else NOTHING
        if method not in APIS.get(api, ()) or not eras.has(f"{api}.{method}", block):
            raise LookupError(name)
        answer = getattr(self.calls, method)
        try:
            value = answer(block, *self.registry.arguments(api, method, arguments))
        except KeyError:
            return NOTHING
        return value if isinstance(value, bytes) else self.registry.encode_answer(api, method, value)

    def _metadata(self, block: int) -> bytes:
        return b"\x01" + self.registry.encode("Vec<u8>", metadata(eras.era_at(block)))
