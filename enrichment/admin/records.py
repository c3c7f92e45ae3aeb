"""What the machines read, did and paid, and what people corrected: to be looked at. Prices are staff's to set."""

from django.contrib import admin

from enrichment.models import ContextSource, Correction, EnrichmentRun, LedgerEntry, ModelPrice, SubnetIcon
from taoanalytics.jobs.readonly import ReadOnlyAdmin


@admin.register(EnrichmentRun)
class EnrichmentRunAdmin(ReadOnlyAdmin):
    list_display = (
        *("started_at", "subnet", "method", "outcome", "accepted", "category", "confidence", "thin", "flags"),
        "model_served",
    )
    list_filter = ("method", "outcome", "accepted", "thin", "category")
    list_select_related = ("subnet__identity", "category")
    search_fields = ("=subnet__netuid", "model_served", "context_hash")
    date_hierarchy = "started_at"


@admin.register(ContextSource)
class ContextSourceAdmin(ReadOnlyAdmin):
    list_display = ("subnet", "kind", "status", "reason", "fetched_at", "tried_at", "failures", "next_try_at")
    list_filter = ("kind", "status")
    list_select_related = ("subnet__identity",)
    search_fields = ("=subnet__netuid", "address", "reason")


@admin.register(SubnetIcon)
class SubnetIconAdmin(ReadOnlyAdmin):
    list_display = ("subnet", "status", "reason", "fetched_at", "tried_at", "failures")
    list_filter = ("status",)
    list_select_related = ("subnet__identity",)
    search_fields = ("=subnet__netuid", "address", "reason")
    exclude = ("content",)


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ("at", "subnet", "field", "value", "released", "by", "reason")
    list_filter = ("field", "released", "by")
    list_select_related = ("subnet__identity", "by")
    search_fields = ("=subnet__netuid", "reason")
    date_hierarchy = "at"


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = (
        *("asked_at", "purpose", "subnet", "model_served", "model_asked", "host", "outcome", "attempt"),
        *("input_tokens", "output_tokens", "cost_usd", "price_source", "latency_ms"),
    )
    list_filter = ("purpose", "outcome", "price_source", "model_asked", "host")
    list_select_related = ("subnet__identity",)
    search_fields = ("=subnet__netuid", "request_id", "model_asked")
    date_hierarchy = "asked_at"


@admin.register(ModelPrice)
class ModelPriceAdmin(admin.ModelAdmin):
    list_display = ("model", "host", "valid_from", "input_usd", "cached_usd", "output_usd", "multiplier")
    list_filter = ("model",)
    search_fields = ("model", "host")
