"""How good the classifications are and what they cost: measured against labels, kept for the methodology page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from enrichment import evaluation, labels, rules
from enrichment.evaluation import Accuracy, Labelled, Result, Share
from enrichment.models import EnrichmentRun, Evaluation, LedgerEntry, Profile
from subnets.models import Subnet
from taoanalytics.jobs.models import Generation

RULES, MODEL = "rules", "model"


def measured(*, file: Path | None = None) -> dict[str, Any]:
    """Figures of the living subnets' newest runs, as plain values; raises ValueError, in words, for a file of no use.

    {"labels": {"whose", "labelled", "living"}, "methods": {"rules" and "model": see `_accuracy`}, "categories":
    {name: subnets}, "confidence", "provenance", "outcomes": counts, "quotes": {"hits", "n", …}, "tokens", "cost":
    see `_spent`, "disagreements": [{"netuid", "name", "rules", "model", "label"}]}
    """
    given = labels.read_labels(file) if file else {}
    living = list(Subnet.objects.current())
    by_staff = labels.curated(living)
    known = {**labels.labels_of(living, given), **by_staff}
    by_rules = _newest(EnrichmentRun.objects.by_rules(), living)
    by_model = _newest(EnrichmentRun.objects.by_model(), living)
    answers = list(by_model.values())
    return {
        "labels": _whose(file, known, by_staff, len(living)),
        "methods": {
            RULES: _accuracy(_results(by_rules, known, RULES), RULES),
            MODEL: _accuracy(_results(by_model, known, MODEL), MODEL),
        },
        "categories": _categories(living),
        "confidence": _levels(living),
        "provenance": dict(Counter(word for run in answers for word in run.provenance.values())),
        "outcomes": dict(Counter(f"{run.method}: {run.outcome}" for run in (*by_rules.values(), *answers))),
        "flagged": sum(bool(run.flags) for run in by_rules.values()),
        "quotes": _share(Share(*_quotes(answers))),
        **_spent(),
        "disagreements": _disagreements(living, by_rules, by_model, known),
    }


def tried(*, folder: Path, file: Path, characters: int | None = None) -> dict[str, Any]:
    """Figures of the rules alone on texts of a folder; needs nothing in the database. Raises ValueError, in words.

    `characters` of each are read, 0 for all (default: as many as of a README that was fetched). Beside what
    `measured` has of labels and methods: "rows": [{"file", "label", "also", "published", "ranked"}].
    """
    given, texts = labels.read_labels(file), labels.read_texts(folder)
    most = settings.CONTEXT_README_CHARACTERS if characters is None else characters
    results, rows = [], []
    for each in texts:
        suggestion = rules.suggest_text(each.text[:most] if most else each.text)
        ranked = suggestion.ranked
        label = next((given[key] for key in each.keys if key in given), None)
        if label is not None:
            slugs = tuple(slug for slug, _ in ranked)
            results.append(Result(label, slugs, rules.likelihood(ranked[0][1]), not suggestion.abstains))
        rows.append(_row(each.file, label, ranked[: evaluation.TOP], not suggestion.abstains))
    whose = f"{file.name}, on {len(results)} of {len(texts)} texts in {folder.name}"
    return {
        "labels": {"whose": whose, "labelled": len(results), "living": len(texts)},
        "methods": {RULES: _accuracy(results, RULES), MODEL: _accuracy([], MODEL)},
        "rows": rows,
    }


def keep(figures: Mapping[str, Any]) -> Evaluation:
    """Store the figures; the methodology page shows the newest that had labels."""
    with transaction.atomic():
        kept = Evaluation.objects.create(
            labels=figures["labels"]["whose"][:300], labelled=figures["labels"]["labelled"], figures=dict(figures)
        )
        Generation.objects.bump()
    return kept


def _whose(
    file: Path | None, known: Mapping[int, Labelled], by_staff: Mapping[int, Labelled], living: int
) -> dict[str, Any]:
    of_file = len(known) - len(by_staff)
    parts = ([f"{of_file} of {file.name}"] if file else []) + (
        [f"{len(by_staff)} curated by staff"] if by_staff else []
    )
    return {"whose": " and ".join(parts) or "nobody", "labelled": len(known), "living": living}


def _newest(runs: Any, living: Sequence[Subnet]) -> dict[int, EnrichmentRun]:
    ordered = runs.filter(subnet__in=living).select_related("category").defer("context").order_by("started_at", "pk")
    return {run.subnet_id: run for run in ordered}


def _results(runs: Mapping[int, EnrichmentRun], known: Mapping[int, Labelled], method: str) -> list[Result]:
    return [_result(label, runs[subnet], method) for subnet, label in known.items() if subnet in runs]


def _result(label: Labelled, run: EnrichmentRun, method: str) -> Result:
    if method == RULES:
        ranked = tuple(str(slug) for slug, _ in run.rules_top)
        confidence = rules.likelihood(float(run.rules_top[0][1])) if run.rules_top else None
        return Result(label, ranked, confidence, run.accepted)
    slug = run.category.slug if run.category else None
    confidence = None if run.confidence is None else run.confidence / 100
    return Result(label, (slug,) if slug else (), confidence, run.accepted)


def _accuracy(results: Iterable[Result], method: str) -> dict[str, Any]:
    """`Accuracy` as plain values, shares as {"hits", "n", "value", "low", "high"}; a model names no second or third."""
    found: Accuracy = evaluation.accuracy(results)
    shares = ("strict", "lenient", "top3", "coverage", "selective")
    figures: dict[str, Any] = {name: _share(getattr(found, name)) for name in shares}
    if method == MODEL:
        figures["top3"] = None
    others = {name: value for name, value in asdict(found).items() if name not in shares}
    return {**figures, **others, "confusion": [list(each) for each in found.confusion]}


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval or (None, None)
    return {"hits": share.hits, "n": share.n, "value": share.value, "low": low, "high": high}


def _row(name: str, label: Labelled | None, ranked: Sequence[tuple[str, float]], published: bool) -> dict[str, Any]:
    return {
        "file": name,
        "label": label.primary if label else None,
        "also": sorted(label.also) if label else [],
        "published": published,
        "ranked": [[slug, round(score, 3)] for slug, score in ranked],
    }


def _categories(living: Sequence[Subnet]) -> dict[str, int]:
    names = dict(Subnet.objects.filter(pk__in=[each.pk for each in living]).values_list("pk", "category__name"))
    return dict(Counter(names.get(each.pk) or "Unclassified" for each in living).most_common())


def _levels(living: Sequence[Subnet]) -> dict[str, int]:
    return dict(Counter(profile.level or "unknown" for profile in Profile.objects.filter(subnet__in=living)))


def _quotes(runs: Iterable[EnrichmentRun]) -> tuple[int, int]:
    """(verified, claimed)"""
    claims = [claim for run in runs for claim in run.evidence]
    return sum(bool(claim.get("verified")) for claim in claims), len(claims)


def _spent() -> dict[str, Any]:
    """Of every attempt at a classification. An unknown cost is counted and not added up."""
    entries = list(LedgerEntry.objects.classifying())
    costs = [entry.cost_usd for entry in entries if entry.cost_usd is not None]
    return {
        "attempts": len(entries),
        "tokens": {
            "input": sum(entry.input_tokens or 0 for entry in entries),
            "cached": sum(entry.cached_tokens or 0 for entry in entries),
            "output": sum(entry.output_tokens or 0 for entry in entries),
            "reasoning": sum(entry.reasoning_tokens or 0 for entry in entries),
        },
        "cost": {
            "usd": str(sum(costs, Decimal(0))) if costs else None,
            "known": len(costs),
            "unknown": len(entries) - len(costs),
            "median_usd": str(evaluation.middle(map(float, costs))) if costs else None,
        },
        "latency_ms": evaluation.middle(float(entry.latency_ms) for entry in entries if entry.latency_ms is not None),
    }


def _disagreements(
    living: Sequence[Subnet],
    by_rules: Mapping[int, EnrichmentRun],
    by_model: Mapping[int, EnrichmentRun],
    known: Mapping[int, Labelled],
) -> list[dict[str, Any]]:
    """Where the rules would publish another category than the model named."""
    found = []
    for subnet in living:
        said, answered = by_rules.get(subnet.pk), by_model.get(subnet.pk)
        if said is None or answered is None or not said.category or not answered.category:
            continue
        if said.category_id != answered.category_id:
            label = known.get(subnet.pk)
            row = {"netuid": subnet.netuid, "name": subnet.name, "label": label.primary if label else None}
            found.append({**row, RULES: said.category.slug, MODEL: answered.category.slug})
    return found
