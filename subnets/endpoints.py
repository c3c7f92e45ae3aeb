"""How the chain's endpoints are: does each answer, how fast, and where does it stand?"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from django.conf import settings

from subnets.transport import ChainOptions, Connection, EndpointPool, host_of
from taoanalytics.jobs.errors import ServiceError

MOST_AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Probe:
    """How an endpoint answers. Seconds; an empty `error` means that it does."""

    endpoint: str
    error: str = ""
    connect_seconds: float = 0.0
    latency_seconds: float = 0.0
    head: int = 0
    finality_lag: int = 0
    spec_version: int = 0
    genesis_hash: str = ""


def configured() -> list[str]:
    """The live and the archive endpoints of the settings, each once."""
    return list(dict.fromkeys((*settings.CHAIN_ENDPOINTS, *settings.CHAIN_ARCHIVE_ENDPOINTS)))


def probe_endpoint(endpoint: str, *, seconds: float) -> Probe:
    """Connect, ask for head, finalized head and spec version, and time it. Never raises: a failure is an answer.

    `seconds`: the most for each step: to connect, for each call, and for what is asked together.
    """

    async def read(at: Connection) -> Probe:
        connected = time.perf_counter()
        finalized = await at.call(at.client.finalized_block)
        latency = time.perf_counter() - connected
        head, spec = await asyncio.gather(at.call(at.client.block), at.call(at.client.spec_version))
        return Probe(
            endpoint=host_of(endpoint),
            connect_seconds=connected - started,
            latency_seconds=latency,
            head=head,
            finality_lag=head - finalized,
            spec_version=spec,
            genesis_hash=at.genesis_hash,
        )

    options = replace(
        ChainOptions.from_settings(),
        requests_per_second=0,
        connect_seconds=seconds,
        call_seconds=seconds,
        total_seconds=seconds,
    )
    started = time.perf_counter()
    try:
        with EndpointPool([endpoint], options) as pool:
            return pool.run(read)
    except ServiceError as problem:
        return Probe(endpoint=host_of(endpoint), error=str(problem))


def probe_endpoints(endpoints: Sequence[str], *, seconds: float) -> list[Probe]:
    """Each of them, at the same time, so that the silent ones cost their time once."""
    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE) as pool:
        return list(pool.map(lambda endpoint: probe_endpoint(endpoint, seconds=seconds), endpoints))
