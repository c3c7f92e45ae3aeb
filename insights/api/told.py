"""What a subnet does, as the API tells it: only what stands in lists too; the page has the rest."""

from typing import Any

from django.db.models import OuterRef, Subquery

from enrichment.models import Profile
from subnets.models import CategoryAssignment, Subnet


def told(profile: Profile | None, category_source: str) -> dict[str, Any]:
    """{field of `schemas.Subnet`: its value}"""
    return {
        "category_source": category_source or None,
        "tagline": profile.tagline if profile else "",
        "tagline_source": profile.sources.get("tagline") if profile else None,
        "tags": list(profile.tags) if profile else [],
        "confidence": profile.confidence if profile else None,
    }


def told_of(tenant: Subnet) -> dict[str, Any]:
    """Of one tenant, today. One query."""
    decided = CategoryAssignment.objects.filter(subnet=OuterRef("pk")).order_by("-assigned_at", "-pk")
    rows = Subnet.objects.filter(pk=tenant.pk).annotate(source=Subquery(decided.values("source")[:1]))
    row = rows.select_related("profile").get()
    return told(getattr(row, "profile", None), getattr(row, "source", None) or "")
