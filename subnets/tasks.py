"""The chain's verbs as Celery tasks."""

from datetime import datetime, timedelta

from subnets import backfill, collect
from subnets import probe as probing
from taoanalytics.jobs.task import SLOW, job_task


@job_task()
def collect_chain() -> None:
    collect.collect_chain()


@job_task()
def collect_hyperparameters() -> None:
    collect.collect_hyperparameters()


@job_task(resumable=True, **SLOW)
def backfill_chain(start: str, end: str, every_hours: int = 24) -> None:
    """`start` and `end`: ISO 8601 with offset, since a message carries text."""
    backfill.backfill_chain(
        start=datetime.fromisoformat(start), end=datetime.fromisoformat(end), every=timedelta(hours=every_hours)
    )


@job_task()
def probe() -> None:
    """The endpoints of the settings."""
    probing.probe()
