"""The site as production runs it, on loopback, over the database of the settings."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
_STARTS_WITHIN_SECONDS = 60


@contextmanager
def site() -> Iterator[tuple[int, int]]:
    """Two gunicorn processes as in production, without DEBUG, static files compressed.

    Gives the port, and the process that the two are children of.
    """
    port = _free_port()
    environment = os.environ | {"DEBUG": "false"}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    options = ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    command = [sys.executable, "-m", "gunicorn", "taoanalytics.wsgi", *options]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def processor_of(server: int) -> float:
    """Processor seconds that the site has used so far (Linux): of each process in its line of /proc."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    fields = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not _answers(port):
        if time.monotonic() > until:
            raise SystemExit("the site did not start")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
