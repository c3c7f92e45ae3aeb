"""What a subnet does, in a browser: the pages are sound, and a correction needs no script."""

from itertools import product

import pytest

from enrichment.models import ContextSource
from enrichment.publish import publish
from subnets.models import Subnet
from tests.browser.conftest import Visitor
from tests.browser.test_pages import THEMES, WIDTHS, violations
from tests.enrichment.runs import a_run, by_rules

pytestmark = pytest.mark.browser


@pytest.fixture
def told(network: None) -> None:
    """Subnet 1 found by a model and flagged, with a long word in each text; subnet 4 by rules."""
    first, fourth = Subnet.objects.get(netuid=1), Subnet.objects.get(netuid=4)
    ContextSource.objects.create(subnet=first, kind="website", address="https://apex.example/", text="x")
    payload = {"tagline": "x" * 150, "what_it_does": "y" * 400, "key_features": ["z" * 120], "tags": ["t" * 32] * 2}
    parts = {"evidence": 32.0, "agreement": 25, "caps": ["injection"]}
    a_run(first, payload=payload, flags=["instructs"], confidence_parts=parts, model_served="m" * 80)
    by_rules(fourth)
    publish([first, fourth])


@pytest.mark.parametrize(
    "address",
    ["/subnets/1/", "/subnets/4/", "/explorer/?view=cards", "/categories/", "/categories/serverless-compute/"],
)
def test_a_page_with_what_subnets_do_is_sound(visitor: Visitor, told: None, address: str) -> None:
    for theme, width in product(THEMES, WIDTHS):
        with visitor(width, theme) as visit:
            page = visit.open(address)
            for summary in page.locator("#does summary").all():
                summary.click()
            assert violations(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (theme, width)
