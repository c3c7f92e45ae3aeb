"""Files as a real server sends them: what breaks off has no end that a reader could take for one."""

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.ops.broken_files import LINE, LINES
from tests.ops.engine import PATIENCE_SECONDS, Engine, free_port, until

BODY = "".join(f"{LINE}{number}\n" for number in range(LINES))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("server")
    engine = Engine(folder, DJANGO_SETTINGS_MODULE="tests.ops.broken_files", DATABASE_URL=f"sqlite:///{folder}/x.db")
    port = free_port()
    try:
        engine.run(sys.executable, "-m", "gunicorn", "taoanalytics.wsgi", "--bind", f"127.0.0.1:{port}")
        until(lambda: _listens(port), "the server")
        yield f"http://127.0.0.1:{port}"
    finally:
        engine.close()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@pytest.mark.parametrize("accepts", ["identity", "gzip"])
def test_a_whole_file_arrives_in_pieces_and_with_its_end(url: str, accepts: str) -> None:
    with requests.Session() as session:
        for _ in range(2):  # the connection is fit for another
            answer = session.get(f"{url}/whole.csv", headers={"Accept-Encoding": accepts}, timeout=PATIENCE_SECONDS)
            assert answer.text == BODY
            assert answer.headers["Transfer-Encoding"] == "chunked"
            assert answer.headers.get("Content-Encoding", "identity") == accepts
            head = session.head(f"{url}/whole.csv", timeout=PATIENCE_SECONDS)
            assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("accepts", ["identity", "gzip"])
def test_a_file_that_breaks_off_late_is_seen_to_be_broken(url: str, accepts: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{url}/broken-late.csv", headers={"Accept-Encoding": accepts}, timeout=PATIENCE_SECONDS)


def test_a_file_that_breaks_at_once_is_an_error(url: str) -> None:
    assert requests.get(f"{url}/broken-at-once.csv", timeout=PATIENCE_SECONDS).status_code == 500


@pytest.mark.parametrize(("path", "status"), [("whole.csv", b"200"), ("broken-late.csv", b"500")])
def test_a_reader_of_http_1_0_gets_all_of_it_or_an_error(url: str, path: str, status: bytes) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS) as line:
        line.sendall(f"GET /{path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == status
    if status == b"200":
        assert body.decode() == BODY
        assert f"content-length: {len(BODY)}".encode() in head.lower()
