"""Searching, filtering and sorting by hand, with and without a script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


def test_typing_finds_and_the_address_follows(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/")
        page.evaluate("window.still_here = true")
        page.locator("#query").press_sequentially("platform")
        page.wait_for_url("**q=platform**")
        visit.lists("7", "1")
        assert page.evaluate("window.still_here"), "the page was loaded anew"
        expect(page.locator("#query")).to_be_focused()
        expect(page.locator("#said")).to_have_text("2 of 12 subnets")


def test_sorting_swaps_the_rows_and_keeps_search_and_focus(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/?category=inference")
        page.locator("#sort-netuid").click()
        page.wait_for_url("**sort=netuid**")
        visit.lists("1", "2", "3", "4", "5")
        expect(page.locator("#sort-netuid")).to_be_focused()
        page.select_option("#category", "storage")
        page.wait_for_url("**category=storage**")
        visit.lists("6", "7", "8", "9", "10")  # the order was not lost with the filter


def test_going_back_shows_what_was_there(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/?q=platform")
        page.locator("#sort-netuid").click()
        page.wait_for_url("**sort=netuid**")
        page.go_back()
        expect(page.locator("#results tbody .nid").first).to_have_text("7")
        expect(page.locator("header.top")).to_have_count(1)


def test_back_leaves_a_page_that_still_answers(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/?q=platform")
        page.locator("#sort-netuid").click()
        page.wait_for_url("**sort=netuid**")
        page.go_back()
        expect(page.locator("#find")).to_have_attribute("role", "combobox")
        expect(page.locator("#results tbody .nid").first).to_have_text("7")
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.type("apex")
        expect(page.locator("#found li").first).to_be_visible()


def test_currency_and_day_keep_what_was_filtered_in_place(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/")
        page.select_option("#category", "storage")
        page.wait_for_url("**category=storage**")
        page.locator("#sort-netuid").click()
        page.wait_for_url("**sort=netuid**")
        page.get_by_role("group", name="Currency").get_by_role("link", name="USD").click()
        page.wait_for_url("**currency=usd**")
        visit.lists("6", "7", "8", "9", "10")
        page.locator("#query").press_sequentially("platform")
        page.wait_for_url("**q=platform**")
        page.locator(".asof summary").click()
        page.fill("#as-of", "2026-01-20")
        page.get_by_role("button", name="Show date").click()
        page.wait_for_url("**as_of=2026-01-20**")
        for kept in ("category=storage", "sort=netuid", "currency=usd", "q=platform"):
            assert kept in page.url
        page.locator("#results .fchip").first.click()
        page.wait_for_url(lambda url: "q=platform" not in url)
        page.locator("#as-of-day").get_by_role("link", name="Back to the newest").click()
        page.wait_for_url(lambda url: "as_of" not in url)
        assert "category=storage" in page.url


def test_an_address_that_is_passed_on_shows_the_same_rows(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/?category=inference")
        page.locator("#sort-price_tao").click()
        page.wait_for_url("**sort=**")
        address, rows = page.url.removeprefix(visit.origin), visit.netuids()
    with visitor(360, "dark") as other:
        other.open(address)
        assert other.netuids() == rows


def test_everything_works_without_a_script(visitor: Visitor, network: None) -> None:
    with visitor(javascript=False) as visit:
        page = visit.open("/explorer/")
        page.fill("#query", "plaτform")
        page.select_option("#category", "storage")
        page.get_by_role("button", name="Apply").click()
        visit.lists("7")
        visit.open("/explorer/?q=platform")
        page.locator("#sort-netuid").click()
        visit.lists("1", "7")
        page.get_by_role("link", name="remove search").click()
        expect(page.locator("#results tbody .nid")).to_have_count(12)
        page.get_by_role("link", name="Dark theme").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_field_in_the_header_searches_from_anywhere(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/3/")
        page.keyboard.press("/")
        page.keyboard.type("platform")
        page.keyboard.press("Enter")
        page.wait_for_url("**/explorer/?q=platform#subnets")
        visit.lists("7", "1")


def test_the_keyboard_reaches_the_content_first(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/")
        page.keyboard.press("Tab")
        expect(page.locator("a.skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()


def test_a_hostile_name_runs_nothing(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        visit.page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
        page = visit.open("/explorer/")
        assert page.locator("#results img").count() == 0
        assert page.get_by_role("link", name='"><img src=x onerror=alert(1)>').count() >= 1


def test_cards_are_sorted_and_searched_in_place(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/")
        page.get_by_role("link", name="Cards", exact=True).click()
        page.select_option("#order", "netuid")
        page.wait_for_url("**sort=netuid**")
        expect(page.locator(".card h3 .mut").first).to_have_text("1")
        page.locator("#query").press_sequentially("platform")
        page.wait_for_url("**q=platform**")
        expect(page.locator(".card h3 .mut")).to_have_text(["1", "7"])
        assert "view=cards" in page.url
