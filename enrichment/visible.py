"""Which parts of a page a visitor would not see, as far as the page itself tells. Pure.

What only a style sheet in another file hides is not known here.
"""

import re
import warnings
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Comment, MarkupResemblesLocatorWarning, Tag
from bs4.element import PageElement

_NO_TEXT = ["script", "style", "noscript", "svg", "math", "iframe", "object", "embed", "canvas", "video", "audio"]
_NO_WORDS = ["select", "datalist", "textarea", "button", "input", "nav", "footer", "head"]
_BLOCKS = (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure form h1 h2 h3 "
    "h4 h5 h6 header hr li main menu ol p section summary table tbody td tfoot th thead tr ul"
).split()
_HIDING_CLASSES = {
    "d-none", "hidden", "invisible", "screen-reader-only", "screen-reader-text", "sr-only", "visually-hidden",
    "visuallyhidden",
}  # fmt: skip
_SHOWN_ON_SOME_SCREENS = re.compile(r"^[\w-]+:(block|flex|grid|inline|table|visible|contents|not-sr-only)|^d-\w+-")
_AWAY = r"(?:left|right|top|bottom|text-indent|margin(?:-left|-top)?):-(?:[5-9]\d\d|\d{4,})(?:\.\d+)?(?:px|pt)?|"
_AWAY_IN_OTHER_UNITS = r"(?:left|right|top|text-indent|margin-left):-(?:[5-9]\d|\d{3,})(?:\.\d+)?(?:r?em|v[wh]|%)|"
_HIDING = re.compile(
    r"(?:^|;)(?:"
    r"display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|"
    r"font-size:(?:0|1|0?\.\d+)(?:\.\d+)?(?:px|pt|r?em|%)?(?=;|!|$)|"
    r"font-size:0|line-height:0(?:px)?(?=;|!|$)|"
    r"color:transparent|color:rgba\([^)]*,0(?:\.0+)?\)|color:#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)(?=;|!|$)|"
    r"(?:max-)?(?:width|height):[01](?:px)?(?=;|!|$).*overflow:(?:hidden|clip)|"
    r"overflow:(?:hidden|clip).*;(?:max-)?(?:width|height):[01](?:px)?(?=;|!|$)|"
    r"clip:rect\((?:[01](?:px)?[,)]){3,4}|clip:rect\(0|clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(00)|"
    + _AWAY
    + _AWAY_IN_OTHER_UNITS
    + r"transform:[^;]*scale[xy3d]*\(0[,)]|transform:[^;]*translate[xy3d]*\(-(?:\d{4,}px|[5-9]\d\d(?:px|%|v[wh])))"
)
_TRANSPARENT = re.compile(r"(?:^|;)opacity:(?:0?\.0\d*|0(?:\.0+)?%?)(?=;|!|$)")
# What is about to be moved or sharpened into sight, as many pages are sent before their scripts run.
_ABOUT_TO_APPEAR = re.compile(r"transform:(?:translate|scale\(0?\.[1-9])|filter:blur|will-change:")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_NAMED = re.compile(r"[a-z]*([.#][\w-]+)$", re.IGNORECASE)
_SAME_COLOUR = {"#fff": "white", "#ffffff": "white", "rgb(255,255,255)": "white", "#000": "black", "#000000": "black",
                "rgb(0,0,0)": "black"}  # fmt: skip
_LONGEST_STYLES, _LONGEST_STYLE = 200_000, 1_000
_DEEPEST, _MOST_TAGS = 200, 10_000  # more than any page that is made for people


# Advice for those who choose what they parse.
warnings.filterwarnings("ignore", category=MarkupResemblesLocatorWarning)


class Soup(BeautifulSoup):
    """A page as far as it is neither too deep nor too long to be handled; what is beyond that is left out."""

    def __init__(self, markup: str) -> None:
        self._beyond = 0
        self._tags = 0
        super().__init__(markup, "lxml")

    def handle_starttag(self, *args: Any, **kwargs: Any) -> Tag | None:
        self._tags += 1
        if self._beyond or len(self.tagStack) > _DEEPEST or self._tags > _MOST_TAGS:
            self._beyond += 1
            return None
        return super().handle_starttag(*args, **kwargs)

    def handle_endtag(self, *args: Any, **kwargs: Any) -> None:
        if self._beyond:
            self._beyond -= 1
        else:
            super().handle_endtag(*args, **kwargs)

    def handle_data(self, data: str) -> None:
        if not self._beyond:
            super().handle_data(data)


def prune(soup: BeautifulSoup) -> int:
    """Takes out of `soup` what is not to be read; returns how many characters of it were text put out of sight."""
    named = set(_hidden_names(soup))
    for tag in soup.find_all(_NO_TEXT):
        tag.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    hidden = 0
    for tag in soup.find_all(lambda tag: _is_hidden(tag, named)):
        if not tag.decomposed:
            hidden += len(" ".join(tag.get_text(" ").split()))
            tag.decompose()
    for tag in soup.find_all(_NO_WORDS):
        tag.decompose()
    return hidden


def text_of(soup: BeautifulSoup) -> str:
    """All text that is left, with a line for each block."""
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all(_BLOCKS):
        tag.insert(0, "\n")
        tag.append("\n")
    for text in soup.find_all(string=True):
        if "\n" in text and text.strip():
            text.replace_with(text.replace("\n", " "))
    return soup.get_text(" ")


def _is_hidden(tag: PageElement, named: set[str]) -> bool:
    if not isinstance(tag, Tag) or tag.name in ("html", "body"):
        return False
    if tag.name in ("template", "dialog") and not tag.has_attr("open"):
        return True
    if tag.has_attr("hidden") or tag.has_attr("inert") or str(tag.get("aria-hidden", "")).lower() == "true":
        return True
    classes = tag.get_attribute_list("class")
    if any(f".{name}" in named for name in classes) or f"#{tag.get('id', '')}" in named:
        return True
    if _HIDING_CLASSES.intersection(classes) and not any(_SHOWN_ON_SOME_SCREENS.match(str(name)) for name in classes):
        return True
    return _hides(str(tag.get("style", ""))) or _is_unreadable_font(tag)


def _hides(style: str) -> bool:
    if not style:
        return False
    declared = "".join(_COMMENTS.sub("", style[:_LONGEST_STYLE]).lower().split())
    if _HIDING.search(declared):
        return True
    if _TRANSPARENT.search(declared):
        return not _ABOUT_TO_APPEAR.search(declared)
    colour, background = _COLOUR.search(declared), _BACKGROUND.search(declared)
    return bool(colour and background and _same(colour[1], background[1]))


def _same(one: str, other: str) -> bool:
    return _SAME_COLOUR.get(one, one) == _SAME_COLOUR.get(other, other)


def _is_unreadable_font(tag: Tag) -> bool:
    return tag.name == "font" and _same(str(tag.get("color", "")).lower(), "white")


def _hidden_names(soup: BeautifulSoup) -> Iterator[str]:
    """`.class` and `#id` that the page's own style sheets hide on every screen."""
    for sheet in soup.find_all("style"):
        styles = _COMMENTS.sub("", sheet.get_text()[:_LONGEST_STYLES])
        if str(sheet.get("media") or "all").strip().lower() not in ("all", "screen"):
            continue
        for selectors, declarations in _RULE.findall(_without_conditions(styles)):
            if _hides(declarations):
                for selector in selectors.split(","):
                    if found := _NAMED.fullmatch(selector.strip()):
                        yield found[1]


def _without_conditions(styles: str) -> str:
    """The rules that hold always: what stands in `@media {…}` and the like is left out."""
    kept, start = [], 0
    while (at := styles.find("@", start)) >= 0:
        kept.append(styles[start:at])
        start = _end_of_block(styles, at)
    return "".join([*kept, styles[start:]])


def _end_of_block(styles: str, start: int) -> int:
    depth = 0
    for found in re.compile(r"[{};]").finditer(styles, start):
        depth += {"{": 1, "}": -1, ";": 0}[found[0]]
        if depth <= 0:
            return found.end()
    return len(styles)
