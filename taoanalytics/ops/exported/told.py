"""What was found out of the subnets' texts, what asking for it cost, and how signals were explained.

Left out is what only staff may see: the texts that were read, what a model wrote and may not be shown, who asked from
which machine, and what a service said of an error.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from enrichment.models import EnrichmentRun, LedgerEntry
from insights.models import Insight
from taoanalytics.ops.exported.tables import (
    OBSERVED,
    TENANT,
    Column,
    Line,
    Selection,
    Table,
    between,
    columns,
    fetched,
    iso,
)

_LONGEST_CELL = 20_000  # characters; a spreadsheet takes 32,767
_TENANT = ("subnet__netuid", "subnet__registered_at_block")

_RUN = {
    "method": "model: a language model; rules: keyword rules.",
    "outcome": "How it ended: ok, abstained, or why there is no answer.",
    "category__slug": "The category that was found.",
    "confidence": "0 to 100, computed by this site.",
    "accepted": "Whether it was good enough to be published.",
    "context_tokens": "How much text was read, characters divided by four.",
    "thin": "Whether that was too little to go by.",
    "context_hash": "Of the texts that were read.",
    "pipeline_hash": "Of prompt, schema, categories, model and rules.",
    "model_asked": "The model, empty for rules.",
    "model_served": "The model as the service calls it.",
}
_RUN_PARTS = {
    "payload": "The answer by field.",
    "evidence": "Field, source, line and quote, and whether the quote stands there.",
    "provenance": "Of each field: from the context, from the model's own knowledge, or mixed.",
    "confidence_parts": "The points that the confidence is made of, and the caps that held.",
    "flags": "Signs of injected instructions, by name.",
    "rules_top": "Categories with their scores that the rules found, best first.",
}
_CALL = {
    "purpose": "What was asked: classify, escalate (classify again, by the stronger model) or insight.",
    "attempt": "Which attempt at the same question.",
    "model_asked": "The model.",
    "model_served": "The model as the service calls it.",
    "outcome": "What came back; pending: no answer was recorded.",
    "input_tokens": "Tokens of the question.",
    "cached_tokens": "Part of the input tokens.",
    "cache_write_tokens": "Part of the input tokens, billed dearer.",
    "output_tokens": "Tokens of the answer.",
    "reasoning_tokens": "Part of the output tokens.",
    "latency_ms": "Milliseconds until the answer was there.",
    "price_source": "Who told the price: admin, genai-prices or unknown.",
}
_DOLLARS = {
    "input_usd_per_million": "Price of a million input tokens.",
    "cached_usd_per_million": "Price of a million cached ones.",
    "cache_write_usd_per_million": "Price of a million that are put into the cache.",
    "output_usd_per_million": "Price of a million output tokens.",
    "cost_usd": "What it cost.",
    "worst_case_usd": "The most that it can have cost, which a budget counts where the cost is unknown.",
}
_INSIGHT = {
    "level": "The computed signal that it explains, 1 to 5.",
    "kind": "model: written by a language model and checked; template: composed from the figures.",
    "outcome": "What became of the question to a model.",
    "reason": "Why the text is not a model's.",
    "model_served": "Which model wrote it, empty for none.",
    "prompt_version": "Of the question.",
    "input_hash": "Of the figures, as far as they count as moved.",
    "text": "The explanation.",
}


def _runs(chosen: Selection) -> Iterator[Line]:
    rows = between(EnrichmentRun.objects.order_by("started_at", "pk"), chosen, "started_at", _TENANT[0])
    found = fetched(rows, *_TENANT, "started_at", "finished_at", *_RUN, *_RUN_PARTS)
    for netuid, registered, started, finished, *rest in found:
        told, parts = rest[: len(_RUN)], rest[len(_RUN) :]
        yield [netuid, registered, started.isoformat(), iso(finished), *told, *map(_parts, parts)]


def _calls(chosen: Selection) -> Iterator[Line]:
    rows = between(LedgerEntry.objects.order_by("asked_at", "pk"), chosen, "asked_at", _TENANT[0])
    for at, netuid, registered, *rest in fetched(rows, "asked_at", *_TENANT, *_CALL, *_DOLLARS):
        told, dollars = rest[: len(_CALL)], rest[len(_CALL) :]
        yield [at.isoformat(), netuid, registered, *told, *map(_exact, dollars)]


def _insights(chosen: Selection) -> Iterator[Line]:
    rows = between(Insight.objects.order_by("made_at", "pk"), chosen, "observed_at", _TENANT[0])
    for at, block, netuid, registered, made_at, inputs, *told in fetched(
        rows, "observed_at", "block", *_TENANT, "made_at", "inputs", *_INSIGHT
    ):
        yield [at.isoformat(), block, netuid, registered, made_at.isoformat(), *told, _parts(inputs)]


def _parts(value: Any) -> str | None:
    """As JSON in one cell."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_CELL else None


def _exact(dollars: Decimal | None) -> str | None:
    return None if dollars is None else f"{dollars:f}"


def _in_one_cell(about: Mapping[str, str], layer: str) -> list[Column]:
    unknown = f"More than {_LONGEST_CELL:,} characters."
    return [Column(key, f"{words} As JSON.", layer=layer, unknown=unknown) for key, words in about.items()]


def _named(about: Mapping[str, str]) -> dict[str, str]:
    return {key.removesuffix("__slug"): words for key, words in about.items()}


TABLES: Mapping[str, Table] = {
    "enrichment_runs": Table(
        [
            *TENANT,
            Column("started_at", "When it began, UTC."),
            Column("finished_at", "When it ended, UTC.", unknown="It did not come to its end."),
            *columns(_named(_RUN), "judged"),
            *_in_one_cell(_RUN_PARTS, "judged"),
        ],
        _runs,
    ),
    "ledger": Table(
        [
            Column("asked_at", "When it was asked, UTC."),
            *(Column(each.key, each.about, unknown="It was not about one subnet.") for each in TENANT),
            *columns(_CALL),
            *(Column(key, words, "USD", unknown="Unknown, never 0.") for key, words in _DOLLARS.items()),
        ],
        _calls,
    ),
    "insights": Table(
        [
            *OBSERVED,
            Column("made_at", "When the text was made, UTC."),
            *columns(_INSIGHT, "judged"),
            *_in_one_cell({"inputs": "All that it was made from, and all that a model was shown."}, "judged"),
        ],
        _insights,
    ),
}
