"""The product's settings with a schedule at seconds' pace, for tests that watch real processes."""

from datetime import timedelta

from celery.schedules import schedule

from taoanalytics.settings import *  # noqa: F403
from taoanalytics.settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_BEAT_SCHEDULE = {
    name: CELERY_BEAT_SCHEDULE[name] | {"schedule": schedule(timedelta(seconds=seconds))}
    for name, seconds in (("chain", 1), ("nightly", 4))
}
