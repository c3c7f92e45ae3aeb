"""How far a classification is to be believed: computed from what can be checked, of which the model's word is least."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from enrichment.evidence import Checked
from enrichment.material import Material
from enrichment.rules import Suggestion, suggest_text

PARTS = {
    "evidence": (40, "Share of the quotes that stand in the texts, in full from two verified quotes for the category."),
    "agreement": (25, "Whether the keyword rules come to the same category, on all texts and on the quoted lines."),
    "context": (15, "How much text there was, in full from 1,500 characters."),
    "model": (20, "What the model itself said."),
}
"""{part: (its most points, what it measures)}; the points add up to 100."""

CAPS = {
    "no verified quote": (50, "No quote for the category stands in the texts."),
    "thin context": (40, "Too little text to be called context."),
    "injection": (60, "The texts try to instruct their reader."),
    "rules alone": (60, "Suggested by the keyword rules, without a model."),
}
"""{cap: (the most that a confidence under it can be, when it holds)}"""

FULL_CONTEXT_CHARACTERS = 1500
FULL_CATEGORY_QUOTES = 2
FIRST, AMONG_THREE, UNDECIDED, ELSEWHERE = 1.0, 0.6, 0.5, 0.0
"""Agreement of the rules: their first, among their first three, they abstain, neither."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """`value` 0 to 100; `parts` in points, before the `caps` that hold."""

    value: int
    parts: dict[str, float]
    caps: tuple[str, ...]


def confidence(
    *,
    checked: Sequence[Checked],
    suggestion: Suggestion,
    category: str | None,
    material: Material,
    model_confidence: int | None,
    flags: Collection[str],
    thin: bool,
) -> Confidence:
    """Of a model's answer. `model_confidence` 0 to 100, None for unknown, which counts as nothing."""
    quotes = [claim.quote for claim in checked if claim.verified and claim.field == "category"]
    shares = {
        "evidence": _quoted(checked, len(quotes)),
        "agreement": _agreement(suggestion, category, quotes),
        "context": min(1.0, material.characters / FULL_CONTEXT_CHARACTERS),
        "model": min(max(model_confidence or 0, 0), 100) / 100,
    }
    parts = {part: round(PARTS[part][0] * share, 1) for part, share in shares.items()}
    held = {"no verified quote": not quotes, "thin context": thin, "injection": bool(flags)}
    return _capped(parts, tuple(cap for cap, holds in held.items() if holds))


def of_rules(suggestion: Suggestion, *, flags: Collection[str], thin: bool) -> Confidence:
    """Of what the rules found without a model: their own score, which is no probability, under a cap of its own."""
    score = suggestion.ranked[0][1] if suggestion.ranked else 0.0
    held = {"thin context": thin, "injection": bool(flags), "rules alone": True}
    return _capped({"rules": round(100 * score, 1)}, tuple(cap for cap, holds in held.items() if holds))


def _capped(parts: dict[str, float], caps: tuple[str, ...]) -> Confidence:
    least = min([100, *(CAPS[cap][0] for cap in caps)])
    return Confidence(int(min(max(sum(parts.values()), 0), least)), parts, caps)


def _quoted(checked: Sequence[Checked], of_category: int) -> float:
    if not checked:
        return 0.0
    share = sum(claim.verified for claim in checked) / len(checked)
    return share * min(1.0, of_category / FULL_CATEGORY_QUOTES)


def _agreement(suggestion: Suggestion, category: str | None, quotes: Sequence[str]) -> float:
    """The lesser of the agreement on all texts and on the quoted lines alone, if the rules say something of these."""
    whole = _agrees(suggestion, category)
    of_quotes = suggest_text("\n".join(quotes)) if quotes else None
    if of_quotes is None or of_quotes.abstains:
        return whole
    return min(whole, _agrees(of_quotes, category))


def _agrees(suggestion: Suggestion, category: str | None) -> float:
    if category is None:
        return UNDECIDED if suggestion.abstains else ELSEWHERE
    if suggestion.abstains:
        return UNDECIDED
    names = [slug for slug, _ in suggestion.ranked[:3]]
    if category not in names:
        return ELSEWHERE
    return FIRST if names[0] == category else AMONG_THREE
