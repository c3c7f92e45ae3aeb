"""/feed.atom: what changed, as a feed reader gets it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from insights.changes import MANY_FIRST_CATEGORIES, recent_changes
from subnets.measure import recompute_metrics
from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(browser: Client) -> list[ElementTree.Element]:
    response = browser.get("/feed.atom")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    tree = ElementTree.fromstring(response.content)  # noqa: S314  # of our own making
    return tree.findall(f"{ATOM}entry")


def titles(browser: Client) -> list[str]:
    return [str(entry.findtext(f"{ATOM}title")) for entry in entries(browser)]


def test_a_change_of_hands_is_a_coming_and_a_going(browser: Client, network: None) -> None:
    found = titles(browser)
    assert "New tenant: New tenant (3)" in found
    assert "Deregistered: Old tenant (3)" in found
    assert not [title for title in found if "Apex" in title and "tenant" in title], "it was there from the start"


def test_a_new_name_is_told_with_the_old_one(browser: Client, db: Any) -> None:
    for days, name in ((2, "Before"), (1, "After")):
        stored(a_subnet(1, name=name), at=T0 - timedelta(days=days))
    assert titles(browser) == ["Renamed: Before is now After (1)"]


def test_a_change_of_category_is_told_and_a_repetition_is_not(browser: Client, network: None) -> None:
    subnet, category = Subnet.objects.get(netuid=1), Category.objects.get(slug="dev-tooling")
    for hours in (3, 2):
        CategoryAssignment.objects.create(
            subnet=subnet, category=category, source="curated", assigned_at=T0 - timedelta(hours=hours)
        )
    found = [title for title in titles(browser) if title.startswith("Category")]
    assert found == [f"Category: Apex (1) is {category.name}"]


def test_the_first_categories_of_many_are_told_in_one(browser: Client, network: None) -> None:
    category, at = Category.objects.get(slug="dev-tooling"), T0 - timedelta(hours=2)
    many = range(11, 11 + MANY_FIRST_CATEGORIES + 1)
    for netuid in many:
        subnet = Subnet.objects.create(netuid=netuid, registered_at_block=1)
        CategoryAssignment.objects.create(subnet=subnet, category=category, source="rules", assigned_at=at)
    another = Category.objects.get(slug="data-feeds")
    CategoryAssignment.objects.create(subnet=subnet, category=another, source="curated", assigned_at=T0)
    found = [entry for entry in entries(browser) if "ategor" in str(entry.findtext(f"{ATOM}title"))]
    assert [entry.findtext(f"{ATOM}title") for entry in found] == [
        f"Category: Subnet {netuid} ({netuid}) is {another}",
        f"Categories: {len(many)} subnets that had none have one",
    ]
    links = [str(entry.find(f"{ATOM}link").attrib["href"]) for entry in found]  # type: ignore[union-attr]
    assert links[1] == "http://localhost/categories/"


def test_a_leap_of_the_price_is_told_for_large_pools_on_days_that_are_over(browser: Client, db: Any) -> None:
    for days, price in ((3, RAO), (2, 2 * RAO), (1, RAO), (0, 4 * RAO)):
        stored(
            a_subnet(1, name="Large", price_rao=price),
            a_subnet(2, name="Small", price_rao=price, tao_in_rao=RAO),
            at=T0 - timedelta(days=days),
        )
    recompute_metrics()
    assert titles(browser) == ["−50.0% in a day: Large (1)", "+100.0% in a day: Large (1)"]


def test_what_is_older_than_thirty_days_is_no_news(db: Any) -> None:
    for days, name in ((40, "Before"), (39, "After"), (0, "After")):
        stored(a_subnet(1, name=name), at=T0 - timedelta(days=days))
    assert recent_changes() == []


def test_each_entry_has_its_own_lasting_name_and_leads_to_its_tenant(browser: Client, network: None) -> None:
    found = entries(browser)
    names = [entry.findtext(f"{ATOM}id") for entry in found]
    assert len(set(names)) == len(names)
    links = {str(entry.find(f"{ATOM}link").attrib["href"]) for entry in found}  # type: ignore[union-attr]
    assert "http://localhost/subnets/3/1000/" in links
    assert browser.get("/subnets/3/1000/").status_code == 200


def test_an_entry_keeps_its_name_when_history_is_filled_in(browser: Client, db: Any) -> None:
    old, new = a_subnet(1, name="Old", registered=1_000), a_subnet(1, name="New", registered=7_400_000)
    other = a_subnet(2, price_rao=RAO)
    for days, facts in ((9, old), (5, old), (1, new), (0, new)):
        stored(facts, replace(other, price_rao=RAO * (10 - days)), at=T0 - timedelta(days=days))
    before = {entry.findtext(f"{ATOM}id") for entry in entries(browser)}
    stored(old, other, at=T0 - timedelta(days=4))
    stored(new, other, at=T0 - timedelta(days=3))
    Generation.objects.bump()
    assert len(before) == 2
    assert before <= {entry.findtext(f"{ATOM}id") for entry in entries(browser)}


def test_a_reader_that_takes_the_summary_for_html_shows_the_name_as_text(browser: Client, db: Any) -> None:
    for days, name in ((2, "<img src=x onerror=alert(1)>"), (1, "Tame")):
        stored(a_subnet(1, name=name), at=T0 - timedelta(days=days))
    (summary,) = (entry.find(f"{ATOM}summary") for entry in entries(browser))
    assert summary is not None
    assert summary.attrib["type"] == "html"
    shown = BeautifulSoup(str(summary.text), "html.parser")
    assert shown.find("img") is None
    assert shown.get_text() == "It called itself <img src=x onerror=alert(1)> before."


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "]]><x/>&amp;", "\uffff\ufffe"])
def test_a_hostile_name_leaves_the_feed_valid_and_stays_text(browser: Client, db: Any, name: str) -> None:
    stored(a_subnet(2), at=T0 - timedelta(days=1))
    facts = a_subnet(1, name=name)
    stored(a_subnet(2), replace(facts, registered_at_block=7_430_000))
    assert len(entries(browser)) == 1
    assert b"<script" not in browser.get("/feed.atom").content


def test_an_empty_database_has_an_empty_feed(browser: Client, db: Any) -> None:
    assert entries(browser) == []


def test_the_feed_costs_few_queries_and_is_kept(
    browser: Client, network: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        etag = browser.get("/feed.atom")["ETag"]
    assert browser.get("/feed.atom", headers={"If-None-Match": etag}).status_code == 304
