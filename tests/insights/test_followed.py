"""Whoever sees a number can find out how it is made and when it was true, from where it stands."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from insights.catalogue import EXPLAINED
from subnets.models import NetworkSnapshot

ADDRESS = re.compile(r"^/methodology/([a-z0-9_]+)/")
COMPARE, CORRELATION = "/compare/?netuid=1&netuid=4", "/correlation/?m=price_tao&m=volume_tao&m=nav_tao"
Names = Callable[[BeautifulSoup], set[str]]


def soup(browser: Client, address: str) -> BeautifulSoup:
    response = browser.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "lxml")


def explained(page: BeautifulSoup) -> set[str]:
    """Keys of the metrics whose method the page links to."""
    links = (ADDRESS.match(str(link["href"])) for link in page.select("a[href]"))
    return {link[1] for link in links if link}


def headed(page: BeautifulSoup) -> set[str]:
    """Keys of the metrics that have a column; the note of each column leads to its method."""
    notes = [page.find(id=button["popovertarget"]) for button in page.select("thead button[popovertarget]")]
    links = [note.find("a", href=ADDRESS) for note in notes]
    assert all(links)
    return {ADDRESS.match(link["href"])[1] for link in links}


def with_passports(page: BeautifulSoup) -> set[str]:
    told = [code.get_text() for code in page.select("details.pp dd > code")]
    return headed(page) | {key for key in told if key in EXPLAINED}


def in_rows(page: BeautifulSoup) -> set[str]:
    """Keys of the metrics that have a row."""
    rows = page.select("table.cmp th[scope=row], table.cor tbody th[scope=row]")
    return {ADDRESS.match(row.a["href"])[1] for row in rows}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/explorer/", headed),
        ("/screener/", headed),
        ("/subnets/1/", with_passports),
        (COMPARE, in_rows),
        ("/trends/?metric=nav_tao", lambda _: {"nav_tao"}),
        (CORRELATION, in_rows),
        ("/", lambda _: {"change_1d_pct", "change_7d_pct"}),
    ],
)
def test_every_number_of_a_page_leads_to_its_method(browser: Client, network: None, address: str, shown: Names) -> None:
    page = soup(browser, address)
    keys = shown(page)
    assert keys
    assert keys <= explained(page)


@pytest.mark.parametrize("address", ["/", "/explorer/", "/screener/", "/subnets/1/", COMPARE, "/trends/"])
def test_every_page_names_the_block_that_its_numbers_are_of(browser: Client, network: None, address: str) -> None:
    assert (
        f"{NetworkSnapshot.objects.newest_complete().block:,}" in soup(browser, address).select_one("header.top").text
    )


def test_every_method_that_a_page_links_to_has_a_page_with_a_source(browser: Client, network: None) -> None:
    linked = set()
    for address in ("/", "/explorer/", "/screener/", "/subnets/1/", COMPARE, "/trends/", CORRELATION):
        linked |= explained(soup(browser, address))
    assert linked <= set(EXPLAINED)
    for key in linked:
        assert EXPLAINED[key].source in soup(browser, f"/methodology/{key}/").text


@pytest.mark.parametrize(
    "address",
    ["/explorer.json", "/screener/?format=json", f"{COMPARE}&format=json", "/methodology/price_tao/?format=json"],
)
def test_every_line_of_a_table_of_subnets_names_its_block_time_and_source(
    browser: Client, network: None, address: str
) -> None:
    rows = json.loads(browser.get(address).getvalue())["rows"]
    assert rows
    for row in rows:
        true_at: Any = NetworkSnapshot.objects.get(block=row["block"])
        assert (row["observed_at"], row["source"]) == (true_at.observed_at.isoformat(), true_at.source)


def test_every_line_of_a_history_names_its_block_time_and_source(browser: Client, network: None) -> None:
    for address in ("/subnets/1.json?range=30d", "/api/v1/subnets/1/history?metric=price_tao&every=1d"):
        answer = browser.get(address).json()
        points = answer.get("rows") or answer["points"]
        assert len(points) > 3
        for point in points:
            true_at = NetworkSnapshot.objects.get(block=point["block"])
            assert point["observed_at"][:19] == true_at.observed_at.isoformat()[:19]
            assert point["source"] == true_at.source
