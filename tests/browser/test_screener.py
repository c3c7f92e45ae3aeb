"""The power table by hand: filter, sort, choose columns, pass it on, take the file, by keyboard, without a script."""

import csv
import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations

pytestmark = pytest.mark.browser
SCREENER = "/screener/"
ROWS = "#power tbody .nid"
LARGEST_FIRST = [str(netuid) for netuid in range(12, 0, -1)]


def netuids(page: Page) -> list[str]:
    page.wait_for_load_state("load")
    return page.locator(ROWS).all_inner_texts()


def test_sorting_swaps_the_table_and_shift_adds_a_second_column(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(SCREENER)
        page.evaluate("window.still_here = true")
        page.locator("#sort-pool_tao").click()
        page.wait_for_url("**sort=-pool_tao*")
        expect(page.locator("#sort-pool_tao")).to_be_focused()
        expect(page.locator(ROWS)).to_have_text(LARGEST_FIRST[::-1])  # equal pools stand by netuid
        page.locator("#sort-price_tao").click(modifiers=["Shift"])
        page.wait_for_url("**sort=-pool_tao,-price_tao*")
        expect(page.locator(ROWS)).to_have_text(LARGEST_FIRST)
        assert page.evaluate("window.still_here"), "the page was loaded anew"
        page.go_back()
        expect(page.locator("#power tbody .nid").first).to_have_text("1")


def test_filtering_leaves_a_short_address_that_shows_the_same_elsewhere(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(SCREENER)
        page.locator("#filter-by").click()
        page.locator("[name=min_price_tao]").fill("0.09")
        page.get_by_label("Inference").check()
        page.get_by_role("button", name="Show subnets").click()
        page.wait_for_url("**min_price_tao=0.09*")
        expect(page.locator("#power tbody tr")).to_have_count(1)
        assert "max_" not in page.url
        assert "flag=" not in page.url
        address, rows = page.url.removeprefix(visit.origin), netuids(page)
        assert rows == ["5"]
        expect(page.locator("#said")).to_have_text(re.compile("^1 of 12 subnets"))
    with visitor(360, "dark") as other:
        assert netuids(other.open(address)) == rows


def test_chosen_columns_are_those_of_the_file(visitor: Visitor, network: None, tmp_path: Path) -> None:
    with visitor() as visit:
        page = visit.open(f"{SCREENER}?col=price_tao&sort=price_tao")
        page.locator("#columns-shown").click()
        page.locator("#columns [value=pool_tao]").check()
        page.get_by_role("button", name="Show these columns").click()
        page.wait_for_url("**pool_tao*")
        page.wait_for_selector("#sort-pool_tao")
        with page.expect_download() as taken:
            page.get_by_role("link", name="CSV").first.click()
        file = tmp_path / "screener.csv"
        taken.value.save_as(file)
        with file.open() as text:
            rows = list(csv.DictReader(text))
        assert [row["netuid"] for row in rows] == netuids(page)
        assert [f"{float(row['Price, TAO per alpha']):.5f}" for row in rows] == page.locator(
            "#power tbody td.g1"
        ).all_inner_texts()


def test_the_size_of_the_trade_changes_what_it_costs(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(f"{SCREENER}?col=trade_round_trip_pct")
        page.locator("#trade").fill("1000")
        page.locator("#trade").press("Enter")
        page.wait_for_url("**trade=1000*")
        expect(page.locator("#sort-trade_round_trip_pct")).to_contain_text("Round trip of 1,000 τ")


def test_rows_by_keyboard(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(SCREENER)
        for key, row in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0)):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.querySelector('.nid').textContent") == LARGEST_FIRST[row]
        page.keyboard.press("Enter")
        page.wait_for_url("**/subnets/12/")


def test_a_list_of_ones_own_stays_in_the_browser_and_travels_by_address(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(SCREENER)
        for netuid in (3, 7):
            page.locator(f"#power tr:has(a[href='/subnets/{netuid}/']) .star").click()
        page.reload()
        expect(page.locator(".star[aria-pressed=true]")).to_have_count(2)
        starred = page.get_by_role("button", name="My list: 7 ")
        expect(starred).to_have_attribute("aria-pressed", "true")
        page.get_by_role("link", name="Only my list (2)").click()
        page.wait_for_url("**only=3,7*")
        expect(page.locator("#power tbody tr")).to_have_count(2)
        address = page.url.removeprefix(visit.origin)
    with visitor() as other:
        assert netuids(other.open(address)) == ["7", "3"]


def test_the_pickers_outlive_a_sort_and_serve_again(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(f"{SCREENER}?col=price_tao")
        for metric, low, left in (("price_tao", "0.05", 10), ("pool_tao", "1", 10), ("price_tao", "0.2", 2)):
            page.locator("#filter-by").click()
            expect(page.locator("#pick-figure")).to_have_value("")
            page.locator("#pick-figure").select_option(metric)
            page.locator("#filters [name=least]").fill(low)
            page.get_by_role("button", name="Show subnets").click()
            expect(page.locator(ROWS)).to_have_count(left)
        page.locator("#sort-price_tao").click()
        page.wait_for_url("**sort=*price_tao*")
        page.locator("#columns-shown").click()
        expect(page.locator("#columns [value=price_tao]")).to_be_checked()
        page.locator("#columns [value=fdv_tao]").check()
        page.get_by_role("button", name="Show these columns").click()
        expect(page.locator("#sort-fdv_tao")).to_be_visible()
        page.locator("#columns-shown").click()
        expect(page.locator("#columns [value=fdv_tao]")).to_be_checked()
        expect(page.locator("#columns [value=pool_tao]")).not_to_be_checked()


def test_the_axes_of_the_signals_are_the_readers(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(f"{SCREENER}?view=signals")
        page.locator(".axes [name=x]").select_option("price_tao")
        page.locator(".axes [name=y]").select_option("pool_tao")
        page.get_by_role("button", name="Draw").click()
        expect(page.locator("figcaption")).to_contain_text("TAO in pool, τ against Price, τ: 12 subnets")
        page.locator("svg.sc a[href='/subnets/12/insight/'] circle").click()
        expect(page.locator("#insight h2, #insight h1").first).to_be_visible()
        assert "view=signals&x=price_tao&y=pool_tao" in page.url


def test_a_named_view_is_remembered(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(f"{SCREENER}?preset=risk")
        page.locator("#look").click()
        page.locator("#naming [name=name]").fill("What could go")
        page.get_by_role("button", name="Name it").click()
        page.wait_for_url("**name=What*")
        page.wait_for_selector("h1:text('What could go')")
        page = visit.open(SCREENER)
        page.locator("#look").click()
        page.get_by_role("link", name="What could go").click()
        page.wait_for_url("**preset=risk*")


def test_a_mark_of_the_scatter_leads_to_its_subnet(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open(f"{SCREENER}?view=scatter&x=price_tao&y=change_7d_pct&log=x")
        page.locator("svg.sc a[href='/subnets/12/'] circle").click()
        page.wait_for_url("**/subnets/12/")


def test_everything_works_without_a_script(visitor: Visitor, network: None) -> None:
    with visitor(javascript=False) as visit:
        page = visit.open(SCREENER)
        page.locator("#sort-price_tao").click()
        page.wait_for_url("**sort=*price_tao*")
        expect(page.locator(ROWS)).to_have_text(LARGEST_FIRST)
        page.locator("#filter-by").click()
        page.locator("[name=metric]").select_option("price_tao")
        page.locator("[name=least]").fill("0.2")
        page.get_by_role("button", name="Show subnets").click()
        expect(page.locator(ROWS)).to_have_text(["12", "11"])
        page.get_by_role("link", name="remove").first.click()
        expect(page.locator(ROWS)).to_have_count(12)
        page.get_by_role("link", name="Risk", exact=True).click()
        page.locator("#sort-deregistration_rank").wait_for(state="attached")
        page.get_by_role("button", name="About Asset value").first.click()
        page.get_by_role("link", name="Then sort by this").first.click()
        page.wait_for_url("**,-**")


@pytest.mark.parametrize(
    "query", ["", "?view=scatter", "?view=histogram&x=price_tao", "?view=signals", "?preset=risk&heat=category&pctl=1"]
)
def test_a_view_is_sound(visitor: Visitor, network: None, query: str) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(SCREENER + query)
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("panel", ["filter-by", "columns-shown", "look"])
def test_an_open_panel_is_sound(visitor: Visitor, network: None, panel: str) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(SCREENER)
            page.locator(f"#{panel}").click()
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
