"""Whether a quote stands where it is said to stand. No fuzzy matching: a changed word is no quote."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from enrichment.material import Line

LEAST_CHARACTERS, MOST_CHARACTERS = 20, 200
LEAST_WORDS = 4
MOST_CLAIMS = 24
"""More are not looked at."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
_MARKS = re.compile(r"[*_`#>|~\[\]]+")
_SAME = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_DASHES = re.compile("[‐-―−⁃]")


@dataclass(frozen=True, slots=True)
class Claim:
    """That `field` follows from `quote`, which stands in the line with the reference `line`."""

    field: str
    line: str
    quote: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim, the kind of source of its line ("" for a line that is not there), and whether the quote is in it."""

    field: str
    line: str
    source: str
    quote: str
    verified: bool


def verified(claims: Iterable[Claim], lines: Sequence[Line]) -> tuple[Checked, ...]:
    """Each claim with the verdict: the quote is in its line, or runs on into the next line of the same source."""
    places = {line.reference: place for place, line in enumerate(lines)}
    result = []
    for claim in list(claims)[:MOST_CLAIMS]:
        place = places.get(claim.line.strip().upper())
        source = "" if place is None else lines[place].kind
        stands = place is not None and _is_long_enough(claim.quote) and _stands_in(claim.quote, lines, place)
        result.append(Checked(claim.field, claim.line[:16], source, claim.quote[:MOST_CHARACTERS], stands))
    return tuple(result)


def plain(text: str) -> str:
    """What two spellings of the same words have in common: no marks, quotes, dashes, case or spacing differ."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_SAME)
    text = _MARKS.sub(" ", _DASHES.sub("-", text))
    return " ".join(text.casefold().split())


def _is_long_enough(quote: str) -> bool:
    said = plain(quote)
    return len(said) >= LEAST_CHARACTERS and len(quote) <= MOST_CHARACTERS and len(said.split()) >= LEAST_WORDS


def _stands_in(quote: str, lines: Sequence[Line], place: int) -> bool:
    here = lines[place]
    after = lines[place + 1] if place + 1 < len(lines) else None
    text = here.text if after is None or after.kind != here.kind else f"{here.text} {after.text}"
    said, words = plain(quote), plain(text)
    places = (found.start() for found in re.finditer(re.escape(said), words))
    return any(_is_whole(words, at, at + len(said), cut=len(quote) == MOST_CHARACTERS) for at in places)


def _is_whole(text: str, start: int, end: int, *, cut: bool) -> bool:
    """Whether no word is cut, for `untrusted` is not `trusted`; at the end of the longest quote there may be one."""
    begins = start == 0 or not (_is_of_a_word(text[start - 1]) and _is_of_a_word(text[start]))
    ends = cut or end == len(text) or not (_is_of_a_word(text[end - 1]) and _is_of_a_word(text[end]))
    return begins and ends


def _is_of_a_word(character: str) -> bool:
    """Chinese and Japanese put no spaces between words, so nothing tells where one is cut."""
    return character.isalnum() and character < "\u2e80"
