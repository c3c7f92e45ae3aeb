"""The verbs that ask outside markets for what is true now."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings

from markets import coingecko, taoapp
from markets.facts import SubnetMarket
from markets.models import MarketReply, ScreenerRow
from markets.scope import elsewhere
from markets.store import as_kept, store_prices, store_screener_rows
from markets.tenants import former_owners, living_tenants
from taoanalytics.jobs import quota
from taoanalytics.jobs.errors import ServiceError
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import logged
from taoanalytics.lib.http import Reply, parse_json

TAOAPP, COINGECKO = "taoapp", "coingecko"
Facts = TypeVar("Facts")


@logged("collect screener")
def collect_screener(
    *,
    netuids: Collection[int] | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    ignore_quota: bool = False,
) -> Report:
    """What TAO.app says of every subnet, or only of some; one item per row of its reply, root left out.

    A row belongs to the tenant that the chain listed then; netuids it does not list are
    skipped. The reply is kept as received, and reused while it is fresh. Without a key, or off the mainnet, nothing is
    asked. A dry run stores nothing, but a call that it makes is counted.
    Raises Transient or Permanent if there is no usable reply or no quota.
    """
    if reason := taoapp.missing() or elsewhere(claim=not dry_run):
        return Report(notes=[reason])
    client = taoapp.taoapp(lambda: quota.reserve(TAOAPP, ignore_quota=ignore_quota))
    report = Report()
    reply, table = _reply(
        TAOAPP,
        taoapp.SCREENER,
        client.screener,
        lambda value, _: taoapp.read_screener(value),
        report,
        count=not dry_run,
    )
    chosen = [row for row in table.rows if _is_wanted(row.netuid, netuids, limit)]
    report.seen = len(chosen) + len(table.problems)
    for problem in table.problems:
        report.fail(problem)
    rows = _of_tenants(chosen, reply.received_at, report)
    if not dry_run:
        report.stored = store_screener_rows(rows, ScreenerRow.Source.SCREENER, reply)
    report.skipped = len(chosen) - report.stored
    return report


@logged("collect price")
def collect_price(*, dry_run: bool = False, ignore_quota: bool = False) -> Report:
    """The price of TAO in US dollars with market cap and volume, from CoinGecko; one item.

    A price that CoinGecko has not renewed since is skipped. Reuse, dry runs, quota and errors: as `collect_screener`.
    """
    if reason := coingecko.missing() or elsewhere(claim=not dry_run):
        return Report(notes=[reason])
    client = coingecko.coingecko(lambda: quota.reserve(COINGECKO, ignore_quota=ignore_quota))
    report = Report(seen=1)
    reply, point = _reply(COINGECKO, coingecko.PRICE, client.price, coingecko.read_price, report, count=not dry_run)
    if not dry_run:
        report.stored = store_prices([point], reply)
    report.skipped = 1 - report.stored
    report.note(f"${point.price_usd:,.2f} at {point.observed_at:%Y-%m-%d %H:%M:%S} UTC")
    return report


def _reply(
    source: str,
    question: str,
    ask: Callable[[], Reply],
    read: Callable[[object, datetime], Facts],
    report: Report,
    *,
    count: bool,
) -> tuple[MarketReply, Facts]:
    """The reply and what it says: the kept one while it is fresh, else a new one, not saved yet."""
    kept = MarketReply.objects.fresh(source, question, quota.reusable_since(settings.MARKETS_REUSE_SECONDS))
    facts = None if kept is None else _reread(kept, read)
    if kept is not None and facts is not None:
        report.note(f"reused the reply of {kept.received_at:%H:%M:%S} UTC; nothing was asked")
        if count:
            quota.count_reuse(source)
        return kept, facts
    reply = ask()
    facts = read(reply.value, reply.received_at)
    return as_kept(source, question, reply), facts


def _reread(kept: MarketReply, read: Callable[[object, datetime], Facts]) -> Facts | None:
    """What a kept reply says; None where this release reads it no longer."""
    try:
        return read(parse_json(kept.text), kept.received_at)
    except (ServiceError, ValueError):
        return None


def _is_wanted(netuid: int, netuids: Collection[int] | None, limit: int | None) -> bool:
    if netuids is not None:
        return netuid in netuids
    return limit is None or netuid < limit


def _of_tenants(rows: Sequence[SubnetMarket], at: datetime, report: Report) -> list[tuple[int, datetime, SubnetMarket]]:
    """(subnet row, time, facts) of those whose netuid has a tenant; the others are told in notes."""
    living, nearest = living_tenants(at)
    if nearest is None:
        report.note("no row is stored: who holds which netuid is unknown until the chain was collected")
        return []
    if at - nearest.observed_at > timedelta(days=1):
        report.note(f"netuids are told by the chain as of {nearest.observed_at:%Y-%m-%d}, the nearest that is stored")
    unlisted = sorted(row.netuid for row in rows if row.netuid not in living)
    if unlisted:
        report.note(f"skipped, as the chain does not list them: {', '.join(map(str, unlisted))}")
    former = former_owners([row.netuid for row in rows], living.values())
    found = []
    for row in rows:
        tenant = living.get(row.netuid)
        if tenant is None:
            continue
        owner = tenant.identity.owner_coldkey if tenant.identity else ""
        if row.owner_coldkey and row.owner_coldkey != owner and row.owner_coldkey in former.get(row.netuid, ()):
            report.note(f"skipped subnet {row.netuid}: TAO.app still tells of the tenant before")
            continue
        found.append((tenant.pk, at, row))
    return found
