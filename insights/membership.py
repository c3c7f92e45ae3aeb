"""Which category each tenant was in at any time."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from insights.board import Row
from subnets.models import Category, CategoryAssignment


@dataclass(frozen=True, slots=True)
class Membership:
    """`published`: {tenant: [(since when, its category), …]}, oldest first; `otherwise` of those never assigned one."""

    published: Mapping[int, Sequence[tuple[datetime, Category | None]]]
    otherwise: Mapping[int, Category | None]

    def of(self, tenant: int, at: datetime) -> Category | None:
        """The one that held then; before the first was published, the first: nobody had looked yet."""
        held = self.published.get(tenant, ())
        if len(held) < 2:
            return held[0][1] if held else self.otherwise.get(tenant)
        return held[max(0, bisect_right(held, at, key=lambda each: each[0]) - 1)][1]

    @property
    def kinds(self) -> Iterable[Category | None]:
        """Every category that somebody was in at some time."""
        yield from self.otherwise.values()
        yield from (kind for held in self.published.values() for _, kind in held)


def membership(rows: Iterable[Row], at: datetime | None = None) -> Membership:
    """Of everyone who was ever seen, as published by `at` (None: by now), and of the `rows` of that time. One query."""
    assignments = CategoryAssignment.objects.select_related("category").order_by("assigned_at", "pk")
    if at is not None:
        assignments = assignments.filter(assigned_at__lte=at)
    published: dict[int, list[tuple[datetime, Category | None]]] = {}
    for each in assignments:
        published.setdefault(each.subnet_id, []).append((each.assigned_at, each.category))
    return Membership(published, {row.snapshot.subnet_id: row.category for row in rows})
