"""One GET of JSON from an outside service: bounded in time, size and place, and never followed elsewhere.

One try: who repeats a call, and when, is decided where calls are counted. No proxies, cookies or .netrc of the machine.
Keys belong in headers; the errors here name host and status, never an address, a header or a parameter.
"""

import json
import math
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.exceptions import IncompleteRead
from urllib3.response import BaseHTTPResponse
from urllib3.util.ssl_match_hostname import CertificateError

from taoanalytics.lib import clock
from taoanalytics.lib.deadline import Deadline

LONGEST_RETRY_AFTER_SECONDS = 3600.0
_PIECE = 65_536
_HEALING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_BROKEN = (OSError, HTTPException, Urllib3Error)


@dataclass(frozen=True, slots=True)
class Limits:
    """`total_seconds` covers the whole exchange, however slowly its bytes drip; the size counts unpacked bytes."""

    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    largest_bytes: int = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of status 200 that is JSON: its text as received, and what it says."""

    text: str
    value: Any
    received_at: datetime


class HttpError(Exception):
    """No usable reply. `heals`: later it may be one. `value`: what the body says, if it is JSON; seconds to wait."""

    def __init__(
        self,
        message: str,
        *,
        heals: bool,
        status: int | None = None,
        value: Any = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.heals, self.status, self.value, self.retry_after = heals, status, value, retry_after


def get_json(
    url: str,
    *,
    parameters: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Reply:
    """The JSON at `url`. Raises HttpError for everything else, a redirect included."""
    parts = _address(url)
    target = (parts.path or "/") + (f"?{urlencode(parameters)}" if parameters else "")
    status, reply_headers, body = _exchange(parts, target, headers or {}, limits or Limits())
    host = _host(parts)
    if status != HTTPStatus.OK:
        raise _refusal(host, status, reply_headers, body)
    try:
        _refuse_other_types(reply_headers.get("content-type", ""), body)
        text = body.decode("utf-8-sig")
        return Reply(text, parse_json(text), clock.now())
    except UnicodeDecodeError:
        raise HttpError(f"{host} sent text that is not UTF-8", heals=True, status=status) from None
    except ValueError as problem:
        raise HttpError(f"{host} sent {problem}", heals=True, status=status) from None


def parse_json(text: str) -> Any:
    """What the text says. Raises ValueError. NaN and Infinity come out as such: judge them where numbers are read."""
    if not text.strip():
        raise ValueError("an empty reply")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("broken or truncated JSON") from None


def is_loopback(host: str | None) -> bool:
    """Whether a name or address cannot but mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _address(url: str) -> SplitResult:
    """Raises HttpError unless it is https, or http to this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise HttpError("the address of a service is malformed", heals=False) from None
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise HttpError("the address of a service is not an https:// address", heals=False)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise HttpError(f"{_host(parts)} is not asked over plain http; its address must be https://", heals=False)
    return parts


def _host(parts: SplitResult) -> str:
    return f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"


def _exchange(
    parts: SplitResult, target: str, headers: Mapping[str, str], limits: Limits
) -> tuple[int, Mapping[str, str], bytes]:
    """(status, headers in lower case, unpacked body)"""
    host = _host(parts)
    connection = _connection(parts, limits)
    with Deadline(limits.total_seconds) as deadline:
        try:
            connection.connect()
            deadline.watch(connection.sock)
            connection.timeout = limits.total_seconds
            sent = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "tao-analytics", **headers}
            connection.request("GET", target, headers=sent, preload_content=False)
            response = connection.getresponse()
            body = _read(response, host, limits.largest_bytes)
            if deadline.passed:
                raise TimeoutError
            return response.status, {name.lower(): value for name, value in response.headers.items()}, body
        except _BROKEN as problem:
            said = f"was not done within {limits.total_seconds:g} s" if deadline.passed else what_broke(problem)
            raise HttpError(f"{host} {said}", heals=True) from None
        except ValueError:
            # http.client quotes a header that it cannot send, and a key may be in it.
            raise HttpError(f"{host} was not asked: a header or parameter cannot be sent", heals=False) from None
        finally:
            connection.close()


def _connection(parts: SplitResult, limits: Limits) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=limits.connect_seconds, ssl_context=trust())
    return HTTPConnection(host, parts.port, timeout=limits.connect_seconds)


@cache
def trust() -> ssl.SSLContext:
    """The machine's certificates and the usual public ones, which some machines lack."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _read(response: BaseHTTPResponse, host: str, largest: int) -> bytes:
    body = bytearray()
    for piece in response.stream(_PIECE, decode_content=True):
        body += piece
        if len(body) > largest:
            raise HttpError(f"{host} sent more than {largest:,} bytes", heals=False)
    return bytes(body)


def what_broke(problem: Exception) -> str:
    """In our words, since those of the libraries may hold addresses."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"has a certificate that is not trusted: {cause.verify_message}"
        if isinstance(cause, CertificateError):
            return "has a certificate that is not trusted: it is for another name"
        if isinstance(cause, socket.gaierror):
            return "has an unknown name"
        if isinstance(cause, TimeoutError):
            return "did not answer in time"
        if isinstance(cause, IncompleteRead):
            return "sent a reply that was cut short"
        if isinstance(cause, OSError) and cause.strerror:
            return f"could not be reached: {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return f"could not be read: {type(problem).__name__}"


def phrase_of(status: int) -> str:
    """What a status stands for, in the words of HTTP."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def heals(status: int) -> bool:
    """Whether the same question may be answered later."""
    return status >= 500 or status in _HEALING


def _refusal(host: str, status: int, headers: Mapping[str, str], body: bytes) -> HttpError:
    try:
        value = parse_json(body.decode("utf-8-sig"))
    except ValueError:
        value = None
    if 300 <= status < 400:
        return HttpError(f"{host} redirects ({status}); redirects are not followed", heals=False, status=status)
    return HttpError(
        f"{host} answered {status} ({phrase_of(status)})",
        heals=status < 300 or heals(status),
        status=status,
        value=value,
        retry_after=retry_after_of(headers),
    )


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to wait, in bounds; None where it does not say so in a way one can read."""
    asked = headers.get("retry-after", "").strip()
    seconds = math.nan
    with suppress(ValueError):
        seconds = float(asked)
    if math.isnan(seconds):
        renewal = _moment(asked) or _moment(headers.get("x-ratelimit-reset", "").strip())
        if renewal is None:
            return None
        seconds = (renewal - clock.now()).total_seconds()
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER_SECONDS)


def _moment(text: str) -> datetime | None:
    """A time as HTTP writes it, or as `2026-03-09 03:28:00 +0000`."""
    for read in (parsedate_to_datetime, lambda value: datetime.strptime(value, "%Y-%m-%d %H:%M:%S %z")):
        with suppress(ValueError, TypeError, IndexError):
            moment: datetime = read(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _refuse_other_types(content_type: str, body: bytes) -> None:
    """A maintenance or challenge page comes with status 200 too. Raises ValueError."""
    kind = content_type.partition(";")[0].strip().lower()
    if body.lstrip()[:1] == b"<" or "html" in kind:
        raise ValueError("HTML in place of JSON")
    if kind and "json" not in kind and body.strip():
        raise ValueError(f"{kind!r:.60} in place of JSON")
