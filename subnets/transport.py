"""Calls to a chain endpoint: paced, bounded in time, refused politely, and moved to the next endpoint when one fails.

The SDK has no total time-out, rotates endpoints on its own terms and does not pace itself; all three are done here.
Nothing of the SDK gets out: callers see Transient, Permanent, MissingError and TooBigError.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from django.conf import settings

from taoanalytics.jobs.errors import Permanent, ServiceError, Transient

T = TypeVar("T")

_REFUSALS_BORNE = 5
_CLOSING_SECONDS = 5


class MissingError(Exception):
    """The call, storage item or field does not exist at that height."""


class TooBigError(Exception):
    """The node caps its replies below what was asked for."""


@dataclass(frozen=True, slots=True)
class ChainOptions:
    """How to treat endpoints; seconds throughout. `requests_per_second` of 0 sets no pace."""

    requests_per_second: float = 0.0
    concurrency: int = 8
    connect_seconds: float = 15.0
    call_seconds: float = 90.0
    total_seconds: float = 600.0
    longest_wait_seconds: float = 60.0

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            requests_per_second=settings.CHAIN_REQUESTS_PER_SECOND,
            concurrency=settings.CHAIN_CONCURRENCY,
            connect_seconds=settings.CHAIN_CONNECT_SECONDS,
            call_seconds=settings.CHAIN_CALL_SECONDS,
            total_seconds=settings.CHAIN_SNAPSHOT_SECONDS,
            longest_wait_seconds=settings.CHAIN_LONGEST_WAIT_SECONDS,
        )


def host_of(endpoint: str) -> str:
    """What may be shown of an endpoint: scheme, host and port, without credentials, path or query."""
    parts = urlsplit(endpoint)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def sdk() -> Any:
    """The SDK, imported only by those who read the chain, with its caches below our own folder."""
    cache = settings.VAR_DIR / "bittensor"
    os.environ.setdefault("BITTENSOR_RUNTIME_CACHE_DIR", str(cache))
    os.environ.setdefault("BTCLI_TOKEN_SYMBOLS_CACHE", str(cache / "symbols.json"))
    import bittensor

    return bittensor


@dataclass(slots=True)
class Connection:
    """One open socket to one endpoint."""

    client: Any
    endpoint: str
    options: ChainOptions
    notes: list[str]
    genesis_hash: str = ""
    caps_replies: bool = False
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(8))
    next_call_at: float = 0.0

    async def call(self, read: Callable[[], Awaitable[T]]) -> T:
        """The answer to one request; waits its turn, and as long as the node asks if that is bearable."""
        for _ in range(_REFUSALS_BORNE):
            async with self.gate:
                await self._pace()
                try:
                    return await asyncio.wait_for(read(), self.options.call_seconds)
                except TimeoutError:
                    raise Transient(f"no answer within {self.options.call_seconds:g} s") from None
                except sdk().RpcPolicyError as refusal:
                    pause = self.asked_pause(refusal)
                except (ValueError, OSError, sdk().BittensorError) as problem:
                    raise _translated(problem) from problem
            await self.wait_as_told(pause)
        raise _refused_too_often(pause)

    async def optional(self, read: Callable[[], Awaitable[T]]) -> T | None:
        """The answer, or None where the height does not know the question."""
        try:
            return await self.call(read)
        except MissingError:
            return None

    async def _pace(self) -> None:
        if not self.options.requests_per_second:
            return
        now = time.monotonic()
        turn = max(now, self.next_call_at)
        self.next_call_at = turn + 1 / self.options.requests_per_second
        await asyncio.sleep(turn - now)

    async def wait_as_told(self, pause: float) -> None:
        note = f"{host_of(self.endpoint)} refused at its rate limit; waited as told"
        if note not in self.notes:
            self.notes.append(note)
        await asyncio.sleep(pause)

    def asked_pause(self, refusal: Any) -> float:
        """Seconds that the node asks to wait. Raises Transient where it does not say, or asks too much."""
        try:
            pause = float(refusal.retry_after)
        except (TypeError, ValueError):
            raise Transient(f"refused: {_said(refusal)}") from None
        if not 0 <= pause <= self.options.longest_wait_seconds:
            raise Transient(f"refused, and asks to wait {pause:g} s", retry_after=pause)
        return pause


@dataclass(slots=True)
class EndpointPool:
    """Runs whole reads on the first endpoint that delivers. Blocking; use as a context manager.

    A read that fails half-way is done again from its start on the next endpoint, so that no result mixes two nodes.
    """

    endpoints: Sequence[str]
    options: ChainOptions
    notes: list[str] = field(default_factory=list)
    _runner: asyncio.Runner | None = None
    _connection: Connection | None = None
    _capping: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        if not self.endpoints:
            raise Permanent("no chain endpoint is configured (CHAIN_ENDPOINTS)")
        self._runner = asyncio.Runner()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._runner is not None:
            with self._runner:
                self._runner.run(self._disconnect())
            self._runner = None

    def run(self, read: Callable[[Connection], Awaitable[T]]) -> T:
        """The result of `read`. Raises Transient with every endpoint's reason, or a lone endpoint's own error."""
        if self._runner is None:
            raise RuntimeError("an EndpointPool is used inside its with block")
        return self._runner.run(self._on_some_endpoint(read))

    async def _on_some_endpoint(self, read: Callable[[Connection], Awaitable[T]]) -> T:
        first = self.endpoints.index(self._connection.endpoint) if self._connection else 0
        problems: list[tuple[str, ServiceError]] = []
        for endpoint in (*self.endpoints[first:], *self.endpoints[:first]):
            try:
                connection = await self._connect(endpoint)
                return await asyncio.wait_for(read(connection), self.options.total_seconds)
            except TimeoutError:
                problems.append((host_of(endpoint), Transient(f"not done within {self.options.total_seconds:g} s")))
            except ServiceError as problem:
                problems.append((host_of(endpoint), problem))
            await self._disconnect()
            self.notes.append("endpoint given up: {}: {}".format(*problems[-1]))
        raise self._verdict(problems)

    @staticmethod
    def _verdict(problems: list[tuple[str, ServiceError]]) -> ServiceError:
        if len(problems) == 1:
            return problems[0][1]
        said = "; ".join(f"{host}: {problem}" for host, problem in problems)
        if all(isinstance(problem, Permanent) for _, problem in problems):
            return Permanent(said)
        pauses = [p.retry_after for _, p in problems if isinstance(p, Transient) and p.retry_after is not None]
        return Transient(said, retry_after=min(pauses, default=None))

    async def _connect(self, endpoint: str) -> Connection:
        if self._connection and self._connection.endpoint == endpoint:
            return self._connection
        await self._disconnect()
        connection = await self._opened(endpoint)
        client = connection.client
        connection.gate = asyncio.Semaphore(self.options.concurrency)
        self._connection = connection
        newest = await connection.call(client.finalized_block)
        genesis_hash = await connection.call(lambda: client.query(("System", "BlockHash"), [0], block=newest))
        connection.genesis_hash = str(genesis_hash)
        return connection

    async def _opened(self, endpoint: str) -> Connection:
        """A connection on which the SDK has said its first words; a refusal of those is waited out too."""
        for _ in range(_REFUSALS_BORNE):
            # Both lists empty, or the SDK would dial public nodes of its own choice.
            client = sdk().Client(endpoint, fallback_endpoints=[], archive_endpoints=[])
            connection = Connection(client, endpoint, self.options, self.notes, caps_replies=endpoint in self._capping)
            try:
                await asyncio.wait_for(client.connect(), self.options.connect_seconds)
                return connection
            except TimeoutError:
                await _closed(client)
                raise Transient(f"no connection within {self.options.connect_seconds:g} s") from None
            except sdk().RpcPolicyError as refusal:
                await _closed(client)
                pause = connection.asked_pause(refusal)
            except (ValueError, OSError, sdk().BittensorError) as problem:
                await _closed(client)
                raise _translated(problem) from problem
            await connection.wait_as_told(pause)
        raise _refused_too_often(pause)

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if connection.caps_replies:
            self._capping.add(connection.endpoint)
        await _closed(connection.client)


def _refused_too_often(pause: float) -> Transient:
    return Transient(f"refused {_REFUSALS_BORNE} times at its rate limit", retry_after=pause)


async def _closed(client: Any) -> None:
    """Leave no socket behind; what a broken connection says at its end no longer matters."""
    with contextlib.suppress(TimeoutError, OSError, sdk().BittensorError):
        await asyncio.wait_for(client.close(), _CLOSING_SECONDS)


def _translated(problem: BaseException) -> Exception:
    """Our name for what went wrong inside the SDK."""
    said = _said(problem)
    lowered = said.lower()
    if isinstance(problem, ValueError):
        return MissingError(said) if "not found" in lowered else Permanent(f"unreadable reply: {said}")
    if isinstance(problem, sdk().RpcConnectionError | OSError):
        return Transient(f"connection lost or refused: {said}")
    if "too big" in lowered:
        return TooBigError(said)
    if "discarded" in lowered or "no block at height" in lowered:
        return Permanent(said)
    if "is not found" in lowered:
        return MissingError(said)
    return Transient(said)


def _said(problem: BaseException) -> str:
    """The first line of what the node or the SDK said, in bounds."""
    lines = str(problem).strip().splitlines()
    return lines[0][:300] if lines else type(problem).__name__
