"""Made pages stand in a fixed number of places, and those that are read find theirs."""

from typing import Any
from unittest.mock import Mock

import pytest
from django.test import Client

from insights.pages import shelf
from taoanalytics.jobs.models import Generation


def test_a_dead_cache_costs_time_and_nothing_else(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Mock(**{"get.side_effect": ConnectionError, "set.side_effect": ConnectionError})
    monkeypatch.setattr(shelf, "cache", dead)
    assert [browser.get("/explorer/").status_code for _ in range(2)] == [200, 200]
    assert dead.get.call_count == 4
    dead.set.assert_not_called()


def test_a_cache_that_dies_on_the_way_costs_nobody_his_page(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "cache", dying := Mock(**{"get.return_value": None, "set.side_effect": ConnectionError}))
    assert browser.get("/explorer/").status_code == 200
    dying.set.assert_called_once()


def test_a_search_of_ones_own_takes_no_place_in_the_cache(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "cache", kept := Mock())
    browser.get("/explorer/?q=" + "x" * 400)
    kept.set.assert_not_called()


def test_what_visitors_make_up_takes_no_more_than_a_fixed_room(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(shelf, "cache", Mock(get=kept.get, set=kept.__setitem__))
    monkeypatch.setattr(shelf, "_PLACES", {"plain": 3, "asked": 2})
    for number in range(20):
        browser.get(f"/about/?x={number}", headers={"accept-encoding": "br" if number % 2 else "gzip"})
        browser.get(f"/subnets/{'0' * number}1/insight/")
        browser.get("/about/", headers={"hx-request": "true", "hx-target": f"made-up-{number}"})
        Generation.objects.bump()
    assert len(kept) <= 2 * (3 + 2)


def test_pages_that_share_a_place_are_not_mistaken_for_each_other(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"/explorer.json?q=apex": "Apex", "/explorer.json?q=omron": "Omron"}
    monkeypatch.setattr(shelf, "_PLACES", {"plain": 1, "asked": 1})
    for address, name in [*names.items()] * 2:
        assert [row["name"] for row in browser.get(address).json()["rows"]] == [name]


def test_pages_that_everybody_reads_do_not_take_turns_in_a_place(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    addresses = ("/", "/explorer/", "/screener/", "/subnets/1/", "/trends/", "/about/", "/methodology/", "/categories/")
    monkeypatch.setattr(shelf, "_PLACES", {"plain": 3 * len(addresses), "asked": 1})
    for _ in range(20):  # each finds its place soon, whoever was there before
        for address in addresses:
            browser.get(address)
    with django_assert_max_num_queries(len(addresses)):
        for address in addresses:
            browser.get(address)


@pytest.mark.parametrize(("edition", "places"), [("earlier", 1), ("now", 2)])
def test_what_is_out_of_date_makes_room_and_what_is_not_makes_it_by_lot(
    monkeypatch: pytest.MonkeyPatch, edition: str, places: int
) -> None:
    other = (edition, "another page", b"", {})
    monkeypatch.setattr(shelf, "cache", Mock(**{"get.return_value": other}))
    slots = [shelf.Slot.of("/", asked=False, coding="br", key="page", edition="now") for _ in range(100)]
    assert {slot.made for slot in slots} == {None}
    assert len({slot.place for slot in slots}) == places


def test_what_is_too_large_is_not_kept(browser: Client, network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_MOST_BYTES", 1000)
    monkeypatch.setattr(shelf, "cache", kept := Mock(**{"get.return_value": None}))
    for address in ("/explorer/", "/api/v1/subnets", "/methodology.csv"):
        assert browser.get(address).getvalue()
    kept.set.assert_not_called()
