"""The chain's dated rule changes, as data: which rule and which parameter held at a block.

Days are UTC and name the day from which a rule holds. Where only the day of a change is known, a block alone is
placed on the calendar by 12-second blocks from the halving (`estimated_day`), which is right to about a day; give
`on` as well to leave nothing to that estimate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from taoanalytics.lib.units import BLOCK_SECONDS, RAO, U16_MAX

DTAO_BLOCK = 4_920_351
HALVING_BLOCK = 7_103_975
HALVING_DAY = date(2025, 12, 15)
TAO_CAP = 21_000_000

_SECONDS_PER_DAY = 86_400
_EMISSIONS = "docs/concepts/emissions.mdx, RaoFoundation/subtensor"
_POOLS = "docs/concepts/staking-pools.mdx, RaoFoundation/subtensor"
_TAGS = "Release tags of opentensor/subtensor"
_SHARES = "pallets/subtensor/src/coinbase/subnet_emissions.rs at each release tag, opentensor/subtensor"
_TEMPO = "pallets/subtensor/src/coinbase/tempo_control.rs, RaoFoundation/subtensor"
_PRUNE = "get_network_to_prune in pallets/subtensor/src/coinbase/root.rs, RaoFoundation/subtensor"


class Topic(StrEnum):
    """What a rule is about. At any block at most one regime of a topic is in force."""

    BLOCK_EMISSION = "TAO minted per block"
    BLOCK_TIME = "Time between blocks"
    ALPHA = "Supply of alpha"
    SPLIT = "Who is paid a subnet's alpha"
    EMISSION_SHARE = "How TAO is shared out over subnets"
    ROOT = "How root is paid"
    POOL = "How the pool prices alpha"
    SWAP_FEE = "Fee of a swap"
    EPOCH = "Length of an epoch"
    ACTIVITY = "When a validator counts as active"
    DEREGISTRATION = "Which subnet is removed"
    TRUST = "Which scores of a neuron the chain computes"
    SWITCH = "Emission switched per subnet"


def _parameters(**values: float) -> Mapping[str, float]:
    return MappingProxyType(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One rule of one topic, until the next of that topic takes over.

    `from_block` is exact; `from_day` is UTC. Without either, the rule is known from the source but not when, or
    whether, it took effect, and it is never in force here. `spec` is the runtime version that brought it.
    `parameters` are the numbers that formulas read.
    """

    topic: Topic
    name: str
    what: str
    source: str
    from_block: int | None = None
    from_day: date | None = None
    spec: int | None = None
    parameters: Mapping[str, float] = field(default_factory=_parameters)

    def began(self, block: int, on: date) -> bool:
        if self.from_block is not None:
            return block >= self.from_block
        return self.from_day is not None and on >= self.from_day

    @property
    def dated(self) -> bool:
        return self.from_block is not None or self.from_day is not None


REGIMES: tuple[Regime, ...] = (
    Regime(
        topic=Topic.BLOCK_TIME,
        name="12-second blocks",
        what="A block every 12 seconds, 7,200 a day; a snapshot's time is the chain's own, never computed from height.",
        source="Aura.SlotDuration of the chain's metadata; " + _EMISSIONS,
        from_block=0,
        parameters=_parameters(block_seconds=BLOCK_SECONDS),
    ),
    Regime(
        topic=Topic.BLOCK_EMISSION,
        name="1 TAO per block",
        what="The base rate, until issuance reaches half of the 21 million cap.",
        source=_EMISSIONS,
        from_block=0,
        parameters=_parameters(block_emission_rao=RAO),
    ),
    Regime(
        topic=Topic.BLOCK_EMISSION,
        name="First halving",
        what="0.5 TAO per block, 3,600 a day. Issuance of 10.5 million TAO brings it on, not a height.",
        source=_EMISSIONS + "; the block is the first of the recorded history with half the rate",
        from_block=HALVING_BLOCK,
        from_day=HALVING_DAY,
        parameters=_parameters(block_emission_rao=RAO // 2),
    ),
    Regime(
        topic=Topic.ALPHA,
        name="dTAO",
        what="Each subnet has an alpha of its own with a cap of 21 million and its own halvings. No alpha before.",
        source=_EMISSIONS,
        from_block=DTAO_BLOCK,
        parameters=_parameters(alpha_cap=21_000_000),
    ),
    Regime(
        topic=Topic.SPLIT,
        name="Owner cut, then halves",
        what="Of the alpha paid out: 11,796/65,535 (18 %) to the subnet's owner, the rest in halves to miners and to "
        "validators with their stakers. From spec 411 (2026-05-27) a subnet can be without owner cut.",
        source=_EMISSIONS + "; SubnetOwnerCut in pallets/subtensor/src/lib.rs",
        from_block=DTAO_BLOCK,
        parameters=_parameters(owner_cut=11_796 / U16_MAX, miner_share_of_rest=0.5),
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="By price",
        what="A subnet's share of the block's TAO is its moving price over the sum of all.",
        source=_SHARES,
        from_block=DTAO_BLOCK,
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="By TAO flow",
        what="Share by the moving average of each subnet's TAO flow (specs 334 to 419); net flow from spec 411, "
        "2026-05-27. Part of the emission buys alpha instead of entering the pool as liquidity.",
        source=_SHARES,
        from_day=date(2025, 11, 4),
        spec=334,
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="By price, less burned incentive",
        what="Share by moving price × (1 − share of the miners' incentive that is withheld).",
        source="Pull request 2781, subtensor",
        from_day=date(2026, 6, 22),
        spec=421,
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="Hill gate",
        what="In front of the shares a Hill function gates out low prices; its bar is set anew every 360 blocks.",
        source="JSONbored/metagraphed issue 8739; " + _SHARES,
        from_day=date(2026, 7, 27),
        spec=440,
        parameters=_parameters(gate_bar_rank=32, gate_exponent=3),
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="Hill gate, burn not counted",
        what="The factor for burned incentive is taken out.",
        source="Pull request 3058, subtensor",
        from_day=date(2026, 8, 6),
        spec=444,
        parameters=_parameters(gate_bar_rank=32, gate_exponent=3),
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="Hill gate, burn counted again",
        what="The factor for burned incentive is restored.",
        source="Pull request 3071, subtensor",
        from_day=date(2026, 8, 11),
        spec=445,
        parameters=_parameters(gate_bar_rank=32, gate_exponent=3),
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="etao",
        what="Emission weights per subnet.",
        source="Release pages v479 and v481, RaoFoundation/subtensor (title only, not checked in code)",
        from_day=date(2026, 10, 19),
        spec=481,
    ),
    Regime(
        topic=Topic.ROOT,
        name="From the validators' half",
        what="Root stakers are paid out of each subnet's alpha: a part of the validators' half.",
        source=_EMISSIONS,
        from_block=DTAO_BLOCK,
    ),
    Regime(
        topic=Topic.ROOT,
        name="Off the top of each block",
        what="Root is paid its share first, so that the subnets' emission may sum to less than the block's.",
        source="Release pages v479 and v481, RaoFoundation/subtensor (title only, not checked in code)",
        from_day=date(2026, 10, 19),
        spec=481,
    ),
    Regime(
        topic=Topic.POOL,
        name="Constant product",
        what="Price is TAO over alpha in the pool.",
        source=_TAGS,
        from_block=DTAO_BLOCK,
    ),
    Regime(
        topic=Topic.POOL,
        name="Concentrated liquidity",
        what="Price is the square of AlphaSqrtPrice; reserves only approximate the depth. "
        "Spec 380 (2026-02-20) had a weighted pool for a short while and was reverted.",
        source=_TAGS,
        from_day=date(2025, 7, 23),
    ),
    Regime(
        topic=Topic.POOL,
        name="Weighted pool",
        what="Price is (alpha's weight × TAO) ÷ (TAO's weight × alpha); weights sum to 1 and lie in [0.01, 0.99].",
        source="pallets/swap/src/pallet/balancer.rs, RaoFoundation/subtensor",
        from_day=date(2026, 6, 24),
        spec=423,
        parameters=_parameters(least_pool_weight=0.01),
    ),
    Regime(
        topic=Topic.POOL,
        name="Superellipse",
        what="Described by newer sources: same spot price and slope as the weighted pool when it takes over, another "
        "price response for large trades. When it took effect, if at all, is not known here.",
        source=_POOLS,
    ),
    Regime(
        topic=Topic.SWAP_FEE,
        name="33/65,535 of what goes in",
        what="About 0.05 % of the input of each swap, paid to the block's author. A subnet may have another rate.",
        source="FeeRate in pallets/swap/src/pallet/mod.rs; " + _POOLS,
        from_block=DTAO_BLOCK,
        parameters=_parameters(swap_fee=33 / U16_MAX),
    ),
    Regime(
        topic=Topic.EPOCH,
        name="Every tempo + 1 blocks",
        what="An epoch runs where (block + netuid + 1) is a multiple of (tempo + 1). Tempo 360 by default.",
        source="blocks_until_next_epoch in run_coinbase.rs, opentensor/subtensor",
        from_block=0,
        parameters=_parameters(epoch_blocks_beyond_tempo=1),
    ),
    Regime(
        topic=Topic.EPOCH,
        name="Every tempo blocks, set by the owner",
        what="An epoch runs tempo blocks after the last; owners set 360 to 50,400 and may trigger one early.",
        source=_TEMPO,
        from_day=date(2026, 6, 24),
        spec=423,
        parameters=_parameters(epoch_blocks_beyond_tempo=0, least_tempo=360, greatest_tempo=50_400),
    ),
    Regime(
        topic=Topic.ACTIVITY,
        name="5,000 blocks",
        what="A neuron whose last weights are older is left out of consensus; owners may set another cut-off.",
        source=_EMISSIONS,
        from_block=0,
        parameters=_parameters(activity_cutoff_blocks=5_000),
    ),
    Regime(
        topic=Topic.DEREGISTRATION,
        name="Lowest moving price",
        what="128 subnets at most. At the limit the subnet with the lowest moving price among those out of immunity "
        "goes, the earliest registration first where equal, and its netuid is given out anew. Immunity lasts "
        "1,296,000 blocks from registration.",
        source=_PRUNE + "; notes of release v3.2.8-320; InitialNetworkImmunityPeriod in runtime/src/lib.rs",
        from_day=date(2025, 9, 24),
        spec=320,
        parameters=_parameters(subnet_limit=128, subnet_immunity_blocks=1_296_000),
    ),
    Regime(
        topic=Topic.TRUST,
        name="Rank, trust and pruning score",
        what="Each epoch computes all scores of a neuron.",
        source=_TAGS,
        from_block=0,
    ),
    Regime(
        topic=Topic.TRUST,
        name="Validator trust alone",
        what="Rank, trust and pruning score are no longer computed; their vectors are empty.",
        source="Commit a1258cd, opentensor/subtensor",
        from_day=date(2026, 4, 23),
        spec=401,
    ),
    Regime(
        topic=Topic.SWITCH,
        name="Switch and chain buys readable",
        what="Root can switch a subnet's emission off (SubnetEmissionEnabled); chain buys can be read "
        "(SubnetExcessTao), which they could not before.",
        source=_TAGS,
        from_day=date(2026, 5, 27),
        spec=411,
    ),
)

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "alpha_cap": "most alpha a subnet can ever have",
        "blocks_per_day": "blocks in 24 hours at the chain's block time",
        "block_emission_rao": "TAO minted per block",
        "owner_cut": "owner's share of the alpha paid out",
        "miner_share_of_rest": "miners' share of what the owner leaves",
        "swap_fee": "fee of a swap, as a share of what goes in",
        "epoch_blocks_beyond_tempo": "blocks of an epoch beyond its tempo",
        "activity_cutoff_blocks": "age of the last weights beyond which a validator is inactive",
        "subnet_immunity_blocks": "blocks for which a new subnet cannot be removed",
    }
)
"""{name: meaning} of the parameters that a metric may name among its inputs."""


def timeline(topic: Topic) -> tuple[Regime, ...]:
    """The regimes of a topic, oldest first; undated ones last."""
    return tuple(regime for regime in REGIMES if regime.topic is topic)


def successor(regime: Regime) -> Regime | None:
    """The dated regime that ends this one; None if it still holds."""
    line = timeline(regime.topic)
    later = line[line.index(regime) + 1 :]
    return next((each for each in later if each.dated), None)


def estimated_day(block: int) -> date:
    """The UTC day of a block, counted in 12-second blocks from the halving: right to about a day since dTAO."""
    return HALVING_DAY + timedelta(seconds=(block - HALVING_BLOCK) * BLOCK_SECONDS)


@lru_cache(maxsize=4096)
def in_force(topic: Topic, block: int, on: date | None = None) -> Regime | None:
    """The regime of a topic at a block; None before the first. `on`: the UTC day of the block, if known."""
    day = estimated_day(block) if on is None else on
    begun = [regime for regime in timeline(topic) if regime.began(block, day)]
    return begun[-1] if begun else None


def parameter(topic: Topic, name: str, block: int, on: date | None = None) -> float | None:
    """A parameter of the regime in force; None if there is none. KeyError if the regime has no such parameter."""
    regime = in_force(topic, block, on)
    return None if regime is None else regime.parameters[name]


def block_emission_at(block: int) -> int:
    """Rao of TAO minted at a block, by the known halvings: exact up to the next. What the chain says goes before it."""
    return int(parameter(Topic.BLOCK_EMISSION, "block_emission_rao", block) or 0)


def block_emission_of_issuance(issuance_rao: int) -> int:
    """Rao of TAO minted per block at an issuance: halved each time half of what is left of the cap has been issued.

    Raises ValueError for a negative issuance; 0 from the cap on.
    """
    if issuance_rao < 0:
        raise ValueError(f"issuance of {issuance_rao} rao")
    cap = TAO_CAP * RAO
    if issuance_rao >= cap:
        return 0
    halvings = 0
    while issuance_rao * 2 ** (halvings + 1) >= cap * (2 ** (halvings + 1) - 1):
        halvings += 1
    return RAO >> halvings


def alpha_cap_at(block: int) -> float | None:
    """The most alpha that one subnet can have; None before there was alpha."""
    return parameter(Topic.ALPHA, "alpha_cap", block)


def blocks_per_day_at(block: int) -> float:
    return _SECONDS_PER_DAY / (parameter(Topic.BLOCK_TIME, "block_seconds", block) or BLOCK_SECONDS)


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of the alpha that a subnet pays out; they sum to 1."""

    owner: float
    miners: float
    validators: float


def split_at(block: int, *, owner_cut_enabled: bool | None = None) -> Split | None:
    """Who is paid a subnet's alpha; None before dTAO. `owner_cut_enabled`: the subnet's own switch, None if unknown."""
    regime = in_force(Topic.SPLIT, block)
    if regime is None:
        return None
    owner = 0.0 if owner_cut_enabled is False else regime.parameters["owner_cut"]
    miners = (1 - owner) * regime.parameters["miner_share_of_rest"]
    return Split(owner=owner, miners=miners, validators=1 - owner - miners)


def swap_fee_at(block: int) -> float | None:
    """The chain's default fee as a share of what goes into a swap; None before there were pools."""
    return parameter(Topic.SWAP_FEE, "swap_fee", block)


def epoch_blocks_at(tempo: int, block: int, on: date | None = None) -> int | None:
    """Blocks from one epoch to the next; None for a tempo of 0, which never runs."""
    beyond = parameter(Topic.EPOCH, "epoch_blocks_beyond_tempo", block, on)
    return None if tempo <= 0 or beyond is None else tempo + int(beyond)


def subnet_immunity_blocks_at(block: int, on: date | None = None) -> int | None:
    """Blocks for which a new subnet cannot be removed; None while no subnet could be."""
    immunity = parameter(Topic.DEREGISTRATION, "subnet_immunity_blocks", block, on)
    return None if immunity is None else int(immunity)
