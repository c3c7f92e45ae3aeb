"""The one place where what is found becomes what the site says: category and texts, field by field.

People come first, then the newest accepted run of a model, then (for the category) the simulated network's own and the
rules, and (for the tagline) the subnet's own words. A person's word holds until it is released.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from enrichment.models import Correction, EnrichmentRun, Profile
from enrichment.models.profiles import Field
from enrichment.resolving import FIELDS, fitting, resolve
from subnets.curation import assign_category, record_category
from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.lib import clock

Source = CategoryAssignment.Source
_VISIBLE = (*FIELDS, "sources", "confidence", "provenance", "evidence", "quoted_from", "flagged")


@dataclass(frozen=True, slots=True)
class Known:
    """All that a decision on one subnet needs."""

    corrections: Mapping[str, Any]
    model: EnrichmentRun | None = None
    rules: EnrichmentRun | None = None
    holds: CategoryAssignment | None = None
    simulated: CategoryAssignment | None = None
    profile: Profile | None = None

    @property
    def locked(self) -> bool:
        """Whether a person has decided the category."""
        return self.holds is not None and self.holds.source == Source.CURATED

    @property
    def found(self) -> tuple[Category | None, Source] | None:
        """The category that there is without a person's word and whose it is; None where nobody has looked."""
        if self.model is not None and self.model.category is not None:
            return _in_use(self.model.category), Source.MODEL
        if self.simulated is not None:
            return _in_use(self.simulated.category), Source.SIMULATED
        if self.rules is not None and self.rules.accepted:
            return _in_use(self.rules.category), Source.RULES
        if self.rules is not None or self.model is not None:
            return None, Source.RULES
        return None


def publish(subnets: Iterable[Subnet]) -> int:
    """Publish what is known of these subnets; returns for how many anything changed. Seven queries and the writes."""
    with transaction.atomic():
        locked = Subnet.objects.filter(pk__in=[subnet.pk for subnet in subnets]).order_by("pk")
        rows = list(locked.select_for_update(no_key=True, of=("self",)))
        known = known_of(rows)
        changed = sum([_publish_one(row, known[row.pk]) for row in rows])
        if changed:
            Generation.objects.bump()
    return changed


def correct(subnet: Subnet, field: str, value: Any, by: User | None, reason: str) -> Correction:
    """Publish a person's word on one field; no run writes over it until it is released. An empty value hides it."""
    with transaction.atomic():
        correction = Correction.objects.create(
            subnet=subnet, field=Field(field), value=fitting(field, value), by=by, reason=reason
        )
        publish([subnet])
    return correction


def release(subnet: Subnet, field: str, by: User | None, reason: str) -> None:
    """Hand a field back to the runs; what they found meanwhile is published."""
    with transaction.atomic():
        Correction.objects.create(subnet=subnet, field=Field(field), released=True, by=by, reason=reason)
        publish([subnet])


def correct_category(subnet: Subnet, category: Category | None, by: User | None, reason: str) -> None:
    """Publish a person's word on the category (None: unclassified), which then is a lock and a label."""
    with transaction.atomic():
        assign_category(subnet=subnet, category=category, source=Source.CURATED, by=by, reason=reason)
        publish([subnet])


def release_category(subnet: Subnet, by: User | None, reason: str) -> None:
    """Hand the category back to the runs; what they found is published at once, on record as released by whom."""
    with transaction.atomic():
        category, source = known_of([subnet])[subnet.pk].found or (None, Source.RULES)
        assign_category(subnet=subnet, category=category, source=source, by=by, reason=reason)
        publish([subnet])


def known_of(subnets: Sequence[Subnet]) -> dict[int, Known]:
    """{subnet row: what there is to decide by}. Six queries."""
    keys = [subnet.pk for subnet in subnets]
    corrections: dict[int, dict[str, Any]] = {}
    for correction in Correction.objects.in_force().filter(subnet__in=keys):
        corrections.setdefault(correction.subnet_id, {})[correction.field] = correction.value
    model = _newest_run(keys, EnrichmentRun.objects.accepted().by_model())
    rules = _newest_run(keys, EnrichmentRun.objects.by_rules())
    assignments = CategoryAssignment.objects.filter(subnet__in=keys).select_related("category__merged_into")
    holds = {each.subnet_id: each for each in assignments.newest()}
    simulated = {each.subnet_id: each for each in assignments.filter(source=Source.SIMULATED).order_by("assigned_at")}
    profiles = {profile.pk: profile for profile in Profile.objects.filter(pk__in=keys)}
    return {
        key: Known(
            corrections=corrections.get(key, {}),
            model=model.get(key),
            rules=rules.get(key),
            holds=holds.get(key),
            simulated=simulated.get(key),
            profile=profiles.get(key),
        )
        for key in keys
    }


def _newest_run(keys: Sequence[int], runs: QuerySet[EnrichmentRun]) -> dict[int, EnrichmentRun]:
    newest = runs.filter(subnet=OuterRef("subnet")).order_by("-started_at", "-pk").values("pk")[:1]
    found = EnrichmentRun.objects.filter(subnet__in=keys, pk=Subquery(newest)).defer("context")
    return {run.subnet_id: run for run in found.select_related("category__merged_into")}


def _in_use(category: Category | None) -> Category | None:
    """What a category has become: itself, or the one that it was merged into."""
    return (category.merged_into or category) if category else None


def _publish_one(subnet: Subnet, known: Known) -> bool:
    moved = _publish_category(subnet, known)
    return _publish_profile(subnet, known) or moved


def _publish_category(subnet: Subnet, known: Known) -> bool:
    if known.locked or known.found is None:
        return False
    category, source = known.found
    if known.holds is None and category is None:
        return False
    if known.holds is not None and (known.holds.category, known.holds.source) == (category, source):
        return False
    record_category(subnet=subnet, category=category, source=source, reason=_REASONS[source])
    return True


_REASONS = {
    Source.MODEL: "found by an accepted run of a language model",
    Source.RULES: "found by keyword rules",
    Source.SIMULATED: "made up with the simulated network",
}


def _publish_profile(subnet: Subnet, known: Known) -> bool:
    resolved = resolve(known.corrections, known.model, known.rules, _category_source(known))
    values = {
        **resolved.values,
        "sources": dict(resolved.sources),
        "confidence": resolved.confidence,
        "provenance": dict(resolved.provenance or {}),
        "evidence": [dict(quote) for quote in resolved.evidence],
        "quoted_from": resolved.quoted_from,
        "flagged": resolved.flagged,
    }
    run = known.model or known.rules
    before = known.profile
    if before is None:
        if run is None and not known.corrections:
            return False
        Profile.objects.create(subnet=subnet, run=run, **values)
        return True
    visible = any(getattr(before, name) != values[name] for name in _VISIBLE)
    if visible:
        values["published_at"] = clock.now()
    if visible or before.run_id != (run.pk if run else None):
        Profile.objects.filter(pk=subnet.pk).update(run=run, **values)
    return visible


def _category_source(known: Known) -> str:
    """Of the category that holds once this is published; "" where there is none."""
    if known.locked or known.found is None:
        return known.holds.source if known.holds else ""
    return known.found[1].value


def accept(subnet: Subnet, field: str, by: User | None, reason: str = "") -> Correction:
    """Put what is published now on record as a person's word: locked, and known to be right."""
    profile = Profile.objects.filter(subnet=subnet).first()
    return correct(subnet, field, getattr(profile, Field(field)) if profile else None, by, reason or "accepted")


def accept_category(subnet: Subnet, by: User | None, reason: str = "") -> bool:
    """As `accept`, for the category; False where there is none to accept."""
    held = Subnet.objects.select_related("category").get(pk=subnet.pk).category
    if held is not None:
        correct_category(subnet, held, by, reason or "accepted")
    return held is not None
