"""How commands talk: where they write to, how far they are, and a closing table. Verbs never print; this does."""

import sys
from collections.abc import Callable, Mapping
from typing import IO

from django.conf import settings
from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from taoanalytics.jobs.errors import DATABASE_AWAY, ServiceError
from taoanalytics.jobs.report import Progress as Told
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import AlreadyRunningError
from taoanalytics.lib.redaction import redacted

BUSY = 75  # the exit code that asks a scheduler to try again later
PROBLEMS_SHOWN = 10


UNBOUND_WIDTH = 160  # columns where the output is no terminal: a log wants whole words


def console(stdout: OutputWrapper) -> Console:
    file: IO[str] = getattr(stdout, "_out", sys.stdout)  # rich writes by itself; Django's wrapper adds line ends
    return Console(file=file, highlight=False, soft_wrap=True, width=None if file.isatty() else UNBOUND_WIDTH)


def database_name() -> str:
    """Host and name of the database that will be written to; never the password."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return f"SQLite file {database['NAME']}"
    return f"{database['ENGINE'].rpartition('.')[2]} {database['HOST'] or 'local socket'}/{database['NAME']}"


def run_verb(stdout: OutputWrapper, title: str, verb: Callable[[Told], Report]) -> None:
    """Run one verb with a progress bar; see `run_verbs`."""
    run_verbs(stdout, {title: verb})


def run_verbs(stdout: OutputWrapper, verbs: Mapping[str, Callable[[Told], Report]]) -> None:
    """Run each verb, whatever becomes of the others, and close with a table of what they did.

    Ends the process with 1 if anything failed, with BUSY if all that kept it from succeeding is another process.
    """
    out = console(stdout)
    out.print(f"Writing to {escape(database_name())}")
    reports: dict[str, Report] = {}
    errors: dict[str, str] = {}
    busy: dict[str, str] = {}
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=out,
        transient=True,
    ) as progress:
        for title, verb in verbs.items():
            task = progress.add_task(escape(title), total=None)

            def told(done: int, total: int, what: str, task: object = task, title: str = title) -> None:
                progress.update(task, completed=done, total=total, description=escape(f"{title}: {what}"))  # type: ignore[arg-type]

            try:
                reports[title] = verb(told)
            except AlreadyRunningError as problem:
                busy[title] = str(problem)
            except ServiceError as problem:
                errors[title] = str(problem)
            except DATABASE_AWAY as problem:
                errors[title] = f"the database failed: {_first_line(problem)} What was stored stays; run it again."
            except KeyboardInterrupt:
                progress.stop()
                out.print(f"{escape(title)}: stopped. What was stored stays; run it again to go on.")
                sys.exit(130)
            progress.update(task, visible=False)
    _print_closing(out, reports, errors | busy)
    _leave(reports, errors, busy)


def _first_line(problem: Exception) -> str:
    return redacted(str(problem).strip().partition("\n")[0] or type(problem).__name__).rstrip(".") + "."


def _print_closing(out: Console, reports: Mapping[str, Report], errors: Mapping[str, str]) -> None:
    if reports:
        table = Table(box=None, pad_edge=False)
        for heading in ("", "seen", "stored", "skipped", "failed", "outcome"):
            table.add_column(heading, justify="left" if heading in ("", "outcome") else "right")
        for title, report in reports.items():
            counts = (report.seen, report.stored, report.skipped, report.failed)
            table.add_row(escape(title), *(f"{count:,}" for count in counts), report.outcome)
        out.print(table)
    for title, report in reports.items():
        for note in report.notes:
            out.print(f"  {escape(title)}: {escape(note)}")
        for problem in report.problems[:PROBLEMS_SHOWN]:
            out.print(f"  {escape(title)} failed: {escape(problem)}")
        if report.failed > PROBLEMS_SHOWN:
            out.print(f"  … {report.failed - PROBLEMS_SHOWN:,} more failed")
    for title, error in errors.items():
        out.print(f"{escape(title)}: {escape(error)}")


def _leave(reports: Mapping[str, Report], errors: Mapping[str, str], busy: Mapping[str, str]) -> None:
    if errors or any(report.failed for report in reports.values()):
        sys.exit(1)
    if busy:
        sys.exit(BUSY)
