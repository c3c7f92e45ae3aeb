"""Every number in a text, and whether it is one of those that were supplied.

A number matches a figure of the same kind (percent with percent, TAO with TAO) if it is that figure rounded to the
digits that are written, and less than a tenth off; its sign, or the word that stands for one, must be the figure's, and
where the clause names a span of days, the figure must be of that span.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from insights.explaining.inputs import SPANS, Figure

TOLERANCE_WORDS = "rounded to the digits that are written, and less than a tenth off"
_MOST_OFF = 0.1  # as a share of the figure
_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "mτ": 1e-3}
_SCALES |= {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_COUNTED = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
).split()
_TENS = "thirty forty fifty sixty seventy eighty ninety hundred".split()
_NUMBER_WORDS = {word: value for value, word in enumerate(_COUNTED, start=2)} | {"zero": 0, "thousand": 1000}
_NUMBER_WORDS |= {word: 10 * tens for tens, word in enumerate(_TENS, start=3)}
_ORDINAL_WORDS = {
    word: place
    for place, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}

_OTHER_THINGS = (  # which no figure counts or measures
    "bps|basis points?|pct|ppt?s?|times|x|dollars?|bucks|cents|euros?|usd[tc]?|eur|btc|eth|bitcoins?|sats?|coins?|"
    "tokens?|validators?|miners?|holders?|stakers?|wallets?|users?|customers?|people|neurons?|uids?|nodes?|machines?|"
    "gpus?|owners?|traders?|trades?|transactions?|models?"
)
_UNIT = (
    rf"(?:-?\s?(?:{_OTHER_THINGS})\b|"
    r"%|per\s?cent(?:age)?(?:\s+points?)?\b|points?\b|percentiles?\b|τ\s+per\s+alpha|TAO\s+per\s+alpha|"
    r"τ(?:\s*/\s*day)?|TAO\b|α|alpha\b|(?:st|nd|rd|th)\b|-?\s?days?\b|-?d\b|"
    r"-?\s?(?:h|hours?|weeks?|months?|years?|minutes?|blocks?)\b|USD\b|\$)"
)
_MENTION = re.compile(
    rf"(?P<dollar>[$€£])?(?<!\w)(?P<sign>[+-])?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?P<decimals>\.\d+)?"
    rf"(?:\s?(?P<scale>mτ|k|M|B|bn|hundred|thousand|million|billion)(?!\w))?\s?(?P<unit>{_UNIT})?",
    re.IGNORECASE,
)
_WORD_MENTION = re.compile(
    rf"\b(?P<word>first(?=\s+(?:of|among|in|place)\b)|{'|'.join([*_NUMBER_WORDS, *list(_ORDINAL_WORDS)[1:]])})\b"
    rf"[\s-]?(?P<unit>{_UNIT})?|\bone[\s-](?P<one>{_UNIT})",
    re.IGNORECASE,
)
_UNCHECKABLE = re.compile(
    r"\b(?:hal(?:f|ve[sd]?)|(?:a|one|two)[\s-]thirds?|quarters?|doubl(?:e[sd]?|ing)|twice|thrice|tripl(?:e[sd]?|ing)|"
    r"quadrupled?|\w*fold|dozens?|hundreds|thousands|millions|billions|trillions?|\w+teenths?|(?:dec|quint|quart|terc)iles?|"
    r"(?:of|at|by|is) one(?=\s*[.,;:!?)]|$))\b",
    re.IGNORECASE,
)
_NUMBER_WORD = "|".join(["one", *_NUMBER_WORDS, "million", "billion"])
_SEVERAL_WORDS = re.compile(rf"\b(?:{_NUMBER_WORD})(?:[\s-]+(?:and[\s-]+)?(?:{_NUMBER_WORD}))+\b", re.IGNORECASE)
_JOINED = re.compile(r"\d+(?:(?:[.:·]|\s?[,/'’×*^~]\s?|\s)\d+)+")
_WELL_JOINED = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:(?<=\d), (?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)*")
"""One number in the one spelling that is read, or several with a comma and a space between them."""
_MIXED = re.compile(r"(?<![\w.])(?=\w*\d)(?=\w*[^\W\d_])\w+")
_WRITTEN = re.compile(r"\d+(?:st|nd|rd|th|k|m|b|bn|d|h|mτ|τ|α|tao)", re.IGNORECASE)
_RANGE = re.compile(r"(?<=\d)\s?-\s?(?=\d)")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_CLAUSE = re.compile(r"[;:()—]|,(?!\d)|\.(?!\d)|\b(?:and|but|while|whereas|though|although|with)\b")
_SENTENCE = re.compile(r"[.!?](?!\d)")

_FALLS = (
    r"fell|falls?|falling|fallen|drop(?:s|ped|ping)?|declin(?:e[sd]?|ing)|los(?:t|es|ing|s)|slip(?:s|ped)?|"
    r"shr(?:ank|inks?|unk)|down|decreas(?:e[sd]?|ing)"
)
_RISES = (
    r"rose|ris(?:es?|en|ing)|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|gr(?:ew|ows?|own|owing)|up(?!\s+to)|"
    r"increas(?:e[sd]?|ing)|added"
)
_MOVES = re.compile(rf"\b(?:(?P<down>{_FALLS})|(?P<up>{_RISES}))\b", re.IGNORECASE)
_SIDES = re.compile(
    rf"\b(?:(?P<down>{_FALLS}|below|under|lower|beneath|drawdown|outflows?|deepest|minus|negative|short of)|"
    rf"(?P<up>{_RISES}|above|over its|higher|inflows?|plus|positive))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number as written: `value` without its sign, `step` half a unit of its last digit; `kind` of its unit."""

    text: str
    value: float
    step: float
    sign: str
    kind: str
    start: int
    end: int


def plain(text: str) -> str:
    """One form for what can be written in several: digits, spaces and minus signs."""
    joined = re.sub(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3})", "", text)
    return _RANGE.sub(" to ", unicodedata.normalize("NFKC", joined).translate(_DASHES))


def mentions(text: str) -> list[Mention]:
    """In the order in which they stand; `text` as `plain` leaves it."""
    found = [_read(match) for match in _MENTION.finditer(text)]
    for match in _WORD_MENTION.finditer(text):
        word = (match["word"] or "").lower()
        value = 1 if match["one"] else _NUMBER_WORDS.get(word, _ORDINAL_WORDS.get(word, 0))
        kind = "ordinal" if word in _ORDINAL_WORDS and not match["unit"] else _kind(match["unit"] or match["one"] or "")
        found.append(Mention(match[0].strip(), value, 0.0, "", kind, match.start(), match.end()))
    return sorted(found, key=lambda mention: mention.start)


@dataclass(frozen=True, slots=True)
class Count:
    """A bare number that may be said where its clause says of what: `before` it, or `after` it."""

    value: int
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None


def unmatched(text: str, figures: Sequence[Figure], counts: Sequence[Count] = ()) -> list[str]:
    """The numbers in `text` that are none of `figures` or `counts`, each with why."""
    said = plain(text)
    problems = [f"“{match[0]}” is a number in words" for match in _UNCHECKABLE.finditer(said)]
    problems += [f"“{match[0]}” is a number in several words" for match in _SEVERAL_WORDS.finditer(said)]
    joined = (match[0] for match in _JOINED.finditer(said))
    problems += [f"“{each}” can be read in more than one way" for each in joined if not _WELL_JOINED.fullmatch(each)]
    named = {match[0] for figure in figures for match in _MIXED.finditer(figure.label)}
    mixed = [match[0] for match in _MIXED.finditer(said) if match[0] not in named]
    problems += [f"“{each}” mixes letters and digits" for each in mixed if not _WRITTEN.fullmatch(each)]
    sizes = {figure.size_tao for figure in figures if figure.size_tao}
    for mention in mentions(said):
        if mention.kind == "days":
            fits = mention.value in SPANS
        elif mention.value in sizes and not mention.sign and mention.kind in ("tao", "bare"):
            fits = True
        else:
            fits = any(_counts(count, mention, said) for count in counts)
            fits = fits or any(_is(mention, figure, said) for figure in figures)
        if not fits:
            problems.append(f"“{mention.text}” is none of the figures")
    return problems


def _counts(count: Count, mention: Mention, text: str) -> bool:
    if mention.kind != "bare" or mention.sign or mention.value != count.value:
        return False
    before = _before(_clause_start(text, mention), mention, text)
    after = _clause(text, mention)[len(before) + mention.end - mention.start :]
    return bool((count.before and count.before.search(before)) or (count.after and count.after.match(after)))


def _read(match: re.Match[str]) -> Mention:
    scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
    decimals = match["decimals"] or ""
    value = float(match["digits"].replace(",", "") + decimals) * scale
    step = 0.5 * 10 ** -(len(decimals) - 1 if decimals else 0) * scale
    kind = _kind("τ" if (match["scale"] or "").lower() == "mτ" else match["unit"] or "")
    kind = "money" if match["dollar"] else kind
    return Mention(match[0].strip(), value, step, match["sign"] or "", kind, match.start(), match.end())


def _kind(unit: str) -> str:
    said = unit.lower().lstrip("- ")
    for kind, begins in _KINDS:
        if said.startswith(begins):
            return kind
    return "bare" if not said else "other"


_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("percentile", ("percentile",)),
    ("percent", ("%", "per cent", "percent")),
    ("points", ("point",)),
    ("tao", ("τ", "tao")),
    ("ordinal", ("st", "nd", "rd", "th")),
    ("days", ("day",)),
)
_UNITS_OF = {
    "percent": ("%",),
    "percentile": ("percentile",),
    "points": ("points",),
    "tao": ("τ", "τ per alpha"),
    "ordinal": ("rank", "percentile"),
    "bare": ("points", "percentile", "rank", "count"),
}


def _is(mention: Mention, figure: Figure, text: str) -> bool:
    if figure.unit not in _UNITS_OF.get(mention.kind, ()):
        return False
    if mention.kind == "ordinal" and figure.unit == "percentile" and "percentile" not in _clause(text, mention):
        return False
    size = abs(figure.value)
    if abs(mention.value - size) > min(mention.step, _MOST_OFF * size) + 1e-9 * size + 1e-12:
        return False
    return _same_side(mention, figure, text) and _same_span(mention, figure, text)


def _same_side(mention: Mention, figure: Figure, text: str) -> bool:
    """Whether the sign is the figure's, or the word that stands for one is."""
    clause, before = _clause(text, mention), _before(_clause_start(text, mention), mention, text)
    moves = _last(_MOVES, before)
    if not figure.signed:  # what cannot go either way neither rose nor fell by that
        return not mention.sign and not moves
    down = figure.value < 0
    if mention.sign:
        return (mention.sign == "-") == down and moves in ("", "down" if down else "up")
    said = (
        _last(_SIDES, before)
        or _first(_SIDES, clause)
        or _last(_SIDES, _before(_sentence_start(text, mention), mention, text))
    )
    return figure.value == 0 or (said == "down") == down


def _same_span(mention: Mention, figure: Figure, text: str) -> bool:
    spans = {each.value for each in mentions(_clause(text, mention)) if each.kind == "days"}
    return not spans or figure.days is None or figure.days in spans


def _clause_start(text: str, mention: Mention) -> int:
    return max((match.end() for match in _CLAUSE.finditer(text, 0, mention.start)), default=0)


def _sentence_start(text: str, mention: Mention) -> int:
    return max((match.end() for match in _SENTENCE.finditer(text, 0, mention.start)), default=0)


def _clause(text: str, mention: Mention) -> str:
    after = _CLAUSE.search(text, mention.end)
    return text[_clause_start(text, mention) : after.start() if after else len(text)]


def _before(start: int, mention: Mention, text: str) -> str:
    return text[start : mention.start]


def _last(pattern: re.Pattern[str], text: str) -> str:
    found = list(pattern.finditer(text))
    return ("down" if found[-1]["down"] else "up") if found else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return "" if found is None else "down" if found["down"] else "up"
