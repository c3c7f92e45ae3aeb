"""A subnet's own words as its tagline: a sentence of its texts, verbatim, with the source that it is from."""

import re
from dataclasses import dataclass

from enrichment import rules, sanitising
from enrichment.material import Material

LEAST_WORDS, MOST_WORDS = 4, 32
LEAST_CHARACTERS, MOST_CHARACTERS = 20, 160
SOURCES = ("meta", "identity", "readme", "website")
"""Where a subnet says what it is, the tersest first; issues are about something else."""

EARLY_LINES = 25
"""Of a source; what comes later is how to use it."""

LEAST_SUBJECT = 4.0
"""The least weight of words of some category in a sentence that says what the subnet is about."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_STARTS = re.compile(r"[\"“'(]?[^\W_]")
_NO_TAGLINE = re.compile(
    r"cookie|javascript|enable js|loading|page not found|\b404\b|coming soon|under construction|sign in|log ?in\b|"
    r"all rights reserved|copyright|©|privacy policy|terms of|table of contents|documentation|license|getting started|"
    r"quick ?start|installation|install |prerequisite|must read|click here|subscribe|newsletter|contact us|welcome to|"
    r"read (?:more|the)|learn more|join (?:us|our)|follow us|notice:|disclaimer|deprecated|\bis now\b|[|•→]|::|^\d+[.)]"
    r"|^(?:this (?:initiative|repo|repository|guide|document|section|file)|bittensor (?:is|subnet)|mak(?:e|ing) sure"
    r"|to |if |when |before |after |please |note|see |use |by (?:using|participating|downloading)|for each|each |these "
    r"|those |it |they |subnets |the (?:result|incentive)|the (?:main )?(?:goal|aim|purpose) )",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\bsubnet \d+|\bsn ?\d+", re.IGNORECASE)
_SAYS_SOMETHING = re.compile(
    r"\b(?:is|are|enables?|provides?|builds?|building|powers?|powered|allows?|lets?|creates?|offers?|brings?|turns?|"
    r"helps?|"
    r"coordinates?|incentivi[sz]es?|rewards?|decentrali[sz]ed|distributed|ai|network|platform|protocol|layer|marketplace|"
    r"infrastructure|for)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """`text` as it stands in the line `reference` of a source of that `kind`."""

    text: str
    kind: str
    reference: str


def quoted_tagline(material: Material) -> Quote | None:
    """The first sentence that says what the subnet is; None where no source has one that can be shown as it is.

    One with words of a category goes before one without, and the tersest source before the others.
    """
    lines = material.lines()
    of_kind = [[line for line in lines if line.kind == kind][:EARLY_LINES] for kind in SOURCES]
    for is_good in (_names_its_subject, _is_whole, _is_heading):
        for early in of_kind:
            for line in early:
                for sentence in _SENTENCE.split(line.text):
                    if is_good(sentence.strip(), line.kind):
                        return Quote(sentence.strip(), line.kind, line.reference)
    return None


def _names_its_subject(sentence: str, kind: str) -> bool:
    """A description may be a mere phrase; among the lines of a page, a phrase is a menu or a list."""
    good = _is_whole(sentence, kind) or _is_heading(sentence, kind)
    if not good and kind in ("meta", "identity"):
        good = (_is_sentence(sentence) or _is_title(sentence)) and _is_fit(sentence)
    return good and rules.subject_weight(sentence) >= LEAST_SUBJECT


def _is_whole(sentence: str, _kind: str) -> bool:
    return _is_sentence(sentence) and bool(_SAYS_SOMETHING.search(sentence)) and _is_fit(sentence)


def _is_heading(sentence: str, _kind: str) -> bool:
    return _is_title(sentence) and bool(_SAYS_SOMETHING.search(sentence)) and _is_fit(sentence)


def _is_sentence(sentence: str) -> bool:
    return sentence.endswith((".", "!")) and sentence[:1].isupper() and not sentence.isupper()


def _is_title(sentence: str) -> bool:
    return sentence[-1:].isalnum() and not _NUMBERED.search(sentence)


def _is_fit(sentence: str) -> bool:
    words = sentence.split()
    return (
        LEAST_WORDS <= len(words) <= MOST_WORDS
        and LEAST_CHARACTERS <= len(sentence) <= MOST_CHARACTERS
        and bool(_STARTS.match(sentence))
        and not _NO_TAGLINE.search(sentence)
        and sanitising.is_fit_to_quote(sentence)
    )
