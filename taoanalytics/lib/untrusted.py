"""Pages at addresses that strangers chose: fetched only from the open internet, bounded, and politely.

No address is connected to that is not public, however it is spelled, named or redirected to: the address is judged as
text, each answer of the resolver is judged before it is used, and the number that is connected to is judged once more.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from socket import socket
from threading import Event
from typing import Any
from urllib.parse import urljoin

from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError as Urllib3Error

from taoanalytics.lib.addresses import Refused, Target, is_public, target_of
from taoanalytics.lib.deadline import Deadline
from taoanalytics.lib.http import heals, phrase_of, retry_after_of, what_broke
from taoanalytics.lib.politeness import Pace, Robots, Rules

__all__ = ["ROBOT", "Fetcher", "Limits", "Page", "Refused", "Unreachable"]

ROBOT = "tao-analytics"
MOST_REDIRECTS = 3
_PIECE = 65_536
_PACKED = {"", "identity", "gzip", "x-gzip", "deflate"}
_BROKEN = (OSError, HTTPException, Urllib3Error, ValueError)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of each exchange: `total_seconds` from the first packet to the last byte; the size counts unpacked bytes."""

    connect_seconds: float = 5.0
    total_seconds: float = 15.0
    largest_bytes: int = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of status 200; `content_type` as the server said it, with its charset."""

    address: str
    final_address: str
    status: int
    content_type: str
    body: bytes


class Unreachable(Exception):
    """Allowed, but nothing usable came. `heals`: later it may; `retry_after`: seconds that the host asked for."""

    def __init__(
        self, reason: str, *, heals: bool, retry_after: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.heals, self.retry_after, self.status = reason, heals, retry_after, status


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """Fetches pages one at a time or from several threads; remembers each host's robots.txt, pace and requests to wait.

    `allowed`: "host:port" that may be private, for intranets. `contact`: for those whose pages are read.
    `clock` gives seconds that only grow, `pause` waits for some.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        allowed: Collection[str] = (),
        seconds_between: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._agent = f"{ROBOT} ({' '.join(contact.split())})" if contact.isascii() and contact.strip() else ROBOT
        self._allowed = frozenset(allowed)
        self._stopped = Event()
        self._pace = Pace(seconds_between, clock, pause or self._stopped.wait)
        self._robots = Robots(ROBOT, self._rules_of)

    def get(self, url: str, *, types: Collection[str], limits: Limits | None = None, robots: bool = True) -> Page:
        """The page at `url` if its media type is one of `types`. Raises Refused or Unreachable.

        `robots=False` is for the documented interface of a service, which is made for programs.
        """
        limits = limits or Limits()
        target = target_of(url, self._allowed)
        visited = set()
        for _ in range(MOST_REDIRECTS + 1):
            visited.add(target.url)
            if robots:
                self._robots.refuse(target)
            answer = self._answer_of(target, types, limits)
            if answer.status == HTTPStatus.OK:
                return Page(url, target.url, answer.status, answer.headers.get("content-type", ""), answer.body)
            target = self._next(target, answer)
            if target.url in visited:
                raise Refused(f"{target.host} redirects in a circle")
        raise Refused(f"redirects more than {MOST_REDIRECTS} times")

    def stop(self) -> None:
        """From any thread: ends every wait, and every request that has not begun is Unreachable."""
        self._stopped.set()

    def _next(self, here: Target, answer: _Answer) -> Target:
        if not 300 <= answer.status < 400:
            raise _failure(here, answer)
        location = answer.headers.get("location", "")
        if not location:
            raise Unreachable(f"{here.host} redirects without saying where", heals=False, status=answer.status)
        try:
            there = target_of(urljoin(here.url, location), self._allowed)
        except (Refused, ValueError) as problem:
            reason = problem.reason if isinstance(problem, Refused) else "the address is malformed"
            raise Refused(f"{here.host} redirects elsewhere: {reason}") from None
        if here.scheme == "https" and there.scheme == "http":
            raise Refused(f"{here.host} redirects from https to plain http")
        return there

    def _rules_of(self, target: Target) -> Rules:
        """Its robots.txt. RFC 9309: none there, no rules; out of order, no visits."""
        limits, address = Limits(largest_bytes=500 * 1024), f"{target.origin}/robots.txt"
        try:
            return Rules(text=self.get(address, types=(), limits=limits, robots=False).body.decode("utf-8", "replace"))
        except Unreachable as problem:
            if problem.status and 400 <= problem.status < 500 and not problem.heals:
                return Rules()
            return Rules(problem=_about_robots(problem) if problem.status else problem)
        except Refused as problem:
            return Rules(problem=Refused(f"robots.txt: {problem.reason}"))

    def _answer_of(self, target: Target, types: Collection[str], limits: Limits) -> _Answer:
        if wait := self._pace.rest_of(target.origin):
            raise Unreachable(f"{target.host} asked to wait", heals=True, retry_after=wait)
        self._pace.take_turn(target.origin)
        if self._stopped.is_set():
            raise Unreachable(f"{target.host} was not asked any more", heals=True)
        answer = _exchange(target, {"User-Agent": self._agent, "Accept": ", ".join(types) or "*/*"}, types, limits)
        if answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            self._pace.rest(target.origin, retry_after_of(answer.headers) or 0.0)
        return answer


def _about_robots(problem: Unreachable) -> Unreachable:
    return Unreachable(f"robots.txt: {problem.reason}", heals=problem.heals, retry_after=problem.retry_after)


def _failure(target: Target, answer: _Answer) -> Unreachable:
    return Unreachable(
        f"{target.host} answered {answer.status} ({phrase_of(answer.status)})",
        heals=heals(answer.status),
        retry_after=retry_after_of(answer.headers),
        status=answer.status,
    )


def _exchange(target: Target, headers: Mapping[str, str], types: Collection[str], limits: Limits) -> _Answer:
    """One request, no redirect followed. The body of anything but a status 200 is left unread."""
    with Deadline(limits.total_seconds) as deadline, _session(target, deadline) as session:
        try:
            response = session.get(
                target.url,
                headers={"Accept-Encoding": "gzip", **headers},
                timeout=(limits.connect_seconds, limits.total_seconds),
                stream=True,
                allow_redirects=False,
            )
            found = {name.lower(): value for name, value in response.headers.items()}
            body = b""
            if response.status_code == HTTPStatus.OK and not deadline.passed:
                _refuse_other_types(target.host, found, types)
                body = _read(response.raw, target.host, limits.largest_bytes)
            if deadline.passed:
                raise TimeoutError
            return _Answer(response.status_code, found, body)
        except (AntiSSRFError, _NotPublic):
            raise Refused(f"{target.host} leads to an address that is not public") from None
        except _BROKEN as problem:
            late = f"was not done within {limits.total_seconds:g} s"
            raise Unreachable(f"{target.host} {late if deadline.passed else what_broke(problem)}", heals=True) from None


def _refuse_other_types(host: str, headers: Mapping[str, str], types: Collection[str]) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if types and kind not in types:
        raise Refused(f"{host} sent {kind[:60]!r}" if kind else f"{host} does not say what it sent")
    if headers.get("content-encoding", "").strip().lower() not in _PACKED:
        raise Refused(f"{host} packs its pages in a way that was not asked for")


def _read(raw: Any, host: str, largest: int) -> bytes:
    body = bytearray()
    while piece := raw.read1(_PIECE, decode_content=True):
        body += piece
        if len(body) > largest:
            raise Refused(f"{host} sent more than {largest:,} bytes")
    return bytes(body)


# -- the connection ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Watch:
    """What a new connection has to know of the exchange that it is made for."""

    target: Target
    deadline: Deadline


_current: ContextVar[_Watch] = ContextVar("current exchange")


class _NotPublic(Exception):
    pass


class _Watched(HTTPConnection):
    def _new_conn(self) -> socket:
        watch = _current.get()
        if not (watch.target.exempt or is_public(self.host)):
            raise _NotPublic
        connected = super()._new_conn()
        watch.deadline.watch(connected)
        return connected


class _WatchedSecurely(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _WatchedSecurely


def _nowhere(response: Any) -> None:
    """A `get_redirect_target`: where to go next is not for requests to say."""


@contextmanager
def _session(target: Target, deadline: Deadline) -> Iterator[Any]:
    """For one exchange: no cookies, proxies or .netrc, and a resolver's answer that is judged before it is used."""
    policy = AntiSSRFPolicy(PolicyConfigOptions.NONE if target.exempt else PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    policy.allow_plain_text_http = True
    policy.add_xff_header = False
    session = policy.get_antissrf_session()  # type: ignore[no-untyped-call]
    session.trust_env = False
    session.get_redirect_target = _nowhere  # or requests reads the body of a redirect to its end, however far that is
    for adapter in session.adapters.values():
        adapter.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    token = _current.set(_Watch(target, deadline))
    try:
        with session:
            yield session
    finally:
        _current.reset(token)
