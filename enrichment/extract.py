"""What a visitor would read on a page, what the page says of itself, and where its icons are. Pure."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

from enrichment.plain import lines_of, seen
from enrichment.visible import Soup, prune, text_of

LARGEST_BYTES = 2 * 2**20
_LONGEST_DATA, _DEEPEST_DATA = 100_000, 6
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DESCRIPTIONS = ("description", "og:title", "og:description", "twitter:description", "og:site_name")
_SAID = ("name", "headline", "slogan", "description", "abstract")
_START = 4096  # characters by which a document has shown its first element
_INSTRUCTION = re.compile(r"<\?[^>]*>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]{0,40})")
_KINDS_OF_XML = ("rss", "feed", "svg", "urlset", "sitemapindex", "rdf:rdf", "opml")
_SIZE = re.compile(r"(\d{1,4})x\d{1,4}")


@dataclass(frozen=True, slots=True)
class Extracted:
    """`text`: visible lines. `meta`: lines that the page says of itself. `icons`: addresses as written, best first.

    `hidden_characters`: of text that was put where no visitor would see it, and is in none of these. `no_page`: why
    nothing was read, if so.
    """

    text: str = ""
    title: str = ""
    meta: str = ""
    icons: tuple[str, ...] = ()
    hidden_characters: int = 0
    no_page: str = ""


def read_page(body: bytes, content_type: str) -> Extracted:
    """Of HTML, XHTML or plain text; whatever cannot be made sense of is left out, nothing is raised.

    A feed, a picture or any other XML is no page, whatever its type says: nothing is read of it.
    """
    written = _decoded(body[:LARGEST_BYTES], content_type)
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        text, smuggled = seen(written)
        return Extracted(text="\n".join(lines_of(text)), hidden_characters=smuggled)
    written = written.replace("\x00", "")
    if kind := _other_xml(written):
        return Extracted(no_page=f"it is no page but XML ({kind})")
    soup = Soup(_INSTRUCTION.sub("", written))
    title = _line(soup.title.get_text(" ")) if soup.title else ""
    said = [title, *_descriptions(soup), *_linked_data(soup)]
    icons = tuple(_icons(soup))
    hidden = prune(soup)
    text, smuggled = seen(text_of(soup))
    meta, smuggled_too = seen("\n".join(" ".join(line.split()) for line in said))
    return Extracted(
        text="\n".join(lines_of(text)),
        title=title,
        meta="\n".join(lines_of(meta)),
        icons=icons,
        hidden_characters=hidden + smuggled + smuggled_too,
    )


def _other_xml(written: str) -> str:
    """The name of the first element, where the document is XML other than XHTML; else ""."""
    start = _INSTRUCTION.sub("", _COMMENT.sub("", written[:_START]))
    first = _ELEMENT.search(start)
    name = first[1].lower() if first else ""
    declared = written.lstrip("\ufeff \t\r\n").startswith("<?xml")
    return name if name in _KINDS_OF_XML or (declared and name.rpartition(":")[2] not in ("html", "")) else ""


def _decoded(body: bytes, content_type: str) -> str:
    """Pages lie about their charset less often than their servers do; what is valid UTF-8 is hardly anything else."""
    for mark, charset in _MARKS.items():
        if body.startswith(mark):
            return body.decode(charset, "replace")
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken <= sum(not letter.isascii() for letter in text) - broken:
        return text
    said = _CHARSET.search(content_type) or _CHARSET.search(body[:4096].decode("ascii", "ignore"))
    if said and said[1].lower() not in ("utf-8", "utf8"):
        with suppress(LookupError, ValueError):
            return body.decode(said[1], "replace")
    return body.decode("windows-1252", "replace")


def _line(text: str) -> str:
    return " ".join(seen(text)[0].split())


def _descriptions(soup: BeautifulSoup) -> Iterator[str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta", content=True):
        name = str(tag.get("property") or tag.get("name") or "").lower()
        found.setdefault(name, str(tag["content"]))
    return (found[name] for name in _DESCRIPTIONS if name in found)


def _linked_data(soup: BeautifulSoup) -> Iterator[str]:
    for script in soup.find_all("script", type="application/ld+json"):
        written = script.get_text()
        if len(written) > _LONGEST_DATA:
            continue
        try:
            yield from _said_in(json.loads(written), _DEEPEST_DATA)
        except (ValueError, RecursionError):
            continue


def _said_in(data: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(data, list):
        for each in data[:20]:
            yield from _said_in(each, depth - 1)
    elif isinstance(data, dict):
        yield from (data[key] for key in _SAID if isinstance(data.get(key), str))
        for key in ("@graph", "mainEntity", "about", "publisher"):
            yield from _said_in(data.get(key), depth - 1)


def _icons(soup: BeautifulSoup) -> list[str]:
    """Those for a home screen are drawn largest; then by size."""
    ranked = []
    for link in soup.find_all("link", href=True):
        kinds = {str(kind).lower() for kind in link.get_attribute_list("rel")}
        if kinds & {"icon", "apple-touch-icon", "apple-touch-icon-precomposed"}:
            ranked.append((_rank(link, kinds), str(link["href"]).strip()))
    ranked.sort(key=lambda pair: pair[0])
    return list(dict.fromkeys(href for _, href in ranked if href and not href.startswith("data:")))[:8]


def _rank(link: Tag, kinds: set[str]) -> tuple[bool, int]:
    size = _SIZE.search(str(link.get("sizes") or ""))
    return "icon" in kinds, -int(size[1]) if size else 0
