"""Websites on loopback: a page for each path, as told, and a record of who asked for what."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from taoanalytics.lib.untrusted import Fetcher, Limits, Refused, Unreachable
from tests.lib.answers import Answer, says

HTML = "text/html; charset=utf-8"
TYPES = ("text/html", "text/plain")
SHORT = Limits(connect_seconds=2.0, total_seconds=0.4, largest_bytes=100_000)


def page(text: str | bytes, *, status: int = 200, kind: str = HTML, packed: bool = False, **headers: str) -> Answer:
    return says(text=text, status=status, kind=kind, packed=packed, **headers)


def leads_to(location: str, status: int = 302) -> Answer:
    return says(text="", status=status, kind=HTML, Location=location)


@dataclass
class Web:
    """`pages` by path; any other path is 404. Every name that leads here is one website."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"


@contextmanager
def website(**pages: Answer) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            web.asked.append(path)
            web.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.close_connection = True
            answer = web.pages.get(path) or page("not here", status=404)
            with suppress(OSError):  # the other side has hung up
                answer(self)

        def log_message(self, *args: Any) -> None:
            """Tests print nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Nor when the other side hangs up."""

    server = Server(("127.0.0.1", 0), Handler)
    web = Web(server.server_port, {f"/{path}": answer for path, answer in pages.items()})
    server.over = web.over  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def fetcher(*webs: Web, **options: Any) -> Fetcher:
    return Fetcher(**{"allowed": [each.address for each in webs], "seconds_between": 0.0} | options)


def refusal(fetching: Fetcher, url: str, limits: Limits | None = None) -> str:
    with pytest.raises(Refused) as refused:
        fetching.get(url, types=TYPES, limits=limits)
    return refused.value.reason


def failure(fetching: Fetcher, url: str, limits: Limits | None = None) -> Unreachable:
    with pytest.raises(Unreachable) as failed:
        fetching.get(url, types=TYPES, limits=limits)
    return failed.value
