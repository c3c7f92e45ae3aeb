"""The verbs that ask outside markets for what was true before."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from markets import coingecko, taoapp
from markets.coingecko import LONGEST_HOURLY, CoinGecko
from markets.collect import COINGECKO, TAOAPP
from markets.facts import PricePoint, PriceSeries, SubnetMarket
from markets.models import ScreenerRow, TaoPrice
from markets.scope import elsewhere
from markets.store import store_prices, store_screener_rows
from markets.tenants import PastTenants
from taoanalytics.jobs import quota
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib import clock
from taoanalytics.lib.clock import grid

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TOLERANCE = timedelta(minutes=10)
_WINDOW_BUCKETS = 30
_INTERVALS = {"1day": DAY, "1hour": HOUR, "15min": HOUR / 4, "5min": HOUR / 12}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@logged("backfill price")
def backfill_price(
    *,
    start: datetime,
    end: datetime,
    every: timedelta = DAY,
    ignore_quota: bool = False,
    progress: Progress = silent,
) -> Report:
    """TAO in US dollars near each point of the UTC grid from `start` to `end`, from CoinGecko; one item per point.

    A point with a price within ten minutes is done already, so a rerun asks nothing that is stored. Days cost one call
    in all, finer steps one per 90 days; nothing is finer than an hour. Without a paid plan history reaches back 365
    days; earlier points are skipped and said. Raises Transient or Permanent if CoinGecko or the quota refuses.
    """
    if reason := coingecko.missing() or elsewhere(claim=True):
        return Report(notes=[reason])
    client = coingecko.coingecko(lambda: quota.reserve(COINGECKO, ignore_quota=ignore_quota))
    report = Report()
    if every < HOUR:
        report.note("CoinGecko's history is hourly at its finest")
        every = HOUR
    points = list(grid(start, min(end, clock.now()), every))
    report.seen = len(points)
    missing = _unpriced(points)
    report.skipped = len(points) - len(missing)
    if client.oldest is not None:
        beyond = [point for point in missing if point < clock.now() - client.oldest]
        if beyond:
            report.note(f"{len(beyond):,} points lie more than {client.oldest.days} days back, beyond the plan")
            report.skipped += len(beyond)
            missing = missing[len(beyond) :]
    done = report.skipped
    for part, series in _charts(client, missing, every):
        for problem in series.problems:
            report.note(f"unreadable point: {problem}")
        report.stored += store_prices(_nearest(part, series.points))
        done += len(part)
        progress(done, len(points), f"{part[-1]:%Y-%m-%d %H:%M}")
    untold = report.seen - report.skipped - report.stored
    if untold:
        report.note(f"{untold:,} points have no price at CoinGecko within {TOLERANCE.seconds // 60} minutes")
        report.skipped += untold
    return report


def _unpriced(points: Sequence[datetime]) -> list[datetime]:
    if not points:
        return []
    near = (points[0] - TOLERANCE, points[-1] + TOLERANCE)
    known = TaoPrice.objects.from_source(TaoPrice.Source.COINGECKO).filter(observed_at__range=near)
    times = sorted(known.values_list("observed_at", flat=True))
    return [point for point in points if _closest(point, times) is None]


def _charts(
    client: CoinGecko, missing: Sequence[datetime], every: timedelta
) -> Iterator[tuple[Sequence[datetime], PriceSeries]]:
    """(points, the chart that covers them), a call each."""
    if missing and every % DAY == timedelta():
        yield missing, client.daily(missing[0])
        return
    while missing:
        part = [point for point in missing if point - missing[0] <= LONGEST_HOURLY - DAY]
        yield part, client.hourly(part[0] - TOLERANCE, part[-1] + TOLERANCE)
        missing = missing[len(part) :]


def _nearest(points: Sequence[datetime], prices: Sequence[PricePoint]) -> list[PricePoint]:
    """Of the prices those that stand for a point; a chart's last one, the moment of asking, mostly does not."""
    by_time = {price.observed_at: price for price in prices}
    times = sorted(by_time)
    found = {_closest(point, times) for point in points}
    return [by_time[at] for at in times if at in found]


def _closest(point: datetime, times: Sequence[datetime]) -> datetime | None:
    """The one of the sorted `times` that is nearest to `point`, if it is within TOLERANCE."""
    position = bisect_left(times, point)
    near = [at for at in times[max(0, position - 1) : position + 1] if abs(at - point) <= TOLERANCE]
    return min(near, key=lambda at: abs(at - point), default=None)


@logged("backfill screener")
def backfill_screener(
    *,
    start: datetime,
    end: datetime,
    every: timedelta = DAY,
    netuids: Collection[int] | None = None,
    ignore_quota: bool = False,
    progress: Progress = silent,
) -> Report:
    """Price and reserves of every subnet for each `every` that has ended, from TAO.app; one item per row.

    TAO.app's other figures have no past. A row belongs to the tenant registered last at its time. Thirty points at a
    time, a transaction and one call per 1,000 rows each; a window of which every row is stored is not asked for again.
    Raises Transient or Permanent if TAO.app or the quota refuses; what was stored before stays.
    """
    if reason := taoapp.missing() or elsewhere(claim=True):
        return Report(notes=[reason])
    client = taoapp.taoapp(lambda: quota.reserve(TAOAPP, ignore_quota=ignore_quota))
    interval = next((name for name, length in _INTERVALS.items() if length <= every), "5min")
    length = _INTERVALS[interval]
    points = list(grid(start, min(end, clock.now() - length), max(every, length)))
    tenants = PastTenants(start, end)
    wanted = sorted(n for n in tenants.netuids if n and (netuids is None or n in netuids))
    report = Report()
    if not wanted:
        report.note("nothing is asked: who holds which netuid is unknown until the chain was collected")
        points = []
    for first in range(0, len(points), _WINDOW_BUCKETS):
        window = points[first : first + _WINDOW_BUCKETS]
        expected = {(pk, at) for at in window for n in wanted if (pk := tenants.at(n, at)) is not None}
        if expected <= _stored(window, length):
            report.seen += len(expected)
            report.skipped += len(expected)
        else:
            found: list[SubnetMarket] = []
            for page in client.history(window[0], window[-1] + length, interval, wanted):
                found += page.rows
                report.seen += len(page.problems)
                for problem in page.problems:
                    report.fail(problem)
            report.add(_store_past(found, window, length, tenants))
        progress(first + len(window), len(points), f"{window[-1]:%Y-%m-%d %H:%M}")
    return report


def _stored(window: Sequence[datetime], length: timedelta) -> set[tuple[int, datetime]]:
    """(subnet row, beginning of the interval) of all that is stored already."""
    rows = ScreenerRow.objects.filter(
        source=ScreenerRow.Source.HISTORY, observed_at__range=(window[0], window[-1] + length)
    )
    return {(pk, _beginning(at, length)) for pk, at in rows.values_list("subnet_id", "observed_at")}


def _store_past(
    found: Sequence[SubnetMarket], window: Sequence[datetime], length: timedelta, tenants: PastTenants
) -> Report:
    asked = set(window)
    rows: dict[tuple[int, datetime], tuple[int, datetime, SubnetMarket]] = {}
    unknown: set[int] = set()
    report = Report()
    for market in found:
        at = market.observed_at
        if at is None or _beginning(at, length) not in asked:
            continue
        report.seen += 1
        tenant = tenants.at(market.netuid, at)
        if tenant is None:
            unknown.add(market.netuid)
        else:
            rows.setdefault((tenant, at), (tenant, at, market))
    report.stored = store_screener_rows(list(rows.values()), ScreenerRow.Source.HISTORY)
    report.skipped = report.seen - report.stored
    if unknown:
        report.note(f"skipped, as nobody is known to have held them then: {', '.join(map(str, sorted(unknown)))}")
    return report


def _beginning(at: datetime, length: timedelta) -> datetime:
    return at - (at - _EPOCH) % length
