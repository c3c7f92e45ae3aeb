"""Text that strangers wrote: on the chain, on websites, in READMEs. Shown as text, never trusted."""

import re
import unicodedata
from urllib.parse import urlsplit

# Controls, bidirectional marks and overrides and tag characters change how the text around them is read; fillers and
# soft hyphens are not seen at all; joiners make emoji and scripts of the east, and mean nothing beside Latin letters.
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BREAKS = str.maketrans("\u2028\u2029", "\n\n")
_JOINERS = "\u200c\u200d"
_MOST_MARKS = 4  # on one letter: more are no language but a pile over the lines above and below
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)

LOOKALIKES = ("αβγδεζηικλμνοπρστυφχϲωѕаеорсух", "abgdezhiklmnoppstufxcwsaeopcyx")
"""Greek and Cyrillic letters, and in the same order the Latin ones that they look like."""

_PLAIN = str.maketrans(*LOOKALIKES)


def clean(value: str, limit: int) -> str:
    """One line or paragraph fit to store: no control characters, no surrounding space, at most `limit` characters.

    "" where nothing of it would be seen.
    """
    text = _UNWANTED.sub("", value).strip()
    if not text.isascii():
        text = _legible(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _legible(text: str) -> str:
    """With no more marks on a letter than a language has, and none that would sit on what stands before the text."""
    kept: list[str] = []
    marks = _MOST_MARKS
    for character in text.translate(_BREAKS):
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if character.isascii():
            _drop_joiners(kept)
        if marks > _MOST_MARKS or (not kept and kind[0] in "CMZ"):
            continue
        if character not in _JOINERS or not kept[-1].isascii():
            kept.append(character)
    while kept and (kept[-1].isspace() or kept[-1] in _JOINERS):
        kept.pop()
    return "".join(kept)


def _drop_joiners(kept: list[str]) -> None:
    """Those at the end, which would join nothing to what comes next."""
    while kept and kept[-1] in _JOINERS:
        kept.pop()


def web_link(value: str) -> str | None:
    """The http or https address in `value`, or None. A bare `host.tld/path` is read as https."""
    candidate = value.strip()
    if not candidate or any(c.isspace() or c in "\"'<>\\" for c in candidate):
        return None
    if "://" not in candidate and ":" not in candidate.split("/", 1)[0]:
        candidate = f"https://{candidate}"
    try:
        parts = urlsplit(candidate)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.username or parts.password or not _HOST.fullmatch(host):
        return None
    return candidate


def folded(value: str) -> str:
    """For searching: case, accents and Greek or Cyrillic look-alikes of Latin letters no longer matter."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)
