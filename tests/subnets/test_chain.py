"""The real SDK over a real websocket: what a snapshot holds, and what becomes of it when the node misbehaves."""

from dataclasses import replace

import pytest

from subnets.chain import ChainReader
from subnets.endpoints import probe_endpoint
from subnets.facts import NetworkFacts, SubnetFacts
from subnets.localnet.eras import ERAS
from subnets.localnet.faults import Faults
from subnets.localnet.world import World
from subnets.transport import ChainOptions
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.lib.units import RAO
from tests.conftest import HEAD, Localnet

QUICK = ChainOptions(connect_seconds=60, call_seconds=60, total_seconds=240, longest_wait_seconds=3)


def read(*urls: str, block: int | None = None, options: ChainOptions = QUICK) -> NetworkFacts:
    with ChainReader(urls, options) as chain:
        facts = chain.snapshot(block)
        return replace(facts, notes=[*facts.notes, *chain.notes])


def by_netuid(facts: NetworkFacts) -> dict[int, SubnetFacts]:
    return {subnet.netuid: subnet for subnet in facts.subnets}


def first_block_with(spec: int) -> int:
    return next(era.first_block for era in ERAS if era.spec == spec) + 1


@pytest.fixture
def network(localnet: Localnet) -> tuple[NetworkFacts, World]:
    node, url = localnet.node()
    return read(url), node.world


def test_every_amount_is_what_the_chain_holds_to_the_rao(network):
    facts, world = network
    assert len(facts.subnets) == 9
    for subnet in facts.subnets:
        true = world.subnet(subnet.netuid, facts.block)
        assert subnet.tao_in_rao == true.pool.tao_in
        assert subnet.alpha_in_rao == true.pool.alpha_in
        assert subnet.alpha_out_rao == true.alpha_out
        assert subnet.volume_rao == true.volume
        assert subnet.tao_in_emission_rao == true.paid.tao_in
        assert subnet.chain_buy_rao == true.paid.excess
        assert subnet.registered_at_block == true.tenant.registered
        assert subnet.tempo == true.tenant.tempo
        assert subnet.price_rao == pytest.approx(true.pool.price * RAO, abs=1)


def test_a_snapshot_is_pinned_to_one_finalized_block_and_dated_by_it(network):
    facts, world = network
    assert facts.block == HEAD - 3
    assert facts.observed_at.timestamp() * 1000 == world.timestamp_ms(facts.block)
    assert facts.spec_version == 461
    assert facts.complete


def test_the_price_of_a_weighted_pool_is_not_its_ratio_of_reserves(network):
    facts, _ = network
    off = [abs(s.tao_in_rao * RAO / s.alpha_in_rao / s.price_rao - 1) for s in facts.subnets if s.netuid]
    assert max(off) > 0.02
    for subnet in facts.subnets:
        if subnet.netuid:
            weight = subnet.pool_tao_weight
            weighted = (1 - weight) * subnet.tao_in_rao * RAO / (weight * subnet.alpha_in_rao)
            assert weighted == pytest.approx(subnet.price_rao, rel=1e-3)


def test_block_emission_is_asked_of_the_runtime_and_not_of_the_stale_storage_item(network):
    facts, _ = network
    assert facts.block_emission_rao == RAO // 2
    paid = sum(s.tao_in_emission_rao + s.chain_buy_rao for s in facts.subnets)
    assert paid == pytest.approx(RAO // 2, abs=1000)


def test_the_moving_price_is_read_from_its_bits(network):
    facts, world = network
    for subnet in facts.subnets:
        true = world.subnet(subnet.netuid, facts.block).moving_price
        assert subnet.moving_price_rao == pytest.approx(true * RAO, abs=1.5)


def test_stake_weight_is_kept_apart_from_the_stakes_it_is_made_of(network):
    facts, _ = network
    columns = by_netuid(facts)[1].neurons
    uid = max(range(len(columns)), key=lambda u: columns.tao_stake[u])
    weight = columns.alpha_stake[uid] + facts.tao_weight * columns.tao_stake[uid]
    assert columns.total_stake[uid] == pytest.approx(weight, rel=1e-6)
    assert columns.total_stake[uid] < columns.alpha_stake[uid] + columns.tao_stake[uid]


def test_validator_trust_comes_from_storage_since_no_metagraph_carries_it(network):
    facts, _ = network
    columns = by_netuid(facts)[1].neurons
    assert len(columns.validator_trust) == len(columns)
    assert any(columns.validator_trust)


def test_a_whole_snapshot_takes_at_most_25_calls(localnet):
    node, url = localnet.node()
    read(url)
    node.calls.clear()
    read(url)
    assert len(node.calls) <= 25


def test_fields_that_a_height_does_not_know_are_unknown_and_the_rest_is_read(localnet):
    _, url = localnet.node()
    before_weights = by_netuid(read(url, block=first_block_with(411)))
    assert before_weights[1].pool_tao_weight is None
    assert before_weights[1].miner_burn is None
    assert before_weights[1].chain_buy_rao is not None
    before_switch = by_netuid(read(url, block=first_block_with(391)))
    assert before_switch[1].emission_enabled is None
    assert before_switch[1].chain_buy_rao is None
    assert before_switch[1].tao_in_rao > 0


def test_prices_are_asked_one_by_one_where_the_call_for_all_is_missing(localnet):
    node, url = localnet.node()
    block = first_block_with(320)
    facts = read(url, block=block)
    for subnet in facts.subnets:
        assert subnet.price_rao == pytest.approx(node.world.price(subnet.netuid, block) * RAO, abs=1)


def test_the_ratio_of_reserves_is_the_price_only_where_the_chain_offers_no_price_call(localnet):
    _, url = localnet.node()
    facts = read(url, block=6_600_000)
    subnet = by_netuid(facts)[1]
    assert subnet.price_rao == round(subnet.tao_in_rao * RAO / subnet.alpha_in_rao)
    assert any("ratio" in note for note in facts.notes)


def test_a_node_that_caps_its_replies_is_read_subnet_by_subnet_and_yields_the_same(localnet):
    _, free = localnet.node(uids=64)
    _, capped = localnet.node(uids=64, faults=Faults(max_response=60_000))
    whole, slim = read(free), read(capped)
    assert any("caps its replies" in note for note in slim.notes)
    assert by_netuid(slim) == by_netuid(whole)


def test_the_cap_is_remembered_for_the_next_snapshot_of_the_same_reader(localnet, known_runtime):
    node, url = localnet.node(uids=64, faults=Faults(max_response=60_000))
    with ChainReader([url], QUICK) as chain:
        chain.snapshot(HEAD - 10)
        node.calls.clear()
        chain.snapshot(HEAD - 20)
    assert not [call for call in node.calls if "get_all_metagraphs" in str(call)]


def test_a_refusal_with_a_waiting_time_is_waited_for_and_said(localnet, requests_in_a_second):
    requests_in_a_second(13)
    _, url = localnet.node(subnets=2, uids=4, faults=Faults(per_second=12))
    facts = read(url)
    assert len(facts.subnets) == 3
    assert any("waited as told" in note for note in facts.notes)


def test_a_refusal_that_asks_to_wait_too_long_stops_with_the_reason(localnet, requests_in_a_second):
    requests_in_a_second(1000)
    _, url = localnet.node(subnets=2, uids=4, faults=Faults(per_second=3))
    with pytest.raises(Transient, match=r"asks to wait|rate limit|refused"):
        read(url, options=replace(QUICK, longest_wait_seconds=0.5))


def test_a_pace_keeps_below_the_limit_of_a_public_node(localnet):
    _, url = localnet.node(subnets=2, uids=4, faults=Faults(per_second=40))
    facts = read(url, options=replace(QUICK, requests_per_second=15, concurrency=1))
    assert not any("refused" in note for note in facts.notes)


def test_a_dead_endpoint_is_passed_over_for_the_next_one(localnet):
    _, url = localnet.node()
    facts = read("ws://127.0.0.1:9", url)
    assert facts.endpoint == url
    assert any("given up" in note for note in facts.notes)


def test_a_node_that_never_answers_is_given_up_after_its_time(localnet):
    _, silent = localnet.node(faults=Faults(silent=True))
    _, url = localnet.node()
    read(url)  # the SDK is slow the first time, and then takes a fraction of what the silent one is given
    facts = read(silent, url, options=replace(QUICK, connect_seconds=5))
    assert facts.endpoint == url


def test_a_node_that_drops_every_connection_half_way_yields_nothing(localnet):
    _, url = localnet.node(faults=Faults(drop_after=1, drop_once=False))
    with pytest.raises(Transient):
        read(url, options=replace(QUICK, call_seconds=1, total_seconds=1))


def test_a_socket_lost_once_is_survived(localnet):
    _, url = localnet.node(faults=Faults(drop_after=14))
    assert len(read(url).subnets) == 9


def test_a_pruned_height_is_permanent_and_goes_to_a_node_that_keeps_it(localnet):
    _, pruned = localnet.node(faults=Faults(keep=300))
    _, archive = localnet.node()
    with pytest.raises(Permanent, match="discarded"):
        read(pruned, block=HEAD - 5000)
    assert read(pruned, archive, block=HEAD - 5000).endpoint == archive


def test_some_netuids_make_an_incomplete_snapshot(localnet):
    _, url = localnet.node()
    with ChainReader([url], QUICK) as chain:
        facts = chain.snapshot(netuids=[2, 3])
    assert sorted(by_netuid(facts)) == [2, 3]
    assert not facts.complete
    assert facts.subnets[0].neurons is not None


def test_hyperparameters_are_read_where_the_height_offers_them(localnet):
    _, url = localnet.node()
    with ChainReader([url], QUICK) as chain:
        now = chain.hyperparameters(HEAD - 3, [1, 2])
        then = chain.hyperparameters(first_block_with(391), [1, 2])
    assert now[1]["tempo"] > 0
    assert then == {}


def test_a_probe_tells_where_a_node_stands_and_never_raises(localnet):
    _, url = localnet.node()
    answer = probe_endpoint(url, seconds=60)
    assert (answer.head, answer.finality_lag, answer.spec_version) == (HEAD, 3, 461)
    assert answer.error == ""
    assert probe_endpoint("ws://127.0.0.1:9", seconds=60).error


def test_credentials_in_an_endpoint_are_never_shown(localnet):
    _, url = localnet.node()
    secret = url.replace("ws://", "ws://user:hunter2@") + "/path?key=hunter2"
    assert "hunter2" not in read(secret).endpoint
    dead = probe_endpoint("ws://user:hunter2@127.0.0.1:9/?key=hunter2", seconds=60)
    assert "hunter2" not in dead.endpoint + dead.error
