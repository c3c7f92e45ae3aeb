import pytest
from hypothesis import given
from hypothesis import strategies as st

from taoanalytics.lib.text import clean, folded, web_link


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  plain  ", "plain"),
        ("nul\x00and\x07bell", "nulandbell"),
        ("abc\u202edcba", "abcdcba"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041s", "tags"),
        ("FlameWire 🔥", "FlameWire 🔥"),
        ("family 👨‍👩‍👧", "family 👨‍👩‍👧"),
        ("τemplar", "τemplar"),
        ("two\nlines", "two\nlines"),
        ("two\u2028lines", "two\nlines"),
        ("soft\u00adhyphen, grapheme\u034fjoiner", "softhyphen, graphemejoiner"),
        ("left\u061cmark", "leftmark"),
        ("A\u200dp\u200c\u200dex", "Apex"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("joined to what follows 🔥\u200d", "joined to what follows 🔥"),
        ("Z" + "\u0336\u0351" * 40 + "algo", "Z" + "\u0336\u0351" * 2 + "algo"),
        ("\u0301\u20dd sits on what stands before", "sits on what stands before"),
        ("Tiếng Việt, क्षि, הַמְּ", "Tiếng Việt, क्षि, הַמְּ"),
    ],
)
def test_what_deceives_is_removed_and_what_is_meant_stays(said, kept):
    assert clean(said, 100) == kept


@pytest.mark.parametrize(
    "said",
    [
        "\u3164",
        "\u200b\u200d",
        "\u2800 \u2800",
        "\u115f\u1160",
        "\ufe0f",
        "\u0301\u0301",
        "\u00a0",
        "\U000e0041",
        "\u00ad",
    ],
)
def test_what_nobody_would_see_is_nothing(said):
    assert clean(said, 100) == ""


def test_long_text_is_cut_with_a_sign_of_it():
    assert clean("x" * 300, 128) == "x" * 127 + "…"


@given(st.text(max_size=400), st.integers(1, 200))
def test_clean_text_is_short_enough_and_clean_already(said, limit):
    once = clean(said, limit)
    assert len(once) <= limit
    assert clean(once, limit) == once
    assert "\x00" not in once


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("http://example.com", "http://example.com"),
        ("example.com/docs", "https://example.com/docs"),
        ("example.com:8443/x", None),
        ("  https://example.com  ", "https://example.com"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example", None),
        ("https://user:secret@example.com", None),
        ('https://example.com/"onmouseover="x', None),
        ("https://exa mple.com", None),
        ("https://example.com\\@evil.example", None),
        ("localhost", None),
        ("https://[::1", None),
        ("https://example.com:99999", None),
        ("ftp://example.com", None),
        ("", None),
        ("@handle", None),
    ],
)
def test_only_web_addresses_become_links(said, link):
    assert web_link(said) == link


@given(st.text(max_size=100))
def test_no_text_makes_a_link_with_another_scheme(said):
    link = web_link(said)
    assert link is None or link.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("typed", "name"), [("templar", "τemplar"), ("τεmplar", "Templar"), ("platform", "Plaτform"), ("CAFE", "café")]
)
def test_searching_does_not_mind_lookalikes_accents_or_case(typed, name):
    assert folded(typed) == folded(name)
