"""The home page, past days, dollars and the search field, as a person uses them."""

import re
from datetime import timedelta
from itertools import product

import pytest
from playwright.sync_api import expect

from markets.models import TaoPrice
from tests.browser.conftest import Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations
from tests.factories import T0

pytestmark = pytest.mark.browser

PAGES = ("/", "/?as_of=2026-01-20&currency=usd", "/?as_of=1999-01-01", "/about/")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(visitor: Visitor, network: None, address: str) -> None:
    for days in range(40):
        TaoPrice.objects.create(observed_at=T0 - timedelta(days=days, hours=1), source="import", price_usd=200 + days)
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(address)
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_answer_is_above_the_fold(visitor: Visitor, network: None) -> None:
    for width in WIDTHS:
        with visitor(width) as visit:
            box = visit.open("/").locator(".kpi").first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < 400


def test_the_open_panel_of_past_days_is_sound(visitor: Visitor, network: None) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open("/")
            page.locator(".asof summary").click()
            expect(page.locator("#as-of")).to_be_visible()
            expect(page.locator(".asof .ruler")).to_be_visible()
            assert violations(page) == [], (theme, width)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_day_that_was_chosen_stays_from_page_to_page(visitor: Visitor, network: None, javascript: bool) -> None:
    with visitor(javascript=javascript) as visit:
        page = visit.open("/")
        page.locator(".asof summary").click()
        page.fill("#as-of", "2026-01-20")
        page.get_by_role("button", name="Show date").click()
        page.wait_for_url("**as_of=2026-01-20**")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Explorer").click()
        page.wait_for_url("**/explorer/?as_of=2026-01-20**")
        page.locator("#results tbody a").first.click()
        page.wait_for_url("**/subnets/**as_of=2026-01-20**")
        expect(page.locator("#as-of-day")).to_contain_text("As of 20 Jan 2026.")
        page.get_by_role("link", name="Back to the newest").first.click()
        page.wait_for_url(lambda url: "as_of" not in url)


def test_a_filter_keeps_the_day(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/?as_of=2026-01-20")
        page.locator("#query").press_sequentially("platform")
        page.wait_for_url("**q=platform**")
        assert "as_of=2026-01-20" in page.url


def test_the_switch_shows_dollars(visitor: Visitor, network: None) -> None:
    TaoPrice.objects.create(observed_at=T0 - timedelta(hours=1), source="import", price_usd=250)
    with visitor(javascript=False) as visit:
        page = visit.open("/explorer/")
        page.get_by_role("group", name="Currency").get_by_role("link", name="USD").click()
        expect(page.locator("#results thead")).to_contain_text("Price, $")


def test_a_subnet_is_found_by_keyboard_from_anywhere(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/about/")
        page.keyboard.press("Control+k")
        page.keyboard.type("platform 7")
        expect(page.locator("#found li").first).to_have_text(re.compile("^Plaτform 7"))
        assert violations(page) == []
        page.keyboard.press("ArrowDown")
        expect(page.locator("#find")).to_have_attribute("aria-activedescendant", "found-0")
        page.keyboard.press("Enter")
        page.wait_for_url("**/subnets/7/")


def test_escape_closes_the_list(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/")
        page.keyboard.press("/")
        page.keyboard.type("a")
        page.wait_for_selector("#found li")
        page.keyboard.press("Escape")
        expect(page.locator("#found")).to_be_hidden()


def test_look_alikes_and_words_in_any_order_are_found(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/")
        page.keyboard.press("/")
        for typed, found in (("аρeχ", "Apex"), ("cap market", "Market cap"), ("plaτform", "Plaτform")):
            page.fill("#find", typed)
            expect(page.locator("#found li b").first).to_have_text(re.compile(f"^{found}"))


def test_what_is_no_name_is_sought_in_all_text(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/?as_of=2026-01-20")
        page.keyboard.press("/")
        page.keyboard.type("nobody is called so")
        expect(page.locator("#found li")).to_have_text(["“nobody is called so”in all text"])
        assert violations(page) == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/explorer/?q=nobody**as_of=2026-01-20#subnets")
        expect(page.locator("#results .state")).to_contain_text("No subnet matches")


@pytest.mark.parametrize("theme", THEMES)
def test_paper_says_what_is_shown_in_dark_ink(visitor: Visitor, network: None, theme: str) -> None:
    with visitor(theme=theme) as visit:
        page = visit.open("/explorer/?as_of=2026-01-20&q=platform&theme=dark")
        page.emulate_media(media="print")
        for said in ("#as-of-day", ".live-band", "#results .chips [data-say]"):
            expect(page.locator(said)).to_be_visible()
        for useless in (".nav", ".find", "#filters", "#results .seg"):
            expect(page.locator(useless)).to_be_hidden()
        expect(page.locator("body")).to_have_css("color", "rgb(20, 24, 30)")


def test_the_search_opens_on_a_phone(visitor: Visitor, network: None) -> None:
    with visitor(360) as visit:
        page = visit.open("/?as_of=2026-01-20")
        page.locator(".find-link").click()
        page.locator("#find").press_sequentially("apex")
        page.locator("#found li").first.click()
        page.wait_for_url("**/subnets/**as_of=2026-01-20")


def test_a_hostile_name_runs_nothing_in_the_list(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        visit.page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
        page = visit.open("/")
        page.keyboard.press("/")
        page.keyboard.type("img")
        expect(page.locator("#found li b").first).to_have_text(re.compile('^"><img'))
        assert page.locator("#found img").count() == 0
