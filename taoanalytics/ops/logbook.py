"""The logbook read: how each job fares, from its newest runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from taoanalytics.jobs.models import JobRun

RUNS_READ = 500
SLOW_FACTOR, SLOW_AT_LEAST = 3, timedelta(seconds=60)
RUNS_THAT_MAKE_A_HABIT = 5
_BAD = {JobRun.State.FAILED, JobRun.State.LOST}


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job by its newest runs, newest first; never empty."""

    job: str
    runs: Sequence[JobRun]

    @property
    def last(self) -> JobRun:
        return self.runs[0]

    @property
    def last_finished(self) -> JobRun | None:
        return next((run for run in self.runs if run.finished_at), None)

    @property
    def bad(self) -> int:
        return sum(run.state in _BAD for run in self.runs)

    @property
    def usual(self) -> timedelta | None:
        """The median duration of the runs that came to an end by themselves."""
        durations = [run.duration for run in self.runs if run.duration and run.state not in _BAD]
        return timedelta(seconds=median(d.total_seconds() for d in durations)) if durations else None

    @property
    def trouble(self) -> bool:
        """Whether the last run that has ended did less than it should."""
        last = self.last_finished
        return last is not None and last.state in _BAD | {JobRun.State.PARTIAL}

    @property
    def complaint(self) -> str:
        """Why somebody should look at it, or nothing."""
        finished = [run for run in self.runs if run.finished_at]
        failing = next((n for n, run in enumerate(finished) if run.state not in _BAD), len(finished))
        if failing:
            return "the last run failed" if failing == 1 else f"the last {failing} runs failed"
        if finished and finished[0].state == JobRun.State.PARTIAL:
            return "the last run was partial"
        usual = self.usual
        if (
            usual
            and len(finished) >= RUNS_THAT_MAKE_A_HABIT
            and self.last.duration
            and self.last.duration > max(usual * SLOW_FACTOR, SLOW_AT_LEAST)
        ):
            return "the last run took far longer than usual"
        return ""


def records() -> list[JobRecord]:
    """Each job that occurs among the newest RUNS_READ runs, by name. One query, bounded."""
    by_job: dict[str, list[JobRun]] = {}
    for run in JobRun.objects.order_by("-pk")[:RUNS_READ]:
        by_job.setdefault(run.job, []).append(run)
    return [JobRecord(job, by_job[job]) for job in sorted(by_job)]
