"""What stands around the pages: sitemap, robots.txt, llms.txt, /about/, what a link to us looks like elsewhere."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def page(browser: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(browser.get(address).content, "html.parser")


def locations(browser: Client) -> list[str]:
    response = browser.get("/sitemap.xml")
    assert response["Content-Type"].startswith("application/xml")
    tree = ElementTree.fromstring(response.content)  # noqa: S314  # of our own making
    return [str(each.text) for each in tree.iter(f"{SITEMAP}loc")]


def test_the_sitemap_has_every_page_and_every_living_subnet(browser: Client, network: None) -> None:
    found = {each.removeprefix("http://localhost") for each in locations(browser)}
    assert {"/", "/explorer/", "/about/", "/subnets/1/", "/subnets/2/", "/subnets/3/", "/subnets/4/"} <= found
    assert "/subnets/0/" not in found


def test_what_the_sitemap_names_is_there(browser: Client, network: None) -> None:
    short = [each for each in locations(browser) if "/methodology/" not in each]
    for address in short[:20]:
        assert browser.get(address.removeprefix("http://localhost")).status_code == 200, address


def test_an_empty_database_has_a_sitemap_of_pages(browser: Client, db: Any) -> None:
    assert "http://localhost/" in locations(browser)


def test_who_asks_for_the_customary_icon_is_led_to_ours(browser: Client, db: Any) -> None:
    response = browser.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/favicon.svg")
    assert "max-age=86400" in response["Cache-Control"]
    assert browser.post("/favicon.ico").status_code == 405


def test_robots_are_told_where_the_sitemap_is(browser: Client, db: Any) -> None:
    response = browser.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://localhost/sitemap.xml" in response.content.decode()


def test_models_are_told_how_to_read_the_numbers(browser: Client, db: Any) -> None:
    text = browser.get("/llms.txt").content.decode()
    assert text.startswith("# TAO Analytics\n")
    assert "http://localhost/explorer/?format=json" in text
    assert "&" not in text, "escaped for a page that it is not"


@pytest.mark.parametrize("netuid", [None, 5])
def test_whatever_models_are_led_to_is_there(browser: Client, db: Any, netuid: int | None) -> None:
    if netuid:
        stored(a_subnet(netuid))
    named = re.findall(r"\]\(http://localhost(.+?)\)", browser.get("/llms.txt").content.decode())
    assert {"/screener/", "/status/", "/api/v1/openapi.json"} <= set(named)
    assert [each for each in named if each.startswith("/subnets/")] == ([f"/subnets/{netuid}/"] if netuid else [])
    assert [address for address in named if browser.get(address).status_code != 200] == []


def test_about_says_what_it_is_and_is_not(browser: Client, network: None) -> None:
    words = page(browser, "/about/").get_text()
    assert "No wallets" in words
    assert "CoinGecko" in words


@pytest.mark.parametrize("address", ["/", "/explorer/", "/subnets/1/", "/about/"])
def test_a_link_elsewhere_shows_title_words_and_picture(browser: Client, network: None, address: str) -> None:
    soup = page(browser, address)
    said = {str(tag["property"]): str(tag["content"]) for tag in soup.select("meta[property^='og:']")}
    assert said["og:title"] == soup.title.get_text()
    assert said["og:description"] == soup.select_one("meta[name=description]")["content"]
    assert said["og:image"].startswith("http://localhost/static/img/social")
    assert said["og:url"] == f"http://localhost{address}"


def test_the_picture_exists(db: Any) -> None:
    assert finders.find("img/social.png")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_within_its_attribute(browser: Client, db: Any, name: str) -> None:
    stored(a_subnet(1, name=name))
    soup = page(browser, "/subnets/1/")
    assert soup.select_one("meta[property='og:title']")["content"] == soup.title.get_text()
    assert not soup.select("head img, head script:not([src]):not([type='application/ld+json'])")


def test_every_page_names_the_feed(browser: Client, network: None) -> None:
    link = page(browser, "/explorer/").select_one("link[rel=alternate]")
    assert (link["type"], link["href"]) == ("application/atom+xml", "/feed.atom")


@pytest.mark.parametrize("address", ["/nothing/here/", "/subnets/99/"])
def test_an_error_page_keeps_the_navigation(browser: Client, network: None, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 404
    soup = BeautifulSoup(response.content, "html.parser")
    assert "Explorer" in soup.select_one("nav[aria-label=Main]").get_text()
    assert soup.select_one("form[role=search]") is not None


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_an_error_page_made_from_nothing_keeps_the_navigation(template: str) -> None:
    soup = BeautifulSoup(render_to_string(template), "html.parser")
    assert "/explorer/" in [str(a["href"]) for a in soup.select("nav[aria-label=Main] a")]
