"""/status/ as files."""

from collections.abc import Sequence

from insights.exports import Column, Table
from taoanalytics.ops.exported.tables import iso
from taoanalytics.ops.freshness import Freshness
from taoanalytics.ops.logbook import JobRecord


def freshness_table(sources: Sequence[Freshness]) -> Table:
    """One line per source."""
    return Table(
        [
            Column("source", "source", "Which source"),
            Column("about", "about", "What it tells"),
            Column("state", "state", "fresh, stale, nothing yet, or not used"),
            Column("newest_at", "newest at, UTC", "When the newest of it was true"),
            Column("why", "why", "Why it is not younger, empty for what is fresh"),
            Column("job", "job", "Name of its runs in the logbook"),
        ],
        (
            [each.source.label, each.source.about, str(each.state), iso(each.newest_at), each.why, each.source.job]
            for each in sources
        ),
    )


def runs_table(records: Sequence[JobRecord]) -> Table:
    """The last run of each job."""
    return Table(
        [
            Column("job", "job", "Which job"),
            Column("started_at", "started at, UTC", "When its last run began"),
            Column("finished_at", "finished at, UTC", "When it ended, empty while it runs"),
            Column("state", "state", "How it ended"),
            Column("seen", "seen", "How much it looked at"),
            Column("stored", "stored", "How much of it was stored"),
            Column("skipped", "known", "How much was known already"),
            Column("failed", "failed", "How much failed"),
        ],
        (
            [
                each.job,
                each.last.started_at.isoformat(),
                iso(each.last.finished_at),
                each.last.state,
                each.last.seen,
                each.last.stored,
                each.last.skipped,
                each.last.failed,
            ]
            for each in records
        ),
    )
