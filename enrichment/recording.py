"""How a run gets into the database: what was read, by what means, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings

from enrichment import injection, rules
from enrichment.judgement import Judgement, by_rules, judge
from enrichment.llm import Answer
from enrichment.material import Material
from enrichment.models import EnrichmentRun
from enrichment.pipeline import Pipeline
from enrichment.replies import Outcome
from enrichment.rules import Suggestion
from subnets.models import Subnet
from taoanalytics.lib import clock

_OUTCOMES = {
    Outcome.INVALID: EnrichmentRun.Outcome.INVALID,
    Outcome.TRUNCATED: EnrichmentRun.Outcome.TRUNCATED,
    Outcome.REFUSED: EnrichmentRun.Outcome.REFUSED,
    Outcome.FILTERED: EnrichmentRun.Outcome.FILTERED,
}


@dataclass(frozen=True)
class Case:
    """One subnet with what is read of it, and what the rules and the search for injected orders make of that."""

    subnet: Subnet
    material: Material

    @cached_property
    def suggestion(self) -> Suggestion:
        return rules.suggest(self.material)

    @cached_property
    def flags(self) -> tuple[str, ...]:
        return injection.flags(self.material)

    @property
    def thin(self) -> bool:
        return self.material.is_thin(settings.CONTEXT_THIN_TOKENS)


def record_rules(cases: Iterable[Case], pipeline: Pipeline) -> set[int]:
    """A run by the rules for each case whose texts, or the rules themselves, have changed; their rows. Two queries."""
    cases = list(cases)
    known = _newest_by_rules(case.subnet.pk for case in cases)
    runs = []
    for case in cases:
        if known.get(case.subnet.pk) == (case.material.digest, pipeline.rules_hash):
            continue
        judged = by_rules(case.material, case.suggestion, case.flags, slugs=pipeline.slugs, thin=case.thin)
        run = _run(case, EnrichmentRun.Method.RULES, pipeline.rules_hash, clock.now())
        runs.append(_filled(run, judged, pipeline))
    EnrichmentRun.objects.bulk_create(runs)
    return {run.subnet_id for run in runs}


def record_answer(case: Case, answer: Answer, *, model: str, pipeline: Pipeline, asked_at: datetime) -> EnrichmentRun:
    """The run of a model's answer, of whatever use it was."""
    run = _run(case, EnrichmentRun.Method.MODEL, pipeline.hash_of(model), asked_at)
    run.model_asked, run.model_served = model[:128], answer.model_served
    if answer.outcome is Outcome.OK:
        judged = judge(
            answer.value,
            case.material,
            case.suggestion,
            slugs=pipeline.slugs,
            thin=case.thin,
            flags=case.flags,
            accept_from=settings.ENRICH_ACCEPT_CONFIDENCE,
        )
        run = _filled(run, judged, pipeline)
    else:
        run.outcome = _OUTCOMES.get(answer.outcome, EnrichmentRun.Outcome.FAILED)
        run.detail, run.flags = answer.detail[:300], list(case.flags)
        run.rules_top = [[slug, round(score, 3)] for slug, score in case.suggestion.ranked[:3]]
    run.save()
    return run


def _run(case: Case, method: EnrichmentRun.Method, pipeline_hash: str, asked_at: datetime) -> EnrichmentRun:
    return EnrichmentRun(
        subnet=case.subnet,
        method=method,
        started_at=asked_at,
        finished_at=clock.now(),
        context_hash=case.material.digest,
        pipeline_hash=pipeline_hash,
        context=case.material.numbered(),
        context_tokens=case.material.tokens,
        thin=case.thin,
    )


def _filled(run: EnrichmentRun, judged: Judgement, pipeline: Pipeline) -> EnrichmentRun:
    run.outcome, run.accepted = EnrichmentRun.Outcome(judged.outcome), judged.accepted
    run.category = pipeline.rows[judged.category] if judged.category else None
    run.payload, run.evidence, run.provenance = judged.payload, judged.evidence, judged.provenance
    run.confidence, run.confidence_parts = judged.confidence, judged.confidence_parts
    run.flags, run.rules_top = judged.flags, [list(pair) for pair in judged.rules_top]
    return run


def _newest_by_rules(subnets: Iterable[int]) -> dict[int, tuple[str, str]]:
    """{subnet row: (hash of the texts, hash of the rules) of its newest run by the rules}"""
    runs = EnrichmentRun.objects.by_rules().filter(subnet__in=list(subnets)).order_by("started_at", "pk")
    return {
        key: (texts, pipeline) for key, texts, pipeline in runs.values_list("subnet", "context_hash", "pipeline_hash")
    }
