"""As on Heroku, on this machine: the Procfile's own lines under production settings, and what surrounds them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from django.conf import settings as live_settings
from django.test import RequestFactory

from taoanalytics.ops.client_address import client_address
from tests.ops.engine import PATIENCE_SECONDS, Engine, free_port, redis_server, until

CANARY = "canary-7f3a9c"
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "base-uri 'none'; connect-src 'self'; default-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "img-src 'self' data: blob:; object-src 'none'; script-src 'self'; "
        "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Strict-Transport-Security": "max-age=3600",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def procfile() -> dict[str, str]:
    lines = (live_settings.BASE_DIR / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


@pytest.fixture
def dyno(tmp_path: Path, database: str) -> Iterator[Engine]:
    """An environment like a dyno's, with a canary in each secret."""
    secrets = {
        name: f"{CANARY}-{name.lower()}-{'x' * 40}"
        for name in ("SECRET_KEY", "TAO_APP_API_KEY", "COINGECKO_API_KEY", "LLM_API_KEY", "ADMIN_PASSWORD")
    }
    with redis_server(tmp_path, free_port()) as redis_url:
        engine = Engine(
            tmp_path,
            DYNO="web.1",
            PATH=f"{live_settings.BASE_DIR / '.venv/bin'}:{os.environ['PATH']}",
            DATABASE_URL=f"{database}?sslmode=prefer",  # the server of a test has no certificate
            REDIS_URL=redis_url,
            ALLOWED_HOSTS="tao.example",
            ADMIN_USERNAME="ada",
            CHAIN_ENDPOINTS=f"ws://127.0.0.1:9/v1/{CANARY}-endpoint-key",
            CHAIN_ARCHIVE_ENDPOINTS=f"ws://127.0.0.1:9/v1/{CANARY}-endpoint-key",
            LOG_FILE=str(tmp_path / "process-all.log"),
            WEB_CONCURRENCY="1",
            **secrets,
        )
        try:
            yield engine
        finally:
            engine.close()


def get(port: int, path: str) -> requests.Response | None:
    """The answer, asked for as the router would; None while nobody listens."""
    headers = {"Host": "tao.example", "X-Forwarded-Proto": "https", "X-Request-ID": "request-from-the-router"}
    with suppress(requests.ConnectionError):
        return requests.get(
            f"http://127.0.0.1:{port}{path}", headers=headers, timeout=PATIENCE_SECONDS, allow_redirects=False
        )
    return None


def test_release_web_worker_and_beat_come_up_and_no_secret_is_in_any_line(dyno):
    lines = procfile()
    static = dyno.run("python", "manage.py", "collectstatic", "--noinput", "-v0")
    release = dyno.run("sh", "-c", lines["release"])
    assert release.wait(timeout=PATIENCE_SECONDS) == 0, dyno.logs()
    assert static.wait(timeout=PATIENCE_SECONDS) == 0, dyno.logs()
    port = free_port()
    dyno.run("sh", "-c", f"{lines['web']} --bind 127.0.0.1:{port} --timeout {PATIENCE_SECONDS:g}")
    worker = dyno.run("sh", "-c", lines["worker"])
    dyno.run("sh", "-c", lines["beat"])
    until(lambda: (ready := get(port, "/health/ready/")) and ready.status_code == 200, "the site")
    until(lambda: "Sending due task chain" in dyno.logs(), "the beat")
    until(lambda: "task_started" in dyno.logs(), "the worker")
    page = get(port, f"/status/?api_key={CANARY}-in-a-query")
    assert page is not None
    assert page.status_code == 200
    assert "Freshness" in page.text
    headers = {name: page.headers[name] for name in PAGE_HEADERS}
    headers["Content-Security-Policy"] = "; ".join(sorted(headers["Content-Security-Policy"].split("; ")))
    assert headers == PAGE_HEADERS
    assert "Set-Cookie" not in page.headers
    stranger = requests.get(f"http://127.0.0.1:{port}/", headers={"Host": "evil.example"}, timeout=PATIENCE_SECONDS)
    assert stranger.status_code == 400
    locked = get(port, "/admin/system/")
    assert locked is not None
    assert locked.headers["Location"].startswith("/admin/login/")
    until(lambda: "request_finished" in dyno.logs(), "a line about the request")
    until(lambda: "connection lost or refused" in dyno.logs(), "the collection's failure in words")
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGTERM)
    worker.wait(timeout=PATIENCE_SECONDS)
    said = dyno.logs()
    assert "request-from-the-router" in said
    assert '"task_id"' in said
    assert CANARY not in said
    assert "Traceback" not in said


SLEEPS = """
import django
django.setup()
from django.db import connection
connection.cursor().execute("SELECT pg_sleep(0.5)")
"""


@pytest.mark.parametrize(("process", "outcome"), [("import taoanalytics.wsgi", 1), ("", 0)])
def test_a_page_gives_up_a_statement_that_takes_too_long_and_a_command_does_not(tmp_path, database, process, outcome):
    environment = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "taoanalytics.settings",
        "VAR_DIR": str(tmp_path),
        "WEB_STATEMENT_SECONDS": "0.1",
    }
    command = [sys.executable, "-c", f"{process}\n{SLEEPS}"]
    done = subprocess.run(
        command, env=environment, cwd=live_settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == outcome, done.stderr
    assert ("statement timeout" in done.stderr) == bool(outcome)


def test_the_apps_manifest_names_what_the_procfile_runs_and_no_setting_that_nobody_reads():
    manifest = json.loads((live_settings.BASE_DIR / "app.json").read_text())
    assert set(manifest["formation"]) == set(procfile()) - {"release"}
    assert {addon["plan"].split(":")[0] for addon in manifest["addons"]} == {"heroku-postgresql", "heroku-redis"}
    assert manifest["env"]["SECRET_KEY"]["generator"] == "secret"
    code = "".join(
        file.read_text()
        for file in (*live_settings.BASE_DIR.glob("taoanalytics/**/*.py"), *live_settings.BASE_DIR.glob("*/llm*.py"))
    )
    elsewhere = {"WEB_CONCURRENCY", "LLM_API_KEY"}  # read by gunicorn, and by enrichment once it is here
    assert {name for name in manifest["env"] if f'"{name}"' not in code} <= elsewhere


def test_there_is_exactly_one_beat_and_every_queue_has_a_worker(settings):
    lines = procfile()
    manifest = json.loads((live_settings.BASE_DIR / "app.json").read_text())
    assert manifest["formation"]["beat"]["quantity"] == 1
    assert f"-Q {','.join(settings.CELERY_TASK_QUEUES)}" in lines["worker"]


@pytest.mark.parametrize(
    ("on_heroku", "forwarded", "address"),
    [
        (True, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, None, "127.0.0.1"),
        (False, "6.6.6.6, 203.0.113.9", "127.0.0.1"),
    ],
)
def test_only_the_last_hop_is_believed_and_only_behind_the_router(settings, on_heroku, forwarded, address):
    settings.ON_HEROKU = on_heroku
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers)) == address


@pytest.mark.django_db
def test_a_log_in_that_fails_too_often_is_locked_by_that_address(client, settings):
    settings.ON_HEROKU = True
    settings.AXES_FAILURE_LIMIT = 3

    def log_in(forwarded: str) -> int:
        form = {"username": "ada", "password": "wrong"}
        return int(client.post("/admin/login/", form, headers={"X-Forwarded-For": forwarded}).status_code)

    assert [log_in(f"6.6.6.{n}, 203.0.113.9") for n in range(4)][-1] == 429
    assert log_in("203.0.113.9, 198.51.100.1") == 200
