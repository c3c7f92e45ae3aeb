"""When what is collected. Code owns the cadence: beat writes these entries over its table at every start.

Staff may pause an entry in the admin, and it stays paused. Minutes are spread, so that no two jobs begin together.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import BaseSchedule, crontab, schedule

FAST, SLOW = "fast", "slow"
TASKS = "taoanalytics.ops.tasks"
COLLECT = f"{TASKS}.collect"
_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
_LOST_RUNS_EVERY = timedelta(minutes=5)
_WORTH_RUNNING = 0.9  # of the cadence: after an outage one run makes up for all that were missed
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def beat_schedule(chain_every: timedelta) -> dict[str, dict[str, Any]]:
    """{name: entry} as Celery wants it; each message expires before the next one of its entry is due.

    What runs daily or more often than hourly has an interval, not an hour of the clock: it is made up for when beat
    comes back after that hour, where the database scheduler would leave a crontab's hour out until the next day.
    """
    return {
        "chain": _entry(COLLECT, schedule(chain_every), chain_every, {"mode": "chain"}),
        "price": _entry(COLLECT, crontab(minute="17"), _HOUR, {"mode": "price"}),
        "screener": _entry(COLLECT, crontab(minute="37"), _HOUR, {"mode": "screener"}),
        "nightly": _entry(COLLECT, schedule(_DAY), _DAY, {"mode": "nightly"}, queue=SLOW),
        "insights": _entry("insights.tasks.generate_insights", schedule(_DAY), _DAY, queue=SLOW),
        "enrichment": _entry("enrichment.tasks.enrich", schedule(_DAY), _DAY, queue=SLOW),
        "icons": _entry("enrichment.tasks.fetch_icons", schedule(_WEEK), _WEEK, queue=SLOW),
        "lost runs": _entry(f"{TASKS}.close_lost_runs", schedule(_LOST_RUNS_EVERY), _LOST_RUNS_EVERY),
    }


def _entry(
    task: str,
    when: BaseSchedule,
    cadence: timedelta,
    arguments: Mapping[str, Any] | None = None,
    *,
    queue: str = FAST,
) -> dict[str, Any]:
    return {
        "task": task,
        "schedule": when,
        "start_time": _LONG_AGO,  # a new entry is due at once, not only after its first interval
        "kwargs": dict(arguments or {}),
        # The database scheduler knows `expire_seconds`; it drops Celery's own `expires` without a word.
        "options": {"queue": queue, "expire_seconds": int(cadence.total_seconds() * _WORTH_RUNNING)},
    }
