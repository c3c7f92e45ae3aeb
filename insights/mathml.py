"""Formulas as a browser typesets them: a declaration's MathML, taken apart and built again from what is allowed."""

import re
from xml.etree import ElementTree

from django.utils.safestring import SafeString

from insights.html import format_html, format_html_join
from subnets.metrics.typeset import row
from taoanalytics.lib.metric import Metric

ELEMENTS = frozenset({"mrow", "mi", "mn", "mo", "mtext", "mfrac", "msub", "msup", "msqrt", "munder", "mspace"})
"""All that a formula may be made of. Of attributes only the width of a space is kept."""

_LEAVES = frozenset({"mi", "mn", "mo", "mtext"})
_WIDTH = re.compile(r"\d{1,2}(\.\d+)?em", re.ASCII)
_OPERATOR = re.compile(r"\s([×÷+−=≥≤])\s")


class NotMathMLError(ValueError):
    """A declaration's fragment is not what a formula may be made of."""


def typeset(metric: Metric) -> SafeString | None:
    """The formula as a block of MathML, read out as its text; None for a metric without a formula.

    Raises NotMathMLError for a fragment that is not well formed or holds what is not in ELEMENTS.
    """
    if not metric.formula:
        return None
    fragment = metric.mathml or from_text(metric.formula)
    if "<mo>=</mo>" not in fragment:
        fragment = row(metric.label, "=", fragment)
    return format_html('<math display="block" aria-label="{}">{}</math>', metric.formula, rebuilt(fragment))


def from_text(formula: str) -> str:
    """MathML of a plain formula: operators between spaces, all else words and numbers."""
    tokens = [token.strip() for token in _OPERATOR.split(formula)]
    return row(*(token for token in tokens if token))


def rebuilt(fragment: str) -> SafeString:
    """The fragment built anew, every text of it escaped."""
    if "<!" in fragment or "<?" in fragment:  # declarations and entities have no place in a formula
        raise NotMathMLError("a formula holds elements and text, nothing else")
    try:
        root = ElementTree.fromstring(fragment)  # noqa: S314  # our own declarations, without entities
    except ElementTree.ParseError as problem:
        raise NotMathMLError(f"the fragment cannot be parsed: {problem}") from None
    return _element(root)


def _element(element: ElementTree.Element) -> SafeString:
    name = element.tag
    if name not in ELEMENTS:
        raise NotMathMLError(f"<{name}> has no place in a formula")
    if name == "mspace":
        width = element.get("width", "")
        return format_html('<mspace width="{}"></mspace>', width if _WIDTH.fullmatch(width) else "1em")
    text = (element.text or "") if name in _LEAVES else ""
    inside = format_html_join("", "{}", ((_element(child),) for child in element))
    return format_html("<{0}>{1}{2}</{0}>", name, text, inside)
