"""The verbs by which a category is published, whoever decides it."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from subnets.models import Category, CategoryAssignment, CategoryMerge, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.lib import clock


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

    Each assignment keeps its own kind of source: a run's stays a run's, a person's stays a lock. It goes on record as
    a CategoryMerge. Raises ValueError for a category that is already merged, or the same one.
    """
    if source == target or source.merged_into_id or target.merged_into_id:
        raise ValueError(f"{source} cannot be merged into {target}: both must be in use, and two")
    with transaction.atomic():
        rows = _locked(Subnet.objects.filter(category=source))
        held = dict(CategoryAssignment.objects.newest().filter(subnet__in=rows).values_list("subnet_id", "source"))
        moved = []
        for subnet in rows:
            kind = CategoryAssignment.Source(held.get(subnet.pk, CategoryAssignment.Source.CURATED))
            assignment = record_category(subnet=subnet, category=target, source=kind, by=by, reason=reason)
            moved.append(
                {
                    "subnet": subnet.pk,
                    "netuid": subnet.netuid,
                    "name": subnet.name,
                    "source": kind.value,
                    "assignment": assignment.pk,
                }
            )
        followers = Category.objects.filter(merged_into=source)
        redirected = list(followers.values_list("slug", flat=True))
        followers.update(merged_into=target)
        Category.objects.filter(pk=source.pk).update(merged_into=target)
        CategoryMerge.objects.create(
            source=source, target=target, by=by, reason=reason, moved=moved, redirected=redirected
        )
        Generation.objects.bump()
    return len(moved)


def undo_merge(*, merge: CategoryMerge, by: User | None = None, reason: str = "") -> tuple[int, int]:
    """Put the source back into use, and into it what the merge moved; returns how many went back, and how many not.

    A subnet that somebody or some run has decided otherwise since stays where it is. Raises ValueError for a merge that
    was undone already, or whose target was merged further: that one has to be undone first.
    """
    source = merge.source
    if merge.undone_at or source.merged_into_id != merge.target_id:
        raise ValueError(f"{merge} cannot be undone: it was undone already, or {merge.target} was merged further")
    with transaction.atomic():
        Category.objects.filter(pk=source.pk).update(merged_into=None)
        Category.objects.filter(slug__in=merge.redirected, merged_into=merge.target).update(merged_into=source)
        moved = {each["subnet"]: each for each in merge.moved}
        rows = _locked(Subnet.objects.filter(pk__in=moved))
        holds = dict(CategoryAssignment.objects.newest().filter(subnet__in=rows).values_list("subnet_id", "pk"))
        back = [row for row in rows if holds.get(row.pk) == moved[row.pk]["assignment"]]
        for row in back:
            kind = CategoryAssignment.Source(moved[row.pk]["source"])
            record_category(subnet=row, category=source, source=kind, by=by, reason=reason)
        merge.undone_at, merge.undone_by, merge.undone_why = clock.now(), by, reason
        merge.save(update_fields=("undone_at", "undone_by", "undone_why"))
        Generation.objects.bump()
    return len(back), len(moved) - len(back)


def _locked(subnets: QuerySet[Subnet]) -> list[Subnet]:
    return list(subnets.select_related("identity").select_for_update(no_key=True, of=("self",)).order_by("pk"))
