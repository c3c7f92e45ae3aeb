"""/methodology/classification/: how subnets come to their categories and descriptions, and how good that is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from enrichment import llm, rules
from enrichment.confidence import CAPS, PARTS
from enrichment.injection import FLAGS
from enrichment.judgement import MOST_TAGS, TEXTS
from enrichment.models import Evaluation
from insights import exports
from insights.board import Board
from insights.pages.caching import Publication, published
from insights.pages.rendering import board_for, frame_for
from insights.tables.methodology import classification_table
from subnets.models import Category

NOT_MEASURED = ("not measured yet", "")
_NONE = ("none", "")
_ONE_ALONE = ("names one alone", "")

_DECIDED = (
    ("curated", "Curated", "A person's word. It holds until it is released, whatever a run says."),
    ("model", "Language model", "The newest answer that was accepted: its confidence, computed by us, is high enough."),
    ("simulated", "Simulated", "On the simulated network alone: the category that it made up."),
    ("rules", "Keyword rules", "Words of each field, counted. They say nothing where they are in doubt."),
    ("", "Unclassified", "Nobody has decided, or nothing could be told."),
)
_SHARES = (
    ("strict", "Strict accuracy", "the first category is the label"),
    ("lenient", "Lenient accuracy", "or another that the label allows"),
    ("top3", "In the first three", "a right one is among them; a model names one alone"),
    ("coverage", "Published", "good enough to be shown"),
    ("selective", "Right if published", "lenient, of those that are shown"),
)
_NUMBERS = (
    ("macro_f1", "Macro F1", "strict, every category counting the same"),
    ("calibration_error", "Calibration error", "mean distance of confidence from accuracy; 0 is best"),
)


@published
def classification(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    now = board_for(request, publication, past=False)
    newest = Evaluation.objects.newest()
    if export := exports.asked_for(request):
        return export("classification", classification_table(newest, [key for key, *_ in (*_SHARES, *_NUMBERS)]))
    figures: dict[str, Any] = newest.figures if newest else {}
    context = {
        "decided": _decided(now),
        "parts": [(part, points, about) for part, (points, about) in PARTS.items()],
        "caps": [(cap, most, about) for cap, (most, about) in CAPS.items()],
        "flags": FLAGS.items(),
        "thresholds": _thresholds(),
        "no_model": llm.available(),
        "limits": [(field.replace("_", " "), words) for field, (words, _) in TEXTS.items()],
        "most_tags": MOST_TAGS,
        "measured": newest,
        "rows": _lines(figures),
        "mistakes": _mistakes(figures.get("methods", {})),
        "frame": frame_for(request, publication, now),
    }
    return render(request, "pages/classification.html", context)


def _decided(now: Board) -> list[tuple[str, str, int]]:
    """(by whom, what it means, of how many of the shown subnets)"""
    sources = Counter(row.category_source if row.category else "" for row in now.rows)
    shown = (each for each in _DECIDED if each[0] != "simulated" or sources["simulated"])
    return [(name, about, sources[source]) for source, name, about in shown]


def _thresholds() -> list[tuple[str, str]]:
    return [
        (f"{settings.ENRICH_ACCEPT_CONFIDENCE} of 100", "the least confidence of a model's answer that is published"),
        (f"{rules.PUBLISH_FROM:g} of 1", "the least score of the rules' first category that is published"),
        (f"{rules.LEAST_LEAD:g} times", "how far ahead of the second it has to be"),
        (f"{settings.CONTEXT_THIN_TOKENS} tokens", "less text than this, four characters a token, is no context"),
        ("80 and 60", "from here on confidence is called high, and medium"),
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, of the rules alone and with a model: (the figure, what it is of) each."""

    name: str
    about: str
    rules: tuple[str, str]
    model: tuple[str, str]


def _lines(figures: Mapping[str, Any]) -> list[Line]:
    methods = figures.get("methods", {})
    by_rules, by_model = methods.get("rules") or {}, methods.get("model") or {}
    return [
        *(Line(name, about, _share(by_rules.get(key)), _of_model(by_model, key)) for key, name, about in _SHARES),
        *(Line(name, about, _number(by_rules.get(key)), _number(by_model.get(key))) for key, name, about in _NUMBERS),
        Line(
            "Verified quotes",
            "share of what a model quotes that stands in the texts",
            _NONE,
            _share(figures.get("quotes")),
        ),
        Line("Cost", "of one classification, the median", _NONE, _cost(figures.get("cost") or {})),
        Line("Time", "to an answer, the median", _NONE, _time(figures.get("latency_ms"))),
        Line(
            "Subnets",
            "with a label that it was asked about",
            (str(by_rules.get("n", 0)), ""),
            (str(by_model.get("n", 0)), ""),
        ),
    ]


def _of_model(by_model: Mapping[str, Any], key: str) -> tuple[str, str]:
    return _ONE_ALONE if key == "top3" and by_model.get("n") else _share(by_model.get(key))


def _share(share: Mapping[str, Any] | None) -> tuple[str, str]:
    if not share or share.get("value") is None:
        return NOT_MEASURED
    value, low, high = (round(100 * share[bound]) for bound in ("value", "low", "high"))
    return f"{value}%", f"{share['hits']} of {share['n']}; {low}–{high}%"


def _number(value: float | None) -> tuple[str, str]:
    return NOT_MEASURED if value is None else (f"{value:.2f}", "")


def _cost(cost: Mapping[str, Any]) -> tuple[str, str]:
    median = cost.get("median_usd")
    return (f"${float(median):.5f}", f"{cost['known']} of known price") if median else NOT_MEASURED


def _time(latency_ms: float | None) -> tuple[str, str]:
    return NOT_MEASURED if latency_ms is None else (f"{latency_ms / 1000:.1f} s", "")


def _mistakes(methods: Mapping[str, Any]) -> list[tuple[str, str, str, int]]:
    """(by what, what it is, what it was taken for, how often)"""
    names = dict(Category.objects.values_list("slug", "name")) if methods else {}
    return [
        (by, names.get(label, label), names.get(answer, answer) or "nothing", count)
        for by in ("rules", "model")
        for label, answer, count in (methods.get(by) or {}).get("confusion", [])
    ]
