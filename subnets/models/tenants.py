"""Who holds which netuid, and what they say of themselves."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from subnets.facts import ROOT_NETUID
from subnets.models.categories import Category
from taoanalytics.lib.text import web_link

if TYPE_CHECKING:
    from subnets.models.snapshots import NetworkSnapshot


class SubnetQuerySet(models.QuerySet["Subnet"]):
    def living(self, network: "NetworkSnapshot") -> Self:
        """The tenants that `network` lists; root is one of them."""
        return self.filter(snapshots__network=network)

    def current(self) -> Self:
        """Those that the newest complete snapshot lists, root left out, by netuid; nobody before the first one.

        Each with what it says of itself. Two queries.
        """
        from subnets.models.snapshots import NetworkSnapshot  # which refers to tenants itself

        newest = NetworkSnapshot.objects.newest_complete()
        living = self.none() if newest is None else self.living(newest).exclude(netuid=ROOT_NETUID)
        return living.select_related("identity").order_by("netuid")

    def tenants_of(self, netuid: int) -> Self:
        """Everyone who has held the netuid, newest registration first."""
        return self.filter(netuid=netuid).select_related("identity", "category").order_by("-registered_at_block")

    def tenants_by(self, netuid: int, at: datetime) -> "list[Subnet]":
        """Those of `tenants_of` who had been seen by `at`, each as it was known then. Two queries."""
        tenants = list(self.tenants_of(netuid).filter(first_seen_at__lte=at))
        said = SubnetIdentity.objects.filter(subnet__in=tenants, first_seen_at__lte=at)
        identities = {each.subnet_id: each for each in said.order_by("first_seen_at")}
        for tenant in tenants:
            tenant.identity = identities.get(tenant.pk)
            tenant.last_seen_at = min(tenant.last_seen_at or at, at)
        return tenants


class Subnet(models.Model):
    """One tenancy of a netuid. Netuids are reused; (netuid, registration block) is not."""

    netuid = models.PositiveIntegerField()
    registered_at_block = models.PositiveBigIntegerField()
    identity = models.ForeignKey(
        "SubnetIdentity", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    category = models.ForeignKey(Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="subnets")
    first_seen_at = models.DateTimeField(null=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)
    last_seen_block = models.PositiveBigIntegerField(default=0, editable=False)

    objects = SubnetQuerySet.as_manager()

    class Meta:
        ordering = ("netuid", "-registered_at_block")
        constraints = (
            models.UniqueConstraint(fields=("netuid", "registered_at_block"), name="one_subnet_per_registration"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.netuid})"

    @property
    def name(self) -> str:
        """What it calls itself, or "Subnet 7" where it says nothing."""
        return (self.identity.name if self.identity else "") or f"Subnet {self.netuid}"


class SubnetIdentity(models.Model):
    """One version of what a subnet says of itself, with the span of time over which it was seen."""

    subnet = models.ForeignKey(Subnet, on_delete=models.CASCADE, related_name="identities")
    digest = models.CharField(max_length=32)
    name = models.CharField(max_length=128, blank=True)
    symbol = models.CharField(max_length=16, blank=True)
    url = models.CharField(max_length=500, blank=True)
    github = models.CharField(max_length=500, blank=True)
    discord = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    logo_url = models.CharField(max_length=500, blank=True)
    additional = models.TextField(blank=True)
    owner_coldkey = models.CharField(max_length=64, blank=True)
    owner_hotkey = models.CharField(max_length=64, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-last_seen_at",)
        verbose_name_plural = "subnet identities"
        constraints = (models.UniqueConstraint(fields=("subnet", "digest"), name="one_row_per_identity"),)

    def __str__(self) -> str:
        return self.name or "(no name)"

    @property
    def links(self) -> list[tuple[str, str]]:
        """(label, address) of those addresses that are fit to be followed."""
        named = (("Website", self.url), ("GitHub", self.github), ("Discord", self.discord))
        return [(label, link) for label, value in named if (link := web_link(value))]


class HyperparameterSet(models.Model):
    """One version of a subnet's hyperparameters, with the span of time over which it was seen."""

    subnet = models.ForeignKey(Subnet, on_delete=models.CASCADE, related_name="hyperparameter_sets")
    digest = models.CharField(max_length=32)
    values = models.JSONField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-last_seen_at",)
        constraints = (models.UniqueConstraint(fields=("subnet", "digest"), name="one_row_per_hyperparameter_set"),)

    def __str__(self) -> str:
        return f"{self.subnet} from {self.first_seen_at:%Y-%m-%d}"
