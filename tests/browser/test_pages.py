"""Each page in each theme, wide and narrow: nothing that axe, the console or the content policy would complain of."""

from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from subnets.models import Chain
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

PAGES = (
    "/explorer/",
    "/explorer/?view=cards",
    "/explorer/?q=nothing+like+it",
    "/subnets/3/",
    "/subnets/0/",
    "/nowhere/",
)
THEMES = ("light", "dark")
WIDTHS = (360, 1280)


def violations(page: Any) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(visitor: Visitor, network: None, address: str) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(address)
            if address == "/nowhere/":
                visit.complaints = [each for each in visit.complaints if "404" not in each]
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert "Simulated network" not in page.inner_text("body")


def test_open_panels_and_the_simulated_banner_are_sound(visitor: Visitor, network: None) -> None:
    Chain.objects.create(genesis_hash="0x00", simulated=True)
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open("/subnets/3/")
            page.locator("#figures .pp summary").first.click()
            expect(page.locator("#figures .pp .panel").first).to_be_visible()
            expect(page.locator(".banner-w").first).to_be_visible()
            assert violations(page) == [], (theme, width)
            page = visit.open("/explorer/")
            page.get_by_role("button", name="About Market cap").click()
            expect(page.locator("#m-market_cap_tao")).to_be_visible()
            expect(page.locator("#m-market_cap_tao")).to_contain_text("What all alpha in existence would be worth")
            assert violations(page) == [], (theme, width)


@pytest.mark.parametrize("theme", THEMES)
def test_the_chart_takes_the_place_of_the_drawing(visitor: Visitor, network: None, theme: str) -> None:
    with visitor(theme=theme) as visit:
        page = visit.open("/subnets/3/")
        page.wait_for_selector("[data-chart][data-ready]")
        expect(page.locator(".plot .main-svg").first).to_be_visible()
        expect(page.locator(".drawing")).to_be_hidden()
        tick = page.locator(".plot .xtick text").first
        drawn = tick.evaluate("each => getComputedStyle(each).fill")
        page.get_by_role("link", name="Light theme" if theme == "dark" else "Dark theme").click()
        expect(tick).not_to_have_css("fill", drawn)


def test_another_range_is_drawn_in_place(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/3/")
        page.wait_for_selector("[data-chart][data-ready]")
        page.click("#range-7d")
        page.wait_for_url("**/subnets/3/?range=7d")
        page.wait_for_selector("[data-chart][data-ready]")
        expect(page.locator("#range-7d")).to_have_attribute("aria-current", "true")
        assert page.evaluate("document.querySelector('.plot').data[0].x.length") == 8


def test_without_a_script_the_drawing_and_its_table_remain(visitor: Visitor, network: None) -> None:
    with visitor(javascript=False) as visit:
        page = visit.open("/subnets/3/")
        expect(page.locator(".drawing svg.ch")).to_be_visible()
        page.get_by_text("Data as a table").click()
        newest = page.get_by_role("cell", name="31 Jan 2026 00:00 UTC")
        expect(newest.or_(page.get_by_role("rowheader", name="31 Jan 2026 00:00 UTC")).first).to_be_visible()


def test_plotly_is_not_fetched_for_a_list(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        fetched: list[str] = []
        visit.page.on("request", lambda request: fetched.append(request.url))
        visit.open("/explorer/")
        assert not [address for address in fetched if "plotly" in address]


def test_ages_are_told_by_the_browser(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/")
        expect(page.locator(".live .age")).to_contain_text("d old")


def test_a_chosen_theme_stays_on_the_next_page(visitor: Visitor, network: None) -> None:
    with visitor(theme="light") as visit:
        page = visit.open("/explorer/?q=apex&theme=light")
        page.get_by_role("link", name="Dark theme").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.wait_for_url("**/?q=apex")
        page = visit.open("/subnets/3/")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert visit.page.context.cookies() == []
