"""Runs as tests make them, find them and let them age."""

from datetime import timedelta
from typing import Any

from enrichment.models import EnrichmentRun
from subnets.models import Category, Subnet

ANSWER = {
    "tagline": "Rents out graphics cards",
    "what_it_does": "Miners offer cards, buyers run programs on them.",
    "primary_use": "Training jobs",
    "key_features": ["paid by the minute", "attested"],
    "tags": ["gpu", "rental"],
    "privacy": False,
}


def category(slug: str) -> Category:
    return Category.objects.get(slug=slug)


def a_run(subnet: Subnet, slug: str | None = "serverless-compute", **fields: Any) -> EnrichmentRun:
    quote = {"field": "category", "source": "website", "line": "W001", "quote": "rent a card by the minute"}
    usual: dict[str, Any] = {
        "method": "model",
        "outcome": "ok",
        "accepted": True,
        "payload": ANSWER,
        "category": category(slug) if slug else None,
        "confidence": 72,
        "provenance": {"tagline": "context"},
        "evidence": [quote | {"verified": True}, quote | {"field": "tagline", "verified": False}],
    }
    return EnrichmentRun.objects.create(subnet=subnet, context_hash="c", pipeline_hash="p", **usual | fields)


def by_rules(subnet: Subnet, slug: str | None = "data-feeds", **fields: Any) -> EnrichmentRun:
    words = {"field": "tagline", "source": "readme", "line": "R002", "quote": "We serve data.", "verified": True}
    usual: dict[str, Any] = {
        "method": "rules",
        "outcome": "ok" if slug else "abstained",
        "accepted": slug is not None,
        "payload": {"tagline": "We serve data."},
        "evidence": [words],
        "provenance": {},
        "confidence": None,
    }
    return a_run(subnet, slug, **usual | fields)


def runs(method: str = "model") -> list[EnrichmentRun]:
    return list(EnrichmentRun.objects.filter(method=method).order_by("pk"))


def aged(**passed: float) -> None:
    """As if that much time had gone by since everything that was asked."""
    for run in EnrichmentRun.objects.all():
        EnrichmentRun.objects.filter(pk=run.pk).update(started_at=run.started_at - timedelta(**passed))
