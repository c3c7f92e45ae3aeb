"""What lies on the desk when one subnet is curated: the words that were read, each field, and who decided what."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from enrichment.admin.forms import DecisionForm, decision_form
from enrichment.material import LETTERS
from enrichment.models import ContextSource, Correction, EnrichmentRun, Profile
from enrichment.models.profiles import Field
from enrichment.publish import Known, known_of
from enrichment.resolving import CATEGORY
from subnets.models import Category, CategoryAssignment, Subnet

_MOST_RUNS = 20
_KINDS = {letter: kind for kind, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class ContextLine:
    """A line as it was read; `pieces` are (text, whether it is a quote that was verified)."""

    reference: str
    source: str
    pieces: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Decision:
    """One field: what is published and why, what the run made of it, and the form to decide otherwise."""

    name: str
    label: str
    value: str
    source: str
    locked: bool
    found: str
    provenance: str
    quotes: Sequence[dict[str, Any]]
    form: DecisionForm


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was decided, by whom and why."""

    at: datetime
    who: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Desk:
    run: EnrichmentRun | None
    runs: Sequence[EnrichmentRun]
    lines: Sequence[ContextLine]
    sources: Sequence[ContextSource]
    decisions: Sequence[Decision]
    history: Sequence[Entry]
    top: Sequence[tuple[str, float]]

    @property
    def parts(self) -> dict[str, Any]:
        """Points by part of the confidence."""
        return {name: points for name, points in self._parts.items() if name != "caps"}

    @property
    def caps(self) -> Sequence[str]:
        """What held the confidence down."""
        caps = self._parts.get("caps")
        return [str(cap) for cap in caps] if isinstance(caps, list) else []

    @property
    def _parts(self) -> dict[str, Any]:
        return self.run.confidence_parts if self.run and isinstance(self.run.confidence_parts, dict) else {}


def desk(subnet: Subnet, run_wanted: str = "", refused: DecisionForm | None = None) -> Desk:
    """Of the run with that primary key, else of the newest by a model, else of the newest. About a dozen queries.

    `refused`: a form that was sent and not taken, which keeps what was written into it.
    """
    runs = list(subnet.enrichment_runs.select_related("category").defer("context")[:_MOST_RUNS])
    by_model = [run for run in runs if run.method == EnrichmentRun.Method.MODEL]
    run = next(chain((run for run in runs if str(run.pk) == run_wanted), by_model, runs), None)
    known = known_of([subnet])[subnet.pk]
    names = dict(Category.objects.values_list("slug", "name"))
    return Desk(
        run=run,
        runs=runs,
        lines=_lines(run) if run else [],
        sources=list(subnet.context_sources.all()),
        decisions=[
            replace(each, form=refused) if refused and refused.data.get("field") == each.name else each
            for each in (_category(subnet, known, run), *(_field(known, run, field) for field in Field))
        ],
        history=_history(subnet, runs),
        top=[(names.get(slug, str(slug)), score) for slug, score in _pairs(run.rules_top if run else [])][:3],
    )


def in_words(value: Any) -> str:
    """A field's value as one text; "" for nothing."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _category(subnet: Subnet, known: Known, run: EnrichmentRun | None) -> Decision:
    holds = known.holds
    category = holds.category if holds else subnet.category
    return Decision(
        name=CATEGORY,
        label="category",
        value=category.name if category else "Unclassified",
        source=CategoryAssignment.Source(holds.source).label if holds else "",
        locked=known.locked,
        found=(run.category.name if run.category else "none") if run else "",
        provenance=_provenance(run, CATEGORY),
        quotes=_quotes(run, CATEGORY),
        form=decision_form(CATEGORY, category.pk if category else ""),
    )


def _field(known: Known, run: EnrichmentRun | None, field: Field) -> Decision:
    profile = known.profile
    value = getattr(profile, field) if profile else None
    found = run.payload.get(field.value) if run and isinstance(run.payload, dict) else None
    return Decision(
        name=field.value,
        label=field.label,
        value=in_words(value),
        source=_source(profile, field),
        locked=field.value in known.corrections,
        found=in_words(found),
        provenance=_provenance(run, field),
        quotes=_quotes(run, field),
        form=decision_form(field.value, value),
    )


def _source(profile: Profile | None, field: str) -> str:
    return profile.source_of(field) if profile else ""


def _provenance(run: EnrichmentRun | None, field: str) -> str:
    return str(run.provenance.get(field, "")) if run and isinstance(run.provenance, dict) else ""


def _quotes(run: EnrichmentRun | None, field: str) -> list[dict[str, Any]]:
    claims = run.evidence if run and isinstance(run.evidence, list) else []
    return [claim for claim in claims if isinstance(claim, dict) and claim.get("field") == field]


def _pairs(ranked: Any) -> list[tuple[str, float]]:
    return [(str(pair[0]), float(pair[1])) for pair in ranked if isinstance(pair, list | tuple) and len(pair) == 2]


def _lines(run: EnrichmentRun) -> list[ContextLine]:
    quotes: dict[str, list[str]] = {}
    for claim in run.evidence if isinstance(run.evidence, list) else []:
        if isinstance(claim, dict) and claim.get("verified"):
            quotes.setdefault(str(claim.get("line")), []).append(str(claim.get("quote") or ""))
    lines = []
    for line in run.context.splitlines():
        reference, _, text = line.partition(" ")
        lines.append(ContextLine(reference, _KINDS.get(reference[:1], ""), _pieces(text, quotes.get(reference, ()))))
    return lines


def _pieces(text: str, quotes: Iterable[str]) -> list[tuple[str, bool]]:
    """The text cut at its quotes. One that differs in its marks and spaces, or goes on in the next line, marks all."""
    marked = [False] * len(text)
    for quote in quotes:
        found = re.search(re.escape(quote), text, re.IGNORECASE)
        start, end = found.span() if found else (0, len(text))
        marked[start:end] = [True] * (end - start)
    pieces: list[tuple[str, bool]] = []
    for character, is_marked in zip(text, marked, strict=True):
        if pieces and pieces[-1][1] == is_marked:
            pieces[-1] = (pieces[-1][0] + character, is_marked)
        else:
            pieces.append((character, is_marked))
    return pieces


def _history(subnet: Subnet, runs: Iterable[EnrichmentRun]) -> list[Entry]:
    """Corrections, categories and runs together, newest first."""
    corrections = subnet.corrections.select_related("by")
    assignments = subnet.category_assignments.select_related("category", "assigned_by")
    entries = chain(
        (_corrected(each) for each in corrections),
        (_assigned(each) for each in assignments),
        (_ran(each) for each in runs),
    )
    return sorted(entries, key=attrgetter("at"), reverse=True)


def _corrected(correction: Correction) -> Entry:
    label = Field(correction.field).label
    what = f"{label}: released" if correction.released else f"{label}: {in_words(correction.value) or 'left empty'}"
    return Entry(correction.at, str(correction.by or "someone who left"), what, correction.reason)


def _assigned(assignment: CategoryAssignment) -> Entry:
    who = str(assignment.assigned_by or assignment.get_source_display())
    return Entry(assignment.assigned_at, who, f"category: {assignment.category or 'Unclassified'}", assignment.reason)


def _ran(run: EnrichmentRun) -> Entry:
    who = run.model_served or run.model_asked or "rules"
    verdict = "accepted" if run.accepted else "not accepted"
    what = f"run: {run.get_outcome_display()}, {run.category or 'no category'}, {verdict}"
    return Entry(run.started_at, who, what, run.detail)
