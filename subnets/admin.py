"""Staff read what was observed and put subnets into categories. Observations are never edited by hand."""

from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from subnets.category_admin import CategoryAdmin, CategoryMergeAdmin
from subnets.curation import assign_category
from subnets.models import (
    Category,
    CategoryAssignment,
    Chain,
    HyperparameterSet,
    NetworkSnapshot,
    Subnet,
    SubnetIdentity,
    SubnetSnapshot,
)
from taoanalytics.jobs.readonly import ReadOnlyAdmin, ReadOnlyInline

__all__ = ["CategoryAdmin", "CategoryMergeAdmin"]


class IdentityInline(ReadOnlyInline):
    model = SubnetIdentity
    fields = ("name", "symbol", "url", "github", "description", "owner_coldkey", "first_seen_at", "last_seen_at")


class AssignmentInline(ReadOnlyInline):
    model = CategoryAssignment
    fields = ("assigned_at", "category", "source", "assigned_by", "reason")


class HyperparameterInline(ReadOnlyInline):
    model = HyperparameterSet
    fields = ("first_seen_at", "last_seen_at", "values")


class IsCurrent(admin.SimpleListFilter):
    """Current tenants, or those who have left."""

    title = "tenancy"
    parameter_name = "tenancy"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("current", "Current"), ("former", "Former")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Subnet]) -> QuerySet[Subnet]:
        newest = NetworkSnapshot.objects.newest_complete()
        if newest is None or self.value() is None:
            return queryset
        living = Subnet.objects.living(newest).values("pk")
        return queryset.filter(pk__in=living) if self.value() == "current" else queryset.exclude(pk__in=living)


@admin.register(Subnet)
class SubnetAdmin(admin.ModelAdmin):
    list_display = ("netuid", "name", "category", "registered_at_block", "first_seen_at", "last_seen_at")
    list_display_links = ("netuid", "name")
    list_filter = (IsCurrent, "category")
    list_select_related = ("identity", "category")
    search_fields = ("=netuid", "identity__name", "identity__description")
    ordering = ("netuid", "-registered_at_block")
    readonly_fields = ("netuid", "registered_at_block", "first_seen_at", "last_seen_at", "last_seen_block")
    fields = ("category", *readonly_fields)
    inlines = (AssignmentInline, IdentityInline, HyperparameterInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subnet | None = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.in_use()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Subnet, form: "ModelForm[Subnet]", change: bool) -> None:
        """The category is the one thing a person decides; it goes on record with who decided it."""
        if "category" in form.changed_data:
            self.curate(request, obj, obj.category)

    def get_actions(self, request: HttpRequest) -> Any:
        """One action per category, so that many subnets are classified at once."""
        actions: dict[str, Any] = dict(super().get_actions(request))
        if not self.has_change_permission(request):
            return actions
        for category in (*Category.objects.in_use(), None):
            name = f"classify_{category.slug}" if category else "unclassify"
            actions[name] = (partial(_classify, category), name, f"Put into {category or 'no category'}")
        return actions

    def curate(self, request: HttpRequest, subnet: Subnet, category: Category | None) -> None:
        assign_category(
            subnet=subnet,
            category=category,
            source=CategoryAssignment.Source.CURATED,
            by=cast("User", request.user),
            reason="set in the admin",
        )


def _classify(category: Category | None, admin_: SubnetAdmin, request: HttpRequest, subnets: QuerySet[Subnet]) -> None:
    for subnet in subnets:
        admin_.curate(request, subnet, category)
    admin_.message_user(request, f"{len(subnets)} put into {category or 'no category'}.", messages.SUCCESS)


@admin.register(NetworkSnapshot)
class NetworkSnapshotAdmin(ReadOnlyAdmin):
    list_display = ("block", "observed_at", "source", "complete", "spec_version", "endpoint", "stored_at")
    list_filter = ("source", "complete")
    date_hierarchy = "observed_at"


@admin.register(SubnetSnapshot)
class SubnetSnapshotAdmin(ReadOnlyAdmin):
    list_display = ("subnet", "observed_at", "price_rao", "tao_in_rao", "alpha_in_rao", "alpha_out_rao", "volume_rao")
    list_select_related = ("subnet__identity",)
    search_fields = ("=subnet__netuid",)
    ordering = ("-pk",)


@admin.register(SubnetIdentity)
class SubnetIdentityAdmin(ReadOnlyAdmin):
    list_display = ("subnet", "name", "symbol", "owner_coldkey", "first_seen_at", "last_seen_at")
    list_select_related = ("subnet__identity",)
    search_fields = ("name", "description", "=owner_coldkey")


@admin.register(Chain)
class ChainAdmin(ReadOnlyAdmin):
    list_display = ("genesis_hash", "simulated", "kept_at")
