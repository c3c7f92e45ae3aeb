"""Text that strangers wrote: on the chain, on websites, in READMEs. Shown as text, never trusted."""

import re
import unicodedata
from urllib.parse import urlsplit

# Controls, bidirectional overrides and tag characters change how the text around them is read; joiners make emoji.
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)

_LOOKALIKES = str.maketrans("αβγδεζηικλμνοπρστυφχϲωѕаеорсух", "abgdezhiklmnoppstufxcwsaeopcyx")


def clean(value: str, limit: int) -> str:
    """One line or paragraph fit to store: no control characters, no surrounding space, at most `limit` characters."""
    text = _UNWANTED.sub("", value).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


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
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LOOKALIKES)
