"""Kinds of subnets, and who said which is which."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery

from taoanalytics.lib import clock


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_use(self) -> Self:
        """Those that a subnet may be put into: one that was merged into another stays for the record alone."""
        return self.filter(merged_into__isnull=True)


class Category(models.Model):
    """A kind of subnet. The fourteen are seeded; staff may add, rename, describe and merge them."""

    class Family(models.TextChoices):
        MODELS = "models"
        COMPUTE = "compute"
        DATA = "data"
        TRUST = "trust"
        MARKETS = "markets"
        PRODUCTS = "products"

    class Cut(models.TextChoices):
        """How the square is cut that tells a category from the others of its family and hue."""

        SOLID = "solid"
        SPLIT = "split"
        FRAME = "frame"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=3, unique=True, help_text="Three letters, shown where the name is too long.")
    family = models.CharField(max_length=16, choices=Family.choices)
    cut = models.CharField(max_length=8, choices=Cut.choices)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ("position", "name")
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class CategoryAssignmentQuerySet(models.QuerySet["CategoryAssignment"]):
    def newest(self) -> Self:
        """Of each subnet, the one that holds."""
        of_it = self.model._default_manager.filter(subnet=OuterRef("subnet"))
        return self.filter(pk=Subquery(of_it.order_by("-assigned_at", "-pk").values("pk")[:1]))


class CategoryAssignment(models.Model):
    """Who put a subnet into which category, and when. Append-only: the newest at or before a time holds then."""

    class Source(models.TextChoices):
        CURATED = "curated"
        MODEL = "model"
        RULES = "rules"
        SIMULATED = "simulated"

    subnet = models.ForeignKey("subnets.Subnet", on_delete=models.CASCADE, related_name="category_assignments")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True)
    source = models.CharField(max_length=16, choices=Source.choices)
    assigned_at = models.DateTimeField(default=clock.now)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = CategoryAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("-assigned_at", "-pk")
        indexes = (models.Index(fields=("subnet", "-assigned_at"), name="assignment_subnet_at"),)

    def __str__(self) -> str:
        return f"{self.subnet_id}: {self.category or 'Unclassified'} ({self.source})"


class CategoryMerge(models.Model):
    """That a category was put into another: who did it, why, and what moved, so that it can be taken back."""

    source = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="merges")
    target = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True)
    moved = models.JSONField(
        default=list, help_text="[{subnet: row, netuid, name, source: who had decided it, assignment: row of the move}]"
    )
    redirected = models.JSONField(default=list, help_text="Slugs that had been merged into the source and followed it.")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = "merge of categories"
        verbose_name_plural = "merges of categories"

    def __str__(self) -> str:
        return f"{self.source} into {self.target}"
