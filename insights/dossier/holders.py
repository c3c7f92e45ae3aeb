"""Who holds the alpha that is staked in one subnet, key by key and owner by owner."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subnets.facts import NeuronColumns
from taoanalytics.lib.units import RAO

TOP = 10


@dataclass(frozen=True, slots=True)
class Holder:
    """One coldkey: its alpha stake in whole alpha over `hotkeys` registered keys, and its part of all, in percent."""

    coldkey: str
    name: str
    hotkeys: int
    alpha: float
    share_pct: float
    together_pct: float

    @property
    def short(self) -> str:
        return f"{self.coldkey[:6]}…{self.coldkey[-4:]}"


def stakes_by_coldkey(neurons: NeuronColumns) -> dict[str, tuple[int, int]]:
    """{coldkey: (rao of alpha, hotkeys)} of all that are registered with stake, the largest first."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for coldkey, stake in zip(neurons.coldkeys, neurons.alpha_stake, strict=True):
        if stake > 0:
            sums[coldkey][0] += stake
            sums[coldkey][1] += 1
    ordered = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))
    return {coldkey: (stake, keys) for coldkey, (stake, keys) in ordered}


def top_holders(stakes: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> Sequence[Holder]:
    """The ten largest of `stakes_by_coldkey`."""
    total = sum(stake for stake, _ in stakes.values())
    holders, together = [], 0
    for coldkey, (stake, keys) in list(stakes.items())[:TOP]:
        together += stake
        holders.append(
            Holder(
                coldkey=coldkey,
                name=names.get(coldkey, ""),
                hotkeys=keys,
                alpha=stake / RAO,
                share_pct=100 * stake / total,
                together_pct=100 * together / total,
            )
        )
    return holders
