"""Real processes of the product for tests: each with a log, against the test's database and a broker of its own."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from kombu import Connection

PATIENCE_SECONDS = 180.0
PORTS = range(20_000, 32_000)  # below those that the system hands out, of which a closed one may be taken at once
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
CELERY = (sys.executable, "-m", "celery", "-A", "taoanalytics")
WORKER = (*CELERY, "worker", "-Q", "fast,slow", "-c", "1", "--without-gossip", "--without-mingle")


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """The first true value of `condition`, looked for again and again; a failure that says `what` did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    pytest.fail(f"not within {seconds:g} s: {what}")


def gap(what: str) -> None:
    """Something a test needs is not here: skipped by name, and a failure where nothing may be missing."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{what} is not here")


def free_port() -> int:
    """One that stays free while nobody listens on it: no client's and no other test's."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def database_url() -> str:
    """The address of the database that this test uses, for processes that are not this one."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(database['NAME']).resolve()}"
    login = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    return f"postgres://{login}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


class Engine:
    """Starts processes and leaves none behind."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "VAR_DIR": str(folder / "var"),
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "json",
            "CHAIN_ENDPOINTS": ",".join(settings.CHAIN_ENDPOINTS),
            "CHAIN_ARCHIVE_ENDPOINTS": ",".join(settings.CHAIN_ENDPOINTS),
            "CHAIN_REQUESTS_PER_SECOND": "0",
            "CHAIN_CONNECT_SECONDS": "600",
            "TAO_APP_URL": "http://127.0.0.1:9",
            "COINGECKO_URL": "http://127.0.0.1:9",
            "GUNICORN_CMD_ARGS": f"--timeout {PATIENCE_SECONDS:g}",  # a worker is killed that starts up for longer
            "REMAP_SIGTERM": "SIGQUIT",
            "SHUTDOWN_SECONDS": "0.5",
            **environment,
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def run(self, *command: str) -> subprocess.Popen[bytes]:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # of a run in the background, whose children inherit it
            signal.signal(signal.SIGINT, signal.default_int_handler)
        log = (self.folder / f"process-{len(self._processes)}.log").open("wb")
        process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def logs(self) -> str:
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("process-*.log")))

    def kill(self, process: subprocess.Popen[bytes], number: int = signal.SIGKILL) -> None:
        """Signal the whole family of a process and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        for process in self._processes:
            self.kill(process)


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[str]:
    """A Redis of the test's own, which may be stopped; its address."""
    if not shutil.which("redis-server"):
        gap("redis-server")
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        until(lambda: _answers(url), "an answer of Redis")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _answers(url: str) -> bool:
    with suppress(redis.ConnectionError), redis.Redis.from_url(url) as client:
        return bool(client.ping())
    return False


def send(url: str, task: Any, *, expires: Any = None, **arguments: Any) -> None:
    with Connection(url) as broker:
        task.apply_async(kwargs=arguments, connection=broker, expires=expires)
