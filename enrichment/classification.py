"""What a model is asked to fill in, and how its answer is read. Pure: no Django, no I/O."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from enrichment.prompts.classify import CLASSIFY

NONE = "none"
"""The category that a model names where no category fits; read as None."""

EVIDENCE_FIELDS = (
    "category", "tagline", "what_it_does", "primary_use", "key_features", "tags", "privacy",
)  # fmt: skip
SCHEMA_NAME = "subnet_classification"
_NONCE_IN_PIPELINE = "0000"  # a request's own is random, and must not change the hash

# An answer is cut to size where it is judged; these only refuse what no honest answer holds.
_Text = Annotated[str, StringConstraints(max_length=4000)]
_Phrase = Annotated[str, StringConstraints(max_length=500)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Evidence(_Strict):
    """A quote that is claimed to support a field. `line` is a reference like W012."""

    field: Literal["category", "tagline", "what_it_does", "primary_use", "key_features", "tags", "privacy"]
    line: Annotated[str, StringConstraints(max_length=32)]
    quote: _Text


class Classification(_Strict):
    """A model's answer, well-formed but not yet believed. Fields stand in the order in which a model fills them in."""

    evidence: Annotated[list[Evidence], Field(max_length=40)]
    category: str | None
    tagline: _Text
    what_it_does: _Text
    primary_use: _Text
    key_features: Annotated[list[_Phrase], Field(max_length=40)]
    tags: Annotated[list[_Phrase], Field(max_length=40)]
    privacy: bool
    category_suggestion: _Phrase
    confidence: Annotated[int, Field(ge=0, le=100)]


def wire_schema(slugs: Sequence[str]) -> dict[str, Any]:
    """The JSON schema that goes to the service, in the subset that strict decoding takes everywhere.

    No lengths, ranges, defaults or nullable types: compatible servers differ there, and `read` checks them anyway.
    """
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    quote = _object({"field": {"type": "string", "enum": list(EVIDENCE_FIELDS)}, "line": text, "quote": text})
    return _object(
        {
            "evidence": {"type": "array", "items": quote},
            "category": {"type": "string", "enum": [*slugs, NONE]},
            "tagline": text,
            "what_it_does": text,
            "primary_use": text,
            "key_features": texts,
            "tags": texts,
            "privacy": {"type": "boolean"},
            "category_suggestion": text,
            "confidence": {"type": "integer"},
        }
    )


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def instructions(categories: Sequence[tuple[str, str, str]], nonce: str) -> str:
    """The rules of the task. `categories`: (slug, name, description) each; `nonce`: what marks lines as given."""
    kinds = "\n".join(f"  {slug}: {name}. {description}".rstrip() for slug, name, description in categories)
    return CLASSIFY.format(categories=kinds, nonce=nonce, none=NONE)


def read(text: str, slugs: Sequence[str]) -> Classification:
    """What a model wrote, as a Classification. Raises ValueError, in our words, for all that is not one.

    A service that decodes without a grammar may put reasoning or a code fence around the object; that is left out.
    """
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("the answer holds no JSON object")
    try:
        answer = Classification.model_validate_json(text[start : end + 1])
    except ValidationError as problem:
        raise ValueError(_in_words(problem)) from None
    if answer.category == NONE:
        return answer.model_copy(update={"category": None})
    if answer.category not in slugs:
        raise ValueError("the category is none of those that were offered")
    return answer


def _in_words(problem: ValidationError) -> str:
    """Which fields are wrong and how. Never what stood in them: that is the model's text."""
    known = {*Classification.model_fields, *Evidence.model_fields}
    complaints = []
    for error in problem.errors(include_url=False, include_input=False, include_context=False):
        where = ".".join(str(step) for step in error["loc"] if isinstance(step, int) or step in known)
        complaints.append(f"{where or 'answer'}: {error['type']}")
    more = f" and {len(complaints) - 3} more" if len(complaints) > 3 else ""
    return "; ".join(complaints[:3]) + more


def pipeline_hash(*, categories: Sequence[tuple[str, str, str]], **settings: str | int | None) -> str:
    """32 hex characters that change when the same texts might be answered otherwise.

    `settings`: whatever else of the call decides the answer (model, dialect, effort, …), by name.
    """
    slugs = [slug for slug, *_ in categories]
    parts = {
        "instructions": instructions(categories, _NONCE_IN_PIPELINE),
        "schema": wire_schema(slugs),
        "settings": settings,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
