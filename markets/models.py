"""What TAO, and the alpha of each subnet, are worth as outside markets tell it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models

from taoanalytics.lib import clock

CLOCKS_DIFFER = timedelta(minutes=5)


class TaoPriceQuerySet(models.QuerySet["TaoPrice"]):
    def at(self, when: datetime) -> "TaoPrice | None":
        """The newest price at or before `when`."""
        return self.filter(observed_at__lte=when).order_by("-observed_at").first()

    def from_source(self, source: str) -> Self:
        return self.filter(source=source)


class TaoPrice(models.Model):
    """TAO in US dollars at one time. Append-only; null is unknown."""

    class Source(models.TextChoices):
        COINGECKO = "coingecko", "CoinGecko"
        IMPORT = "import", "imported daily candle"
        SIMULATED = "simulated"

    observed_at = models.DateTimeField(help_text="When the price was true: for a candle, its close.")
    source = models.CharField(max_length=16, choices=Source.choices)
    price_usd = models.FloatField()
    market_cap_usd = models.FloatField(null=True, blank=True)
    volume_24h_usd = models.FloatField(null=True, blank=True)
    stored_at = models.DateTimeField(default=clock.now)

    objects = TaoPriceQuerySet.as_manager()

    class Meta:
        ordering = ("-observed_at",)
        constraints = (models.UniqueConstraint(fields=("observed_at", "source"), name="one_tao_price_per_time"),)

    def __str__(self) -> str:
        return f"${self.price_usd:,.2f} at {self.observed_at:%Y-%m-%d %H:%M}"


class ScreenerRowQuerySet(models.QuerySet["ScreenerRow"]):
    def newest_per_subnet(self, at: datetime, oldest: timedelta) -> "dict[int, ScreenerRow]":
        """{subnet row: its newest screener row at or before `at`}, none older than `oldest`. One query."""
        rows = self.filter(source=ScreenerRow.Source.SCREENER, observed_at__range=(at - oldest, at))
        return {row.subnet_id: row for row in rows.select_related("subnet__identity").order_by("observed_at")}


class ScreenerRow(models.Model):
    """One subnet as TAO.app reported it at one time. Append-only; null is unknown, 0 is zero.

    `_tao` and `_alpha` are whole tokens, prices TAO for one alpha, `_pct` percent points, `_share` fractions of 1.
    """

    class Source(models.TextChoices):
        SCREENER = "screener", "TAO.app screener"
        HISTORY = "history", "TAO.app aggregates"

    subnet = models.ForeignKey("subnets.Subnet", on_delete=models.CASCADE, related_name="screener_rows")
    observed_at = models.DateTimeField(help_text="When the reply arrived; for an aggregate, the time it bears.")
    source = models.CharField(max_length=16, choices=Source.choices, default=Source.SCREENER)
    name = models.CharField(max_length=128, blank=True, help_text="What TAO.app called the subnet then.")

    price_tao = models.FloatField(null=True, help_text="TAO for one alpha.")
    price_change_1h_pct = models.FloatField(null=True)
    price_change_1d_pct = models.FloatField(null=True)
    price_change_7d_pct = models.FloatField(null=True)
    price_change_30d_pct = models.FloatField(null=True)
    market_cap_tao = models.FloatField(null=True)
    fdv_tao = models.FloatField(null=True, help_text="What all alpha that may ever be would be worth.")
    pool_tao = models.FloatField(null=True, help_text="TAO in the pool.")
    pool_alpha = models.FloatField(null=True, help_text="Alpha in the pool.")
    outside_alpha = models.FloatField(null=True, help_text="Alpha outside the pool.")
    circulating_alpha = models.FloatField(null=True)
    alpha_share = models.FloatField(null=True)
    root_share = models.FloatField(null=True)
    emission_share = models.FloatField(null=True, help_text="Of the network's emission.")
    emitted_alpha_share = models.FloatField(null=True, help_text="Of all alpha that may ever be.")
    buy_volume_1d_tao = models.FloatField(null=True)
    sell_volume_1d_tao = models.FloatField(null=True)
    total_volume_1d_tao = models.FloatField(null=True)
    net_volume_1h_tao = models.FloatField(null=True, help_text="Bought less sold.")
    net_volume_1d_tao = models.FloatField(null=True, help_text="Bought less sold.")
    net_volume_7d_tao = models.FloatField(null=True, help_text="Bought less sold.")
    buy_volume_change_pct = models.FloatField(null=True)
    sell_volume_change_pct = models.FloatField(null=True)
    total_volume_change_pct = models.FloatField(null=True)
    realized_pnl_tao = models.FloatField(null=True)
    unrealized_pnl_tao = models.FloatField(null=True)
    highest_60d_tao = models.FloatField(null=True, help_text="Highest price of 60 days.")
    lowest_60d_tao = models.FloatField(null=True, help_text="Lowest price of 60 days.")
    gini_top_100 = models.FloatField(null=True, help_text="Gini coefficient of the 100 largest holders, 0 to 1.")
    hhi_points = models.FloatField(null=True, help_text="Herfindahl-Hirschman index of the holders, 0 to 10,000.")
    stored_at = models.DateTimeField(default=clock.now)

    objects = ScreenerRowQuerySet.as_manager()

    class Meta:
        ordering = ("-observed_at", "subnet")
        constraints = (
            models.UniqueConstraint(fields=("subnet", "observed_at", "source"), name="one_screener_row_per_time"),
        )
        indexes = (models.Index(fields=("-observed_at",), name="screener_row_at"),)

    def __str__(self) -> str:
        return f"subnet {self.subnet_id} at {self.observed_at:%Y-%m-%d %H:%M}"


class MarketReplyQuerySet(models.QuerySet["MarketReply"]):
    def fresh(self, source: str, question: str, since: datetime) -> "MarketReply | None":
        """The kept reply, if it arrived after `since`; one from the future was dated by a clock gone wrong."""
        arrived = (since, clock.now() + CLOCKS_DIFFER)
        return self.filter(source=source, question=question, received_at__range=arrived).first()


class MarketReply(models.Model):
    """The newest usable reply of a service to a question, as received. Current state: replaced by the next."""

    source = models.CharField(max_length=32)
    question = models.CharField(max_length=128, help_text="The path that was asked.")
    received_at = models.DateTimeField()
    text = models.TextField()

    objects = MarketReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "market replies"
        constraints = (models.UniqueConstraint(fields=("source", "question"), name="one_reply_per_question"),)

    def __str__(self) -> str:
        return f"{self.source} {self.question} of {self.received_at:%Y-%m-%d %H:%M}"
