"""What each block mints and which subnet gets it.

A subnet's share goes by moving price * (1 - miner burn), passes the gate (Hill, rank 32) and is paid to
subnets with emission on only; pool payments and chain buys sum to the block emission, to the rao.
"""

from collections.abc import Iterable
from typing import NamedTuple

from subnets.localnet import eras, prices
from subnets.localnet.draw import RAO
from subnets.localnet.tenants import Tenant

HALVING = 7_103_975  # first block that mints half a TAO
BAR_RANK, BAR_EXPONENT = 32, 3
ALPHA_CAP = 0.15  # alpha a pool may take in per block; TAO beyond it buys alpha (excess)
ISSUANCE_AT_HALVING = 10_500_000 * RAO


class Paid(NamedTuple):
    """One subnet's part of a block, in rao: into the pool (TAO and alpha), and spent on buying alpha."""

    tao_in: int
    alpha_in: int
    excess: int


def of_block(block: int) -> int:
    """Rao minted by a block."""
    return RAO if block < HALVING else RAO // 2


def issuance(block: int) -> int:
    """Rao that exist at a height."""
    return ISSUANCE_AT_HALVING + (block - HALVING) * of_block(block)


def shares(tenants: Iterable[Tenant], block: int) -> dict[int, float]:
    """{netuid: share of the block emission}; sums to 1 unless no subnet may be paid."""
    burns, switched = eras.has(eras.MINER_BURNED, block), eras.has(eras.EMISSION_SWITCH, block)
    score: dict[int, float] = {}
    payable: set[int] = set()
    for tenant in tenants:
        kept = 1 - tenant.burned if burns else 1.0
        score[tenant.netuid] = prices.moving_price(tenant, block) * kept
        if tenant.enabled or not switched:
            payable.add(tenant.netuid)
    ranked = sorted((s for s in score.values() if s > 0), reverse=True)
    bar = ranked[min(BAR_RANK, len(ranked)) - 1] if ranked else 0.0
    gated = {n: s / (1 + (bar / s) ** BAR_EXPONENT) if s > 0 and n in payable else 0.0 for n, s in score.items()}
    total = sum(gated.values()) or 1.0
    return {netuid: s / total for netuid, s in gated.items()}


def split(tenants: list[Tenant], block: int) -> dict[int, Paid]:
    """{netuid: what the block pays it}, root included with nothing."""
    minted, buys = of_block(block), eras.has(eras.CHAIN_BUYS, block)
    share = shares((t for t in tenants if t.netuid), block)
    tao = {netuid: int(minted * part) for netuid, part in share.items()}
    if any(tao.values()):
        tao[max(tao, key=tao.__getitem__)] += minted - sum(tao.values())
    paid = {0: Paid(0, 0, 0)}
    for tenant in tenants:
        if tenant.netuid == 0:
            continue
        price = prices.price(tenant, block)
        whole = tao[tenant.netuid]
        into_pool = min(whole, int(ALPHA_CAP * RAO * price)) if buys else whole
        paid[tenant.netuid] = Paid(into_pool, min(RAO, int(into_pool / price)), whole - into_pool)
    return paid
