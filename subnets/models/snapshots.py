"""What was observed at which block, and of which chain."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from subnets.models.categories import CategoryAssignment
from subnets.models.tenants import Subnet, SubnetIdentity
from taoanalytics.lib import clock


class ChainQuerySet(models.QuerySet["Chain"]):
    def is_simulated(self) -> bool:
        """Whether this site shows the simulated network, whose addresses and prices are made up."""
        return settings.SIMULATED or self.filter(simulated=True).exists()


class Chain(models.Model):
    """A single row: the chain this database belongs to, known by its genesis hash."""

    genesis_hash = models.CharField(max_length=66)
    simulated = models.BooleanField(default=False)
    kept_at = models.DateTimeField(default=clock.now)

    objects = ChainQuerySet.as_manager()

    def __str__(self) -> str:
        return "simulated network" if self.simulated else f"chain {self.genesis_hash[:10]}…"


class NetworkSnapshotQuerySet(models.QuerySet["NetworkSnapshot"]):
    def newest_complete(self, at: datetime | None = None) -> "NetworkSnapshot | None":
        """The newest snapshot that lists every subnet, at or before `at`."""
        complete = self.filter(complete=True)
        if at is not None:
            complete = complete.filter(observed_at__lte=at)
        return complete.order_by("-observed_at").first()

    def complete_between(self, start: datetime | None, end: datetime | None) -> Self:
        """Those that list every subnet, in the order of time; None leaves an end open."""
        found = self.filter(complete=True).order_by("observed_at")
        if start is not None:
            found = found.filter(observed_at__gte=start)
        return found if end is None else found.filter(observed_at__lte=end)


class NetworkSnapshot(models.Model):
    """The network at one block."""

    class Source(models.TextChoices):
        CHAIN = "chain"
        IMPORT = "import", "recorded history"

    block = models.PositiveBigIntegerField(unique=True)
    observed_at = models.DateTimeField(help_text="When the block was made, UTC.")
    source = models.CharField(max_length=16, choices=Source.choices)
    endpoint = models.CharField(max_length=255, blank=True)
    spec_version = models.PositiveIntegerField(null=True)
    total_issuance_rao = models.BigIntegerField(null=True)
    total_stake_rao = models.BigIntegerField(null=True)
    block_emission_rao = models.BigIntegerField(null=True)
    tao_weight = models.FloatField(null=True, help_text="What a staked TAO weighs against an alpha, as a fraction.")
    complete = models.BooleanField(default=True, help_text="Whether every subnet of the network was asked for.")
    stored_at = models.DateTimeField(default=clock.now)

    objects = NetworkSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("-block",)
        indexes = (models.Index(fields=("-observed_at",), condition=Q(complete=True), name="network_complete_at"),)

    def __str__(self) -> str:
        return f"block {self.block:,}"


class SubnetSnapshotQuerySet(models.QuerySet["SubnetSnapshot"]):
    def explorer_rows(self, network: NetworkSnapshot) -> Self:
        """One row per living subnet, root left out, with all that a list shows of it.

        `category_source` says who decided the category that holds today; null where nobody has.
        """
        decided = CategoryAssignment.objects.filter(subnet=OuterRef("subnet")).order_by("-assigned_at", "-pk")
        return (
            self.filter(network=network, subnet__netuid__gt=0)
            .select_related("subnet__category", "identity", "metrics")
            .annotate(category_source=Subquery(decided.values("source")[:1]))
            .order_by("subnet__netuid")
        )

    def of(self, subnet: Subnet) -> Self:
        return self.filter(subnet=subnet).order_by("observed_at")


class SubnetSnapshot(models.Model):
    """One subnet at one block. Exact integers in rao (1e9 to a token); null is unknown, 0 is zero."""

    subnet = models.ForeignKey(Subnet, on_delete=models.CASCADE, related_name="snapshots")
    network = models.ForeignKey(NetworkSnapshot, on_delete=models.CASCADE, related_name="subnet_snapshots")
    observed_at = models.DateTimeField()
    identity = models.ForeignKey(SubnetIdentity, on_delete=models.PROTECT, null=True, related_name="+")

    price_rao = models.BigIntegerField(null=True, help_text="Spot price: TAO rao for one alpha.")
    moving_price_rao = models.BigIntegerField(null=True, help_text="The chain's slow average: TAO rao for one alpha.")
    tao_in_rao = models.BigIntegerField(null=True, help_text="TAO in the pool.")
    alpha_in_rao = models.BigIntegerField(null=True, help_text="Alpha in the pool.")
    alpha_out_rao = models.BigIntegerField(null=True, help_text="Alpha outside the pool.")
    tao_in_emission_rao = models.BigIntegerField(null=True, help_text="TAO put into the pool per block.")
    chain_buy_rao = models.BigIntegerField(null=True, help_text="TAO with which the chain buys alpha per block.")
    alpha_in_emission_rao = models.BigIntegerField(null=True, help_text="Alpha put into the pool per block.")
    alpha_out_emission_rao = models.BigIntegerField(null=True, help_text="Alpha paid to participants per block.")
    pending_alpha_rao = models.BigIntegerField(null=True, help_text="Alpha waiting for the end of the tempo.")
    volume_rao = models.BigIntegerField(null=True, help_text="TAO bought and sold since the subnet's start.")
    burn_rao = models.BigIntegerField(null=True, help_text="TAO to register a neuron.")
    pool_tao_weight = models.FloatField(null=True, help_text="Weight of TAO in the pool, as a fraction.")
    pool_fee = models.FloatField(null=True, help_text="Fee of a swap in the pool, as a share of what goes in.")
    miner_burn = models.FloatField(null=True, help_text="Share of the miners' incentive that is burned.")
    emission_enabled = models.BooleanField(null=True)
    mechanism_count = models.PositiveSmallIntegerField(null=True)
    tempo = models.PositiveIntegerField(null=True, help_text="Blocks per epoch.")
    last_step_block = models.PositiveBigIntegerField(null=True)
    immunity_period = models.PositiveBigIntegerField(null=True, help_text="Blocks a new neuron is safe.")
    max_uids = models.PositiveIntegerField(null=True)
    neuron_count = models.PositiveIntegerField(null=True)
    validator_count = models.PositiveIntegerField(null=True, help_text="Neurons with a validator permit.")
    active_validator_count = models.PositiveIntegerField(null=True, help_text="Permit holders the chain calls active.")
    active_miner_count = models.PositiveIntegerField(null=True, help_text="Neurons that earn incentive.")

    objects = SubnetSnapshotQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subnet", "network"), name="one_snapshot_per_subnet_and_block"),)
        indexes = (models.Index(fields=("subnet", "observed_at"), name="snapshot_subnet_at"),)

    def __str__(self) -> str:
        return f"subnet {self.subnet_id} at {self.observed_at:%Y-%m-%d %H:%M}"
