"""Weights in groups: what is unknown gives its weight to its group, an unknown group gives it to the others."""

from collections.abc import Collection, Iterable, Mapping

from insights.scores.parts import Term


def coverage(terms: Iterable[Term], present: Collection[str]) -> float:
    """Share, 0 to 1, of the declared weight whose input is known."""
    return sum(term.weight for term in terms if term.key in present) / 100


def effective_weights(
    terms: Collection[Term], present: Collection[str], declared: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Metric key → share of the score for the `present` inputs; they add up to 1.

    `declared` replaces the terms' own weights (any positive numbers). Empty where nothing is present.
    """
    weight = {term.key: term.weight for term in terms} if declared is None else declared
    whole: dict[str, float] = {}
    known: dict[str, float] = {}
    for term in terms:
        whole[term.group] = whole.get(term.group, 0) + weight[term.key]
        if term.key in present:
            known[term.group] = known.get(term.group, 0) + weight[term.key]
    total = sum(whole[group] for group in known)
    return {
        term.key: weight[term.key] * (whole[term.group] / known[term.group]) / total
        for term in terms
        if term.key in present
    }
