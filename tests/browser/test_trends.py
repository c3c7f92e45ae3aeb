"""Trends, correlation and comparison as a person would use them."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations

pytestmark = pytest.mark.browser

PAGES = (
    "/trends/?by=category&metric=price_tao",
    "/trends/?netuid=1&netuid=7&netuid=nobody&range=7d",
    "/correlation/",
    "/correlation/?netuid=3&m=price_tao&m=market_cap_tao&m=volume_1d_tao",
    "/compare/",
    "/compare/?netuid=1&netuid=2&netuid=3&netuid=99",
)
DRAWN = "document.querySelector('.plot').data.map(line => line.name)"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(visitor: Visitor, network: None, address: str) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(address)
            if page.locator("[data-chart]").count():
                page.wait_for_selector("[data-chart][data-ready]")
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_choosing_a_metric_draws_it_in_place_and_the_address_follows(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/trends/")
        page.evaluate("window.still_here = true")
        page.select_option("#metric", "price_tao")
        page.wait_for_url("**metric=price_tao**")
        page.wait_for_selector("[data-chart][data-ready]")
        expect(page.locator("#chart h2")).to_have_text("Price, mean of all subnets, τ")
        page.select_option("#how", "median")
        page.wait_for_url("**how=median**")
        page.select_option("#by", "category")
        page.wait_for_url("**by=category**")
        page.wait_for_selector("[data-chart][data-ready]")
        assert len(page.evaluate(DRAWN)) == 3
        assert page.evaluate("window.still_here"), "the page was loaded anew"
        address = page.url.removeprefix(visit.origin)
    with visitor(360, "dark") as other:
        page = other.open(address)
        page.wait_for_selector("[data-chart][data-ready]")
        expect(page.locator("#how")).to_have_value("median")
        assert len(page.evaluate(DRAWN)) == 3


def test_another_range_has_other_days(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/trends/?metric=price_tao")
        page.wait_for_selector("[data-chart][data-ready]")
        assert page.evaluate("document.querySelector('.plot').data[0].x.length") == 31
        page.click("#range-7d")
        page.wait_for_url("**range=7d**")
        page.wait_for_selector("[data-chart][data-ready]")
        assert page.evaluate("document.querySelector('.plot').data[0].x.length") == 8


def test_subnets_are_added_by_name_and_removed_by_their_chips(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/compare/")
        page.fill("#netuid", "Apex")
        page.keyboard.press("Enter")
        page.wait_for_url("**netuid=Apex**")
        page.wait_for_selector("#figures")
        page.fill("#netuid", "3")
        page.get_by_role("button", name="Add").click()
        page.wait_for_selector("#figures thead th:nth-child(4)")
        page.wait_for_selector("[data-chart][data-ready]")
        names = page.locator("#figures thead a").all_inner_texts()
        assert len(names) == 2
        page.locator(".fchip").first.click()
        page.wait_for_selector("#figures thead th:nth-child(3)", state="detached")
        expect(page.locator("#figures thead a")).to_have_text(names[1:])


def test_metrics_are_chosen_by_keyboard_and_a_cell_leads_to_its_scatter(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/correlation/?m=price_tao&m=market_cap_tao")
        page.locator(".tr-pick summary").focus()
        page.keyboard.press("Enter")
        box = page.get_by_role("checkbox", name="Neurons", exact=True)
        box.focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Show these").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**m=neuron_count**")
        page.wait_for_selector("#matrix tbody tr:nth-child(3)")
        page.select_option("#method", "pearson")
        page.wait_for_url("**method=pearson**")
        expect(page.locator("#matrix h2")).to_have_text(re.compile(r"^\s*Pearson correlation, 12 subnets now"))
        address = page.locator("#matrix td a").first.get_attribute("href")
        assert address is not None
        assert "view=scatter" in address


def test_each_control_of_a_correlation_acts_at_once_and_focus_stays(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/correlation/?m=price_tao&m=market_cap_tao&m=volume_1d_tao")
        heading = page.locator("#matrix h2")
        page.select_option("#level", "10")
        expect(page.locator("#strongest .end")).to_contain_text("q ≤ 10%")
        page.fill("#netuid", "3")
        page.keyboard.press("Tab")
        expect(heading).to_contain_text("changes of")
        expect(page.locator("#pick")).to_be_focused()
        page.select_option("#of", "levels")
        expect(heading).to_contain_text("levels of")
        page.select_option("#range", "all")
        expect(heading).to_contain_text("over all")


def test_everything_works_without_a_script(visitor: Visitor, network: None) -> None:
    with visitor(javascript=False) as visit:
        page = visit.open("/trends/")
        page.select_option("#metric", "price_tao")
        page.fill("#netuid", "7")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**netuid=7**")
        expect(page.locator("#chart svg.ch")).to_be_visible()
        expect(page.locator("#chart tbody th").first).to_have_text(re.compile(r"^\s*Plaτform"))
        page.get_by_text("Data as a table").click()
        expect(page.get_by_role("rowheader", name="31 Jan 2026 00:00 UTC")).to_be_visible()
        visit.open("/compare/")
        page.get_by_role("link", name="Three largest").click()
        expect(page.locator("#chart svg.ch path.ln")).to_have_count(3)
        visit.open("/correlation/")
        page.select_option("#method", "pearson")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator("#matrix h2")).to_have_text(re.compile(r"^\s*Pearson"))
