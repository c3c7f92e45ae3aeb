"""Which subnets a model is asked about: those it knows nothing of, or whose texts, age or pipeline have moved on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from enrichment.material import Material
from enrichment.models import EnrichmentRun
from enrichment.models.runs import ANSWERED, LOW_CONFIDENCE
from enrichment.pipeline import Pipeline
from enrichment.rules import PUBLISH_FROM

APART = timedelta(days=7)  # between two looks at texts that keep changing
ALIKE = 0.95  # share of lines in common from which texts are the same
BACK_OFF, LONGEST_BACK_OFF = timedelta(days=1), timedelta(days=30)
_RUNS_READ = 12  # of a subnet; more failures in a row make no difference


@dataclass(frozen=True, slots=True)
class Past:
    """What a model has made of one subnet so far, newest first, and how often it was tried in all."""

    runs: Sequence[EnrichmentRun] = ()
    tries: int = 0

    @property
    def answered(self) -> EnrichmentRun | None:
        return next((run for run in self.runs if run.outcome in ANSWERED), None)


def pasts(subnets: Iterable[int]) -> dict[int, Past]:
    """{subnet row: its past}, for each of them. One query, without the texts that were read."""
    found: dict[int, list[EnrichmentRun]] = {key: [] for key in subnets}
    runs = EnrichmentRun.objects.by_model().filter(subnet__in=found).select_related("category")
    for run in runs.defer("context", "evidence", "payload"):
        found[run.subnet_id].append(run)
    return {key: Past(runs[:_RUNS_READ], len(runs)) for key, runs in found.items()}


def why_due(material: Material, past: Past, pipeline: Pipeline, now: datetime) -> str:
    """Why the model is to be asked about these texts, or ""."""
    if not material.characters or _backs_off(material, past, pipeline, now):
        return ""
    last = past.answered
    if last is None:
        return "never classified"
    if last.pipeline_hash != pipeline.hash_of(last.model_asked):
        return "model, words or categories have changed"
    if now - last.started_at > timedelta(days=settings.ENRICH_AGAIN_DAYS):
        return f"not looked at for {settings.ENRICH_AGAIN_DAYS} days"
    return _why_texts(material, last, now)


def _why_texts(material: Material, last: EnrichmentRun, now: datetime) -> str:
    if last.context_hash == material.digest:
        return ""
    if last.thin and not material.is_thin(settings.CONTEXT_THIN_TOKENS):
        return "there is text to go by now"
    if now - last.started_at < APART or likeness(last.context, material) >= ALIKE:
        return ""
    return "its texts have changed"


def wants_second_opinion(run: EnrichmentRun) -> bool:
    """Whether a stronger model might do better: in doubt, or against the rules. Little text stays little text."""
    if run.outcome not in ANSWERED or run.thin:
        return False
    slug = run.category.slug if run.category else None
    disputed = _sure_of_another(run.rules_top, slug)
    return run.confidence is None or run.confidence < LOW_CONFIDENCE or disputed


def lacks_second_opinion(material: Material, past: Past, pipeline: Pipeline) -> bool:
    """Whether the newest answer wants a second opinion, for which the stronger model was not asked yet."""
    last = past.answered
    if not pipeline.has_stronger or last is None:
        return False
    if last.model_asked == pipeline.stronger or last.context_hash != material.digest or not wants_second_opinion(last):
        return False
    asked = (run for run in past.runs if run.outcome != EnrichmentRun.Outcome.FAILED)
    return not any(run.pipeline_hash == pipeline.stronger_hash and run.context_hash == material.digest for run in asked)


def is_doubtful(run: EnrichmentRun) -> bool:
    """A run that staff may want made again: low confidence, little text, or nothing that its texts bear out."""
    provenance: Mapping[str, str] = run.provenance
    unsupported = bool(provenance) and all(each == "model" for each in provenance.values())
    return run.confidence is None or run.confidence < LOW_CONFIDENCE or run.thin or unsupported


def likeness(context: str, material: Material) -> float:
    """Lines in common by lines in all, 0 to 1, wherever they stand."""
    before = {line.partition(" ")[2].casefold() for line in context.splitlines()}
    after = {line.text.casefold() for line in material.lines()}
    return len(before & after) / len(before | after) if before | after else 1.0


def _sure_of_another(rules_top: Sequence[Sequence[object]], slug: str | None) -> bool:
    """Whether the rules, by a score that they would publish, name another category."""
    if not rules_top:
        return False
    first, score = rules_top[0]
    return isinstance(score, int | float) and score >= PUBLISH_FROM and first != slug


def _backs_off(material: Material, past: Past, pipeline: Pipeline, now: datetime) -> bool:
    """After answers of no use to the same question, twice as long each time. A service that was away is not that."""
    failures = []
    for run in past.runs:
        if run.outcome in ANSWERED:
            break
        same = run.context_hash == material.digest and run.pipeline_hash == pipeline.hash_of(run.model_asked)
        if same and run.outcome != EnrichmentRun.Outcome.FAILED:
            failures.append(run)
    if not failures:
        return False
    wait = min(BACK_OFF * 2 ** (len(failures) - 1), LONGEST_BACK_OFF)
    return bool(now < failures[0].started_at + wait)
