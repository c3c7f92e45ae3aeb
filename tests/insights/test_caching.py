"""Pages are made once for each publication, and sent once to each reader."""

import gzip
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import brotli
import pytest
from django.test import Client

from insights.generation import held_per_generation
from taoanalytics.jobs.models import Generation
from tests.factories import T0, a_subnet, stored

PAGES = ("/explorer/", "/subnets/1/")


@pytest.mark.parametrize("address", PAGES)
def test_a_reader_who_has_the_page_gets_304_for_one_query(
    browser: Client, network: None, address: str, django_assert_num_queries: Any
) -> None:
    etag = browser.get(address).headers["ETag"]
    with django_assert_num_queries(1):
        response = browser.get(address, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == etag


@pytest.mark.parametrize("address", PAGES)
def test_a_kept_page_costs_one_query_and_is_the_same(
    browser: Client, network: None, address: str, django_assert_num_queries: Any
) -> None:
    first = browser.get(address)
    with django_assert_num_queries(1):
        second = browser.get(address)
    assert second.content == first.content
    assert second.headers["Content-Type"] == first.headers["Content-Type"]


def test_new_data_makes_a_new_page(browser: Client, network: None) -> None:
    before = browser.get("/explorer/")
    Generation.objects.bump()
    after = browser.get("/explorer/", headers={"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]


def test_page_fragment_query_and_staleness_each_have_their_own_tag(
    browser: Client, network: None, settings: Any
) -> None:
    tags = [
        browser.get("/explorer/").headers["ETag"],
        browser.get("/explorer/?q=a").headers["ETag"],
        browser.get("/explorer/", headers={"hx-request": "true"}).headers["ETag"],
        browser.get("/explorer/", headers={"hx-request": "true", "hx-history-restore-request": "true"}).headers["ETag"],
    ]
    settings.STALE_AFTER_MINUTES = 10**9
    tags.append(browser.get("/explorer/").headers["ETag"])
    settings.RELEASE = "another"
    tags.append(browser.get("/explorer/").headers["ETag"])
    assert tags[3] == tags[0]
    assert len(set(tags)) == 5


def test_public_pages_set_no_cookie_and_may_be_kept_by_anyone(browser: Client, network: None) -> None:
    for address in (*PAGES, "/explorer/?format=csv", "/subnets/99/"):
        assert not browser.get(address).cookies
    response = browser.get("/explorer/")
    assert "public" in response.headers["Cache-Control"]
    assert "max-age=60" in response.headers["Cache-Control"]
    assert "HX-Request" in response.headers["Vary"]
    assert "Cookie" not in response.headers["Vary"]


def test_a_dead_cache_costs_time_and_nothing_else(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Mock(**{"get.side_effect": ConnectionError, "set.side_effect": ConnectionError})
    monkeypatch.setattr("insights.pages.caching.cache", dead)
    assert [browser.get("/explorer/").status_code for _ in range(2)] == [200, 200]
    assert dead.get.call_count == dead.set.call_count == 2


def test_a_search_of_ones_own_takes_no_place_in_the_cache(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Mock()
    monkeypatch.setattr("insights.pages.caching.cache", kept)
    browser.get("/explorer/?q=" + "x" * 400)
    kept.set.assert_not_called()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_sent_to_a_page(browser: Client, db: Any, method: str) -> None:
    assert getattr(browser, method)("/explorer/").status_code == 405


def test_head_is_answered(browser: Client, network: None) -> None:
    assert browser.head("/explorer/").status_code == 200


def test_pages_are_sent_compressed_to_those_who_take_it(browser: Client, network: None) -> None:
    plain = browser.get("/explorer/")
    for _ in range(2):
        compressed = browser.get("/explorer/", headers={"accept-encoding": "gzip"})
        assert compressed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(compressed.content) == plain.content
        assert compressed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_browsers_get_the_same_page_in_fewer_bytes(browser: Client, network: None) -> None:
    plain, packed = (browser.get("/explorer/", headers={"accept-encoding": how}) for how in ("", "gzip"))
    for _ in range(2):
        smallest = browser.get("/explorer/", headers={"accept-encoding": "gzip, deflate, br"})
        assert smallest.headers["Content-Encoding"] == "br"
        assert brotli.decompress(smallest.content) == plain.content
        assert smallest.headers["ETag"] == plain.headers["ETag"]
    assert len(smallest.content) < len(packed.content)


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("br;q=0, gzip", "gzip"),
        ("identity, br; q=0.0", None),
        ("br;q=0.5", "br"),
        ("vibration", None),
        ("GZIP", "gzip"),
    ],
)
def test_a_coding_is_sent_to_those_only_who_take_it(
    browser: Client, network: None, accepted: str, sent: str | None
) -> None:
    for _ in range(2):
        assert browser.get("/about/", headers={"accept-encoding": accepted}).headers.get("Content-Encoding") == sent


def test_a_file_that_is_sent_as_it_is_written_is_found_by_those_who_take_brotli(browser: Client, network: None) -> None:
    plain = browser.get("/explorer/?format=csv").content
    for _ in range(2):
        file = browser.get("/explorer/?format=csv", headers={"accept-encoding": "br"})
        body = b"".join(file) if file.streaming else file.content
        assert (brotli.decompress(body) if file.headers.get("Content-Encoding") == "br" else body) == plain


def test_the_days_that_visitors_look_at_do_not_cost_the_newest_its_place(
    network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    generation = Generation.objects.current()
    monkeypatch.setattr("insights.generation._held", {})
    for day in range(40):
        for name in ("newest", f"day {day}"):
            held_per_generation(generation, name, lambda name=name: made.append(name))  # type: ignore[misc]
    assert made.count("newest") == 1
    assert len(made) == 41


def test_storing_a_snapshot_publishes_it(browser: Client, network: None) -> None:
    before = browser.get("/explorer/").content
    stored(a_subnet(77, name="Newcomer"), at=T0 + timedelta(hours=1))
    after = browser.get("/explorer/").content
    assert b"Newcomer" in after
    assert b"Newcomer" not in before
