"""What can be backfilled."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from insights.judge import judge_after
from markets.backfill import backfill_price, backfill_screener
from subnets.backfill import backfill_chain
from taoanalytics.jobs.report import Progress, Report
from taoanalytics.ops.simulated import collect_simulated

SOURCES = ("chain", "price", "screener")


def filler(
    source: str,
    *,
    start: datetime,
    end: datetime,
    every: timedelta,
    netuids: Sequence[int] | None = None,
    ignore_quota: bool = False,
) -> Callable[[Progress], Report]:
    """The verb that fills the history of a source, ready to be called."""

    def chain(progress: Progress) -> Report:
        try:
            report = backfill_chain(start=start, end=end, every=every, progress=progress)
        finally:
            collect_simulated()
        if report.stored:
            judge_after(start, end, progress)
        return report

    def price(progress: Progress) -> Report:
        return backfill_price(start=start, end=end, every=every, ignore_quota=ignore_quota, progress=progress)

    def screener(progress: Progress) -> Report:
        return backfill_screener(
            start=start, end=end, every=every, netuids=netuids, ignore_quota=ignore_quota, progress=progress
        )

    verbs: Mapping[str, Callable[[Progress], Report]] = {"chain": chain, "price": price, "screener": screener}
    return verbs[source]
