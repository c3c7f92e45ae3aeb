"""From facts to rows: what one source said, in one transaction, inserted once however often it is offered."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from markets.facts import PricePoint, SubnetMarket
from markets.models import CLOCKS_DIFFER, MarketReply, ScreenerRow, TaoPrice
from taoanalytics.jobs.models import Generation
from taoanalytics.lib import clock
from taoanalytics.lib.http import Reply

_NOT_COLUMNS = {"netuid", "observed_at", "owner_coldkey"}
_COLUMNS = [f.name for f in fields(SubnetMarket) if f.name not in _NOT_COLUMNS]


def store_screener_rows(
    rows: Sequence[tuple[int, datetime, SubnetMarket]],
    source: ScreenerRow.Source,
    reply: MarketReply | None = None,
) -> int:
    """Insert what is new of (subnet row, time, facts), and keep the reply they came in; returns how many were new."""
    with transaction.atomic():
        if reply is not None:
            _keep(reply)
        times = [at for _, at, _ in rows]
        known: set[tuple[int, datetime]] = set()
        if times:
            of_then = ScreenerRow.objects.filter(source=source, observed_at__range=(min(times), max(times)))
            known = set(of_then.values_list("subnet_id", "observed_at"))
        fresh = [row for row in rows if row[:2] not in known]
        if fresh:
            ScreenerRow.objects.bulk_create(
                [
                    ScreenerRow(
                        subnet_id=subnet,
                        observed_at=at,
                        source=source,
                        **{name: getattr(market, name) for name in _COLUMNS},
                    )
                    for subnet, at, market in fresh
                ],
                ignore_conflicts=True,
                batch_size=500,
            )
            Generation.objects.bump()
    return len(fresh)


def store_prices(points: Sequence[PricePoint], reply: MarketReply | None = None) -> int:
    """Insert what is new of CoinGecko's prices, and keep the reply they came in; returns how many were new."""
    with transaction.atomic():
        if reply is not None:
            _keep(reply)
        times = [point.observed_at for point in points]
        known: set[datetime] = set()
        if times:
            of_then = TaoPrice.objects.from_source(TaoPrice.Source.COINGECKO)
            of_then = of_then.filter(observed_at__range=(min(times), max(times)))
            known = set(of_then.values_list("observed_at", flat=True))
        fresh = [point for point in points if point.observed_at not in known]
        if fresh:
            TaoPrice.objects.bulk_create(
                [
                    TaoPrice(
                        observed_at=point.observed_at,
                        source=TaoPrice.Source.COINGECKO,
                        price_usd=point.price_usd,
                        market_cap_usd=point.market_cap_usd,
                        volume_24h_usd=point.volume_24h_usd,
                    )
                    for point in fresh
                ],
                ignore_conflicts=True,
                batch_size=500,
            )
            Generation.objects.bump()
    return len(fresh)


def as_kept(source: str, question: str, reply: Reply) -> MarketReply:
    """The row that keeps a reply, not saved yet."""
    return MarketReply(source=source, question=question, received_at=reply.received_at, text=reply.text)


def _keep(reply: MarketReply) -> None:
    """A reply that is kept already is not written again; an older one replaces a newer only if that is yet to come."""
    if reply.pk is not None:
        return
    rows = MarketReply.objects.filter(source=reply.source, question=reply.question)
    outdated = Q(received_at__lt=reply.received_at) | Q(received_at__gt=clock.now() + CLOCKS_DIFFER)
    changed = rows.filter(outdated).update(received_at=reply.received_at, text=reply.text)
    if not changed and not rows.exists():
        reply.save()
