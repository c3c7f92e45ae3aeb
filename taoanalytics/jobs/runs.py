"""`job_run`: lock, history and heartbeat of a job in one row."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q

from taoanalytics.jobs.models import LOST_AFTER, JobRun
from taoanalytics.jobs.report import Report
from taoanalytics.lib import clock
from taoanalytics.lib.processes import is_alive
from taoanalytics.lib.redaction import redacted

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15


class AlreadyRunningError(Exception):
    """Another process holds the job."""

    def __init__(self, run: JobRun | None) -> None:
        where = f" (process {run.pid} on {run.host}, since {run.started_at:%H:%M:%S} UTC)" if run else ""
        super().__init__(f"already running{where}")


@dataclass(slots=True)
class Running:
    """Handed to the body of `job_run`, which leaves its report here."""

    run_id: int
    report: Report = field(default_factory=Report)


@contextmanager
def job_run(job: str) -> Iterator[Running]:
    """Hold `job` for the length of the block and write down how it went.

    Raises AlreadyRunningError if another process holds it. A holder whose process on this host is gone, or whose
    heart has not beaten for LOST_AFTER, is closed as lost first.
    """
    close_lost_runs(job)
    try:
        with transaction.atomic():
            run = JobRun.objects.create(job=job, host=socket.gethostname(), pid=os.getpid())
    except IntegrityError:
        raise AlreadyRunningError(JobRun.objects.running().filter(job=job).first()) from None
    running = Running(run.pk)
    stop = threading.Event()
    heart = threading.Thread(target=_beat, args=(run.pk, stop), name=f"heartbeat {job}", daemon=True)
    heart.start()
    state, error = JobRun.State.FAILED, ""
    try:
        yield running
        state = JobRun.State(running.report.outcome)
    except KeyboardInterrupt:
        state, error = JobRun.State.INTERRUPTED, "stopped by hand"
        raise
    except SystemExit:
        state, error = JobRun.State.INTERRUPTED, "stopped with its worker"
        raise
    except BaseException as problem:
        error = f"{type(problem).__name__}: {problem}"
        raise
    finally:
        stop.set()
        heart.join(timeout=5)
        _close(run.pk, state, running.report, error)


def close_lost_runs(job: str | None = None) -> int:
    """Close unfinished runs whose process is gone; returns how many there were."""
    unfinished = JobRun.objects.running()
    if job is not None:
        unfinished = unfinished.filter(job=job)
    silent = Q(heartbeat_at__lt=clock.now() - LOST_AFTER)
    gone = Q(pk__in=[run.pk for run in unfinished.filter(host=socket.gethostname()) if not is_alive(run.pid)])
    return unfinished.filter(silent | gone).update(
        state=JobRun.State.LOST, finished_at=clock.now(), error="its process is gone"
    )


def _beat(run_id: int, stop: threading.Event) -> None:
    """Runs in a thread of its own, on a database connection of its own."""
    while not stop.wait(HEARTBEAT_SECONDS):
        try:
            JobRun.objects.filter(pk=run_id).update(heartbeat_at=clock.now())
        except DatabaseError as problem:  # a heart that stops at a locked database would lose a run that lives
            logger.warning("heartbeat of run %s missed: %s", run_id, type(problem).__name__)
        finally:
            connection.close()


def _close(run_id: int, state: JobRun.State, report: Report, error: str) -> None:
    JobRun.objects.filter(pk=run_id, finished_at__isnull=True).update(
        state=state,
        finished_at=clock.now(),
        seen=report.seen,
        stored=report.stored,
        skipped=report.skipped,
        failed=report.failed,
        notes=redacted.structure(report.notes),
        problems=redacted.structure(report.problems),
        error=redacted(error)[:2000],
    )


P = ParamSpec("P")


def logged(job: str) -> Callable[[Callable[P, Report]], Callable[P, Report]]:
    """For verbs: each call is a `job_run` of that name. A dry run writes nothing, so it is not logged either."""

    def decorate(verb: Callable[P, Report]) -> Callable[P, Report]:
        @wraps(verb)
        def run(*args: P.args, **kwargs: P.kwargs) -> Report:
            if kwargs.get("dry_run"):
                return verb(*args, **kwargs)
            with job_run(job) as running:
                running.report = verb(*args, **kwargs)
            return running.report

        return run

    return decorate
