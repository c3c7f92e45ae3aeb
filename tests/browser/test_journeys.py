"""Whole errands: pass a view on, take its file, explain a number, keep what other parts of a page were asked."""

import csv
import re
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from markets.models import TaoPrice
from tests.browser.conftest import Visit, Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations
from tests.factories import T0

pytestmark = pytest.mark.browser


def downloaded(page: Page, folder: Path, link: Any) -> list[list[str]]:
    with page.expect_download() as taken:
        link.click()
    file = folder / "taken.csv"
    taken.value.save_as(file)
    with file.open() as text:
        return list(csv.reader(text))


def shown_number(text: str) -> float:
    return float(re.sub(r"[^0-9.\u2212-]", "", text).replace("\u2212", "-"))


def passed_on(visit: Visit) -> str:
    return visit.page.url.removeprefix(visit.origin)


@pytest.mark.parametrize(
    ("address", "step", "rows"),
    [
        ("/trends/?by=category", "#range-7d", "#chart .hscroll tbody tr"),
        ("/correlation/", "#matrix td a >> nth=0", "#power tbody tr"),
        ("/compare/?netuid=12&netuid=3", "#range-7d", "#figures tbody tr"),
        ("/subnets/3/", "#chart-cap", "#market details tbody tr"),
    ],
)
def test_a_view_that_is_passed_on_is_the_same_elsewhere(
    visitor: Visitor, network: None, address: str, step: str, rows: str
) -> None:
    with visitor() as visit:
        page = visit.open(address)
        before = page.url
        page.locator(step).click()
        page.wait_for_url(lambda url: url != before)
        page.wait_for_load_state("load")
        page.wait_for_selector(rows, state="attached")
        shared, seen = passed_on(visit), page.locator(rows).all_text_contents()
    with visitor(360, "dark") as other:
        page = other.open(shared)
        assert page.locator(rows).all_text_contents() == seen


def test_the_files_of_the_pages_hold_what_they_show(visitor: Visitor, network: None, tmp_path: Path) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/?category=inference&sort=-price_tao")
        head, *rows = downloaded(page, tmp_path, page.get_by_role("link", name="CSV", exact=True))
        assert [row[0] for row in rows] == visit.netuids()
        prices = page.locator("#results tbody td.g1:nth-of-type(2)").all_inner_texts()
        assert [f"{float(row[head.index('Price, TAO per alpha')]):.5f}" for row in rows] == prices

        page = visit.open("/trends/?metric=price_tao&range=7d&how=median")
        _, *rows = downloaded(page, tmp_path, page.get_by_role("link", name="CSV", exact=True))
        page.get_by_text("Data as a table").click()
        values = page.locator("#chart details td:not(.mut)").all_inner_texts()
        assert [f"{float(row[1]):.5f}" for row in reversed(rows)] == values

        page = visit.open("/compare/?netuid=12&netuid=3")
        head, *rows = downloaded(page, tmp_path, page.get_by_role("link", name="CSV", exact=True))
        line = page.locator("#figures tbody tr").filter(has_text="Price, τ").first
        column = head.index("Price, TAO per alpha")
        shown = [shown_number(cell) for cell in line.locator("td").all_inner_texts()[:2]]
        assert shown == [round(float(row[column]), 5) for row in rows]

        page = visit.open("/correlation/?method=pearson")
        head, *rows = downloaded(page, tmp_path, page.get_by_role("link", name="CSV", exact=True))
        assert len(rows) == page.locator("#matrix table").first.locator("tbody td:not(:empty)").count()


def test_a_key_figure_explains_itself_by_keyboard_and_without_a_request(visitor: Visitor, network: None) -> None:
    TaoPrice.objects.create(observed_at=T0 - timedelta(hours=1), source="import", price_usd=250)
    with visitor() as visit:
        page = visit.open("/")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        summaries = page.locator(".kpi summary")
        assert summaries.count() == 7
        for place in range(7):
            summaries.nth(place).focus()
            page.keyboard.press("Enter")
            panel = page.locator(".kpi").nth(place).locator(".panel")
            expect(panel).to_be_visible()
            expect(panel).to_contain_text("Source")
            expect(page.locator(".kpi details[open]")).to_have_count(1)  # one at a time
            page.keyboard.press("Escape")
            expect(panel).not_to_be_visible()
        assert [address for address in asked if "favicon" not in address] == []


@pytest.mark.parametrize("place", [0, 3, 6])
def test_an_open_passport_is_sound_and_within_the_page(visitor: Visitor, network: None, place: int) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open("/")
            page.locator(".kpi summary").nth(place).click()
            box = page.locator(".kpi").nth(place).locator(".panel").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_passport_opens_without_a_script(visitor: Visitor, network: None) -> None:
    with visitor(360, javascript=False) as visit:
        page = visit.open("/")
        page.locator(".kpi summary").first.click()
        page.locator(".kpi .panel").first.get_by_role("link", name="Method").click()
        expect(page.locator("h1")).to_have_text("Market cap of all subnets")


def test_the_parts_of_a_subnets_page_keep_what_each_other_was_asked(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/subnets/3/")
        page.locator("#trade-size").fill("77")
        page.get_by_role("button", name="Quote").click()
        page.wait_for_url("**trade=77**")
        page.locator("#range-7d").click()
        page.wait_for_url("**range=7d**")
        assert "trade=77" in page.url
        page.locator("#vsort-uid").click()
        page.wait_for_url("**vsort=**")
        page.locator("#trade-size").fill("78")
        page.get_by_role("button", name="Quote").click()
        page.wait_for_url("**trade=78**")
        assert "range=7d" in page.url
        assert "vsort=" in page.url
        assert "trade=77" not in page.url
        shared = passed_on(visit)
    with visitor(javascript=False) as other:
        page = other.open(shared)
        expect(page.locator("#trade-size")).to_have_value("78")
        expect(page.locator("#range-7d")).to_have_attribute("aria-current", "true")


def test_the_panel_of_a_column_sorts_by_it_next_also_after_another_sort(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/screener/")
        page.locator("#sort-pool_tao").click()
        page.wait_for_url("**sort=-pool_tao*")
        page.get_by_role("button", name="About Price").first.click()
        page.locator("#then-price_tao").click()
        page.wait_for_url("**sort=-pool_tao,-price_tao*")
        expect(page.locator("#m-price_tao")).not_to_be_visible()
        page.get_by_role("button", name="About TAO in pool").first.click()
        expect(page.locator("#m-pool_tao")).to_be_visible()


def test_one_category_is_drawn_beside_all(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/trends/?metric=price_tao")
        page.select_option("#category", "inference")
        page.wait_for_url("**category=inference**")
        expect(page.locator("#chart h2")).to_have_text(re.compile(r"^\s*Price, mean of Inference"))
        expect(page.locator("#foremost tbody tr")).to_have_count(5)


def test_dollars_and_theme_go_along_from_page_to_page(visitor: Visitor, network: None) -> None:
    TaoPrice.objects.create(observed_at=T0 - timedelta(hours=1), source="import", price_usd=250)
    with visitor(javascript=False) as visit:
        page = visit.open("/")
        page.get_by_role("group", name="Currency").get_by_role("link", name="USD").click()
        page.wait_for_url("**/?currency=usd**")
        for name in ("Explorer", "Screener", "Compare", "Trends", "Correlation"):
            page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
            page.wait_for_url(f"**/{name.lower()}/?**currency=usd**")


def test_every_control_of_the_screener_is_reached_by_keyboard(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/screener/")
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert {"find", "trade", "filter-by", "columns-shown", "look", "sort-name", "CSV", "JSON"} <= reached
        page.locator("#filter-by").focus()
        page.keyboard.press("Enter")
        page.locator("[name=min_price_tao]").focus()
        page.keyboard.type("0.2")
        page.keyboard.press("Enter")
        page.wait_for_url("**min_price_tao=0.2*")
        expect(page.locator("#power tbody tr")).to_have_count(2)


def test_a_page_on_paper_has_no_controls(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/")
        page.emulate_media(media="print")
        expect(page.locator(".find")).to_be_hidden()
        expect(page.locator("#results table")).to_be_visible()
