"""The jobs that staff start by hand, and the queue that they go into."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from taoanalytics.jobs.queue import QueueAwayError, depths, send, workers
from taoanalytics.ops import tasks
from taoanalytics.ops.collect import MODES

__all__ = ["Job", "QueueAwayError", "depths", "jobs", "start", "workers"]


@dataclass(frozen=True, slots=True)
class Job:
    """What staff may start, and the command that does the same without a queue."""

    key: str
    label: str
    task: Any
    command: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def jobs() -> dict[str, Job]:
    """{key: job}, in the order of the buttons."""
    collecting = [
        Job(mode, f"Collect {mode}", tasks.collect, f"python manage.py collect {mode}", {"mode": mode})
        for mode in MODES
    ]
    thinning = Job("thin", "Thin old history", tasks.thin_history, "python manage.py thin --yes")
    return {job.key: job for job in (*collecting, thinning)}


def start(job: Job) -> None:
    """Put the job into its queue. Raises QueueAwayError within about a second."""
    send(job.task, job.arguments)
