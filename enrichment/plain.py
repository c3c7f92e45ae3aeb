"""Text as a reader would see it: one spelling of each character, none that cannot be seen. Pure."""

import re
import unicodedata

# Zero-width and bidirectional marks, controls, soft hyphens, variation selectors, private use, halves of pairs.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd\ud800-\udfff\ue000-\uf8ff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Those that carry a message or turn it around, where the others are accidents of typesetting.
_SMUGGLING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0020-\U000e007f\U000e0100-\U000e01ef]")
_BEFORE_MARK = re.compile(r"[ \t]+([,.;:!?)\]}])")
_URL = re.compile(r"(?:https?|wss?|ftp|ipfs|git|ssh)://\S+|\bwww\.\S+|\bmailto:\S+", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\([^)\s]*\)?")
_TAG = re.compile(r"</?([A-Za-z][^<>]*)>")


def seen(text: str) -> tuple[str, int]:
    """(the text without what cannot be seen, how many characters of it were smuggled in)"""
    smuggled = len(_SMUGGLING.findall(text))
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", text.replace("\r", "\n")))), smuggled


def without_addresses(text: str) -> str:
    """No URL is left, and no angle brackets around a word, which read like a tag."""
    return _TAG.sub(lambda found: found[1].strip("/ "), _URL.sub("", _LINK.sub(r"\1", text)))


def lines_of(text: str) -> list[str]:
    """Lines with single spaces that say something, each once."""
    tidy = (_BEFORE_MARK.sub(r"\1", " ".join(line.split())) for line in text.splitlines())
    return list(dict.fromkeys(line for line in tidy if sum(map(str.isalpha, line)) > 1))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending with a whole line or word, so that what is quoted of it is in the source."""
    if len(text) <= limit:
        return text
    kept = text[: limit + 1]
    end = max(kept.rfind("\n"), kept.rfind(" "))
    return (kept[:end] if end > limit // 2 else text[:limit]).rstrip()
