"""Who is on the simulated network, and what they say of themselves."""

from itertools import pairwise
from typing import Any

import pytest

from subnets.localnet import prices, tenants
from subnets.localnet.draw import RAO
from subnets.localnet.world import World
from tests.subnets.simulated import DAY, MONTH, NOW, STORED, SUBNETS, YEAR, ask, dynamic_at, graph_of, small_node, text

pytestmark = pytest.mark.usefixtures("fresh_sdk_caches")


def test_a_netuid_that_changes_hands_starts_afresh() -> None:
    node = small_node(subnets=12)
    change, netuid = node.world.registrations(9_000_000, NOW)[-1]

    async def use(client: Any) -> Any:
        before = await dynamic_at(client, change - 1), await graph_of(client, netuid, change - 1)
        after = await dynamic_at(client, change + 1), await graph_of(client, netuid, change + 3_000)
        return before, after

    (old_subnets, old_graph), (new_subnets, new_graph) = ask(node, use)
    old, new = old_subnets[netuid], new_subnets[netuid]
    assert old["network_registered_at"] < new["network_registered_at"] == change
    assert old["owner_coldkey"] != new["owner_coldkey"]
    assert old["owner_hotkey"] != new["owner_hotkey"]
    assert 0 < new["subnet_volume"] < old["subnet_volume"]
    assert new["alpha_out"] == RAO < old["alpha_out"]
    assert new["moving_price"]["bits"] < old["moving_price"]["bits"]
    assert min(new_graph["block_at_registration"]) == change
    rows = zip(new_graph["hotkeys"], new_graph["validator_permit"], strict=True)
    miners = [hotkey for hotkey, permit in rows if not permit]
    assert miners
    assert not set(miners) & set(old_graph["hotkeys"])


def test_the_whole_network_has_two_or_three_tenants_on_three_netuids_in_ten() -> None:
    world = World(head=NOW)
    counts = dict.fromkeys(range(1, 129), 1)
    for _, netuid in world.registrations(tenants.CHURN_FROM, NOW):
        counts[netuid] += 1
    assert {count: list(counts.values()).count(count) for count in set(counts.values())}.keys() == {1, 2, 3}
    assert sum(count > 1 for count in counts.values()) == 38


@pytest.mark.parametrize("head", [9_200_000, NOW, NOW + 1_234_567])
def test_whatever_the_height_there_are_recent_tenants_and_a_young_pool(head: int) -> None:
    world = World(head=head)
    assert 4 <= len(world.registrations(head - MONTH, head)) <= 8
    assert len(world.registrations(head - 5 * DAY, head)) >= 1
    assert len(world.registrations(head - YEAR, head)) >= 38


def test_a_small_world_is_the_first_netuids_of_the_whole_one() -> None:
    small, whole = World(subnets=8, uids=8, head=NOW), World(head=NOW)
    for netuid in range(1, 9):
        assert small.tenant(netuid, NOW).registered == whole.tenant(netuid, NOW).registered
        assert small.category(netuid, NOW) == whole.category(netuid, NOW)
        assert small.price(netuid, NOW) == whole.price(netuid, NOW)
    assert [netuid for _, netuid in small.registrations(tenants.CHURN_FROM, NOW)] == [tenants.CHANGING] * 2


def test_no_tenant_is_replaced_while_it_is_immune() -> None:
    world = World(head=NOW)
    for netuid in tenants.churn_phases(world.seed):
        heights = [block for block, n in world.registrations(tenants.DTAO, NOW) if n == netuid]
        assert all(later - earlier >= tenants.IMMUNITY for earlier, later in pairwise(heights))


def test_volume_only_grows_within_a_tenancy() -> None:
    world = World(head=NOW)
    for netuid in (tenants.CRASHING, tenants.RALLYING, 40):
        tenant = world.tenant(netuid, NOW)
        volumes = [prices.volume(tenant, block) for block in range(NOW - 400_000, NOW, 500)]
        assert all(earlier < later for earlier, later in pairwise(volumes))


def test_hostile_names_and_addresses_are_on_the_network() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(NOW - 3)
        return await view.runtime(SUBNETS.get_all_dynamic_info, []), await view.query_map(STORED.SubnetIdentitiesV3)

    dynamic, identities = ask(small_node(subnets=50), use)
    names = {text(subnet["subnet_name"]) for subnet in dynamic}
    assert {"<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("http://x")', ""} <= names
    assert {"FlameWire 🔥", "⚒", "Plaτform", "τemplar"} <= names
    assert any("\u202e" in name for name in names)
    assert any("\x00" in name and "\x1b" in name for name in names)
    assert any(len(name) > 200 for name in names)
    urls = [identity["subnet_url"] for _, identity in identities]
    for start in ("javascript:", "//evil.example", "http://127.0.0.1", "flamewire.example", "file:"):
        assert any(url.startswith(start) for url in urls)
    assert any(len(identity["description"]) > 5_000 for _, identity in identities)
    assert any(subnet["subnet_identity"] is None for subnet in dynamic[1:])


def test_owners_have_identities_that_the_metagraph_and_storage_tell_alike() -> None:
    async def use(client: Any) -> Any:
        view = await client.at(NOW - 3)
        graph = await view.runtime(SUBNETS.get_metagraph, [2])
        stored = await view.query_batch(STORED.IdentitiesV2, [[graph["owner_coldkey"]], [graph["coldkeys"][0]]])
        return graph, stored

    graph, (owner, validator) = ask(small_node(), use)
    assert owner["name"] == "<script>alert('owner')</script>"
    assert graph["identities"][0] == validator
    assert None in graph["identities"]
