from datetime import timedelta

import pytest
from django.db import OperationalError

from taoanalytics.lib import clock
from tests.factories import a_subnet, stored


@pytest.mark.django_db
def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live/")
    assert response.status_code == 200
    assert response.json()["status"] == "alive"


@pytest.mark.django_db
def test_an_empty_database_is_ready_and_says_that_it_is_empty(client, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert client.get("/health/ready/").json() == {"status": "ready", "data": "none yet"}


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "data"), [(timedelta(minutes=5), "fresh"), (timedelta(days=2), "stale")])
def test_readiness_tells_the_age_of_the_data(client, age, data):
    stored(a_subnet(), at=clock.now().replace(microsecond=0) - age)
    answer = client.get("/health/ready/").json()
    assert answer["data"] == data
    assert answer["age_minutes"] == pytest.approx(age.total_seconds() / 60, abs=1)


def test_a_database_that_is_away_makes_the_site_unready_but_alive(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("no route to host")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
    assert client.get("/health/live/").status_code == 200
    ready = client.get("/health/ready/")
    assert ready.status_code == 503
    assert ready.json()["database"] == "OperationalError"
