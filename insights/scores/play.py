"""How far a rank moves when the weights, which are reasoned and not measured, are given some play."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from operator import mul
from random import Random

from insights.scores.parts import Term
from insights.scores.weights import effective_weights

PLAY = 0.20
TAIL = 0.05
_SEED = 30

Percentiles = Mapping[str, float | None]


def rank_intervals(
    terms: Collection[Term], ranked: Mapping[int, Percentiles], draws: int = 200
) -> dict[int, tuple[int, int]]:
    """netuid → (best, worst) rank in 90 % of `draws` weightings, each group and each input within ±20 % of its own.

    `ranked`: netuid → metric key → percentile, at least one known. The same draws each time: no chance enters a
    stored number.
    """
    scores = _scores_by_draw(terms, ranked, weightings(terms, draws))
    ranks: dict[int, list[int]] = {netuid: [] for netuid in ranked}
    for drawn in zip(*scores.values(), strict=True):
        ascending = sorted(drawn)
        for netuid, score in zip(scores, drawn, strict=True):
            ranks[netuid].append(len(ascending) - bisect_right(ascending, score) + 1)
    return {netuid: _middle(found) for netuid, found in ranks.items()}


def weightings(terms: Collection[Term], draws: int) -> list[dict[str, float]]:
    """Declared weights anew, `draws` times, by metric key: a group's weight and an input's share of it move apart.

    The draws are the same each time.
    """
    random = Random(_SEED)
    result = []
    for _ in range(draws):
        of_group: dict[str, float] = {}
        of_input: dict[str, float] = {}
        for term in terms:
            of_group.setdefault(term.group, random.uniform(1 - PLAY, 1 + PLAY))
            of_input[term.key] = term.weight * random.uniform(1 - PLAY, 1 + PLAY)
        result.append(_scaled(terms, of_input, of_group))
    return result


def _scaled(terms: Collection[Term], of_input: dict[str, float], of_group: dict[str, float]) -> dict[str, float]:
    """The inputs' weights brought to the weight that each group has in this draw."""
    declared, drawn = defaultdict[str, float](float), defaultdict[str, float](float)
    for term in terms:
        declared[term.group] += term.weight
        drawn[term.group] += of_input[term.key]
    return {
        term.key: of_input[term.key] * of_group[term.group] * declared[term.group] / drawn[term.group] for term in terms
    }


def _scores_by_draw(
    terms: Collection[Term], ranked: Mapping[int, Percentiles], draws: list[dict[str, float]]
) -> dict[int, list[float]]:
    """netuid → its score in each draw. Weights are worked out once for all subnets that lack the same inputs."""
    weights: dict[tuple[str, ...], list[list[float]]] = {}
    scores = {}
    for netuid, percentiles in ranked.items():
        present = {key: percentile for key, percentile in percentiles.items() if percentile is not None}
        keys = tuple(term.key for term in terms if term.key in present)
        if keys not in weights:
            weights[keys] = [list(effective_weights(terms, keys, declared).values()) for declared in draws]
        values = [present[key] for key in keys]
        scores[netuid] = [sum(map(mul, drawn, values)) for drawn in weights[keys]]
    return scores


def _middle(ranks: list[int]) -> tuple[int, int]:
    ordered = sorted(ranks)
    last = len(ordered) - 1
    return ordered[math.floor(TAIL * last)], ordered[math.ceil((1 - TAIL) * last)]
