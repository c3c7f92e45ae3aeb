"""How commands talk: where they write to, how far they are, and a closing table. Verbs never print; this does."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from django.conf import settings
from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from taoanalytics.jobs.errors import DATABASE_AWAY, ServiceError
from taoanalytics.jobs.report import Progress as Told
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import AlreadyRunningError
from taoanalytics.lib.redaction import redacted

FAILED, BUSY, STOPPED = 1, 75, 130
"""Exit codes; 75 asks a scheduler to try again later, 130 is what a shell says of Ctrl-C."""

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


@dataclass(frozen=True, slots=True)
class _Endings:
    """{title: how it ended} of each verb: with a report, with an error in words, or kept out by another process."""

    reports: dict[str, Report] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    busy: dict[str, str] = field(default_factory=dict)

    def run(self, title: str, verb: Callable[[Told], Report], told: Told) -> None:
        try:
            self.reports[title] = verb(told)
        except AlreadyRunningError as problem:
            self.busy[title] = str(problem)
        except ServiceError as problem:
            self.errors[title] = str(problem)
        except DATABASE_AWAY as problem:
            self.errors[title] = f"the database failed: {_first_line(problem)} What was stored stays; run it again."

    @property
    def exit_code(self) -> int:
        if self.errors or any(report.failed for report in self.reports.values()):
            return FAILED
        return BUSY if self.busy else 0


def run_verbs(stdout: OutputWrapper, verbs: Mapping[str, Callable[[Told], Report]]) -> None:
    """Run each verb, whatever becomes of the others, and close with a table of what they did.

    Ends the process with FAILED if anything failed, with BUSY if all that kept it from succeeding is another process.
    """
    out, endings = console(stdout), _Endings()
    out.print(f"Writing to {escape(database_name())}")
    with _bars(out) as progress:
        for title, verb in verbs.items():
            task = progress.add_task(escape(title), total=None)
            try:
                endings.run(title, verb, _teller(progress, task, title))
            except KeyboardInterrupt:
                progress.stop()
                out.print(f"{escape(title)}: stopped. What was stored stays; run it again to go on.")
                sys.exit(STOPPED)
            progress.update(task, visible=False)
    _print_closing(out, endings)
    if endings.exit_code:
        sys.exit(endings.exit_code)


def _bars(out: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=out, transient=True)


def _teller(progress: Progress, task: TaskID, title: str) -> Told:
    def told(done: int, total: int, what: str) -> None:
        progress.update(task, completed=done, total=total, description=escape(f"{title}: {what}"))

    return told


def _first_line(problem: Exception) -> str:
    return redacted(str(problem).strip().partition("\n")[0] or type(problem).__name__).rstrip(".") + "."


def _print_closing(out: Console, endings: _Endings) -> None:
    reports = endings.reports
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
    for title, error in (endings.errors | endings.busy).items():
        out.print(f"{escape(title)}: {escape(error)}")
