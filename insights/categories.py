"""Each category as of a time: what it is for, who is in it, what it is worth, and whose word put them there."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from insights.board import Board, Row
from insights.figures import CHANGE_7D
from insights.selection import UNCLASSIFIED, Share, shares_of
from subnets.metrics import EMISSION
from subnets.models import Category

NO_KIND = "Those that nobody has put into a category: too little is known of them, or it fits none."


@dataclass(frozen=True, slots=True)
class Standing:
    """One category. Sums and the median are of what is known; None where nothing is."""

    category: Category | None
    share: Share | None
    emission_tao_per_day: float | None
    median_change_7d_pct: float | None
    decided: Sequence[tuple[str, int]]
    """[(source of the assignment, how many members have it)], most first"""

    @property
    def slug(self) -> str:
        return self.category.slug if self.category else UNCLASSIFIED

    @property
    def name(self) -> str:
        return self.category.name if self.category else "Unclassified"

    @property
    def description(self) -> str:
        return self.category.description if self.category else NO_KIND

    @property
    def rows(self) -> Sequence[Row]:
        return self.share.rows if self.share else ()


def standings(board: Board, categories: Iterable[Category]) -> list[Standing]:
    """Every category that has members, the most valuable first, then those of `categories` that have none."""
    shares = shares_of(board)
    filled = {share.slug for share in shares}
    return [
        *(_standing(share.category, share) for share in shares),
        *(_standing(category, None) for category in categories if category.slug not in filled),
    ]


def _standing(category: Category | None, share: Share | None) -> Standing:
    rows = share.rows if share else ()
    emissions = [value for row in rows if (value := row.amount(EMISSION)) is not None]
    changes = [value for row in rows if (value := row.amount(CHANGE_7D)) is not None]
    return Standing(
        category=category,
        share=share,
        emission_tao_per_day=sum(emissions) if emissions else None,
        median_change_7d_pct=median(changes) if changes else None,
        decided=Counter(row.category_source for row in rows if row.category_source).most_common(),
    )
