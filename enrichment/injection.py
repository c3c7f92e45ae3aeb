"""Signs that a text speaks to the model instead of about the subnet. A sign caps and flags; it is no filter."""

import base64
import binascii
import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

from enrichment.injection_patterns import ELSEWHERE, PATTERNS
from enrichment.material import Line, Material
from enrichment.readings import latin, otherwise, turned
from taoanalytics.lib.text import folded

FLAGS = {
    "instructions": "Tells its reader to ignore, override or forget what it was told.",
    "role-marks": "Imitates the marks that separate a model's instructions from its input.",
    "answer-demanded": "Says which category, confidence or field the answer should hold.",
    "price-advice": "Asks for a buy signal, or promises a price.",
    "category-stuffing": "Repeats names of categories instead of saying what it does.",
    "fake-evidence": "Imitates the numbers of our lines.",
    "invisible-characters": "Holds characters that nobody can see.",
    "hidden-text": "Its pages hide more text than they show.",
    "encoded-instructions": "Hides instructions in an encoding, or writes them backwards.",
    "repetition": "Says the same few words over and over.",
}
"""{flag: what it stands for}"""

LEAST_HIDDEN = 500
LEAST_INVISIBLE = 4
READ_FROM_START, READ_FROM_END = 30_000, 10_000
"""Characters of all texts together; what a model is sent is less."""

MOST_LINES = 400
"""What a model is sent has fewer."""

MOST_BLOBS = 50
"""More encoded pieces of each kind are not looked at."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\U000e0000-\U000e0fff]"
)
_JOINERS_OF_EMOJI = re.compile(
    "(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])"
)
_FLAGS_OF_REGIONS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_OVERRIDES = re.compile("[\u202d\u202e\u2066-\u2069]")
_SPELLED_OUT = re.compile(r"\b(?:[a-z][ .\-_*]){5,}[a-z]\b")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}(?:[^\s%]{0,40}%[0-9A-Fa-f]{2}){2,}[^\s%]{0,40}")
_LONG_WORD = re.compile(r"(\S{200})\S+")
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")
_HEX = re.compile(r"(?:\\x[0-9a-f]{2}){8,}|\b(?:[0-9a-f]{2}){20,}\b", re.IGNORECASE)

_COMPILED = {
    flag: [re.compile(pattern, re.IGNORECASE if flag == "fake-evidence" else 0) for pattern in patterns]
    for flag, patterns in PATTERNS.items()
}


def _in_either_order(one: str, other: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{one})[^.\n]{{0,60}}(?:{other})|(?:{other})[^.\n]{{0,60}}(?:{one})")


_ELSEWHERE = [(latin(verbs).split("|"), _in_either_order(latin(verbs), latin(objects))) for verbs, objects in ELSEWHERE]
_ANGLES = str.maketrans("‹›〈〉⟨⟩", "<><><>")
_CATEGORY_NAMES = re.compile(
    r"\b(?:llm[- ]inference|llm[- ]training|data[- ]feeds|serverless[- ]compute|ai[- ]verification"
    r"|confidential[- ]compute|hashrate[- ]mining|finance[- ]trading|security (?:&|and) auditing|security-auditing"
    r"|privacy[- /]+anonymity|media[- ]vision|science[- ]research|consumer[- ]ai|dev[- ]tooling)\b"
)
_MOST_CATEGORY_NAMES = 3


def flags(material: Material) -> tuple[str, ...]:
    """Names of `FLAGS`, in their order; empty for a text that only describes."""
    joined = "\n".join([material.name, *(source.text for source in material.texts)])
    found = in_text(joined)
    if material.hidden_characters >= LEAST_HIDDEN and material.hidden_characters > 2 * material.characters:
        found.add("hidden-text")
    return tuple(flag for flag in FLAGS if flag in found)


def in_text(text: str) -> set[str]:
    """The flags that the text itself raises."""
    if len(text) > READ_FROM_START + READ_FROM_END:
        text = f"{text[:READ_FROM_START]}\n{text[-READ_FROM_END:]}"
    readable = _without_invisible(text)
    found = _by_pattern(readable)
    if _is_littered(text):
        found.add("invisible-characters")
    if any(map(_orders, turned(latin(" ".join(readable.split()))))) or any(map(_by_pattern, _decoded(text, readable))):
        found.add("encoded-instructions")
    if _is_stuffed(readable):
        found.add("category-stuffing")
    if _repeats_itself(readable):
        found.add("repetition")
    return found


@lru_cache(maxsize=20_000)
def speaks_to_the_model(line: str) -> bool:
    """Whether one line gives orders: such a line is evidence of nothing. Asked more than once of each, hence kept."""
    return bool(_by_pattern(_without_invisible(line)))


def describing(lines: Sequence[Line]) -> list[Line]:
    """Those of the first `MOST_LINES` that give no orders, neither alone nor with the line after."""
    lines = lines[:MOST_LINES]
    ordering = [speaks_to_the_model(line.text) for line in lines]
    for place, (line, following) in enumerate(pairwise(lines)):
        alone = ordering[place] or ordering[place + 1]
        if not alone and speaks_to_the_model(f"{line.text}\n{following.text}"):
            ordering[place] = ordering[place + 1] = True
    return [line for line, orders in zip(lines, ordering, strict=True) if not orders]


def _by_pattern(text: str) -> set[str]:
    text = _LONG_WORD.sub(r"\1", text)
    lower = latin(text)
    joined = _spelled_together(" ".join(lower.split()))
    marked = re.sub(r"[ \t\r\f\v\u00a0]+", " ", lower).translate(_ANGLES)
    read = {"fake-evidence": text, "role-marks": marked}
    found = {
        flag
        for flag, patterns in _COMPILED.items()
        if any(pattern.search(read.get(flag, joined)) for pattern in patterns)
    }
    if "instructions" not in found and (_orders_elsewhere(joined) or any(map(_orders, otherwise(joined)))):
        found.add("instructions")
    return found


def _orders(text: str) -> bool:
    return any(pattern.search(text) for pattern in _COMPILED["instructions"])


def _orders_elsewhere(text: str) -> bool:
    """Looking for the plain words first spares the search in nearly all texts."""
    return any(pattern.search(text) for verbs, pattern in _ELSEWHERE if any(verb in text for verb in verbs))


def _without_invisible(text: str) -> str:
    return html.unescape(_INVISIBLE.sub("", text))


def _spelled_together(text: str) -> str:
    """`i g n o r e` is read as `ignore`."""
    return _SPELLED_OUT.sub(lambda found: re.sub(r"[ .\-_*]", "", found.group()), text)


def _is_littered(text: str) -> bool:
    """Tag characters and overrides of direction have no business here; joiners and marks have where they are few."""
    text = _FLAGS_OF_REGIONS.sub("", _JOINERS_OF_EMOJI.sub("", text))
    if _TAGS.search(text) or _OVERRIDES.search(text):
        return True
    count = len(_INVISIBLE.findall(text))
    return count >= LEAST_INVISIBLE and count > len(text) / 500


def _decoded(text: str, readable: str) -> Iterable[str]:
    """What the text holds in an encoding that a model may read and a visitor does not."""
    yield from ("".join(chr(ord(each) - 0xE0000) for each in tags) for tags in _TAGS.findall(text))
    yield from (unquote(word) for word in _PERCENT.findall(readable)[:MOST_BLOBS])
    yield from (_from_base64(blob) for blob in _BLOB.findall(readable)[:MOST_BLOBS])
    for digits in _HEX.findall(readable)[:MOST_BLOBS]:
        yield bytes.fromhex(digits.replace("\\x", "")).decode("utf-8", "replace")


def _from_base64(blob: str) -> str:
    padded = blob.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        decoded = base64.b64decode(padded[: len(padded) - (len(padded) % 4 == 1)] + "==="[: -len(padded) % 4])
    except (binascii.Error, ValueError):
        return ""
    return decoded.decode("utf-8", "replace")


def _is_stuffed(text: str) -> bool:
    """Several names of categories as the site words them, or one of them in its odd spelling again and again."""
    names = _CATEGORY_NAMES.findall(latin(text))
    odd = [name for name in names if "-" in name]
    return len(odd) > _MOST_CATEGORY_NAMES or (len(names) > _MOST_CATEGORY_NAMES and len(set(names)) > 2)


def _repeats_itself(text: str) -> bool:
    """One short phrase makes up most of a text that is long enough to tell."""
    words = folded(text).split()
    if len(words) < 60:
        return False
    phrases = Counter(zip(words, words[1:], words[2:], strict=False))
    return phrases.most_common(1)[0][1] > max(12, len(words) / 8)
