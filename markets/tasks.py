"""The markets' verbs as Celery tasks. None of them can ignore a quota: that is for a person."""

from datetime import datetime, timedelta

from markets import backfill, collect
from taoanalytics.jobs.task import SLOW, job_task


@job_task()
def collect_screener() -> None:
    collect.collect_screener()


@job_task()
def collect_price() -> None:
    collect.collect_price()


@job_task(resumable=True, **SLOW)
def backfill_price(start: str, end: str, every_hours: int = 24) -> None:
    """`start` and `end`: ISO 8601 with offset, since a message carries text."""
    backfill.backfill_price(
        start=datetime.fromisoformat(start), end=datetime.fromisoformat(end), every=timedelta(hours=every_hours)
    )


@job_task(resumable=True, **SLOW)
def backfill_screener(start: str, end: str, every_hours: int = 24) -> None:
    """As `backfill_price`."""
    backfill.backfill_screener(
        start=datetime.fromisoformat(start), end=datetime.fromisoformat(end), every=timedelta(hours=every_hours)
    )
