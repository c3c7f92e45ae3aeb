"""/search.json: what the header's field searches in."""

from typing import Any

import pytest
from django.test import Client

from insights.registry import METRICS
from taoanalytics.lib.text import folded
from tests.factories import a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES


def entries(browser: Client, query: str = "") -> list[list[str]]:
    response = browser.get(f"/search.json{query}")
    assert response.status_code == 200
    found: list[list[str]] = response.json()["entries"]
    return found


def test_every_living_subnet_and_every_metric_is_in_it(browser: Client, network: None) -> None:
    found = entries(browser)
    assert [each[2] for each in found if each[1].startswith("subnet")] == [f"/subnets/{n}/" for n in (1, 2, 3, 4)]
    assert len([each for each in found if each[1] == "metric"]) == len(METRICS)


def test_every_address_in_it_leads_somewhere(browser: Client, network: None) -> None:
    metric = next(each for each in entries(browser) if each[1] == "metric")
    assert browser.get(metric[2]).status_code == 200


def test_greek_letters_are_found_as_themselves_and_as_what_they_look_like(browser: Client, network: None) -> None:
    templar = next(each for each in entries(browser) if each[2] == "/subnets/4/")
    assert "τemplar" in templar[3]
    assert "templar" in templar[3]


def test_what_is_typed_can_be_folded_as_the_texts_are(browser: Client, db: Any) -> None:
    letters, latin = browser.get("/search.json").json()["lookalikes"]
    assert len(letters) == len(latin)
    assert "".join(latin[letters.index(letter)] for letter in "τορ") == folded("τορ") == "top"


def test_a_past_day_has_the_names_of_that_day(browser: Client, network: None) -> None:
    names = [each[0] for each in entries(browser, "?as_of=2026-01-26")]
    assert "Old tenant" in names
    assert "New tenant" not in names


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_data_and_nothing_else(browser: Client, db: Any, name: str) -> None:
    stored(a_subnet(1, name=name))
    response = browser.get("/search.json")
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "\u202e" not in response.json()["entries"][0][0]


def test_it_is_read_in_few_queries_and_kept(browser: Client, network: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        etag = browser.get("/search.json")["ETag"]
    assert browser.get("/search.json", headers={"If-None-Match": etag}).status_code == 304


def test_an_empty_database_has_metrics_only(browser: Client, db: Any) -> None:
    assert {each[1] for each in entries(browser)} <= {"metric"}
