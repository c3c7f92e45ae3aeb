"""How a server on loopback may answer: as told, and in every way that servers misbehave."""

import gzip
import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

DRIP_SECONDS = 0.02  # between two bytes: sooner than any socket's time-out
JSON = "application/json; charset=utf-8"

Answer = Callable[[BaseHTTPRequestHandler], None]


def says(
    value: Any = None,
    *,
    status: int = 200,
    text: str | bytes | None = None,
    kind: str = JSON,
    packed: bool = False,
    **headers: str,
) -> Answer:
    """An ordinary answer: `value` as JSON, or `text` as it is. `retry_after="3"` becomes a header."""
    body = json.dumps(value).encode() if text is None else text if isinstance(text, bytes) else text.encode()

    def answer(to: BaseHTTPRequestHandler) -> None:
        sent = gzip.compress(body) if packed else body
        to.send_response(status)
        if kind:
            to.send_header("Content-Type", kind)
        if packed:
            to.send_header("Content-Encoding", "gzip")
        to.send_header("Content-Length", str(len(sent)))
        for name, text_ in headers.items():
            to.send_header(name.replace("_", "-"), text_)
        to.end_headers()
        to.wfile.write(sent)

    return answer


def breaks_off(value: Any) -> Answer:
    """Announces the whole, sends half and hangs up."""
    body = json.dumps(value).encode()

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", JSON)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body[: len(body) // 2])

    return answer


def hangs_up(to: BaseHTTPRequestHandler) -> None:
    to.connection.shutdown(socket.SHUT_RDWR)


def drips_its_body(to: BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.send_header("Content-Type", JSON)
    to.send_header("Content-Length", "1000000")
    to.end_headers()
    _drip(to, b" ")


def drips_its_headers(to: BaseHTTPRequestHandler) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(to, b"x")


def says_nothing(to: BaseHTTPRequestHandler) -> None:
    _drip(to, b"")


def _drip(to: BaseHTTPRequestHandler, byte: bytes) -> None:
    """Until the other side has had enough, or the test is over."""
    over: threading.Event = to.server.over  # type: ignore[attr-defined]
    while not over.wait(DRIP_SECONDS):
        to.wfile.write(byte)
        to.wfile.flush()
        to.connection.setblocking(False)
        try:
            if to.connection.recv(1) == b"":
                return
        except BlockingIOError:
            pass
        finally:
            to.connection.setblocking(True)
