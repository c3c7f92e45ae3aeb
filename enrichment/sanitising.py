"""What is left of a model's words once everything is taken out that a page might have smuggled into them."""

import html
import re
import unicodedata
from collections.abc import Iterable

from enrichment import injection
from taoanalytics.lib.text import clean, folded

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff]")
_HTML = re.compile(r"<!--.*?(?:-->|$)|<[^<>]*>?", re.DOTALL)
_CODE = re.compile(r"`{3}.*?(?:`{3}|$)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\s*(?:\([^)]*\)?|\[[^\]]*\])")
_MARKS = re.compile(r"[*_`#~|<>\[\]{}\\^]+")
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}:/{1,3}\S*|\b(?:javascript|data|mailto|vbscript|tel|ipfs|magnet):\S*|\bwww\.\S+|\S+@\S+\.\w+|//\S+"
    r"|\b(?:[\w-]+\.)+(?:com|org|net|io|ai|xyz|app|dev|co|me|gg|tv|info|biz|site|online|top|link|finance|exchange|network|cloud"
    r"|live|shop|club|ru|cn|uk|de|eu|us|fm|ly|sh|so|to|eth|tao|onion|zip|mov|travel|store|money|fund|trade|trading|markets?"
    r"|capital|games?|art|page|website|space|fun|world|today|digital|pro|ws|vip|win|icu|top|cc|pw|ch|fr|nl|jp|kr)"
    r"\b(?:[/?:#]\S*)?"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b\S*",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\s*(?:\[\.\]|\(\.\)|\[dot\]|\(dot\)|[。｡․])\s*(?=\w)", re.IGNORECASE)
_WALLET = re.compile(r"\b(?:0x[0-9a-fA-F]{8,}|bc1[0-9a-z]{8,}|(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{24,})\b")
_ENDLESS = re.compile(r"\S{60,}")
_SENTENCES = re.compile(r"(?<=[.!?。！？;])\s+|\n+")
_NOT_KEBAB = re.compile(r"[^a-z0-9]+")
_MARK_ON_A_LETTER = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILED_MARKS = re.compile(f"({_MARK_ON_A_LETTER}){_MARK_ON_A_LETTER}+")
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_MOST_FOREIGN = 0.2  # share of the letters that are not Latin: a name or a formula, no sentence
_HYPE = re.compile(
    r"\bguaranteed\b[^.\n]{0,15}\b(?:ap[ry]|yields?|returns?|profits?|gains?|income)\b|\bget in (?:now|early)\b|"
    r"\bape in\b|\b(?:is|it's) a steal\b|\bdon't miss (?:out|it|this)\b|\bhodl\b|\bnext \d+x\b|\bget rich\b|"
    r"\brisk[- ]free\b|\bto the moon\b|\bbest investment\b",
    re.IGNORECASE,
)


def sanitised(value: str, *, words: int, characters: int) -> str:
    """Plain words: no address, markup, wallet, control character, order to a reader or price advice; cut to size.

    A sentence that advises, gives orders or is in another script is left out as a whole; "" where nothing is left.
    """
    text = _stripped(value)
    kept = " ".join(sentence for sentence in _SENTENCES.split(text) if sentence and not _is_no_description(sentence))
    if _is_no_description(kept):
        return ""
    return clean(" ".join(kept.split()[:words]), characters)


def phrases(values: Iterable[str], *, words: int, characters: int, most: int) -> list[str]:
    """Sanitised, without doubles; together at most `words`."""
    result: list[str] = []
    left = words
    for value in list(values)[: 4 * most]:
        phrase = sanitised(value, words=left, characters=characters) if left else ""
        if phrase and phrase not in result:
            result.append(phrase)
            left -= len(phrase.split())
    return result[:most]


def tags(values: Iterable[str], *, characters: int, most: int) -> list[str]:
    """In kebab case, `[a-z0-9-]`, without doubles."""
    kept = (
        _NOT_KEBAB.sub("-", folded(sanitised(value.replace("-", " "), words=5, characters=2 * characters))).strip("-")
        for value in list(values)[: 4 * most]
    )
    return list(dict.fromkeys(tag[:characters].strip("-") for tag in kept if tag))[:most]


def is_fit_to_quote(sentence: str) -> bool:
    """Whether somebody's own words can be shown as they are."""
    return _stripped(sentence) == " ".join(sentence.split()) and not _is_unwanted(sentence)


def _stripped(value: str) -> str:
    text = unicodedata.normalize("NFKC", html.unescape(html.unescape(value[:20_000])))
    text = _INVISIBLE.sub("", clean(text, 20_000))
    for pattern, instead in ((_CODE, " "), (_LINK, r"\1"), (_HTML, " "), (_DOTTED, "."), (_ADDRESS, " ")):
        text = pattern.sub(instead, text)
    for pattern in (_WALLET, _ENDLESS, _MARKS, _ADDRESS):
        text = pattern.sub(" ", text)
    text = _PILED_MARKS.sub(r"\1", text)
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def _is_unwanted(sentence: str) -> bool:
    return injection.speaks_to_the_model(sentence)


def _is_no_description(sentence: str) -> bool:
    """What a model was not asked for: orders, praise of the price, or another script, which may run backwards."""
    return _is_unwanted(sentence) or bool(_HYPE.search(sentence)) or _is_foreign(sentence)


def _is_foreign(sentence: str) -> bool:
    if any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in sentence):
        return True
    letters = [each for each in sentence if each.isalpha()]
    foreign = sum(not unicodedata.name(each, "").startswith("LATIN") for each in letters)
    return foreign > _MOST_FOREIGN * len(letters)
