"""What is judged, as Celery tasks."""

from insights.explaining import making
from taoanalytics.jobs.task import SLOW, job_task


@job_task(resumable=True, **SLOW)
def generate_insights() -> None:
    """Of every living subnet whose figures have moved."""
    making.generate_insights()
