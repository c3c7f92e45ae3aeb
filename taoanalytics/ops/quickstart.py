"""From nothing to a site with data. This process only supervises; each piece of work is a command of its own.

probe the public chain ─ none answers → simulated network, in a database file of its own
migrate → collect → backfill → serve → work off the schedule, through a queue in files where there is no Redis
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from subnets.endpoints import probe_endpoints
from taoanalytics.lib import clock

Say = Callable[[str], None]

PROBE_SECONDS = 12.0
BACKFILL_HEAD_START = timedelta(seconds=90)
SERVER_START_SECONDS = 60.0
WORKER_GRACE_SECONDS = 3  # for a job in hand when somebody presses Ctrl-C; what is stored stays


class QuickstartError(Exception):
    """Something it cannot go on without failed; the text says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the child processes are told, and by which name the network goes."""

    environment: Mapping[str, str]
    simulated: bool


def quickstart(*, simulated: bool, port: int, days: int, say: Say) -> None:
    """Bring the site up and keep it collecting until interrupted. Raises QuickstartError."""
    with ExitStack() as running:
        site = _simulated_site(running, say) if simulated else _live_site(running, say)
        _manage(site, "migrate", "-v0")
        static = subprocess.Popen(_command("collectstatic", "--noinput", "-v0"), env=site.environment)
        if _manage(site, "collect", "chain", check=False):
            say("The first snapshot failed, for the reason above; the site shows what is stored and tries again later.")
        elif site.simulated:  # made-up texts: read from the snapshot at once, and worth no model's money
            running.enter_context(_child(site, _command("enrich", "--rules-only"), stdout=subprocess.DEVNULL))
        history = _backfills(site, running, days)
        if not _within(BACKFILL_HEAD_START, history):
            say("History goes on arriving while the site is up.")
        if static.wait():
            raise QuickstartError("Static files could not be collected.")
        port = free_port(port)
        server = running.enter_context(_child(site, _server_command(port)))
        _wait_until_ready(server, port)
        worker = running.enter_context(_child(site, _worker_command()))
        _announce(site, port, say)
        _watch({"web server": server, "worker": worker}, history)


def free_port(wanted: int) -> int:
    """`wanted`, or the next port that nothing listens on. Raises QuickstartError after a hundred."""
    for port in range(wanted, min(wanted + 100, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise QuickstartError(f"No free port between {wanted} and {wanted + 99}. Choose one with --port.")


def _live_site(running: ExitStack, say: Say) -> Site:
    """The public network where one of its endpoints answers, else the simulated one, said aloud."""
    if settings.SIMULATED:
        return _simulated_site(running, say)
    say("Looking for the Bittensor network…")
    probes = probe_endpoints(settings.CHAIN_ENDPOINTS, seconds=PROBE_SECONDS)
    reached = [probe for probe in probes if not probe.error]
    if not reached:
        for probe in probes:
            say(f"  {probe.endpoint}: {probe.error}")
        say("No public endpoint of the Bittensor chain can be reached from here.")
        return _simulated_site(running, say)
    say(f"Reading {reached[0].endpoint}, block {reached[0].head:,}.")
    return Site(_environment(), simulated=False)


def _environment() -> dict[str, str]:
    return os.environ | {"SHUTDOWN_SECONDS": str(WORKER_GRACE_SECONDS), "REMAP_SIGTERM": "SIGQUIT"}


def _simulated_site(running: ExitStack, say: Say) -> Site:
    """Start the simulated network and point the children at it, and at a database file that is its own."""
    say("")
    say("*** SIMULATED NETWORK: names and numbers are made up, to show how the site works. ***")
    say("")
    port = free_port(9944)
    endpoint = f"ws://127.0.0.1:{port}"
    environment = {name: value for name, value in _environment().items() if name != "DATABASE_URL"}
    environment |= {"SIMULATED": "true", "CHAIN_ENDPOINTS": endpoint, "CHAIN_ARCHIVE_ENDPOINTS": endpoint}
    site = Site(environment, simulated=True)
    node = running.enter_context(_child(site, _command("localnet", "--port", str(port)), stdout=subprocess.PIPE))
    if not node.stdout or not node.stdout.readline():  # it says one line once it listens, and none if it cannot
        raise QuickstartError("The simulated network did not start, for the reason above.")
    return site


def _command(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def _backfill_command(start: datetime, every: str) -> list[str]:
    return _command("backfill", "chain", "--from", start.isoformat(timespec="minutes"), "--every", every)


def _server_command(port: int) -> list[str]:
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8"]
    options += ["--graceful-timeout", "3"]  # a browser keeps its connection open, and must not keep the server up
    return [sys.executable, "-m", "gunicorn", "taoanalytics.wsgi", *options, "--log-level", "warning"]


def _worker_command() -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "-A", "taoanalytics", "worker", "--beat", "--concurrency", "1"]


def _manage(site: Site, *arguments: str, check: bool = True) -> int:
    code = subprocess.run(_command(*arguments), env=site.environment, check=False).returncode
    if code and check:
        raise QuickstartError(f"`manage.py {' '.join(arguments)}` ended with {code}, for the reason above.")
    return code


@contextmanager
def _child(site: Site, command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive this one."""
    process = subprocess.Popen(command, env=site.environment, cwd=settings.BASE_DIR, stdout=stdout)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _until(seconds: float, step: float = 0.1) -> Iterator[None]:
    """Turns of a loop that waits for something outside, until `seconds` have passed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(step)


def _backfills(site: Site, running: ExitStack, days: int) -> Iterator[None]:
    """Fill in history one span after the other, in turns: each step says that it goes on, the end that it is done.

    The last day comes in steps of two hours, since what changed in a day is asked of the same hour yesterday.
    """
    spans = ((timedelta(days=days), "1d"), (timedelta(hours=26), "2h")) if days else ()
    for span, every in spans:
        child = running.enter_context(_child(site, _backfill_command(clock.now() - span, every)))
        while child.poll() is None:
            yield


def _within(limit: timedelta, work: Iterator[None]) -> bool:
    """Whether the work was done in that time."""
    return any(next(work, True) for _ in _until(limit.total_seconds()))


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in _until(SERVER_START_SECONDS):
        if server.poll() is not None:
            raise QuickstartError("The web server did not start, for the reason above.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            continue
    raise QuickstartError("The web server did not answer in time.")


def _announce(site: Site, port: int, say: Say) -> None:
    say("")
    say(f"TAO Analytics is at http://127.0.0.1:{port}/" + ("  (simulated network)" if site.simulated else ""))
    say(f"It collects every {_minutes(site)} minutes. Stop it with Ctrl-C; what is stored stays.")


def _minutes(site: Site) -> int:
    return 5 if site.simulated and "COLLECT_EVERY_MINUTES" not in os.environ else settings.COLLECT_EVERY_MINUTES


def _watch(children: Mapping[str, subprocess.Popen[bytes]], history: Iterator[None]) -> None:
    """Returns never: the worker collects by the schedule, and this raises QuickstartError when a child has ended."""
    while True:
        next(history, None)
        for name, child in children.items():
            try:
                child.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
            raise QuickstartError(f"The {name} has ended.")
