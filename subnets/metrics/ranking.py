"""Where a value stands among others."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from taoanalytics.lib.metric import Better

Key = TypeVar("Key", bound=Hashable)


def percentiles(values: Mapping[Key, float | None], better: Better = Better.HIGHER) -> dict[Key, float | None]:
    """{key: mid-rank percentile, 100 best} among the known values: 100 × (midrank − ½) ÷ n.

    Equal values share their mean rank, so order makes no difference; 0 and 100 are never reached; a single value is at
    50. `NEITHER` ranks as `HIGHER`: by size. Unknown values have no percentile and do not count in n.
    """
    signed = _signed(values, better)
    ordered = sorted(signed.values())
    count = len(ordered)
    first, last = _positions(ordered)
    midranks = {value: (first[value] + last[value]) / 2 for value in first}
    return {key: 100 * (midranks[signed[key]] - 0.5) / count if key in signed else None for key in values}


def ranks(values: Mapping[Key, float | None], better: Better = Better.HIGHER) -> dict[Key, int | None]:
    """{key: rank, 1 best} among the known values; equal values share the better rank and the next is left out."""
    signed = _signed(values, better)
    ordered = sorted(signed.values(), reverse=True)
    first, _ = _positions(ordered)
    return {key: first[signed[key]] if key in signed else None for key in values}


def _signed(values: Mapping[Key, float | None], better: Better) -> dict[Key, float]:
    """The known values, turned so that more is better."""
    sign = -1 if better is Better.LOWER else 1
    return {key: sign * value for key, value in values.items() if value is not None}


def _positions(ordered: list[float]) -> tuple[dict[float, int], dict[float, int]]:
    """({value: its first position}, {value: its last}), counted from 1."""
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for position, value in enumerate(ordered, 1):
        first.setdefault(value, position)
        last[value] = position
    return first, last
