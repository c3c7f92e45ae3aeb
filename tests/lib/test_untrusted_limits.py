"""A page is fetched within bounds of time, size and kind, and over encryption that somebody vouches for."""

import gzip
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from time import monotonic
from typing import Any

import pytest

from taoanalytics.lib.untrusted import Fetcher, Limits, Refused, Unreachable
from tests.lib.answers import breaks_off, drips_its_body, drips_its_headers, hangs_up
from tests.lib.secure import CERTIFICATE, safe_server
from tests.lib.web import HTML, SHORT, TYPES, Web, failure, fetcher, page, refusal


def drips(to: BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.send_header("Content-Type", HTML)
    to.end_headers()
    while not to.server.over.wait(0.02):  # type: ignore[attr-defined]
        to.wfile.write(b"x")


def never_ends(to: BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.send_header("Content-Type", HTML)
    to.end_headers()
    while not to.server.over.is_set():  # type: ignore[attr-defined]
        to.wfile.write(b"x" * 65_536)


def sends_a_huge_header(to: BaseHTTPRequestHandler) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"x" * 1_000_000 + b"\r\n\r\n")


def sends_headers_without_end(to: BaseHTTPRequestHandler) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 100_000 + b"\r\n")


def speaks_no_http(to: BaseHTTPRequestHandler) -> None:
    to.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


def announces(encoding: str, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", HTML)
        to.send_header("Content-Encoding", encoding)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    return answer


@pytest.mark.parametrize("dripping", [drips, drips_its_headers])
def test_a_dripping_server_is_left_when_the_time_is_over(dripping: Any, web: Web) -> None:
    web.pages["/"] = dripping
    began = monotonic()
    problem = failure(fetcher(web), web.url, SHORT)
    assert monotonic() - began < 30
    assert problem.heals
    assert "not done within 0.4 s" in problem.reason


def test_a_body_without_end_is_left_at_the_size_that_is_allowed(web: Web) -> None:
    web.pages["/"] = never_ends
    assert "more than 100,000 bytes" in refusal(fetcher(web), web.url, Limits(largest_bytes=100_000))


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(web: Web) -> None:
    web.pages["/"] = announces("gzip", gzip.compress(b"\0" * 50_000_000))
    assert "more than 100,000 bytes" in refusal(fetcher(web), web.url, Limits(largest_bytes=100_000))


def test_what_is_packed_twice_or_otherwise_is_refused(web: Web) -> None:
    for encoding in ("br", "zstd", "gzip, gzip", "nonsense"):
        web.pages["/"] = announces(encoding, b"xxxx")
        assert "packs its pages" in refusal(fetcher(web), web.url)


def test_a_packed_page_is_unpacked(web: Web) -> None:
    web.pages["/"] = page("<p>hello</p>" * 10_000, packed=True)
    assert fetcher(web).get(web.url, types=TYPES).body == b"<p>hello</p>" * 10_000


@pytest.mark.parametrize(
    "answer",
    [
        sends_a_huge_header,
        sends_headers_without_end,
        speaks_no_http,
        hangs_up,
        announces("gzip", b"this is not gzip"),
        breaks_off("x" * 1000),
    ],
)
def test_what_is_broken_is_a_failure_in_words(answer: Any, web: Web) -> None:
    web.pages["/"] = answer
    with pytest.raises((Unreachable, Refused)) as failed:
        fetcher(web).get(web.url, types=())
    assert failed.value.reason.startswith("127.0.0.1 ")


@pytest.mark.parametrize("kind", ["application/pdf", "video/mp4", "image/svg+xml", "application/octet-stream", ""])
def test_another_kind_of_document_is_refused_unread(kind: str, web: Web) -> None:
    web.pages["/"] = page(b"\x00" * 10, kind=kind)
    assert refusal(fetcher(web), web.url)


@pytest.mark.parametrize(
    ("status", "heals"), [(400, False), (401, False), (403, False), (404, False), (410, False), (418, False),
                          (429, True), (500, True), (502, True), (503, True), (204, False), (599, True)]
)  # fmt: skip
def test_a_status_says_whether_it_may_heal(status: int, heals: bool, web: Web) -> None:
    web.pages["/"] = page("", status=status)
    problem = failure(fetcher(web), web.url)
    assert (problem.heals, problem.status) == (heals, status)
    assert str(status) in problem.reason


def fetch_safely(port: int, host: str, names: dict[str, list[list[str]]]) -> bytes:
    names["localhost"] = [["127.0.0.1"]]
    polite = Fetcher(allowed=[f"{host}:{port}"], seconds_between=0.0)
    return polite.get(f"https://{host}:{port}/", types=("application/json",), robots=False).body


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(names: dict[str, list[list[str]]]) -> None:
    with safe_server(b"[]") as port, pytest.raises(Unreachable, match="certificate that is not trusted"):
        fetch_safely(port, "localhost", names)


@pytest.mark.parametrize(("host", "trusted"), [("localhost", True), ("127.0.0.1", False)])
def test_a_certificate_is_good_for_the_name_in_the_address_not_for_the_number_connected_to(
    host: str, trusted: bool, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(CERTIFICATE))
    with safe_server(b"[1]") as port:
        if trusted:
            assert fetch_safely(port, host, names) == b"[1]"
        else:
            with pytest.raises(Unreachable, match="not trusted"):
                fetch_safely(port, host, names)


def test_encryption_that_never_gets_going_is_left_when_the_time_is_over() -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(b"\x16\x03\x03\x40\x00")  # the head of a long handshake message
                while not over.wait(0.02):
                    connection.sendall(b"\x02")

        thread = threading.Thread(target=drip)
        thread.start()
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        began = monotonic()
        with pytest.raises(Unreachable, match="not done within"):
            Fetcher(allowed=[address]).get(f"https://{address}/", types=TYPES, limits=SHORT, robots=False)
        assert monotonic() - began < 30
        over.set()
        thread.join()


def test_drips_of_json_end_too(web: Web) -> None:
    web.pages["/"] = drips_its_body
    with pytest.raises(Unreachable, match="not done within"):
        fetcher(web).get(web.url, types=("application/json",), limits=SHORT)
