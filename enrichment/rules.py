"""A category without a model: words of each field, counted and weighed. It abstains where it is in doubt."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from enrichment.injection import describing
from enrichment.keywords import KEYWORDS
from enrichment.material import Material
from enrichment.prototypes import PROTOTYPES
from enrichment.wording import stems, terms

PUBLISH_FROM = 0.4
"""The least score of a first suggestion that is published."""

LEAST_LEAD = 1.5
"""How many times the score of the second it has to have."""

LEAST_HITS = 3.0
"""The least weight of keywords of the first suggestion."""

SATURATION = 1.0
"""A word that is said this often has most of its weight: repeating it adds next to nothing."""

COSINE_WEIGHT = 25.0
"""Points of evidence for a text that is its category's prototype."""

LEAST_LENGTH = 8.0
"""Of a text as a vector, so that the one known word of a short text is not all of its meaning."""

SHARPNESS = 2.0
DOUBT = 5.0
"""Evidence for nothing in particular, from which little evidence has to stand out."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Every category by slug with its score, 0 to 1 and together less than 1, best first.

    `abstains`: too little or too contradictory to be published.
    """

    ranked: tuple[tuple[str, float], ...]
    abstains: bool


def suggest(material: Material) -> Suggestion:
    """From a subnet's name and all of its texts, each read from its beginning, without lines that give orders."""
    counted: dict[str, float] = {}
    for text in (material.name, *_described(material)):
        for term, count in terms(text, _vocabulary()).items():
            counted[term] = counted.get(term, 0.0) + count
    return _suggested(counted)


def _described(material: Material) -> Iterator[str]:
    kept = describing(material.lines())
    for kind in dict.fromkeys(source.kind for source in material.texts):
        yield "\n".join(line.text for line in kept if line.kind == kind)


def suggest_text(text: str) -> Suggestion:
    """From one text; markdown and HTML are read past."""
    return _suggested(terms(text, _vocabulary()))


def likelihood(score: float) -> float:
    """How likely a first suggestion with this score is right: a rough, cautious reading, for the calibration error."""
    return 3 * score if score <= 0.2 else 0.6 + 0.45 * (score - 0.2)


def subject_weight(text: str) -> float:
    """The weight of the keywords of that category of which the text has most; 0 for one that is about nothing."""
    return max(_hits(terms(text, _vocabulary())).values())


def _suggested(counted: Mapping[str, float]) -> Suggestion:
    hits, near = _hits(counted), _cosines(counted)
    evidence = {slug: (hits[slug] + COSINE_WEIGHT * near[slug]) ** SHARPNESS for slug in KEYWORDS}
    total = sum(evidence.values()) + DOUBT**SHARPNESS
    ranked = sorted(((slug, value / total) for slug, value in evidence.items()), key=lambda pair: (-pair[1], pair[0]))
    (first, score), (_, second) = ranked[:2]
    in_doubt = score < max(PUBLISH_FROM, LEAST_LEAD * second) or hits[first] < LEAST_HITS
    return Suggestion(tuple(ranked), abstains=in_doubt)


def _hits(counted: Mapping[str, float]) -> dict[str, float]:
    """{slug: weight of its keywords that occur}"""
    found = dict.fromkeys(KEYWORDS, 0.0)
    for term, count in counted.items():
        for slug, weight in _weights().get(term, ()):
            found[slug] += weight * (1 - math.exp(-count / SATURATION))
    return found


def _cosines(counted: Mapping[str, float]) -> dict[str, float]:
    """{slug: cosine of the text with the category's prototype, by TF-IDF}"""
    rarity, prototypes = _prototypes()
    vector = {term: (1 + math.log(1 + count)) * rarity[term] for term, count in counted.items() if term in rarity}
    length = max(LEAST_LENGTH, math.sqrt(sum(value * value for value in vector.values())))
    return {
        slug: sum(value * prototype.get(term, 0.0) for term, value in vector.items()) / length
        for slug, prototype in prototypes.items()
    }


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(_weights()) | frozenset(_prototypes()[0])


@cache
def _weights() -> dict[str, list[tuple[str, float]]]:
    """{term: [(slug, weight)]}: what several categories share says little of each."""
    listed: dict[str, dict[str, int]] = {}
    for slug, tiers in KEYWORDS.items():
        for weight, words in sorted(tiers.items()):
            for phrase in words.split(","):
                listed.setdefault(stems(phrase), {})[slug] = weight
    return {
        term: [(slug, weight * _rarity(len(slugs), len(KEYWORDS))) for slug, weight in slugs.items()]
        for term, slugs in listed.items()
    }


@cache
def _prototypes() -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """({term: its rarity}, {slug: {term: its part of the prototype, of length 1}})"""
    counts = {slug: terms(text, _Everything()) for slug, text in PROTOTYPES.items()}
    held = {term: sum(term in each for each in counts.values()) for each in counts.values() for term in each}
    rarity = {term: _rarity(number, len(counts)) for term, number in held.items()}
    vectors = {slug: {term: count * rarity[term] for term, count in each.items()} for slug, each in counts.items()}
    return rarity, {slug: _of_length_one(vector) for slug, vector in vectors.items()}


def _of_length_one(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {term: value / length for term, value in vector.items()}


def _rarity(held_by: int, of: int) -> float:
    return math.log((1 + of) / held_by) / math.log(1 + of)


class _Everything:
    """Single words of a prototype, but for the small ones."""

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and len(term) > 3 and " " not in term
