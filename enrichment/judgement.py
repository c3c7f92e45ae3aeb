"""A model's answer, or the rules' suggestion, made into what may be stored: valid, bounded, checked and flagged."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from enrichment import confidence as confidence_of
from enrichment import injection, quoting, sanitising
from enrichment.confidence import Confidence
from enrichment.evidence import Checked, Claim, verified
from enrichment.material import Material
from enrichment.rules import Suggestion

CATEGORY = "category"
ACCEPT_FROM = 40
"""The least confidence of a run that is published."""

TEXTS = {"tagline": (8, 160), "what_it_does": (100, 900), "primary_use": (20, 240)}
"""{field: (most words, most characters)}"""
FEATURES_WORDS, FEATURE_CHARACTERS, MOST_FEATURES = 30, 120, 8
TAG_CHARACTERS, MOST_TAGS = 32, 6
SUGGESTION_WORDS, SUGGESTION_CHARACTERS = 6, 64
EVIDENCED = (CATEGORY, *TEXTS, "key_features", "tags", "privacy")
"""What a quote can be claimed for."""


class Quoted(Protocol):
    """A claim, as the model made it."""

    @property
    def field(self) -> str: ...
    @property
    def line(self) -> str: ...
    @property
    def quote(self) -> str: ...


class Answered(Protocol):
    """A model's answer in its own words; `category` is a slug, or None where none fits. None of it is believed yet."""

    @property
    def evidence(self) -> Sequence[Quoted]: ...
    @property
    def category(self) -> str | None: ...
    @property
    def tagline(self) -> str: ...
    @property
    def what_it_does(self) -> str: ...
    @property
    def primary_use(self) -> str: ...
    @property
    def key_features(self) -> Sequence[str]: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def privacy(self) -> bool | None: ...
    @property
    def category_suggestion(self) -> str: ...
    @property
    def confidence(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an `EnrichmentRun` stores, field by field; `category` is a slug."""

    category: str | None
    payload: dict[str, Any]
    evidence: list[dict[str, Any]]
    provenance: dict[str, str]
    confidence: int | None
    confidence_parts: dict[str, Any]
    flags: list[str]
    accepted: bool
    outcome: str
    rules_top: list[tuple[str, float]] = field(default_factory=list)


def judge(
    answer: Answered | None,
    material: Material,
    suggestion: Suggestion,
    *,
    slugs: Collection[str],
    thin: bool,
    flags: Sequence[str] | None = None,
    accept_from: int = ACCEPT_FROM,
) -> Judgement:
    """Of a model's answer; without one, of the rules' suggestion. `flags`: of the material, where they are known."""
    raised = tuple(injection.flags(material) if flags is None else flags)
    if answer is None:
        return by_rules(material, suggestion, raised, thin=thin, slugs=slugs)
    category = answer.category if answer.category in slugs else None
    checked = _checked(answer, material)
    payload = _payload(answer)
    found = confidence_of.confidence(
        checked=checked,
        suggestion=suggestion,
        category=category,
        material=material,
        model_confidence=answer.confidence,
        flags=raised,
        thin=thin,
    )
    return Judgement(
        category=category,
        payload=payload,
        evidence=[asdict(claim) for claim in checked],
        provenance=_provenance(category, payload, checked),
        confidence=found.value,
        confidence_parts=_parts(found),
        flags=list(raised),
        accepted=found.value >= accept_from and category is not None,
        outcome="ok" if category is not None else "abstained",
        rules_top=_top(suggestion),
    )


def by_rules(
    material: Material,
    suggestion: Suggestion,
    flags: Sequence[str] | None = None,
    *,
    slugs: Collection[str] | None = None,
    thin: bool = False,
) -> Judgement:
    """Without a model: the category that the rules suggest, and a sentence of the subnet's own as its tagline.

    Flagged texts wait for a person: the rules cannot tell a description from an attempt to be described.
    """
    raised = tuple(injection.flags(material) if flags is None else flags)
    quote = quoting.quoted_tagline(material)
    top = suggestion.ranked[0][0] if suggestion.ranked else None
    decides = top is not None and not suggestion.abstains and not raised and (slugs is None or top in slugs)
    found = confidence_of.of_rules(suggestion, flags=raised, thin=thin)
    return Judgement(
        category=top if decides else None,
        payload={"tagline": quote.text} if quote else {},
        evidence=[
            asdict(Checked("tagline", quote.reference, quote.kind, quote.text, verified=True))
            for quote in [quote]
            if quote
        ],
        provenance={"tagline": "context"} if quote else {},
        confidence=found.value if decides else None,
        confidence_parts=_parts(found) if decides else {},
        flags=list(raised),
        accepted=decides,
        outcome="ok" if decides else "abstained",
        rules_top=_top(suggestion),
    )


def _checked(answer: Answered, material: Material) -> tuple[Checked, ...]:
    """A line that gives orders proves nothing, whatever is quoted of it."""
    claims = (Claim(each.field, each.line, each.quote) for each in answer.evidence if each.field in EVIDENCED)
    return verified(claims, injection.describing(material.lines()))


def _payload(answer: Answered) -> dict[str, Any]:
    payload: dict[str, Any] = {
        name: sanitising.sanitised(getattr(answer, name), words=words, characters=characters)
        for name, (words, characters) in TEXTS.items()
    }
    payload["key_features"] = sanitising.phrases(
        answer.key_features, words=FEATURES_WORDS, characters=FEATURE_CHARACTERS, most=MOST_FEATURES
    )
    payload["tags"] = sanitising.tags(answer.tags, characters=TAG_CHARACTERS, most=MOST_TAGS)
    payload["privacy"] = answer.privacy if isinstance(answer.privacy, bool) else None
    payload["category_suggestion"] = sanitising.sanitised(
        answer.category_suggestion, words=SUGGESTION_WORDS, characters=SUGGESTION_CHARACTERS
    )
    said = answer.confidence
    payload["model_confidence"] = None if said is None else min(max(int(said), 0), 100)
    return payload


def _provenance(category: str | None, payload: dict[str, Any], checked: Sequence[Checked]) -> dict[str, str]:
    """{field: context, where every quote for it stands; mixed, where some do; model, where none does or was given}"""
    filled = {name for name in EVIDENCED if payload.get(name) not in ("", [], None)}
    if category is not None:
        filled.add(CATEGORY)
    result = {}
    for name in (name for name in EVIDENCED if name in filled):
        verdicts = [claim.verified for claim in checked if claim.field == name]
        result[name] = "model" if not any(verdicts) else "context" if all(verdicts) else "mixed"
    return result


def _parts(found: Confidence) -> dict[str, Any]:
    return {**found.parts, "caps": list(found.caps)}


def _top(suggestion: Suggestion) -> list[tuple[str, float]]:
    return [(slug, round(score, 3)) for slug, score in suggestion.ranked[:3]]
