"""What the simulated network has beside its chain: a price of TAO in dollars, and categories; marked as simulated."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from markets.models import TaoPrice
from subnets.localnet.world import World
from subnets.models import Category, CategoryAssignment, Chain, NetworkSnapshot, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.lib import clock


def collect_simulated() -> list[str]:
    """Fill in what the stored blocks of the simulated network lack. Does nothing on a real chain; returns notes."""
    chain = Chain.objects.first()
    if chain is None or not chain.simulated:
        return []
    world = World(seed=settings.SIMULATED_SEED)
    if chain.genesis_hash != f"0x{world.block_hash(0).hex()}":
        return ["simulated price and categories left out: the network runs with another SIMULATED_SEED"]
    with transaction.atomic():
        changed = _price_tao(world) + _assign_categories(world)
        if changed:
            Generation.objects.bump()
    return []


def _price_tao(world: World) -> int:
    priced = TaoPrice.objects.from_source(TaoPrice.Source.SIMULATED).values("observed_at")
    blocks = NetworkSnapshot.objects.exclude(observed_at__in=priced).values_list("block", "observed_at")
    prices = [
        TaoPrice(observed_at=at, source=TaoPrice.Source.SIMULATED, price_usd=world.tao_usd(block))
        for block, at in blocks
    ]
    return len(TaoPrice.objects.bulk_create(prices, ignore_conflicts=True))


def _assign_categories(world: World) -> int:
    """Each tenant gets its category once, as of when it was first seen; staff may overrule it."""
    categories = {each.slug: each.merged_into or each for each in Category.objects.select_related("merged_into")}
    newcomers = Subnet.objects.filter(category_assignments__isnull=True, netuid__gt=0, first_seen_at__isnull=False)
    assigned = []
    for subnet in newcomers:
        slug = world.category(subnet.netuid, subnet.last_seen_block)
        subnet.category = categories.get(slug or "")
        assigned.append(_assignment(subnet, subnet.first_seen_at or clock.now()))
    Subnet.objects.bulk_update(newcomers, ["category"])
    return len(CategoryAssignment.objects.bulk_create(assigned))


def _assignment(subnet: Subnet, at: datetime) -> CategoryAssignment:
    return CategoryAssignment(
        subnet=subnet,
        category=subnet.category,
        source=CategoryAssignment.Source.SIMULATED,
        assigned_at=at,
        reason="made up with the simulated network",
    )
