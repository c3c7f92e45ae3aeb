"""How every verb behaves as a Celery task."""

import logging
import random
from collections.abc import Callable
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from taoanalytics.jobs.errors import DATABASE_AWAY, Transient
from taoanalytics.jobs.models import LOST_AFTER
from taoanalytics.jobs.runs import AlreadyRunningError

logger = logging.getLogger(__name__)

RETRIES = 4
FIRST_RETRY_SECONDS = 30
LOST_SECONDS = LOST_AFTER.total_seconds() + 5  # until a run whose heart has stopped holds its job no longer
CONTINUATIONS = 100  # of a resumable task, each as long as its limit
SLOW = {"soft_time_limit": settings.SLOW_TASK_SECONDS, "time_limit": settings.SLOW_TASK_SECONDS + 60}


def job_task(*, resumable: bool = False, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """`shared_task` that tries again only what can heal, waits as told or longer each time, and steps back if busy.

    A `resumable` task that reaches its time limit goes on in a new message, since a rerun does only what is left.
    `options` go to Celery: SLOW, for one. The queue is chosen by CELERY_TASK_ROUTES. The result is in the JobRun only.
    """

    def decorate(work: Callable[..., None]) -> Any:
        def run(self: Any, **kwargs: Any) -> None:
            try:
                work(**kwargs)
            except AlreadyRunningError as busy:
                logger.info("%s: %s", self.name, busy)
                if _redelivered(self):  # the run in the way may be our own lost one, whose heart has yet to stop
                    raise self.retry(exc=busy, countdown=LOST_SECONDS) from None
            except Transient as problem:
                raise self.retry(exc=problem, countdown=pause(self.request.retries, problem)) from None
            except DATABASE_AWAY as outage:
                # Its run could not be closed either: by the next try it has to have been given up as lost.
                passing = Transient(f"the database is away: {type(outage).__name__}", retry_after=LOST_SECONDS)
                raise self.retry(exc=passing, countdown=pause(self.request.retries, passing)) from None
            except SoftTimeLimitExceeded as reached:
                if not resumable:
                    raise
                logger.info("%s: goes on in a new message after its time limit", self.name)
                raise self.retry(exc=reached, countdown=1, max_retries=CONTINUATIONS) from None

        run.__name__, run.__doc__, run.__module__ = work.__name__, work.__doc__, work.__module__
        name = f"{work.__module__}.{work.__name__}"
        registered: Callable[..., Any] = shared_task(bind=True, name=name, max_retries=RETRIES, **options)
        return registered(run)

    return decorate


def pause(retries: int, problem: Transient) -> float:
    """Seconds until the next try: twice as long each time or as asked for, a little apart from everyone else's."""
    backoff: float = FIRST_RETRY_SECONDS * 2**retries
    wait = max(backoff, problem.retry_after or 0) * random.uniform(1, 1.25)
    return min(wait, float(settings.LONGEST_RETRY_SECONDS))


def _redelivered(task: Any) -> bool:
    return bool((task.request.delivery_info or {}).get("redelivered"))
