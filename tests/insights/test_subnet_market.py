"""The charts of a subnet's page."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import T0, a_subnet, stored
from tests.insights.test_subnet import cells, page, text


@pytest.mark.parametrize(
    ("chart", "title"), [("cap", "Market cap, τ"), ("pool", "TAO in the pool, τ"), ("zzz", "Price, τ per alpha")]
)
def test_a_pane_is_chosen_by_the_address(browser: Client, network: None, chart: str, title: str) -> None:
    soup = page(browser, f"/subnets/1/?chart={chart}&range=7d")
    assert text(soup, "#market h2") == title
    figure = json.loads(soup.select_one("#price-figure").string or "")
    newest = {"cap": 121_000.0, "pool": 10_000.0, "zzz": 0.121}[chart]
    assert figure["data"][0]["y"][-1] == pytest.approx(newest)


def test_the_rules_that_changed_stand_at_their_day(browser: Client, db: Any) -> None:
    for days in (90, 60, 40, 20, 0):
        stored(a_subnet(1), at=T0 - timedelta(days=days))
    soup = page(browser, "/subnets/1/?range=90d")
    assert [row[0] for row in cells(soup, "#events tr")] == ["4 Nov 2025", "15 Dec 2025"]
    figure = json.loads(soup.select_one("#price-figure").string or "")
    assert [shape["x0"][:10] for shape in figure["layout"]["shapes"] if shape["type"] == "line"] == [
        "2025-11-04",
        "2025-12-15",
    ]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["emission by flow", "halving"]


def test_the_end_of_a_tenancy_is_marked_where_it_lies_within_the_chart(browser: Client, network: None) -> None:
    assert words_on_the_chart(page(browser, "/subnets/1/?range=all")) == []
    assert words_on_the_chart(page(browser, "/subnets/3/1000/?range=all")) == ["netuid passed on"]


def words_on_the_chart(soup: BeautifulSoup) -> list[str]:
    figure = json.loads(soup.select_one("#price-figure").string or "")
    return [note["text"] for note in figure["layout"]["annotations"]]


def test_the_rules_of_emission_are_shaded_and_named(browser: Client, db: Any) -> None:
    for days in (100, 60, 20, 0):
        stored(a_subnet(1), at=T0 - timedelta(days=days))
    soup = page(browser, "/subnets/1/?range=all")
    assert "By price; By TAO flow from 4 Nov 2025" in text(soup, "#market figcaption")
    figure = json.loads(soup.select_one("#price-figure").string or "")
    assert [shape["x0"][:10] for shape in figure["layout"]["shapes"] if shape.get("layer") == "below"] == ["2025-11-04"]
    assert len(soup.select("#market .drawing rect.rule")) == 1
    assert soup.select("#multiples rect.rule")
    assert "By price" not in text(page(browser, "/subnets/1/?range=30d"), "#market figcaption")


def test_every_chart_has_a_table(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/?range=30d")
    charts = soup.select("#multiples figure")
    assert charts
    for chart in charts:
        assert len(chart.select("tbody tr")) > 1, chart.h3
