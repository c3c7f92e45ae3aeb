"""/admin/system/: what staff see, what it costs, who is let in, and what the buttons do."""

import base64
import hashlib
import re
import socket
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.db import connection

from subnets.models import Category, NetworkSnapshot
from taoanalytics.jobs.models import JobRun
from taoanalytics.jobs.runs import job_run
from taoanalytics.lib import clock
from taoanalytics.ops import queue
from taoanalytics.ops.admin import FORM_SCRIPT
from taoanalytics.ops.database import database
from taoanalytics.ops.logbook import JobRecord
from taoanalytics.ops.queue import QueueAwayError
from tests.answered import text_of
from tests.factories import a_subnet, some_neurons, stored

pytestmark = pytest.mark.django_db

SYSTEM, PROBE = "/admin/system/", "/admin/system/probe/"
NOBODY_LISTENS = "redis://:hunter2canary@127.0.0.1:9/0"


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("ada"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def watcher(client):
    """Staff who may look and start nothing."""
    client.force_login(
        User.objects.create_user("bob", is_staff=True), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def files(tmp_path, settings):
    """A queue in files, as there is without Redis; nobody works it off."""
    settings.REDIS_URL = ""
    for folder in ("messages", "control"):
        (tmp_path / folder).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    use_broker(settings, "filesystem://localhost", options)


@pytest.fixture
def broker_away(settings):
    settings.REDIS_URL = NOBODY_LISTENS
    use_broker(settings, NOBODY_LISTENS)


def use_broker(settings, url, options=None):
    settings.CELERY_BROKER_URL = url
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = options or {}


@pytest.mark.parametrize("address", [SYSTEM, PROBE, f"{SYSTEM}workers/"])
def test_strangers_and_users_who_are_not_staff_get_nothing(client, address):
    for _ in range(2):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
        client.force_login(
            User.objects.get_or_create(username="eve")[0], backend="django.contrib.auth.backends.ModelBackend"
        )


@pytest.mark.parametrize("address", [f"{SYSTEM}start/chain/", PROBE])
def test_only_those_who_may_start_jobs_start_anything(client, watcher, files, address, monkeypatch):
    monkeypatch.setattr(queue, "start", lambda job: pytest.fail("started"))
    assert watcher.post(address).status_code == 403
    assert "Collect chain" not in text_of(watcher.get(SYSTEM))
    client.logout()
    assert client.post(address)["Location"].startswith("/admin/login/")


def test_the_permission_to_add_runs_is_the_permission_to_start_jobs(watcher, files):
    User.objects.get(username="bob").user_permissions.add(Permission.objects.get(codename="add_jobrun"))
    assert "Collect chain" in text_of(watcher.get(SYSTEM))
    assert watcher.post(f"{SYSTEM}start/chain/").status_code == 302
    assert queue.depths() == {"fast": 1, "slow": 0}


def test_a_button_needs_the_forms_token_and_a_known_job(staff, files):
    staff.handler.enforce_csrf_checks = True
    assert staff.post(f"{SYSTEM}start/chain/").status_code == 403
    staff.handler.enforce_csrf_checks = False
    assert staff.get(f"{SYSTEM}start/chain/").status_code == 405
    assert staff.post(f"{SYSTEM}start/rm-rf/").status_code == 404


def test_a_job_queued_where_nobody_works_says_so_and_names_the_command(staff, files):
    said = text_of(staff.post(f"{SYSTEM}start/thin/", follow=True))
    assert "no worker answers" in said
    assert "python manage.py thin --yes" in said
    assert "slow 1" in said


def test_with_the_broker_away_the_button_says_so_at_once_and_the_page_works(staff, broker_away):
    before = time.monotonic()
    response = staff.post(f"{SYSTEM}start/hourly/", follow=True)
    assert time.monotonic() - before < 10  # two pages; a second each is the promise, and this machine may be busy
    said = text_of(response)
    assert "The queue is away, so nothing was started. Run this instead: python manage.py collect hourly" in said
    assert "hunter2canary" not in response.content.decode()
    assert "The queue is away" in text_of(staff.get(f"{SYSTEM}workers/"))


def test_a_broker_that_takes_the_call_and_says_nothing_is_given_up_soon(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        use_broker(settings, settings.REDIS_URL)
        before = time.monotonic()
        with pytest.raises(QueueAwayError):
            queue.start(queue.jobs()["chain"])
        assert time.monotonic() - before < 10


def test_with_redis_away_pages_work_and_the_page_says_that_the_cache_is_away(client, staff, broker_away, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": NOBODY_LISTENS,
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1, "IGNORE_EXCEPTIONS": True},
        }
    }
    assert "which is away" in text_of(staff.get(SYSTEM))
    for address in ("/explorer/", "/status/", "/health/ready/"):
        assert client.get(address).status_code == 200
    assert client.get("/health/ready/").json() == {"status": "ready", "data": "none yet", "redis": "away"}
    assert cache.get("anything") is None


def test_the_page_tells_sizes_freshness_coverage_and_runs(staff, files):
    stored(a_subnet(1, neurons=some_neurons()), a_subnet(2), at=clock.now() - timedelta(minutes=5))
    with job_run("collect chain") as running:
        running.report.seen = running.report.stored = 1234
    said = text_of(staff.get(SYSTEM))
    assert {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor] in said
    assert "Chain fresh" in said
    assert "Category 0 0 of 2 2 lack it 1 2" in said
    assert "Neurons 1 1 of 2 1 lack it 2" in said
    assert re.search(r"collect chain [\w ]{3,20} Succeeded", said)
    assert "1,234" in said
    assert f"{NetworkSnapshot.objects.get().block:,}" in said


def test_an_empty_database_has_words_for_everything(staff, files):
    said = text_of(staff.get(SYSTEM))
    for words in ("No snapshot yet", "Nothing has run yet", "Beat has not run", "nothing yet", "has not been asked"):
        assert words in said


def test_rows_of_small_tables_are_true_at_once():
    stored(a_subnet(1), a_subnet(2))
    rows = {table.name: table.rows for table in database().tables}
    assert (rows["subnet snapshots"], rows["network snapshots"], rows["tao prices"]) == (2, 1, 0)
    assert rows["categories"] == Category.objects.count() > 0


def test_a_large_table_that_nobody_has_estimated_yet_is_counted(monkeypatch):
    monkeypatch.setattr("taoanalytics.ops.database.COUNTED_BELOW_BYTES", 0)
    stored(a_subnet(1), a_subnet(2))
    rows = {table.name: table.rows for table in database().tables}
    assert (rows["subnet snapshots"], rows["tao prices"]) == (2, 0)


def test_the_page_costs_the_same_however_much_there_is(staff, files, django_assert_max_num_queries):
    for hour in range(3):
        stored(*(a_subnet(netuid) for netuid in range(1, 9)), at=clock.now() - timedelta(hours=hour))
    for number in range(20):
        with job_run(f"job {number % 4}"):
            pass
    with django_assert_max_num_queries(28):
        staff.get(SYSTEM)


def test_htmx_gets_the_figures_and_nothing_around_them(staff, files):
    part = staff.get(SYSTEM, headers={"HX-Request": "true", "HX-Target": "figures"}).content.decode()
    assert part.strip().startswith('<div id="figures"')
    assert "<html" not in part
    assert "No worker answers" in staff.get(f"{SYSTEM}workers/").content.decode()
    assert "No worker answers" in staff.get(f"{SYSTEM}?workers").content.decode()


def test_the_admin_index_leads_here(staff):
    assert f'href="{SYSTEM}"' in staff.get("/admin/").content.decode()


def test_the_endpoints_are_asked_only_when_told_and_shown_without_their_keys(staff, localnet, settings):
    _, alive = localnet.node()
    settings.CHAIN_ENDPOINTS = [alive, "ws://127.0.0.1:9/v1/canary-key-in-a-path"]
    settings.CHAIN_ARCHIVE_ENDPOINTS = [alive]
    before = staff.get(PROBE)
    assert text_of(before).count("not asked yet") == 2
    after = staff.post(PROBE)
    assert "9,600,0" in text_of(after)
    assert "no answer" in text_of(after)
    assert "canary-key" not in before.content.decode() + after.content.decode()


def test_the_form_of_a_periodic_task_may_run_its_one_script_and_no_other_page_may(staff, client):
    def policy(address):
        response = staff.get(address)
        assert response.status_code == 200
        return response["Content-Security-Policy"], response.content.decode()

    allowed, page = policy("/admin/django_celery_beat/periodictask/add/")
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>(.*?)</script>", page, re.DOTALL)
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts if s.strip()
    ]
    assert hashes == [FORM_SCRIPT]
    assert FORM_SCRIPT in allowed
    for address in ("/explorer/", "/status/", SYSTEM, "/admin/django_celery_beat/periodictask/"):
        assert FORM_SCRIPT not in policy(address)[0]
    assert "Code owns the times" in text_of(staff.get("/admin/django_celery_beat/periodictask/"))


def a_record(*states, seconds=10):
    now = clock.now()
    return JobRecord(
        "job",
        [
            JobRun(state=state, started_at=now, finished_at=now + timedelta(seconds=seconds if n == 0 else 10))
            for n, state in enumerate(states)
        ],
    )


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        (a_record("succeeded", "failed"), ""),
        (a_record("failed", "succeeded"), "the last run failed"),
        (a_record("lost", "failed", "succeeded"), "the last 2 runs failed"),
        (a_record("failed", "failed"), "the last 2 runs failed"),
        (a_record("partial", "succeeded"), "the last run was partial"),
        (a_record(*["succeeded"] * 5, seconds=600), "the last run took far longer than usual"),
        (a_record(*["succeeded"] * 5, seconds=50), ""),
        (a_record("succeeded", "succeeded", seconds=600), ""),
    ],
)
def test_a_job_that_fails_or_drags_is_pointed_at(record, complaint):
    assert record.complaint == complaint
