"""Which categories are hot: each of four things on one scale across the categories, so that each has its weight."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from insights.landing.lists import TOP
from insights.landing.rows import TAIL, Blend, LandingRow, blended, column
from insights.statistics.ranks import known
from insights.statistics.spread import winsorised, z_scores

MIN_CATEGORIES = 3
WEIGHTS: Mapping[str, float] = {
    "tao_score": 0.3,
    "change_7d_pct": 0.3,
    "flow_turnover": 0.2,
    "root_of_count": 0.2,
}
_MEANS = ("tao_score", "change_7d_pct", "flow_turnover")


@dataclass(frozen=True, slots=True, kw_only=True)
class HotCategory:
    """`subnet_count` members; the means are of the members' real values where known; `blend` is the hot score."""

    name: str
    subnet_count: int
    mean_tao_score: float | None
    mean_change_7d_pct: float | None
    mean_flow_turnover: float | None
    blend: Blend


def hot_categories(rows: Sequence[LandingRow], top: int = TOP) -> list[HotCategory]:
    """The `top` categories, best first; subnets without one are left out. None under three categories.

    Compared are the members' means after both 1 % tails of all subnets are pulled in, so that one subnet does not make
    its category; shown are the means of the real values.
    """
    members = defaultdict[str, list[int]](list)
    for position, row in enumerate(rows):
        if row.category:
            members[row.category].append(position)
    if len(members) < MIN_CATEGORIES:
        return []
    compared = {field: _means(winsorised(column(rows, field), TAIL), members) for field in _MEANS}
    compared["root_of_count"] = [math.sqrt(len(positions)) for positions in members.values()]
    blends = blended({field: _scaled(values) for field, values in compared.items()}, WEIGHTS)
    real = {field: _means(column(rows, field), members) for field in _MEANS}
    found = [
        HotCategory(
            name=name,
            subnet_count=len(members[name]),
            mean_tao_score=real["tao_score"][position],
            mean_change_7d_pct=real["change_7d_pct"][position],
            mean_flow_turnover=real["flow_turnover"][position],
            blend=blend,
        )
        for position, (name, blend) in enumerate(zip(members, blends, strict=True))
        if blend is not None
    ]
    return sorted(found, key=lambda category: (-category.blend.value, category.name))[:top]


def _means(values: Sequence[float | None], members: Mapping[str, Sequence[int]]) -> list[float | None]:
    of_members = [known(values[position] for position in positions) for positions in members.values()]
    return [fmean(present) if present else None for present in of_members]


def _scaled(values: Sequence[float | None]) -> list[float | None]:
    """z-scores across the categories; 0 where no category differs from another."""
    scores = z_scores(values)
    return scores if known(scores) else [None if value is None else 0.0 for value in values]
