"""What is judged, and the logbook of who collected what when."""

from collections.abc import Iterator, Mapping

from insights.models import ScoreRow
from taoanalytics.jobs.models import JobRun
from taoanalytics.ops.exported.tables import (
    OBSERVED,
    Line,
    Selection,
    Table,
    between,
    columns,
    fetched,
    iso,
    plain,
    state_by_state,
)

_SCORE_FIELDS = {
    "version": "Which score, and which version of it.",
    "shown": "As shown: the exact sum of the parts as shown.",
    "value": "0 to 100, with all digits.",
    "level": "Of a signal: 1 to 5.",
    "coverage": "Share of the declared weight whose inputs were known.",
    "reason": "Why there is no score.",
    "rank": "Place among those scored, 1 is best.",
    "ranked": "How many were ranked.",
    "best_rank": "With the weights given some play.",
    "worst_rank": "With the weights given some play.",
}


def _scores(chosen: Selection) -> Iterator[Line]:
    return state_by_state(ScoreRow, "snapshot__network", chosen, list(_SCORE_FIELDS))


_RUN_FIELDS = ("job", "state", "started_at", "finished_at", "seen", "stored", "skipped", "failed", "error")


def _job_runs(chosen: Selection) -> Iterator[Line]:
    rows = between(JobRun.objects.order_by("started_at", "pk"), chosen, "started_at")
    for job, state, started, finished, *rest in fetched(rows, *_RUN_FIELDS):
        yield [job, state, started.isoformat(), iso(finished), *rest]


TABLES: Mapping[str, Table] = {
    "scores": Table([*OBSERVED, *columns(_SCORE_FIELDS, "judged")], _scores),
    "job_runs": Table(plain(JobRun, *_RUN_FIELDS), _job_runs, has_netuids=False),
}
