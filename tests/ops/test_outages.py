"""What runs beside the site goes away and comes back, watched from outside: real processes over real sockets."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from taoanalytics.jobs.models import JobRun
from taoanalytics.ops import tasks
from tests.ops.engine import PATIENCE_SECONDS, WORKER, Engine, database_url, free_port, redis_server, send, until

PAGES = ("/", "/explorer/", "/screener/", "/status/")


class Relay:
    """A door to a server elsewhere: shut, it is as if that server had stopped."""

    def __init__(self, host: str, port: int) -> None:
        self._server, self.port = (host, port), free_port()
        self._open: list[socket.socket] = []

    def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self.port))
        self._open = [listening]
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def stop(self) -> None:
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):  # shut
            while True:
                here, _ = listening.accept()
                there = socket.create_connection(self._server)
                self._open += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while said := source.recv(65_536):
            target.sendall(said)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def site(engine: Engine) -> Iterator[str]:
    """The address of the site, once it answers."""
    static = engine.run(sys.executable, "manage.py", "collectstatic", "--noinput", "-v0")
    assert static.wait(timeout=PATIENCE_SECONDS) == 0, engine.logs()
    port = free_port()
    engine.run(sys.executable, "-m", "gunicorn", "taoanalytics.wsgi", "--bind", f"127.0.0.1:{port}")
    url = f"http://127.0.0.1:{port}"
    until(lambda: status(url, "/health/ready/") == 200, "the site")
    yield url


def status(url: str, path: str) -> int | None:
    with suppress(requests.ConnectionError):
        return requests.get(f"{url}{path}", timeout=PATIENCE_SECONDS).status_code
    return None


def test_postgresql_goes_away_and_comes_back(database, engine):
    address = urlsplit(database)
    relay = Relay(address.hostname or "127.0.0.1", address.port or 5432)
    relay.start()
    login = address.netloc.rpartition("@")[0]
    engine.environment["DATABASE_URL"] = f"postgres://{login}@127.0.0.1:{relay.port}{address.path}?connect_timeout=60"
    assert engine.run(sys.executable, "manage.py", "migrate", "-v0").wait(timeout=PATIENCE_SECONDS) == 0, engine.logs()
    try:
        with site(engine) as url:
            assert {path: status(url, path) for path in PAGES} == dict.fromkeys(PAGES, 200)
            relay.stop()
            for path in PAGES:
                page = requests.get(f"{url}{path}", timeout=PATIENCE_SECONDS)
                assert page.status_code == 503
                assert page.headers["Retry-After"] == "60"
                assert "<html" in page.text
            assert requests.get(f"{url}/health/ready/", timeout=PATIENCE_SECONDS).json()["status"] == "unavailable"
            assert status(url, "/health/ready/") == 503
            assert status(url, "/health/live/") == 200
            relay.start()
            until(lambda: [status(url, path) for path in PAGES] == [200] * len(PAGES), "every page again")
            assert status(url, "/health/ready/") == 200
    finally:
        relay.stop()
    assert "Traceback" not in engine.logs()


@pytest.mark.django_db(transaction=True)
def test_redis_goes_away_and_comes_back(engine, tmp_path):
    port = free_port()
    engine.environment |= {"DATABASE_URL": database_url(), "REDIS_URL": f"redis://127.0.0.1:{port}/0"}

    def health(url: str) -> str:
        return str(requests.get(f"{url}/health/ready/", timeout=PATIENCE_SECONDS).json()["redis"])

    def done() -> int:
        return JobRun.objects.filter(job="thin history", state=JobRun.State.SUCCEEDED).count()

    with redis_server(tmp_path, port) as broker, site(engine) as url:
        engine.run(*WORKER)
        send(broker, tasks.thin_history)
        until(done, "a job")
        until(lambda: health(url) == "answers", "an answer of Redis to the site")
    for path in PAGES:
        assert status(url, path) == 200
    assert health(url) == "away"
    with redis_server(tmp_path, port) as broker:
        send(broker, tasks.thin_history)
        until(lambda: done() == 2, "a job after the outage")
        until(lambda: health(url) == "answers", "an answer of Redis to the site")
