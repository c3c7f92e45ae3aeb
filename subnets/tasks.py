"""The probe as a Celery task. What spans the apps, collecting and filling in history too, is in taoanalytics.ops."""

from subnets import probe as probing
from taoanalytics.jobs.task import job_task


@job_task()
def probe() -> None:
    """The endpoints of the settings."""
    probing.probe()
