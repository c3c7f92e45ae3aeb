"""What a page looks like where that can be told by measure: nothing cut off, nothing hidden, nothing painted over."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from subnets.models import Category
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

STACKED = "".join(letter + "\u0301\u0302\u0303\u0308" * 8 + "\u0316\u0323\u0331" * 8 for letter in "Zalgo")


def test_on_a_phone_the_current_page_is_in_view_of_the_navigation(visitor: Visitor, network: None) -> None:
    with visitor(360) as visit:
        page = visit.open("/status/")
        current = page.locator(".nav [aria-current]")
        expect(current).to_have_text("Status")
        expect(current).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_chosen_preset_is_in_view_also_after_a_swap(visitor: Visitor, network: None) -> None:
    with visitor(360) as visit:
        page = visit.open("/screener/?preset=ai")
        chosen = page.locator(".tools .tabs [aria-current]")
        expect(chosen).to_have_text("AI")
        expect(chosen).to_be_in_viewport(ratio=1)
        page.locator(".tools .tabs a", has_text="Yield").click()
        expect(chosen).to_have_text("Yield")
        expect(chosen).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 768])
def test_the_explorer_tells_its_count_and_has_cards_on_small_screens(
    visitor: Visitor, network: None, width: int
) -> None:
    with visitor(width) as visit:
        page = visit.open("/explorer/")
        expect(page.locator("#results [data-say]")).to_be_visible()
        page.get_by_role("link", name="Cards", exact=True).click()
        expect(page.locator(".card").first).to_be_visible()


def test_stacked_accents_paint_over_no_neighbour(visitor: Visitor, network: None) -> None:
    with visitor() as visit:
        page = visit.open("/explorer/?view=cards")
        card = page.locator(".card").first
        neighbours = [card.locator(each) for each in (".fig", ".meta")]
        before = [each.screenshot() for each in neighbours]
        card.locator(".tag").evaluate("(tag, text) => { tag.textContent = text }", STACKED)
        assert [each.screenshot() for each in neighbours] == before


def test_a_focus_ring_in_a_text_is_whole(visitor: Visitor, network: None) -> None:
    """Where texts are cut at their edges, there is room for the ring of a link on their first or last line."""
    with visitor() as visit:
        page = visit.open("/explorer/?view=cards")
        link = page.locator("#results .note a").first
        link.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(link).to_have_css("outline-style", "solid")
        ring = link.evaluate("each => { const s = getComputedStyle(each); return [s.outlineWidth, s.outlineOffset] }")
        margin = page.locator(".card .tag").first.evaluate("each => getComputedStyle(each).overflowClipMargin")
        assert float(margin.removesuffix("px")) >= sum(float(each.removesuffix("px")) for each in ring) > 0


def test_the_curation_queue_fits_beside_the_admins_sidebars(visitor: Visitor, network: None, live_server: Any) -> None:
    get_user_model().objects.create_superuser("staff", password="a password of staff")
    Category.objects.filter(slug="inference").update(name="Trading, forecasting & the data of markets")
    with visitor(1280) as visit:
        page = visit.open("/admin/login/?next=/admin/enrichment/curation/")
        page.get_by_label("Username").fill("staff")
        page.get_by_label("Password").fill("a password of staff")
        page.get_by_role("button", name="Log in").click()
        queue = page.locator("#changelist .results")
        expect(queue).to_be_visible()
        assert queue.evaluate("queue => queue.scrollWidth - queue.clientWidth") == 0
