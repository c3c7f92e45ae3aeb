"""Text is put into HTML as Django does it."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import html as django_html
from django.utils.safestring import SafeString

from insights.html import format_html, format_html_join
from taoanalytics.lib.metric import Unit

HOSTILE = "<script>\"a\" & 'b'</script>{0}{x}%s"


class _Loud(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "<b>"


@pytest.mark.parametrize(
    "value",
    [HOSTILE, SafeString("<b>safe</b>"), None, 1.5, Decimal("0.1"), b"<i>", Unit.PERCENT, _Loud("<u>"), ["<", "&"]],
)
def test_nothing_gets_through_that_django_would_escape(value: Any) -> None:
    for form in ("<p>{}</p>", '<a title="{0}">{0}</a>'):
        assert format_html(form, value) == django_html.format_html(form, value)
    assert format_html("{}{named}", 1, named=value) == django_html.format_html("{}{named}", 1, named=value)
    rows = [(value, HOSTILE), (HOSTILE, value)]
    assert format_html_join("<br>", "{}={}", rows) == django_html.format_html_join(SafeString("<br>"), "{}={}", rows)


def test_what_was_made_is_safe_and_is_not_escaped_again() -> None:
    inner = format_html("<b>{}</b>", HOSTILE)
    assert isinstance(inner, SafeString)
    assert format_html("<p>{}</p>", inner) == f"<p>{inner}</p>"
