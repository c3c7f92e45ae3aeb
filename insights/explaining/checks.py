"""Whether a text may stand as the explanation of a signal. What it is found to say wrongly is said in words."""

import re
from collections.abc import Iterable

from insights.explaining.inputs import LEVELS, Inputs
from insights.explaining.numbers import Count, plain, unmatched
from insights.explaining.template import template

LEAST_CHARACTERS, MOST_CHARACTERS = 60, 1200
_LEVEL_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_N = rf"(?P<n>\d+(?:\.\d+)?|{'|'.join(_LEVEL_WORDS)})"
_OF_FIVE = re.compile(rf"(?:\b(?:signal|level)\s+)?\b{_N}\s*(?:/|of|out of)\s*(?:5|five)\b(?!\.\d)", re.IGNORECASE)
_LEVEL = re.compile(rf"\b(?:signals?|levels?)\s*(?:is|of|at|stands at|to|[:=#-])?\s*{_N}\b(?!\.\d)", re.IGNORECASE)
_NEXT = re.compile(r"\b(?:short of|next|reach(?:es|ing)?|below|for|needed|away from|threshold)\b", re.IGNORECASE)
_ROMAN = re.compile(r"\b(?:signal|level)\s+(?:I{1,3}|IV|VI{0,3})\b|[★☆⭐]", re.IGNORECASE)
_EXTREME = re.compile(r"\b(?P<word>strongest|weakest)\s+(?:buy\s+)?(?:signal|level|possible)\b", re.IGNORECASE)
_ADVICE = re.compile(
    r"\b(?:buy(?:s|ing|er|ers)?|bought|sell(?:s|ing|er|ers)?|sold|purchas\w+|should|must|ought|recommend\w*|advi[sc]\w+|"
    r"suggest\w*|consider\w*|invest\w*|accumulat\w+|hold(?! back)(?:ing|ers?)?|hodl\w*|entry|exit|opportunit\w+|"
    r"undervalued|overvalued|cheap\w*|bargain\w*|expensive|bullish|bearish|moon\w*|pump\w*|guarantee\w*|profit\w*|upside|"
    r"target\w*|will|going to|expect\w*|forecast\w*|predict\w*|likely|outlook|potential\w*|promising|attractive|"
    r"confiden\w+|risk-free|safe)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|io|ai|org|net|xyz|app|dev|co|fi|finance|network|me|gg|eth)\b|@\w|\bt\.me\b|"
    r"\b[1-9A-HJ-NP-Za-km-z]{32,}\b|0x[0-9a-f]{6,}",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[<>`*_#|\[\]{}\\]|^\s*[-•]\s", re.MULTILINE)
_ALLOWED = re.compile(r"[\x20-\x7e\n‐‑‒–—−…‘’“”·±×≥≤→\u00a0\u2009\u202fτα]*")
_OTHER_SUBNET = re.compile(r"\b(?:sn|netuid|subnet)\s*#?\s*\d+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_PARTS = re.compile(r"\s*(?:\w+\s+)?(?:parts?|percentiles|components|terms|of them)\b", re.IGNORECASE)
_UNKNOWN_BEFORE = re.compile(r"\b(?:unknown|missing|left out)\W*$", re.IGNORECASE)
_UNKNOWN_AFTER = re.compile(r"\s*(?:\w+\s+){0,2}(?:is |are )?(?:unknown|missing|left out)\b", re.IGNORECASE)
_SCALE_BEFORE = re.compile(r"(?:\bout of|\bof|\d to|\bzero to|\bbest at|\bbest is)\s*$", re.IGNORECASE)
_SCALE_AFTER = re.compile(r"\s*(?:is|being|means|stands for) (?:the )?best\b", re.IGNORECASE)


def problems_of(text: str, level: int, inputs: Inputs, names: Iterable[str] = ()) -> list[str]:
    """Why `text`, with the `level` that its author states, may not be shown; empty if it may.

    `names` are what the subnets of the snapshot call themselves: none of them may be named.
    """
    said = plain(text)
    for given in filter(
        None, (plain(inputs.category), plain(inputs.tagline))
    ):  # staff's words, and no claims of the text
        said = said.replace(given, "its kind")
    found = _form(text) + _levels(said, level, inputs) + _words(said) + _named(text, inputs, names)
    return found + unmatched(_without_levels(said), inputs.figures, _counts(inputs))


def _counts(inputs: Inputs) -> list[Count]:
    """What may be counted beside the figures: the parts, those that are unknown, the levels, and the top of a scale."""
    parts, unknown = len(inputs.parts), len(inputs.unknown)
    return [
        Count(parts, after=_PARTS),
        Count(parts + unknown, after=_PARTS),
        Count(unknown, before=_UNKNOWN_BEFORE, after=_UNKNOWN_AFTER),
        Count(LEVELS, after=re.compile(r"\s*levels\b", re.IGNORECASE)),
        Count(100, before=_SCALE_BEFORE, after=_SCALE_AFTER),
    ]


def _form(text: str) -> list[str]:
    found = []
    if not LEAST_CHARACTERS <= len(text) <= MOST_CHARACTERS:
        found.append(f"it has {len(text)} characters, not {LEAST_CHARACTERS} to {MOST_CHARACTERS}")
    if not _ALLOWED.fullmatch(text):
        found.append("it holds characters that plain English does not")
    if _MARKUP.search(text):
        found.append("it holds markup")
    if not text.rstrip().endswith((".", "…", "”", ")")):
        found.append("it does not end with a sentence")
    return found


def _levels(said: str, level: int, inputs: Inputs) -> list[str]:
    """The computed level has to be said, and no other as the subnet's own."""
    found = [] if level == inputs.level else [f"it answers with level {level}"]
    stated = [_number(match["n"]) for match in _OF_FIVE.finditer(said)]
    if inputs.level not in stated:
        found.append(f"it does not say signal {inputs.level} of {LEVELS}")
    found += [f"it says {value:g} of {LEVELS}" for value in stated if value != inputs.level]
    rest = _OF_FIVE.sub(" ", said)
    for match in _LEVEL.finditer(rest):
        value = _number(match["n"])
        towards = _NEXT.search(rest[max(0, match.start() - 40) : match.start()])
        if value != inputs.level and not (towards and inputs.level and value == inputs.level + 1):
            found.append(f"it says “{match[0]}”")
    found += [f"it says “{match[0]}”" for match in _ROMAN.finditer(said)]
    extremes = {"strongest": LEVELS, "weakest": 1}
    wrong = [match for match in _EXTREME.finditer(said) if extremes[match["word"].lower()] != inputs.level]
    return found + [f"it says “{match[0]}”" for match in wrong]


def _words(said: str) -> list[str]:
    found = [f"“{match[0]}” is advice, a forecast or a verdict" for match in _ADVICE.finditer(said)]
    found += [f"“{match[0]}” is an address" for match in _ADDRESS.finditer(said)]
    return found + [f"“{match[0]}” names a subnet" for match in _OTHER_SUBNET.finditer(said)]


def _named(text: str, inputs: Inputs, names: Iterable[str]) -> list[str]:
    """Names as they are written; one that is made of words of our own, like Score, cannot be told from them."""
    ours = _vocabulary(inputs)
    found = []
    for name in dict.fromkeys(names):
        words = {word.lower() for word in _WORD.findall(name)}
        if len(name) > 2 and words and not words <= ours and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            found.append(f"it names {name}")
    return found


def _vocabulary(inputs: Inputs) -> set[str]:
    texts = [template(inputs), inputs.category, inputs.tagline, *(figure.label for figure in inputs.figures)]
    return {word.lower() for text in texts for word in _WORD.findall(text)} | _COMMON


_COMMON = frozenset(
    "the this that its it with over under above below while but and both here more most less part parts among against "
    "all price score signal trend calm beside other others strong weak middle high low rank peers cost round trip "
    "subnet".split()
)


def _without_levels(said: str) -> str:
    """Statements of a level are checked by themselves."""
    return _LEVEL.sub("signal", _OF_FIVE.sub("signal", said))


def _number(said: str) -> float:
    return float(_LEVEL_WORDS[said.lower()]) if said.lower() in _LEVEL_WORDS else float(said)
