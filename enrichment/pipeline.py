"""All that decides an answer beside the texts: categories, words, schema, model and rules, each with its hash."""

import hashlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Self

from django.conf import settings
from django.utils.crypto import salted_hmac

from enrichment import (
    classification,
    confidence,
    evidence,
    injection,
    injection_patterns,
    judgement,
    keywords,
    llm,
    prototypes,
    quoting,
    readings,
    rules,
    sanitising,
    wording,
)
from enrichment.llm import Question
from enrichment.material import Material
from subnets.models import Category

NAME_LINE = "I000"
_RULES: tuple[ModuleType, ...] = (
    rules, keywords, prototypes, quoting, wording, readings, injection, injection_patterns, evidence, confidence,
    sanitising, judgement,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """As it is at the start of a run. `categories`: (slug, name, description) of those in use."""

    categories: tuple[tuple[str, str, str], ...]
    rows: Mapping[str, Category]
    rules_hash: str
    model: str
    model_hash: str
    stronger: str
    stronger_hash: str

    @classmethod
    def current(cls) -> Self:
        """One query. In the order of their slugs: where a category stands in a list changes no answer."""
        found = list(Category.objects.in_use().order_by("slug"))
        categories = tuple((row.slug, row.name, row.description) for row in found)
        return cls(
            categories=categories,
            rows={row.slug: row for row in found},
            rules_hash=_digest(_source_of_rules(), *(slug for slug, *_ in categories)),
            model=settings.LLM_MODEL,
            model_hash=_model_hash(settings.LLM_MODEL, categories),
            stronger=settings.LLM_ESCALATION_MODEL,
            stronger_hash=_model_hash(settings.LLM_ESCALATION_MODEL, categories),
        )

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(self.rows)

    @property
    def has_stronger(self) -> bool:
        return bool(self.stronger) and self.stronger != self.model

    def hash_of(self, model: str) -> str:
        return self.stronger_hash if self.has_stronger and model == self.stronger else self.model_hash

    def question(self, material: Material, *, model: str, turn: str) -> Question:
        """Who wrote the lines cannot foresee the nonce that marks them; a question that is repeated stays the same."""
        nonce = salted_hmac("enrichment.nonce", f"{material.digest} {turn}", algorithm="sha256").hexdigest()[:6]
        return Question(
            instructions=classification.instructions(self.categories, nonce),
            text=f"{nonce}·{NAME_LINE}| {' '.join(material.name.split())}\n{material.numbered(nonce)}",
            name=classification.SCHEMA_NAME,
            schema=classification.wire_schema(self.slugs),
            read=lambda text: classification.read(text, self.slugs),
            model=model,
            most_tokens=settings.LLM_MAX_OUTPUT_TOKENS,
            turn=turn,
        )


def _model_hash(model: str, categories: tuple[tuple[str, str, str], ...]) -> str:
    form = llm.form()
    return classification.pipeline_hash(
        categories=categories, model=model, api=form.api, dialect=form.dialect, effort=form.effort
    )


@cache
def _source_of_rules() -> str:
    """A release that changes the rules looks at every subnet anew; one that does not leaves them alone."""
    return "".join(inspect.getsource(module) for module in _RULES)


def _digest(*parts: str) -> str:
    summed = hashlib.sha256()
    for part in parts:
        summed.update(f"{len(part)}:{part}".encode())
    return summed.hexdigest()[:32]
