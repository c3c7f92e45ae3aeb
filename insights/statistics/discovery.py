"""Many tests at once: how many of those that look significant would do so by luck."""

from collections.abc import Sequence


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """q-values: calling all with q ≤ x significant makes at most the share x of those calls false, on average.

    None was not tested: it stays None and does not count among the tests.
    Source: Benjamini and Hochberg, 1995, adjusted values made monotone from the largest p down.
    """
    ordered = sorted((p, position) for position, p in enumerate(p_values) if p is not None)
    q_values: list[float | None] = [None] * len(p_values)
    smallest = 1.0
    for rank in range(len(ordered), 0, -1):
        p, position = ordered[rank - 1]
        smallest = min(smallest, p * len(ordered) / rank)
        q_values[position] = smallest
    return q_values
