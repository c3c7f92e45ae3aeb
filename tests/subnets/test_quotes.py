"""What the chain quotes for a trade, asked through the real SDK, against the figures of this site.

The simulated chain counts in whole rao by its own arithmetic (`subnets.localnet.swaps`); the figures are floats of
`subnets.metrics.pool` from what a collection read. They agree to one rao on the side that pays in (the chain floors its
fee), to three on the other, and to 1e-9 of an amount; a cost in percent to 1e-5 of a percentage point.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import bittensor as bt
import pytest

from subnets.chain import ChainReader
from subnets.facts import SubnetFacts
from subnets.localnet import swaps, tenants
from subnets.localnet.eras import ERAS
from subnets.localnet.prices import Pool as SimulatedPool
from subnets.metrics import (
    Pool,
    buy_quote,
    compute,
    price_impact_pct,
    round_trip_cost_pct,
    sell_impact_pct,
    sell_quote,
)
from subnets.metrics.inputs import Observation, SubnetInputs
from subnets.transport import ChainOptions
from taoanalytics.lib.units import RAO
from tests.conftest import HEAD, Localnet

SIZES = (0.01, 1.0, 100.0, 2_500.0)  # TAO
PART, RAO_FLOORED = 1e-9, 3.0  # of an amount; rao
POINTS = 1e-5  # of a cost in percent
SOME = (1, 2, 3, 5, 6, 7, 8)
Quotes = dict[tuple[int, float], Any]


def close(amount: float, rao_put_in_fetches: float = 0.0) -> Any:
    """Rao that agree with `amount` tokens. `rao_put_in_fetches`: rao for one more rao put in."""
    return pytest.approx(amount * RAO, rel=0, abs=max(PART * amount * RAO, RAO_FLOORED + rao_put_in_fetches))


def facts_at(url: str, block: int | None = None) -> dict[int, SubnetFacts]:
    with ChainReader([url], ChainOptions()) as chain:
        return {subnet.netuid: subnet for subnet in chain.snapshot(block).subnets}


def asked(url: str, block: int, way: str, trades: Iterable[tuple[int, float]]) -> Quotes:
    """{(netuid, amount): the SDK's quote at that block}"""
    with bt.Subtensor(url, fallback_endpoints=[], archive_endpoints=[]) as client:
        quote: Callable[..., Any] = getattr(client.prices, way)
        return {(netuid, amount): quote(netuid, amount, block=block) for netuid, amount in trades}


@pytest.fixture
def chain(localnet: Localnet) -> tuple[str, dict[int, SubnetFacts]]:
    _, url = localnet.node()
    return url, facts_at(url)


BLOCK = HEAD - 3


def test_the_pools_that_are_compared_differ_in_weights_and_in_fees(chain: Any) -> None:
    _, facts = chain
    weights = {facts[netuid].pool_tao_weight for netuid in SOME}
    assert min(weights) < 0.25
    assert max(weights) > 0.8
    assert len({facts[netuid].pool_fee for netuid in SOME}) == 3
    assert facts[1].pool_fee == tenants.USUAL_FEE / 65_535


def test_a_buy_is_quoted_as_the_chain_quotes_it(chain: Any) -> None:
    url, facts = chain
    quotes = asked(url, BLOCK, "quote_stake", [(netuid, size) for netuid in SOME for size in SIZES])
    for (netuid, size), quote in quotes.items():
        pool = Pool.of(facts[netuid], BLOCK)
        assert quote.alpha.rao == close(buy_quote(pool, size), 1 / pool.spot), (netuid, size)
        assert quote.tao.rao + quote.tao_fee.rao == size * RAO
        assert quote.tao_fee.rao == close(size * pool.fee)
        assert quote.alpha_slippage.rao == close(size / pool.spot - buy_quote(pool, size), 1 / pool.spot)


def test_a_sale_is_quoted_as_the_chain_quotes_it(chain: Any) -> None:
    url, facts = chain
    pools = {netuid: Pool.of(facts[netuid], BLOCK) for netuid in SOME}
    trades = [(netuid, round(size / pools[netuid].spot, 9)) for netuid in SOME for size in SIZES]
    for (netuid, alpha), quote in asked(url, BLOCK, "quote_unstake", trades).items():
        pool = pools[netuid]
        assert quote.tao.rao == close(sell_quote(pool, alpha), pool.spot), (netuid, alpha)
        assert quote.alpha.rao + quote.alpha_fee.rao == pytest.approx(alpha * RAO, abs=1)
        assert quote.alpha_fee.rao == close(alpha * pool.fee)
        assert quote.tao_slippage.rao == close(alpha * pool.spot - sell_quote(pool, alpha))


def test_the_impact_of_a_trade_is_the_one_that_follows_from_the_chains_quote(chain: Any) -> None:
    """Ours is without the fee, so it is asked of what enters the chain's pool once the fee is off."""
    url, facts = chain
    pools = {netuid: Pool.of(facts[netuid], BLOCK) for netuid in SOME}
    sizes = [size for size in SIZES if size >= 1]
    for (netuid, _), quote in asked(url, BLOCK, "quote_stake", [(n, s) for n in SOME for s in sizes]).items():
        pool = pools[netuid]
        paid = 100 * (1 - quote.alpha.rao * pool.spot / quote.tao.rao)
        assert price_impact_pct(pool, quote.tao.rao / RAO) == pytest.approx(paid, abs=POINTS)
    sold = [(n, round(s / pools[n].spot, 9)) for n in SOME for s in sizes]
    for (netuid, _), quote in asked(url, BLOCK, "quote_unstake", sold).items():
        pool = pools[netuid]
        received = 100 * (1 - quote.tao.rao / (quote.alpha.rao * pool.spot))
        worth = quote.alpha.rao / RAO * pool.spot
        assert sell_impact_pct(pool, worth) == pytest.approx(received, abs=POINTS)


def test_a_round_trip_costs_what_the_chain_quotes_for_buying_and_selling_again(chain: Any) -> None:
    url, facts = chain
    trades = [(netuid, size) for netuid in SOME for size in SIZES if size >= 1]
    bought = asked(url, BLOCK, "quote_stake", trades)
    sold = asked(url, BLOCK, "quote_unstake", [(n, bought[n, size].alpha.rao / RAO) for n, size in trades])
    for netuid, size in trades:
        returned = sold[netuid, bought[netuid, size].alpha.rao / RAO].tao.rao
        pool = Pool.of(facts[netuid], BLOCK)
        assert round_trip_cost_pct(pool, size) == pytest.approx(100 * (1 - returned / (size * RAO)), abs=POINTS)


def test_the_stored_round_trip_of_a_hundred_tao_is_the_chains(chain: Any, localnet: Localnet) -> None:
    url, facts = chain
    with ChainReader([url], ChainOptions()) as reader:
        observed_at = reader.time_of(BLOCK)
    for netuid in SOME:
        now = Observation.of(facts[netuid], block=BLOCK, observed_at=observed_at)
        inputs = SubnetInputs(netuid=netuid, registered_at_block=facts[netuid].registered_at_block, now=now)
        bought = asked(url, BLOCK, "quote_stake", [(netuid, 100.0)])[netuid, 100.0].alpha.rao / RAO
        returned = asked(url, BLOCK, "quote_unstake", [(netuid, bought)])[netuid, bought].tao.rao
        assert compute(inputs)["round_trip_100_pct"] == pytest.approx(100 - returned / RAO, abs=POINTS)


def test_before_weights_equal_ones_give_the_chains_quote(localnet: Localnet) -> None:
    _, url = localnet.node()
    block = next(era.first_block for era in ERAS if era.spec == 411) + 1
    facts = facts_at(url, block)
    assert facts[5].pool_tao_weight is None
    quote = asked(url, block, "quote_stake", [(5, 100.0)])[5, 100.0]
    assert quote.alpha.rao == close(buy_quote(Pool.of(facts[5], block), 100.0))


def test_a_fee_that_the_height_does_not_know_is_the_chains_default(localnet: Localnet) -> None:
    _, url = localnet.node()
    before_swaps = facts_at(url, 6_700_000)
    assert before_swaps[1].pool_fee is None
    assert Pool.of(before_swaps[1], 6_700_000).fee == tenants.USUAL_FEE / 65_535


# -- the simulated arithmetic, where it can be reckoned by hand ---------------------------------------

EVEN = SimulatedPool(1_000 * RAO, 50_000 * RAO, 0.5, 0.02)
Ask = Callable[[Any], Awaitable[Any]]


def test_equal_weights_without_fee_are_a_constant_product() -> None:
    bought = swaps.buy(EVEN, 0, 10 * RAO)
    assert bought.paid_out == 50_000 * RAO * 10 // 1_010
    assert (bought.put_in, bought.fee) == (10 * RAO, 0)
    assert swaps.sell(EVEN, 0, 500 * RAO).paid_out == 1_000 * RAO * 500 // 50_500


def test_a_pool_with_a_quarter_of_its_weight_in_tao_pays_by_the_cube_root() -> None:
    leaning = SimulatedPool(1_000 * RAO, 50_000 * RAO, 0.25, 0.06)
    assert swaps.buy(leaning, 0, 7_000 * RAO).paid_out == 25_000 * RAO  # (1 ÷ 8) ^ (1 ÷ 3) of the alpha is left
    assert swaps.sell(leaning, 0, 50_000 * RAO).paid_out == 875 * RAO  # (1 ÷ 2) ^ 3 of the TAO is left


def test_the_fee_comes_off_what_is_put_in_and_counts_as_slippage() -> None:
    swap = swaps.buy(EVEN, 6_554, 10 * RAO)
    assert swap.fee == pytest.approx(RAO, rel=1e-4)
    assert swap.put_in + swap.fee == 10 * RAO
    assert swap.slippage == 500 * RAO - swap.paid_out


def test_a_swap_that_the_chain_refuses_is_nothing() -> None:
    assert swaps.buy(EVEN, 33, 1_002_000 * RAO) == swaps.NOTHING
    assert swaps.sell(EVEN._replace(tao_in=999_999), 33, RAO) == swaps.NOTHING


def test_a_sale_stops_at_the_lowest_price_there_is() -> None:
    swap = swaps.sell(EVEN, 0, 40_000_000 * RAO)
    assert swap.put_in < 40_000_000 * RAO
    price = (EVEN.tao_in - swap.paid_out) / (EVEN.alpha_in + swap.put_in)
    assert price == pytest.approx(1e-6, rel=1e-6)
