"""Which value of each field is published, out of what people corrected and what the runs found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from taoanalytics.lib.text import clean

TEXTS = {"tagline": 160, "what_it_does": 1_200, "primary_use": 240}
"""{field: its longest text in characters}"""
LISTS = {"key_features": (8, 160), "tags": (6, 32)}
"""{field: (most entries, longest entry in characters)}"""
FIELDS = (*TEXTS, *LISTS, "privacy")
CATEGORY = "category"

CURATED, MODEL, QUOTED, RULES = "curated", "model", "quoted", "rules"
_LONGEST_QUOTE = 300
_LONGEST_NAME = 16
_MOST_EVIDENCE = 20


class Run(Protocol):
    """What is read of a run; see `enrichment.models.EnrichmentRun`."""

    payload: Any
    evidence: Any
    provenance: Any
    confidence: int | None
    flags: Any


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is published of one subnet. A field without an entry in `sources` is published empty."""

    values: Mapping[str, Any]
    sources: Mapping[str, str]
    confidence: int | None = None
    provenance: Mapping[str, str] | None = None
    evidence: Sequence[Mapping[str, str]] = ()
    quoted_from: str = ""
    flagged: bool = False


def fitting(field: str, value: Any) -> Any:
    """`value` as the field holds it: cleaned, cut, and empty (privacy: None) where it is of another kind."""
    if field in TEXTS:
        return clean(" ".join(value.split()), TEXTS[field]) if isinstance(value, str) else ""
    if field in LISTS:
        most, longest = LISTS[field]
        entries = value if isinstance(value, list | tuple) else ()
        cleaned = (clean(" ".join(each.split()), longest) for each in entries if isinstance(each, str))
        return list(dict.fromkeys(each for each in cleaned if each))[:most]
    return value if isinstance(value, bool) else None


def resolve(corrections: Mapping[str, Any], model: Run | None, rules: Run | None, category_source: str) -> Resolved:
    """Field by field: a correction, else the accepted `model` run's value, else the subnet's own words, else nothing.

    `rules` is the newest run by rules; `category_source` is of the category that holds and picks the quotes for it.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for field in FIELDS:
        values[field], source = _value(field, corrections, model, rules)
        if values[field] not in ("", [], None):
            sources[field] = source
    published = model or rules
    found = {**sources, CATEGORY: category_source}
    evidence = [
        *_evidence(model, {field for field, source in found.items() if source == MODEL}),
        *_evidence(rules, {field for field, source in found.items() if source in (QUOTED, RULES)}),
    ]
    return Resolved(
        values=values,
        sources=sources,
        confidence=published.confidence if published else None,
        provenance=_named(published.provenance) if published else {},
        evidence=evidence[:_MOST_EVIDENCE],
        quoted_from=_quoted_from(rules) if sources.get("tagline") == QUOTED else "",
        flagged=bool((model and model.flags) or (rules and rules.flags)),
    )


def _value(field: str, corrections: Mapping[str, Any], model: Run | None, rules: Run | None) -> tuple[Any, str]:
    if field in corrections:
        return fitting(field, corrections[field]), CURATED
    found = fitting(field, _payload(model).get(field))
    if found not in ("", [], None):
        return found, MODEL
    if field == "tagline":
        return fitting(field, _payload(rules).get(field)), QUOTED
    return found, ""


def _payload(run: Run | None) -> Mapping[str, Any]:
    return run.payload if run is not None and isinstance(run.payload, dict) else {}


def _named(provenance: Any) -> dict[str, str]:
    known = provenance.items() if isinstance(provenance, dict) else ()
    return {str(field)[:_LONGEST_NAME]: str(word)[:_LONGEST_NAME] for field, word in known}


def _evidence(run: Run | None, fields: Collection[str]) -> list[dict[str, str]]:
    """The verified quotes of these fields."""
    claims = run.evidence if run is not None and isinstance(run.evidence, list) else []
    return [
        {
            "field": claim["field"],
            "source": str(claim.get("source") or "")[:_LONGEST_NAME],
            "line": str(claim.get("line") or "")[:_LONGEST_NAME],
            "quote": clean(str(claim.get("quote") or ""), _LONGEST_QUOTE),
        }
        for claim in claims
        if isinstance(claim, dict) and claim.get("verified") and str(claim.get("field")) in fields
    ]


def _quoted_from(rules: Run | None) -> str:
    return next((quote["source"] for quote in _evidence(rules, {"tagline"})), "")
