"""The declarations as a file, and how often classifications were found to be right."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from enrichment.models import Evaluation
from insights.exports import MEANINGS, Cell, Column, Table, meaning_of
from taoanalytics.lib.metric import Metric

_TOLD = {
    "key": "Its name in storage, files, the API and addresses",
    "heading": "What stands above its column in a file",
    "label": "What it is called on pages",
    "unit": "What one of it is",
    "layer": "observed, derived or judged",
    "source": "Where it comes from",
    "formula": "How it is computed, empty for what is observed",
    "inputs": "Keys of other metrics, names of observed fields or of chain parameters",
    "unknown": "What an empty cell means",
    "about": "What it says",
    "version": "Raised when the formula changes",
    "metric": "Its key once more",
    "method": "Address of the page that explains it",
}


def declarations_table(metrics: Iterable[Metric], site: str) -> Table:
    """One line per declared number."""
    columns = [Column(name, name, _TOLD[name]) for name in MEANINGS]
    return Table(columns, (list(meaning_of(metric, site).values()) for metric in metrics))


def classification_table(newest: Evaluation | None, figures: Sequence[str]) -> Table:
    """One line per figure of the rules alone and with a model; none where nothing was measured."""
    columns = [
        Column("figure", "figure", "Which one"),
        Column("by", "by", "rules alone, or with a model"),
        Column("value", "value", "0 to 1"),
        Column("low", "low", "Lower end of the interval that holds the true share with 95%, after Wilson"),
        Column("high", "high", "Upper end of it"),
        Column("hits", "hits", "How many were right"),
        Column("n", "n", "Of how many"),
        Column("measured_at", "measured at, UTC", "When"),
        Column("labels", "labels", "Whose word the answers were compared with"),
    ]
    return Table(columns, _measured(newest, figures))


def _measured(newest: Evaluation | None, figures: Sequence[str]) -> Iterator[list[Cell]]:
    methods: dict[str, Any] = newest.figures.get("methods", {}) if newest else {}
    for by, found in methods.items():
        for name in figures:
            told = (found or {}).get(name)
            share = told if isinstance(told, dict) else {"value": told}
            if newest and share.get("value") is not None:
                parts = [share.get(part) for part in ("value", "low", "high", "hits", "n")]
                yield [name, by, *parts, newest.at.isoformat(), newest.labels]
