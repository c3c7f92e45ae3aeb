"""/subnets/<netuid>/ and the pages of former tenants."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from markets.models import TaoPrice
from subnets.facts import IdentityFacts
from subnets.models import HyperparameterSet, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, some_neurons, stored
from tests.insights.conftest import HOSTILE_NAMES


def page(browser: Client, address: str, **headers: str) -> BeautifulSoup:
    response = browser.get(address, headers=headers)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def text(soup: BeautifulSoup, selector: str) -> str:
    found = soup.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").split())


def cells(soup: BeautifulSoup, selector: str) -> list[list[str]]:
    rows = soup.select(selector)
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]


def test_a_subnet_is_shown_with_price_and_changes(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/")
    assert text(soup, "h1") == "Apex subnet 1"
    assert "0.12100 τ per α" in text(soup, ".price")
    assert "+10.0% 1d" in text(soup, ".price")
    assert "+21.0% 7d" in text(soup, ".price")


def test_dollars_appear_only_when_the_tao_price_was_known_by_then(browser: Client, network: None) -> None:
    TaoPrice.objects.create(observed_at=T0 + timedelta(hours=1), source="import", price_usd=999)
    assert "$" not in text(page(browser, "/subnets/1/"), ".price")
    TaoPrice.objects.create(observed_at=T0 - timedelta(hours=1), source="import", price_usd=250)
    Generation.objects.bump()
    assert "$30.25" in text(page(browser, "/subnets/1/?range=7d"), ".price")


def test_figures_are_exact_to_the_rao(browser: Client, db: Any) -> None:
    stored(a_subnet(1, tao_in_rao=389_510_123_456_789, alpha_out_rao=20_999_999_999_999_999))
    titles = {str(cell["title"]) for cell in page(browser, "/subnets/1/").select("#figures td[title]")}
    assert {"389,510.123456789 τ", "20,999,999.999999999 α"} <= titles


def test_unknown_and_zero_are_told_apart(browser: Client, db: Any) -> None:
    stored(a_subnet(1, tao_in_rao=0, burn_rao=None))
    figures = text(page(browser, "/subnets/1/"), "#figures")
    assert "The chain did not report it at that block." in figures
    assert "0 rao" in figures


def test_root_has_a_page(browser: Client, network: None) -> None:
    assert text(page(browser, "/subnets/0/"), "h1") == "root subnet 0"


@pytest.mark.parametrize("address", ["/subnets/99/", "/subnets/99999999999999999999999/", "/subnets/1/77/"])
def test_what_was_never_seen_is_not_found(browser: Client, network: None, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_page_costs_nineteen_queries_at_most(
    browser: Client, network: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(19):
        browser.get("/subnets/1/")


def test_a_tenant_never_shows_what_another_did(browser: Client, network: None) -> None:
    new, old = browser.get("/subnets/3/?range=all&format=json").json(), None
    assert {row["price_tao"] for row in new["rows"]} == {0.5}
    old = browser.get("/subnets/3/1000/?range=all&format=json").json()
    assert {row["price_tao"] for row in old["rows"]} == {0.1}
    assert max(row["observed_at"] for row in old["rows"]) < min(row["observed_at"] for row in new["rows"])


def test_a_former_tenant_is_called_former_and_has_its_own_name(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/3/1000/")
    assert text(soup, "h1") == "Old tenant subnet 3"
    assert "former tenant" in text(soup, ".hero")
    assert "$" not in text(soup, ".price")


def test_the_tenants_of_a_netuid_link_to_each_other(browser: Client, network: None) -> None:
    links = [a["href"] for a in page(browser, "/subnets/3/").select("#tenants a")]
    assert links == ["/subnets/3/1000/"]
    links = [a["href"] for a in page(browser, "/subnets/3/1000/").select("#tenants a")]
    assert links == ["/subnets/3/"]


def test_the_current_tenant_has_one_address(browser: Client, network: None) -> None:
    response = browser.get("/subnets/3/7400000/")
    assert (response.status_code, response.headers["Location"]) == (302, "/subnets/3/")


def test_neighbours_are_living_subnets(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/3/")
    assert soup.select_one("a[rel=prev]")["href"] == "/subnets/2/"
    assert soup.select_one("a[rel=next]")["href"] == "/subnets/4/"
    assert page(browser, "/subnets/4/").select_one("a[rel=next]") is None


def test_links_of_a_stranger_are_followed_at_ones_own_risk(browser: Client, db: Any) -> None:
    identity = IdentityFacts(name="X", url="javascript:alert(1)", github="https://github.com/x", discord="x y")
    stored(replace(a_subnet(1), identity=identity))
    links = page(browser, "/subnets/1/").select("#about a")
    assert [(a["href"], a["rel"]) for a in links] == [("https://github.com/x", ["nofollow", "noopener", "ugc"])]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_text_stays_text(browser: Client, db: Any, name: str) -> None:
    identity = IdentityFacts(name=name, symbol=name[:16], description=name, contact=name, additional=name)
    neurons = some_neurons(2, hotkeys=[name or "a", "b"])
    stored(replace(a_subnet(1, neurons=neurons), identity=identity), coldkey_names={"5Cold0": name})
    stored(replace(a_subnet(1), identity=identity), at=T0 - timedelta(days=1))
    html = browser.get("/subnets/1/").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html


def test_validators_are_sorted_by_their_own_parameter(browser: Client, network: None) -> None:
    def uids(address: str) -> list[str]:
        return [row.td.get_text() for row in page(browser, address).select("#validators tbody tr")]

    assert uids("/subnets/1/") == ["1", "0"]  # by stake weight
    assert uids("/subnets/1/?vsort=uid") == ["0", "1"]
    assert uids("/subnets/1/?vsort=-uid") == ["1", "0"]
    assert uids("/subnets/1/?vsort=nonsense") == ["1", "0"]


def test_htmx_gets_the_part_it_asks_for(browser: Client, network: None) -> None:
    for part in ("market", "validators"):
        soup = page(browser, "/subnets/1/?range=30d&vsort=uid", hx_request="true", hx_target=part)
        assert soup.select_one("html") is None
        whole = page(browser, "/subnets/1/?range=30d&vsort=uid")
        assert str(soup.select_one(f"#{part}")) == str(whole.select_one(f"#{part}"))


@pytest.mark.parametrize("query", ["range=zzz", "range[]=7d", "vsort=%00", "vsort[]=uid", "theme=%00", "format=zzz"])
def test_bad_parameters_are_ignored(browser: Client, network: None, query: str) -> None:
    assert browser.get(f"/subnets/1/?{query}").status_code == 200


def test_a_range_shows_what_lies_in_it(browser: Client, network: None) -> None:
    assert len(browser.get("/subnets/1/?range=7d&format=json").json()["rows"]) == 8
    soup = page(browser, "/subnets/1/?range=7d")
    assert [a.get_text() for a in soup.select("#market .seg [aria-current]")] == ["7d", "Price"]
    figure = json.loads(soup.select_one("#price-figure").string or "")
    assert figure["data"][0]["y"][-1] == 0.121


def test_hyperparameters_are_shown_with_what_changed(browser: Client, network: None) -> None:
    subnet = Subnet.objects.get(netuid=1)
    for days, tempo in ((5, 360), (2, 99)):
        at = T0 - timedelta(days=days)
        HyperparameterSet.objects.create(
            subnet=subnet, digest=str(tempo), values={"tempo": tempo, "rho": 10}, first_seen_at=at, last_seen_at=at
        )
    rows = [row.get_text(" ", strip=True) for row in page(browser, "/subnets/1/").select("#hyperparameters tbody tr")]
    assert rows == ["29 Jan 2026 tempo 360 99"]


def test_a_subnet_that_left_the_network_is_not_called_living(browser: Client, network: None) -> None:
    stored(a_subnet(1, name="Apex"), at=T0 + timedelta(days=1))
    assert "not in the newest snapshot" in text(page(browser, "/subnets/4/"), ".hero")


def test_too_little_history_for_a_chart_is_said_in_words(browser: Client, db: Any) -> None:
    stored(a_subnet(1, price_rao=RAO))
    assert "Fewer than two prices" in text(page(browser, "/subnets/1/"), "#market")
