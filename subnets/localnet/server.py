"""The node's JSON-RPC face over a websocket on loopback, with the faults real nodes show."""

import asyncio
import contextlib
import itertools
import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import websockets.asyncio.server
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from subnets.localnet import eras
from subnets.localnet.faults import NO_FAULTS, Faults
from subnets.localnet.runtime import Runtime
from subnets.localnet.world import World

logger = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "::1", "localhost")
CHAIN_NAME = "Simulated network"
FINALITY = 3  # blocks between the head and the newest finalized block
LOGGED_CALLS = 100_000
LARGEST_REQUEST = 2**26  # bytes
CLOSING_SECONDS = 1.0  # for a client that does not answer the goodbye
FIRST_PARAMETER_SHOWN = 80  # characters
ZERO = "0x" + "00" * 32
NOT_FOUND, INTERNAL, TOO_BIG, RATE_LIMITED, CLIENT_ERROR = -32_601, -32_603, -32_008, -32_004, 4_003
SUBSCRIPTIONS = {"chain_subscribeNewHeads": False, "chain_subscribeFinalizedHeads": True}  # -> only finalized heads
UNSUBSCRIPTIONS = ("chain_unsubscribeNewHeads", "chain_unsubscribeFinalizedHeads")


class Call(NamedTuple):
    """One answered request: its method, its first parameter (cut short) and the size of the answer in bytes."""

    method: str
    parameter: str
    size: int


class RpcError(Exception):
    """An error the node answers with."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.body = {"code": code, "message": message} | ({} if data is None else {"data": data})


class Subscriber(NamedTuple):
    """A socket that hears of new heads."""

    socket: ServerConnection
    finalized: bool


@dataclass(slots=True)
class Peer:
    """One socket, and how many requests on it were answered."""

    socket: ServerConnection
    answered: int = 0
    dropped: bool = False


def to_hex(value: bytes | None) -> str | None:
    """Hex with 0x; None stays None."""
    return None if value is None else "0x" + value.hex()


def from_hex(value: str) -> bytes:
    """Bytes of hex with or without 0x: clients send both."""
    return bytes.fromhex(value.removeprefix("0x"))


class Node:
    """A node of a world. `faults` may be replaced while it runs; `calls` logs what it answered."""

    def __init__(self, world: World | None = None, faults: Faults = NO_FAULTS) -> None:
        self.world = world or World()
        self.faults = faults
        self.runtime = Runtime(self.world)
        self.calls: deque[Call] = deque(maxlen=LOGGED_CALLS)
        self._answered_at: deque[float] = deque()
        self._subscribers: dict[str, Subscriber] = {}
        self._subscription_ids = map(str, itertools.count(1))
        self._has_dropped = False
        self._told = self.world.head
        self._methods: dict[str, Callable[..., Any]] = {
            "system_chain": lambda: CHAIN_NAME,
            "system_properties": lambda: {"ss58Format": 42, "tokenDecimals": 9, "tokenSymbol": "TAO"},
            "system_health": lambda: {"peers": 1, "isSyncing": False, "shouldHavePeers": False},
            "chain_getHead": lambda: self._hash(self.world.head),
            "chain_getFinalizedHead": lambda: self._hash(self.world.head - FINALITY),
            "chain_getBlockHash": self._block_hash,
            "chain_getHeader": lambda at=None: self._header(self._height(at)),
            "chain_getBlock": self._block,
            "state_getRuntimeVersion": self._runtime_version,
            "state_call": self._call,
            "state_getStorage": self._storage,
            "state_getStorageAt": self._storage,
            "state_getKeysPaged": self._keys,
            "state_queryStorageAt": self._storage_batch,
        }

    # -- methods ----------------------------------------------------------------------------------

    def _hash(self, number: int) -> str:
        return "0x" + self.world.block_hash(number).hex()

    def _height(self, block_hash: str | None) -> int:
        if block_hash is None:
            return self.world.head
        number = self.world.height_of(from_hex(block_hash))
        if number is None:
            raise RpcError(
                CLIENT_ERROR, f"Client error: UnknownBlock: Header was not found in the database: {block_hash}"
            )
        return number

    def _state_height(self, block_hash: str | None) -> int:
        number, keep = self._height(block_hash), self.faults.keep
        if keep is not None and number < self.world.head - keep:
            raise RpcError(CLIENT_ERROR, f"Client error: UnknownBlock: State already discarded for {block_hash}")
        return number

    def _header(self, number: int) -> dict[str, Any]:
        parent = self._hash(number - 1) if number else ZERO
        roots = {"stateRoot": ZERO, "extrinsicsRoot": ZERO}
        return {"parentHash": parent, "number": hex(number), "digest": {"logs": []}} | roots

    def _block_hash(self, number: int | None = None) -> str | None:
        wanted = self.world.head if number is None else number
        return self._hash(wanted) if wanted <= self.world.head else None

    def _block(self, block_hash: str | None = None) -> dict[str, Any]:
        header = self._header(self._height(block_hash))
        return {"block": {"header": header, "extrinsics": []}, "justifications": None}

    def _runtime_version(self, block_hash: str | None = None) -> dict[str, Any]:
        names = {"specName": "node-subtensor", "implName": "node-subtensor", "apis": []}
        versions = {"authoringVersion": 1, "implVersion": 1, "transactionVersion": 1, "stateVersion": 1}
        return names | versions | {"specVersion": eras.era_at(self._state_height(block_hash)).spec}

    def _call(self, name: str, arguments: str, block_hash: str | None = None) -> str | None:
        block = self._state_height(block_hash)
        try:
            return to_hex(self.runtime.call(name, from_hex(arguments), block))
        except LookupError:
            message = f"Client error: Execution failed: Exported method {name} is not found"
            raise RpcError(CLIENT_ERROR, message) from None

    def _storage(self, key: str, block_hash: str | None = None) -> str | None:
        return to_hex(self.runtime.storage.read(from_hex(key), self._state_height(block_hash)))

    def _keys(self, prefix: str, count: int, start: str | None = None, block_hash: str | None = None) -> list[str]:
        block = self._state_height(block_hash)
        keys = self.runtime.storage.keys(from_hex(prefix), count, from_hex(start or "0x"), block)
        return ["0x" + key.hex() for key in keys]

    def _storage_batch(self, keys: list[str], block_hash: str | None = None) -> list[dict[str, Any]]:
        block = self._state_height(block_hash)
        changes = [[key, to_hex(self.runtime.storage.read(from_hex(key), block))] for key in keys]
        return [{"block": self._hash(block), "changes": changes}]

    # -- answers ----------------------------------------------------------------------------------

    def answer(self, request: dict[str, Any]) -> str:
        """The JSON-RPC reply to one request, and an entry in `calls`."""
        method, params = request["method"], request.get("params") or []
        reply: dict[str, Any] = {"jsonrpc": "2.0", "id": request["id"]}
        try:
            self._limit_rate()
            if method not in self._methods:
                raise RpcError(NOT_FOUND, "Method not found")
            reply["result"] = self._methods[method](*params)
        except RpcError as error:
            reply["error"] = error.body
        except Exception:  # as a real node: one request that it cannot answer costs no other its answer
            logger.exception("%s failed", method)
            reply["error"] = RpcError(INTERNAL, f"Internal error in {method}").body
        body = json.dumps(reply)
        cap = self.faults.max_response
        if len(body) > cap:
            error_body = RpcError(TOO_BIG, "Response is too big", f"Exceeded max limit of {cap}").body
            body = json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": error_body})
        self.calls.append(Call(method, str(params[0])[:FIRST_PARAMETER_SHOWN] if params else "", len(body)))
        return body

    def _limit_rate(self) -> None:
        limit = self.faults.per_second
        if limit is None:
            return
        now = time.monotonic()
        while self._answered_at and self._answered_at[0] <= now - 1:
            self._answered_at.popleft()
        if len(self._answered_at) >= limit:
            wait = {"retry_after": self.faults.retry_after}
            raise RpcError(RATE_LIMITED, "storage work rate limit exceeded", wait)
        self._answered_at.append(now)

    # -- sockets ----------------------------------------------------------------------------------

    async def connection(self, socket: ServerConnection) -> None:
        """Serve one socket; requests on it overlap, as on a real node."""
        peer = Peer(socket)
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.TaskGroup() as tasks:
                with contextlib.suppress(ConnectionClosed):
                    async for message in socket:
                        if not self.faults.silent:
                            tasks.create_task(self._reply(peer, json.loads(message)))

    async def _reply(self, peer: Peer, request: Any) -> None:
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if peer.dropped:
            return
        if self._dead():
            peer.dropped = True
            peer.socket.transport.abort()
            return
        if isinstance(request, list):
            body = "[" + ",".join([self.answer(one) for one in request]) + "]"
        else:
            body = self._subscription(peer.socket, request) or self.answer(request)
        with contextlib.suppress(ConnectionClosed):
            await peer.socket.send(body)
        peer.answered += 1
        self._maybe_drop(peer)

    def _dead(self) -> bool:
        last = self.faults.dies_after
        return last is not None and len(self.calls) >= last

    def _maybe_drop(self, peer: Peer) -> None:
        limit = self.faults.drop_after
        if limit is None or peer.answered < limit or (self._has_dropped and self.faults.drop_once):
            return
        self._has_dropped = peer.dropped = True
        peer.socket.transport.abort()

    def _subscription(self, socket: ServerConnection, request: dict[str, Any]) -> str | None:
        method = request["method"]
        if method in SUBSCRIPTIONS:
            result: str | bool = next(self._subscription_ids)
            self._subscribers[str(result)] = Subscriber(socket, SUBSCRIPTIONS[method])
        elif method in UNSUBSCRIPTIONS:
            result = self._subscribers.pop(request["params"][0], None) is not None
        else:
            return None
        return json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result})

    # -- new blocks -------------------------------------------------------------------------------

    async def advance(self, blocks: int = 1) -> None:
        """Make blocks on top of the head and tell the subscribers."""
        self.world.advance(blocks)
        await self.tell()

    async def tell(self) -> None:
        """Tell the subscribers of every head since the last time."""
        head = self.world.head
        for number in range(self._told + 1, head + 1):
            for name, subscriber in list(self._subscribers.items()):
                header = self._header(number - (FINALITY if subscriber.finalized else 0))
                note = {"subscription": name, "result": header}
                try:
                    await subscriber.socket.send(
                        json.dumps({"jsonrpc": "2.0", "method": "chain_newHead", "params": note})
                    )
                except ConnectionClosed:
                    self._subscribers.pop(name, None)
        self._told = head


@contextlib.asynccontextmanager
async def serve(node: Node, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve a node and give its ws:// URL. Port 0 picks one. OSError: the port is taken; ValueError: not loopback."""
    if host not in LOOPBACK:
        raise ValueError(f"the simulated node listens on loopback only, not on {host}")
    server = websockets.asyncio.server.serve(
        node.connection, host, port, max_size=LARGEST_REQUEST, compression=None, close_timeout=CLOSING_SECONDS
    )
    async with server as listening:
        bound = next(iter(listening.sockets)).getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        yield f"ws://{shown}:{bound}"
