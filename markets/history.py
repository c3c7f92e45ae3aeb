"""The verb that takes in recorded daily candles of TAO in US dollars."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from markets.models import TaoPrice
from subnets.history import refuse_other_chains
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.lib import clock

COLUMNS = ("open_time", "open", "high", "low", "close", "volume", "close_time", "quote_asset_volume")
_CLOSE, _CLOSE_TIME, _QUOTE_VOLUME = (COLUMNS.index(name) for name in ("close", "close_time", "quote_asset_volume"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SOURCE = TaoPrice.Source.IMPORT


def import_tao_candles(
    *, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], progress: Progress = silent
) -> Report:
    """Store the close of each daily TAO/USDT candle, the tether taken as a dollar: one item per row.

    A row is (line number, cells); cells are told by position, COLUMNS being the first, since exports of candles repeat
    names. `close` is in dollars, `close_time` in milliseconds since 1970, `quote_asset_volume` the day's volume in
    dollars (empty = unknown). A row that cannot be read, is not closed yet or contradicts an earlier line is reported
    by its line and not stored. What is stored already stays as it is.
    Raises Permanent for another header, and if the database belongs to another chain than the Bittensor mainnet.
    """
    misplaced = [name for name, found in zip(COLUMNS, [*header, *COLUMNS], strict=False) if name != found]
    if misplaced or len(header) < len(COLUMNS):
        raise Permanent(
            f"the candles' header must begin with {', '.join(COLUMNS)}; it differs at {', '.join(misplaced)}"
        )
    report = Report()
    candles = _read(header, rows, report)
    if not candles:
        return report
    refuse_other_chains()
    with transaction.atomic():
        of_that_time = TaoPrice.objects.from_source(_SOURCE).filter(observed_at__range=(min(candles), max(candles)))
        known = set(of_that_time.values_list("observed_at", flat=True))
        fresh = [price for at, (_, price) in candles.items() if at not in known]
        if fresh:
            TaoPrice.objects.bulk_create(fresh, ignore_conflicts=True)
            Generation.objects.bump()
    report.stored += len(fresh)
    report.skipped += len(candles) - len(fresh)
    progress(len(candles), len(candles), f"{max(candles):%Y-%m-%d}")
    return report


def _read(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], report: Report
) -> dict[datetime, tuple[int, TaoPrice]]:
    """{time of close: (line, price)}. Counts what was seen, and in `report` what is refused or said twice."""
    candles: dict[datetime, tuple[int, TaoPrice]] = {}
    for line, cells in rows:
        report.seen += 1
        try:
            if len(cells) != len(header):
                raise ValueError(f"{len(cells)} cells under {len(header)} column names")
            price = _price(cells)
            first_line, first = candles.setdefault(price.observed_at, (line, price))
            if (first.price_usd, first.volume_24h_usd) != (price.price_usd, price.volume_24h_usd):
                raise ValueError(f"says otherwise than line {first_line:,} of the same close_time")
            report.skipped += first_line != line
        except ValueError as problem:
            report.fail(f"line {line:,}: {problem}")
    return candles


def _price(cells: Sequence[str]) -> TaoPrice:
    price_usd = _dollars(cells, _CLOSE)
    if not price_usd:
        raise ValueError("close is empty or zero")
    return TaoPrice(
        observed_at=_closed_at(cells[_CLOSE_TIME]),
        source=_SOURCE,
        price_usd=price_usd,
        volume_24h_usd=_dollars(cells, _QUOTE_VOLUME),
    )


def _dollars(cells: Sequence[str], position: int) -> float | None:
    cell = cells[position].strip()
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{COLUMNS[position]} is {cell!r:.40}, which is not an amount")
    return value


def _closed_at(cell: str) -> datetime:
    try:
        closed_at = _EPOCH + timedelta(milliseconds=int(cell))
    except (ValueError, OverflowError):
        raise ValueError(f"close_time is {cell!r:.40}, which is not a time in milliseconds") from None
    if closed_at > clock.now():
        raise ValueError(f"the candle closes at {closed_at:%Y-%m-%d %H:%M} UTC, which is yet to come")
    return closed_at
