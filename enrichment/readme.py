"""What a README says, without code, badges, pictures and addresses. Pure."""

import re

from markdown_it import MarkdownIt

from enrichment.extract import Extracted
from enrichment.plain import lines_of, seen, without_addresses
from enrichment.visible import Soup, prune, text_of

LONGEST = 40_000
_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_SHORT_NAME = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])")
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")
# reStructuredText, whose directives and targets would read as words
_DIRECTIVE = re.compile(r"^\.\. .*(?:\n[ \t]+\S.*)*", re.MULTILINE)
_UNDERLINE = re.compile(r"^([=\-~^\"'#*+`.])\1{2,}[ \t]*$", re.MULTILINE)
_NAMED_LINK = re.compile(r"`([^`<]+?)\s*<[^>`]*>`_{1,2}")
_ROLE = re.compile(r":[a-z]+:`([^`]*)`")
_FENCE = re.compile(r"^(?:```|~~~)")


def read_readme(markdown: str) -> Extracted:
    """`title` is its first heading; `meta` and `icons` are empty."""
    written = markdown[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(_FRONT_MATTER.sub("", written))
    soup = Soup(html)
    for code in soup.find_all("pre"):
        code.decompose()
    hidden = prune(soup)
    heading = soup.find(["h1", "h2"])
    title = " ".join(heading.get_text(" ").split()) if heading else ""
    text, smuggled = seen(text_of(soup))
    return Extracted(text=_cleaned(text), title=_cleaned(seen(title)[0]), hidden_characters=hidden + smuggled)


def read_restructured(text: str) -> Extracted:
    """As `read_readme`, of reStructuredText: enough of its marks are taken out to read the sentences."""
    plain = _ROLE.sub(r"\1", _NAMED_LINK.sub(r"\1", _DIRECTIVE.sub("", text[:LONGEST].replace("\r\n", "\n"))))
    return read_readme(_UNDERLINE.sub("", plain))


def _cleaned(text: str) -> str:
    plain = _EMPTY_BRACKETS.sub("", _SHORT_NAME.sub("", without_addresses(text)))
    return "\n".join(line for line in lines_of(plain) if not _FENCE.match(line))
