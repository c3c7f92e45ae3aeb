"""Texts as terms: words without their endings, and phrases of up to four of them, that are looked for."""

import re
from collections import Counter
from collections.abc import Container
from functools import lru_cache

from taoanalytics.lib.text import folded

LONGEST_TERM = 4
"""In words."""

READ_CHARACTERS = 2_500
"""What a subnet does is said early; what follows is how to install it."""

FULL_WEIGHT_CHARACTERS, LEAST_WEIGHT = 700, 0.3
"""Words count in full up to here, then less and less, down to the least at the end of what is read."""

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]")
_ADDRESS = re.compile(r"\]\([^)\s]*\)|\b(?:https?|wss?|ftp|tls)://\S+|\bwww\.\S+|\S+@\S+\.\w+")
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_WORD = re.compile(r"[a-z0-9]+")


def prose(text: str) -> str:
    """Without code, comments, tags, pictures and addresses of a README that was not cleaned yet."""
    for pattern in (_CODE, _COMMENT, _IMAGE, _ADDRESS, _TAG, _INLINE_CODE):
        text = pattern.sub(" ", text)
    return text


def terms(text: str, known: Container[str]) -> Counter[str]:
    """{term: how often it occurs, an early one counting more} of the terms that are `known`."""
    read = folded(prose(text)[:READ_CHARACTERS])
    words = [(found.start(), stem(found.group())) for found in _WORD.finditer(read)]
    counted: Counter[str] = Counter()
    for place, (start, term) in enumerate(words):
        weight = _weight_at(start)
        if term in known:
            counted[term] += weight  # type: ignore[assignment]  # of its own kind of count
        for _, word in words[place + 1 : place + LONGEST_TERM]:
            term += f" {word}"
            if term in known:
                counted[term] += weight  # type: ignore[assignment]
    return counted


def stems(phrase: str) -> str:
    """A term as `terms` finds it."""
    return " ".join(stem(word) for word in _WORD.findall(folded(phrase)))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """`forecasting`, `forecasted` and `forecasts` are `forecast`; crude, and the same on both sides."""
    if len(word) <= 3 or not word.isalpha():
        return word
    word = _undone(_singular(word))
    if word.endswith("e") and len(word) > 4:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _undone(word: str) -> str:
    """Without `ing` or `ed`, and without the letter that was doubled for it."""
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            return word[:-1] if word[-1] == word[-2] and word[-1] not in "sl" else word
    return word


def _weight_at(start: int) -> float:
    if start <= FULL_WEIGHT_CHARACTERS:
        return 1.0
    way = (start - FULL_WEIGHT_CHARACTERS) / (READ_CHARACTERS - FULL_WEIGHT_CHARACTERS)
    return max(LEAST_WEIGHT, 1 - (1 - LEAST_WEIGHT) * way)
