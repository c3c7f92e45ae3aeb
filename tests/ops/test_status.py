"""/status/: true for everyone, and nothing in it that only staff should read."""

from datetime import timedelta

import pytest

from markets.models import TaoPrice
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.jobs.models import JobRun
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import job_run
from taoanalytics.lib import clock
from taoanalytics.ops.freshness import State, freshness
from taoanalytics.ops.logbook import records
from tests.answered import text_of
from tests.factories import a_subnet, stored

pytestmark = pytest.mark.django_db


def fail(job, problem):
    with pytest.raises(type(problem)), job_run(job):
        raise problem


def chain():
    return next(fresh for fresh in freshness(records()) if fresh.source.label == "Chain")


def collected(age):
    stored(a_subnet(), at=clock.now() - age)


def test_fresh_data_needs_no_explanation(client):
    collected(timedelta(minutes=5))
    assert (chain().state, chain().why) == (State.FRESH, "")
    assert "Chain Every subnet and neuron at one block fresh" in text_of(client.get("/status/"))


@pytest.mark.parametrize(
    ("what_happened", "why"),
    [
        (lambda: None, "has not been asked"),
        (lambda: fail("collect chain", Transient("down")), "did not answer"),
        (lambda: fail("collect chain", Permanent("wrong chain")), "waiting does not mend"),
        (lambda: fail("collect chain", KeyboardInterrupt()), "cut off"),
    ],
)
def test_old_data_says_why(what_happened, why):
    collected(timedelta(days=2))
    what_happened()
    assert chain().state is State.STALE
    assert why in chain().why


def test_old_data_that_nobody_asks_for_points_to_the_schedule():
    collected(timedelta(days=2))
    with job_run("collect chain"):
        pass
    JobRun.objects.update(started_at=clock.now() - timedelta(days=2))
    assert "schedule is not running" in chain().why


def test_a_source_that_is_not_set_up_is_no_trouble():
    with job_run("collect screener") as running:
        running.report = Report(notes=["TAO_APP_API_KEY is not set"])
    screener = next(fresh for fresh in freshness(records()) if fresh.source.label == "Screener")
    assert screener.state is State.UNUSED
    assert not screener.trouble


def test_a_partial_run_is_told_with_its_counts(client):
    with job_run("collect chain") as running:
        running.report = Report(seen=129, stored=128, failed=1, problems=["subnet 7: /srv/secret/path"])
    said = text_of(client.get("/status/"))
    assert "Collect chain" in said
    assert "Partial" in said
    assert "129" in said


def test_nothing_that_only_staff_should_read_is_on_the_page(client):
    fail("collect chain", Transient("wss://node.internal:443/v1/canary-key: refused; see /srv/app/var/log"))
    page = client.get("/status/").content.decode()
    for secret in ("node.internal", "canary-key", "/srv/app", "Transient"):
        assert secret not in page
    run = JobRun.objects.get()
    assert run.host not in page.replace("localhost", "")
    assert f">{run.pid}<" not in page


def test_the_page_is_open_to_all_sets_no_cookie_and_may_be_kept_a_little(client, django_assert_max_num_queries):
    collected(timedelta(minutes=5))
    TaoPrice.objects.create(observed_at=clock.now(), source="coingecko", price_usd=300.0)
    with django_assert_max_num_queries(10):
        response = client.get("/status/")
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=30"
    assert "Cookie" not in response.get("Vary", "")
    assert client.post("/status/").status_code == 405


def test_htmx_gets_the_figures_alone(client):
    part = client.get("/status/", headers={"HX-Request": "true", "HX-Target": "figures"}).content.decode()
    assert part.strip().startswith('<div id="figures"')
