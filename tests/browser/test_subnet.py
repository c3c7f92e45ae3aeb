"""The subnet page used as a person would."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from insights.judge import judge_newest
from tests.browser.conftest import Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("address", ["/subnets/3/?range=all&chart=cap&trade=250", "/subnets/3/?trade=-1"])
def test_every_panel_is_sound_open_and_closed(visitor: Visitor, network: None, address: str) -> None:
    judge_newest()
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(address)
            page.evaluate("document.querySelectorAll('details.alt').forEach(each => each.open = true)")
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_another_chart_is_drawn_in_place_and_its_address_shared(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/3/")
        page.wait_for_selector("[data-chart][data-ready]")
        page.click("#chart-pool")
        page.wait_for_url("**/subnets/3/?chart=pool")
        page.wait_for_selector("#market h2:text('TAO in the pool')")
        page.click("#range-30d")
        page.wait_for_url("**chart=pool&range=30d")
        page.wait_for_selector("[data-chart][data-ready]")
        assert page.evaluate("document.querySelector('.plot').data[0].name") == "Pool"
    with visitor() as other:
        page = other.open("/subnets/3/?chart=pool&range=30d")
        expect(page.locator("#market h2")).to_have_text("TAO in the pool, τ")


def test_a_quote_is_made_in_place(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/5/?range=30d")
        page.fill("#trade-size", "321")
        page.press("#trade-size", "Enter")
        page.wait_for_url("**trade=321**")
        expect(page.locator("#quotes tr.sel th")).to_have_text(re.compile(r"^\s*321"))
        assert "range=30d" in page.url


def test_a_quote_is_made_without_a_script(visitor: Visitor, network: None) -> None:
    with visitor(javascript=False) as visit:
        page = visit.open("/subnets/5/?range=30d&chart=cap")
        page.fill("#trade-size", "321")
        page.get_by_role("button", name="Quote").click()
        page.wait_for_url("**trade=321**")
        assert "chart=cap" in page.url
        expect(page.locator("#quotes tr.sel th")).to_have_text(re.compile(r"^\s*321"))
        expect(page.locator(".drawing svg.ch")).to_be_visible()


def test_a_metric_that_is_folded_away_shows_its_passport(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/3/")
        page.locator("#figures-stake details.alt > summary").click()
        page.locator("#figures-stake .pp summary", has_text="Stake quality").click()
        expect(page.locator("#figures-stake .pp[open] .panel")).to_be_visible()
        expect(page.locator("#figures-stake .pp[open] .panel")).to_contain_text("stake_quality, version")


def test_linked_data_is_not_run_and_is_whole(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/2/")  # its name is an image that would run a script
        said = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
        assert said["@type"] == "Dataset"
        assert said["name"].startswith('"><img src=x onerror=alert(1)>')


@pytest.mark.parametrize("width", [360, 768, 1024, 1280])
def test_passports_outside_the_tables_stay_on_the_screen(visitor: Visitor, network: None, width: int) -> None:
    with visitor(width) as visit:
        page = visit.open("/subnets/3/")
        for section in (".price", "#deregistration"):
            for passport in page.locator(f"{section} .pp").all():
                passport.locator("summary").press("Enter")
                panel = passport.locator(".panel")
                expect(panel).to_be_visible()
                box = panel.bounding_box()
                assert box is not None
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= width
                passport.locator("summary").press("Enter")
                expect(panel).to_be_hidden()


def test_a_column_of_quotes_explains_itself_also_after_another_quote(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/5/")
        page.fill("#trade-size", "1,234.5")
        page.press("#trade-size", "Enter")
        expect(page.locator("#quotes tr.sel th")).to_have_text(re.compile(r"^\s*1,234\.5"))
        page.locator("#quotes thead button", has_text="There and back").press("Enter")
        expect(page.locator("#m-quote_round_trip_pct")).to_contain_text("100 × (1 − TAO returned ÷ TAO paid)")
        page.keyboard.press("Escape")
        expect(page.locator("#m-quote_round_trip_pct")).to_be_hidden()


def test_without_a_script_each_chart_has_its_table(visitor: Visitor, network: None) -> None:
    with visitor(360, javascript=False) as visit:
        page = visit.open("/subnets/1/?range=30d")
        page.locator("#market summary", has_text="Data as a table").click()
        expect(page.locator("#market details[open] tbody tr").first).to_be_visible()
        for chart in page.locator("#multiples figure").all():
            chart.locator("summary").click()
            expect(chart.locator("tbody tr").first).to_be_visible()
        expect(page.locator("#market .legend")).to_be_visible()
