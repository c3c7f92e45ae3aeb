"""What is left out of our own files changes nothing for a browser."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from taoanalytics.ops.static_files import shortened

pytestmark = pytest.mark.browser

STATIC = Path(settings.BASE_DIR) / "static"
SHEETS = sorted(STATIC.glob("css/*.css"))
SCRIPTS = sorted(STATIC.glob("js/*.js"))
_RULES = """text => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return Array.from(sheet.cssRules, rule => rule.cssText).join("\\n");
}"""


@pytest.fixture
def blank(chromium: Browser) -> Page:
    return chromium.new_context().new_page()


def rules(page: Page, text: str) -> str:
    """As the browser understood them; space after a comma or colon means nothing within a declaration."""
    return re.sub(r"(?<=[,:]) ", "", " ".join(page.evaluate(_RULES, text).split()))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_shortened_style_sheet_has_the_same_rules(blank: Page, sheet: Path) -> None:
    text = sheet.read_text()
    short = shortened(sheet.name, text)
    assert len(short) < len(text)
    assert rules(blank, short) == rules(blank, text)


def test_a_rule_that_became_another_one_is_noticed(blank: Page) -> None:
    assert rules(blank, ".a :is(b, i) { color: red }") != rules(blank, ".a:is(b, i) { color: red }")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_shortened_script_can_be_read(blank: Page, script: Path) -> None:
    short = shortened(script.name, script.read_text())
    assert len(short) < len(script.read_text())
    blank.evaluate("text => { new Function(text); }", short)
