"""How a signal came about, opened from the screener: in place with a script, as a page without."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from insights.judge import judge_newest
from tests.browser.conftest import Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations

pytestmark = pytest.mark.browser
SIGNALS = "/screener/?view=signals"


def test_a_row_and_a_mark_open_the_explanation_in_place(visitor: Visitor, network: None) -> None:
    judge_newest()
    with visitor() as visit:
        page = visit.open(SIGNALS)
        address = page.url
        first = page.locator("#power tbody tr").first
        netuid = first.locator(".nid").inner_text()
        first.locator("td").nth(1).click()
        expect(page.locator("#insight h2")).to_have_text(re.compile(rf"^{netuid} "))
        expect(page.locator("#insight")).to_contain_text("not advice")
        other = next(each for each in ("5", "6") if each != netuid)
        page.locator(f"svg.sc a[href='/subnets/{other}/insight/']").dispatch_event("click")
        expect(page.locator("#insight h2")).to_have_text(re.compile(rf"^{other} "))
        assert page.url == address


def test_without_a_script_a_row_leads_to_the_page_of_it(visitor: Visitor, network: None) -> None:
    judge_newest()
    with visitor(javascript=False) as visit:
        page = visit.open(SIGNALS)
        page.locator("#power tbody a").first.click()
        page.wait_for_url("**/insight/")
        expect(page.locator("#insight")).to_contain_text("No language model is set up here.")


def test_the_page_is_fit_for_everyone(visitor: Visitor, network: None) -> None:
    judge_newest()
    for width, theme in product(WIDTHS, THEMES):
        with visitor(width, theme) as visit:
            page = visit.open("/subnets/5/insight/")
            for summary in page.locator("#insight summary").all():
                summary.click()
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
