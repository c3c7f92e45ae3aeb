"""What is judged, as Celery tasks."""

from insights.explaining import making
from taoanalytics.jobs.errors import Transient
from taoanalytics.jobs.runs import AlreadyRunningError
from taoanalytics.jobs.task import SLOW, job_task

BUSY_SECONDS = 60.0


@job_task(resumable=True, **SLOW)
def generate_insights() -> None:
    """Of every living subnet whose figures have moved."""
    making.generate_insights()


@job_task()
def make_insight(subnet: int, by: int | None, asked_at: str) -> None:
    """A fresh one of a row of Subnet, for the user `by`, who asked at that time, in ISO's form.

    It waits for a run that is under way. Once there is one since it was asked for, nobody needs another: that is a
    second click, or a message that was delivered twice.
    """
    try:
        making.make_fresh(subnet=subnet, by=by, asked_at=asked_at)
    except AlreadyRunningError as busy:
        raise Transient(str(busy), retry_after=BUSY_SECONDS) from None
