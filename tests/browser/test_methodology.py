"""The methodology in each theme, wide and narrow, and by hand."""

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations

pytestmark = pytest.mark.browser

PAGES = (
    "/methodology/",
    "/methodology/market_cap_tao/",
    "/methodology/tao_score_v3/",
    "/methodology/farming_score/",
    "/methodology/price_usd/",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(visitor: Visitor, network: None, address: str) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(address)
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_formula_is_typeset_by_the_browser(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/methodology/market_cap_tao/")
        drawn = page.evaluate(
            "[...document.querySelectorAll('math, math *')].map(e => e.namespaceURI + ' ' + e.localName)"
        )
        assert {name.split()[0] for name in drawn} == {"http://www.w3.org/1998/Math/MathML"}
        assert any(name.endswith(" msub") for name in drawn)
        assert page.locator("math").bounding_box()["height"] > 10


def test_one_can_walk_from_a_metric_to_its_inputs_and_back(visitor: Visitor, network: None) -> None:
    with visitor(javascript=False) as visit:
        page = visit.open("/methodology/")
        page.get_by_role("link", name="Depth against market cap", exact=True).click()
        expect(page.locator("h1")).to_have_text("Depth against market cap")
        page.locator(".inputs").get_by_role("link", name="market_cap_tao").click()
        expect(page.locator("h1")).to_have_text("Market cap")
        page.get_by_role("link", name="Depth against market cap", exact=True).click()
        page.locator(".head").get_by_role("link", name="Methodology").click()
        expect(page.locator("h1")).to_have_text("Methodology")
