"""What spans the apps, as Celery tasks. None of them can ignore a quota: that is for a person."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from celery import shared_task

from taoanalytics.jobs import runs
from taoanalytics.jobs.errors import ServiceError, Transient
from taoanalytics.jobs.report import silent
from taoanalytics.jobs.runs import AlreadyRunningError, job_run
from taoanalytics.jobs.task import SLOW, job_task, pause
from taoanalytics.lib import clock
from taoanalytics.ops import import_history as history
from taoanalytics.ops.backfill import filler
from taoanalytics.ops.collect import MODES, sources
from taoanalytics.ops.thin import thinnings

logger = logging.getLogger(__name__)


@job_task()
def collect(mode: str) -> None:
    """Every source of the mode, whatever becomes of the others. What can heal is tried again, each source by itself."""
    verbs = sources(mode)
    if list(verbs) == [mode]:
        verbs[mode](silent)
        return
    heals: dict[str, Transient] = {}
    with job_run(f"collect {mode}") as running:
        for source, verb in verbs.items():
            try:
                running.report.add(verb(silent))
            except AlreadyRunningError as busy:
                running.report.note(f"{source}: {busy}")
            except ServiceError as problem:
                running.report.fail(f"{source}: {problem}")
                if isinstance(problem, Transient) and source in MODES:
                    heals[source] = problem
    for source, passing in heals.items():
        collect.apply_async(kwargs={"mode": source}, countdown=pause(0, passing))


@job_task(resumable=True, **SLOW)
def backfill(source: str, start: str, end: str, every_hours: int = 24) -> None:
    """`source`: one of backfill.SOURCES. `start` and `end`: ISO 8601 with offset, since a message carries text."""
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    filler(source, start=first, end=last, every=timedelta(hours=every_hours))(silent)


@job_task(resumable=True, **SLOW)
def thin_history() -> None:
    for thin in thinnings(now=clock.now()).values():
        thin(silent)


@shared_task
def close_lost_runs() -> None:
    """Runs whose process is gone hold their job no longer. Not a run itself: it would be most of the logbook."""
    if closed := runs.close_lost_runs():
        logger.warning("closed %s lost runs", closed)


@job_task(resumable=True, **SLOW)
def import_history(file: str) -> None:
    """`file`: a path that the worker can read."""
    history.import_history(file=Path(file))
