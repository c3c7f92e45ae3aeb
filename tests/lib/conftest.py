"""A website on this machine, a resolver that says what it is told to, and a record of every connection."""

import errno
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lib.web import Web, page, website


@pytest.fixture
def web() -> Iterator[Web]:
    with website(**{"robots.txt": page("", status=404), "": page("<p>hello</p>")}) as served:
        yield served


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address that a connection is opened to; those outside of this machine are out of reach."""
    seen: list[tuple[str, int]] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        seen.append(address[:2])
        if not address[0].startswith("127."):
            raise OSError(errno.ENETUNREACH, "out of reach")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return seen


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """{name: the resolver's answers, one a question, the last for ever}. No DNS server can be had on loopback."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in known:
            return real(host, port, *args, **kwargs)
        answers = known[host]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in each], socket.SOCK_STREAM, 6, "", (each, port or 0)) for each in answer]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known
