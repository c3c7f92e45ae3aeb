"""What outside markets said, for staff."""

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest

from markets.models import MarketReply, ScreenerRow, TaoPrice
from taoanalytics.jobs.readonly import ReadOnlyAdmin


@admin.register(TaoPrice)
class TaoPriceAdmin(ReadOnlyAdmin):
    list_display = ("observed_at", "price_usd", "market_cap_usd", "volume_24h_usd", "source")
    list_filter = ("source",)
    date_hierarchy = "observed_at"


@admin.register(ScreenerRow)
class ScreenerRowAdmin(ReadOnlyAdmin):
    list_display = (
        "subnet",
        "observed_at",
        "price_tao",
        "price_change_1d_pct",
        "market_cap_tao",
        "total_volume_1d_tao",
        "source",
    )
    list_filter = ("source",)
    list_select_related = ("subnet__identity",)
    search_fields = ("=subnet__netuid", "name")
    date_hierarchy = "observed_at"


@admin.register(MarketReply)
class MarketReplyAdmin(ReadOnlyAdmin):
    list_display = ("source", "question", "received_at", "characters")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MarketReply]:
        replies: QuerySet[MarketReply] = super().get_queryset(request)
        return replies.annotate(length=Length("text"))

    @admin.display(ordering="length")
    def characters(self, reply: MarketReply) -> int:
        return int(reply.length)  # type: ignore[attr-defined]
