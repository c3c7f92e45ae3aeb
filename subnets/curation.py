"""The verbs by which a category is published, whoever decides it."""

from django.contrib.auth.models import User
from django.db import transaction

from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.jobs.models import Generation


def assign_category(
    *,
    subnet: Subnet,
    category: Category | None,
    source: CategoryAssignment.Source,
    by: User | None = None,
    reason: str = "",
) -> CategoryAssignment:
    """Put the subnet into `category` (None: unclassified) from now on; what was published before stays on record."""
    with transaction.atomic():
        assignment = record_category(subnet=subnet, category=category, source=source, by=by, reason=reason)
        Generation.objects.bump()
    return assignment


def record_category(
    *,
    subnet: Subnet,
    category: Category | None,
    source: CategoryAssignment.Source,
    by: User | None = None,
    reason: str = "",
) -> CategoryAssignment:
    """As `assign_category`, for one who bumps the generation in the same transaction."""
    assignment = CategoryAssignment.objects.create(
        subnet=subnet, category=category, source=source, assigned_by=by, reason=reason
    )
    Subnet.objects.filter(pk=subnet.pk).update(category=category)
    subnet.category = category
    return assignment


def merge_categories(*, source: Category, target: Category, by: User | None = None, reason: str = "") -> int:
    """Move every subnet of `source` to `target` and take `source` out of use; returns how many were moved.

    Each assignment keeps its own kind of source: a run's stays a run's, a person's stays a lock. Raises ValueError
    for a category that is already merged, or the same one.
    """
    if source == target or source.merged_into_id or target.merged_into_id:
        raise ValueError(f"{source} cannot be merged into {target}: both must be in use, and two")
    with transaction.atomic():
        moved = list(Subnet.objects.filter(category=source).select_for_update(no_key=True, of=("self",)).order_by("pk"))
        held = dict(CategoryAssignment.objects.newest().filter(subnet__in=moved).values_list("subnet_id", "source"))
        for subnet in moved:
            kind = CategoryAssignment.Source(held.get(subnet.pk, CategoryAssignment.Source.CURATED))
            record_category(subnet=subnet, category=target, source=kind, by=by, reason=reason)
        Category.objects.filter(merged_into=source).update(merged_into=target)
        Category.objects.filter(pk=source.pk).update(merged_into=target)
        Generation.objects.bump()
    return len(moved)
