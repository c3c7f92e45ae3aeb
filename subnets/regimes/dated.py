"""The chain's rules as they followed one another, each with its source: data, which `asked` is asked about."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from subnets.regimes.rule import Regime, Topic, numbers
from taoanalytics.lib.units import BLOCK_SECONDS, RAO, U16_MAX

DTAO_BLOCK = 4_920_351
HALVING_BLOCK = 7_103_975
HALVING_DAY = date(2025, 12, 15)

_EMISSIONS = "docs/concepts/emissions.mdx, RaoFoundation/subtensor"
_POOLS = "docs/concepts/staking-pools.mdx, RaoFoundation/subtensor"
_TAGS = "Release tags of opentensor/subtensor"
_SHARES = "pallets/subtensor/src/coinbase/subnet_emissions.rs at each release tag, opentensor/subtensor"
_TEMPO = "pallets/subtensor/src/coinbase/tempo_control.rs, RaoFoundation/subtensor"
_PRUNE = "get_network_to_prune in pallets/subtensor/src/coinbase/root.rs, RaoFoundation/subtensor"

REGIMES: tuple[Regime, ...] = (
    Regime(
        topic=Topic.BLOCK_TIME,
        name="12-second blocks",
        what="A block every 12 seconds, 7,200 a day; a snapshot's time is the chain's own, never computed from height.",
        source="Aura.SlotDuration of the chain's metadata; " + _EMISSIONS,
        from_block=0,
        parameters=numbers(block_seconds=BLOCK_SECONDS),
    ),
    Regime(
        topic=Topic.BLOCK_EMISSION,
        name="1 TAO per block",
        what="The base rate, until issuance reaches half of the 21 million cap.",
        source=_EMISSIONS,
        from_block=0,
        parameters=numbers(block_emission_rao=RAO),
    ),
    Regime(
        topic=Topic.BLOCK_EMISSION,
        name="First halving",
        what="0.5 TAO per block, 3,600 a day. Issuance of 10.5 million TAO brings it on, not a height.",
        source=_EMISSIONS + "; the block is the first of the recorded history with half the rate",
        from_block=HALVING_BLOCK,
        from_day=HALVING_DAY,
        parameters=numbers(block_emission_rao=RAO // 2),
    ),
    Regime(
        topic=Topic.ALPHA,
        name="dTAO",
        what="Each subnet has an alpha of its own with a cap of 21 million and its own halvings. No alpha before.",
        source=_EMISSIONS,
        from_block=DTAO_BLOCK,
        parameters=numbers(alpha_cap=21_000_000),
    ),
    Regime(
        topic=Topic.SPLIT,
        name="Owner cut, then halves",
        what="Of the alpha paid out: 11,796/65,535 (18 %) to the subnet's owner, the rest in halves to miners and to "
        "validators with their stakers. From spec 411 (2026-05-27) a subnet can be without owner cut.",
        source=_EMISSIONS + "; SubnetOwnerCut in pallets/subtensor/src/lib.rs",
        from_block=DTAO_BLOCK,
        parameters=numbers(owner_cut=11_796 / U16_MAX, miner_share_of_rest=0.5),
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
        parameters=numbers(gate_bar_rank=32, gate_exponent=3),
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="Hill gate, burn not counted",
        what="The factor for burned incentive is taken out.",
        source="Pull request 3058, subtensor",
        from_day=date(2026, 8, 6),
        spec=444,
        parameters=numbers(gate_bar_rank=32, gate_exponent=3),
    ),
    Regime(
        topic=Topic.EMISSION_SHARE,
        name="Hill gate, burn counted again",
        what="The factor for burned incentive is restored.",
        source="Pull request 3071, subtensor",
        from_day=date(2026, 8, 11),
        spec=445,
        parameters=numbers(gate_bar_rank=32, gate_exponent=3),
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
        parameters=numbers(least_pool_weight=0.01),
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
        parameters=numbers(swap_fee=33 / U16_MAX),
    ),
    Regime(
        topic=Topic.EPOCH,
        name="Every tempo + 1 blocks",
        what="An epoch runs where (block + netuid + 1) is a multiple of (tempo + 1). Tempo 360 by default.",
        source="blocks_until_next_epoch in run_coinbase.rs, opentensor/subtensor",
        from_block=0,
        parameters=numbers(epoch_blocks_beyond_tempo=1),
    ),
    Regime(
        topic=Topic.EPOCH,
        name="Every tempo blocks, set by the owner",
        what="An epoch runs tempo blocks after the last; owners set 360 to 50,400 and may trigger one early.",
        source=_TEMPO,
        from_day=date(2026, 6, 24),
        spec=423,
        parameters=numbers(epoch_blocks_beyond_tempo=0, least_tempo=360, greatest_tempo=50_400),
    ),
    Regime(
        topic=Topic.ACTIVITY,
        name="5,000 blocks",
        what="A neuron whose last weights are older is left out of consensus; owners may set another cut-off.",
        source=_EMISSIONS,
        from_block=0,
        parameters=numbers(activity_cutoff_blocks=5_000),
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
        parameters=numbers(subnet_limit=128, subnet_immunity_blocks=1_296_000),
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
