"""What markets outside said: prices of TAO, TAO.app's rows, and the replies themselves as they were received."""

from collections.abc import Iterator, Mapping

from markets.models import MarketReply, ScreenerRow, TaoPrice
from taoanalytics.ops.exported.tables import (
    OBSERVED,
    TENANT,
    Column,
    Line,
    Selection,
    Table,
    between,
    columns,
    fetched,
    help_text,
)

_UNITS = {
    "price_tao": "TAO per alpha",
    "highest_60d_tao": "TAO per alpha",
    "lowest_60d_tao": "TAO per alpha",
    "hhi_points": "0 to 10,000",
}
_ENDINGS = {"_tao": "TAO", "_alpha": "alpha", "_pct": "%", "_share": "0 to 1"}
_NOT_FIGURES = {"id", "subnet", "observed_at", "source", "name", "stored_at"}
_FIGURES = [field.name for field in ScreenerRow._meta.fields if field.name not in _NOT_FIGURES]


def _prices(chosen: Selection) -> Iterator[Line]:
    rows = between(TaoPrice.objects.order_by("observed_at", "source"), chosen, "observed_at")
    for at, *rest in fetched(rows, "observed_at", "source", "price_usd", "market_cap_usd", "volume_24h_usd"):
        yield [at.isoformat(), *rest]


def _screener(chosen: Selection) -> Iterator[Line]:
    rows = ScreenerRow.objects.order_by("observed_at", "subnet__netuid", "pk")
    about = ("observed_at", "subnet__netuid", "subnet__registered_at_block", "source", "name")
    for at, *rest in fetched(between(rows, chosen, "observed_at", "subnet__netuid"), *about, *_FIGURES):
        yield [at.isoformat(), *rest]


def _figure(key: str) -> Column:
    unit = _UNITS.get(key) or next((unit for ending, unit in _ENDINGS.items() if key.endswith(ending)), "")
    about = help_text(ScreenerRow, key) or f"{key.replace('_', ' ').capitalize()}, as TAO.app gives it."
    return Column(key, about, unit, unknown="Not told, or not in that kind of row.")


_REPLY_FIELDS = {
    "source": "Which service.",
    "question": "The path that was asked.",
    "received_at": "When its newest usable reply arrived, UTC.",
    "text": "The reply, letter by letter.",
}


def _replies(chosen: Selection) -> Iterator[Line]:
    rows = between(MarketReply.objects.order_by("received_at", "pk"), chosen, "received_at")
    for source, question, at, text in fetched(rows, *_REPLY_FIELDS):
        yield [source, question, at.isoformat(), text]


TABLES: Mapping[str, Table] = {
    "prices": Table(
        [
            OBSERVED[0],
            Column("source", "Who told it."),
            Column("price_usd", "One TAO in US dollars.", "USD"),
            Column("market_cap_usd", "Market cap of TAO in US dollars.", "USD"),
            Column("volume_24h_usd", "Traded in 24 hours, in US dollars.", "USD"),
        ],
        _prices,
        has_netuids=False,
    ),
    "screener": Table(
        [
            OBSERVED[0],
            *TENANT,
            Column("source", "Its screener of then, or its aggregates of the past."),
            Column("name", help_text(ScreenerRow, "name")),
            *map(_figure, _FIGURES),
        ],
        _screener,
    ),
    "market_replies": Table(columns(_REPLY_FIELDS), _replies, has_netuids=False),
}
