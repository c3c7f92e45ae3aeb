"""A market on loopback that answers as told, and keeps a record of what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.lib.answers import Answer, says


@dataclass
class Asked:
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass
class Outside:
    """What was asked, and what will be answered: in order, the last for ever."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def say(self, value: Any) -> None:
        self.answer(says(value))


@contextmanager
def outside() -> Iterator[Outside]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            market.asked.append(Asked(parts.path, dict(parse_qsl(parts.query)), dict(self.headers.items())))
            self.close_connection = True
            answer = market.answers.pop(0) if len(market.answers) > 1 else market.answers[0]
            with suppress(OSError):  # the other side has hung up
                answer(self)

        def log_message(self, *args: Any) -> None:
            """Tests print nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64  # a connection that finds the queue full comes a second later

    server = Server(("127.0.0.1", 0), Handler)
    market = Outside(f"http://127.0.0.1:{server.server_port}")
    server.over = market.over  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield market
    finally:
        market.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
