"""`quickstart`: from an empty folder to a site with data that goes on collecting, without a broker, and away again."""

import signal
import sys
from contextlib import suppress

import requests

from tests.answered import text_of
from tests.ops.engine import PATIENCE_SECONDS, Engine, free_port, until


def test_a_newcomer_gets_a_site_whose_schedule_runs_and_which_ends_when_told(tmp_path):
    engine = Engine(tmp_path, LOG_LEVEL="WARNING", LOG_FORMAT="console")
    port = free_port()

    def status() -> str:
        with suppress(requests.ConnectionError):
            return text_of(requests.get(f"http://127.0.0.1:{port}/status/", timeout=PATIENCE_SECONDS))
        return ""

    try:
        site = engine.run(
            *(sys.executable, "manage.py", "quickstart", "--simulated", "--days", "1", "--port", str(port))
        )
        address = f"http://127.0.0.1:{port}/"
        until(lambda: address in engine.logs() or site.poll() is not None, "an address", 2 * PATIENCE_SECONDS)
        assert "simulated network" in engine.logs()
        until(lambda: "Collect hyperparameters" in status(), "what only the schedule collects")
        assert "Chain Every subnet and neuron at one block fresh" in status()
        site.send_signal(signal.SIGINT)
        site.wait(timeout=PATIENCE_SECONDS)
        assert not status()
        assert "Traceback" not in engine.logs()
    finally:
        engine.close()
