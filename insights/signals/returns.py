"""What a holder would have got, and how much of a pool's growth people brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from insights.statistics.ranks import is_known

ENTRY_DELAY = timedelta(days=1)
"""Nobody trades on the price that made the signal: entry is the next daily snapshot."""


@dataclass(frozen=True, slots=True)
class LastPool:
    """The pool of a tenant that is gone, when it was last seen, in whole tokens: outside alpha shares the TAO."""

    tao: float | None
    alpha_outside: float | None

    @property
    def tao_per_alpha(self) -> float | None:
        if not is_known(self.tao) or not is_known(self.alpha_outside) or self.alpha_outside <= 0:
            return None
        return self.tao / self.alpha_outside


def forward_return(
    prices: Mapping[date, float | None],
    entry: date,
    horizon_days: int,
    *,
    network_has_exit_day: bool = True,
    gone: LastPool | None = None,
) -> float | None:
    """Return in TAO, as a fraction, of one tenant from `entry` to exactly `horizon_days` later.

    `prices` are that tenant's, in TAO per alpha. A missing or zero price is unknown, never filled. `gone` is given
    where the tenant disappeared on the way: its holders get the pool, if the network has the exit day at all.
    """
    paid = prices.get(entry)
    if not is_known(paid) or paid <= 0 or not network_has_exit_day:
        return None
    got = gone.tao_per_alpha if gone is not None else prices.get(entry + timedelta(days=horizon_days))
    if not is_known(got) or (got <= 0 and gone is None):
        return None
    return got / paid - 1


def injected_tao(emission_per_block: Sequence[float | None], blocks: Sequence[int]) -> list[float | None]:
    """TAO that emission put into the pool between observations: blocks × mean of the rates at both ends.

    `emission_per_block` has one entry more than `blocks`, the number of blocks from each observation to the next.
    """
    return [
        count * (before + after) / 2 if is_known(before) and is_known(after) else None
        for (before, after), count in zip(pairwise(emission_per_block), blocks, strict=True)
    ]


def organic_flow_tao(
    pool_tao: Sequence[float | None], emission_per_block: Sequence[float | None], blocks: Sequence[int]
) -> list[float | None]:
    """TAO that people brought (or took, if negative) between observations: change of the pool less what was injected.

    What the chain buys with is not told apart here and has to be in `emission_per_block` where it is known.
    """
    changes = [after - before if is_known(before) and is_known(after) else None for before, after in pairwise(pool_tao)]
    injected = injected_tao(emission_per_block, blocks)
    return [
        None if change is None or added is None else change - added
        for change, added in zip(changes, injected, strict=True)
    ]
