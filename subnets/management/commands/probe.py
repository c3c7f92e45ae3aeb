import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.markup import escape
from rich.table import Table

from subnets.endpoints import Probe
from subnets.probe import ENDPOINT_SECONDS, probe
from taoanalytics.jobs.console import BUSY, FAILED, console
from taoanalytics.jobs.runs import AlreadyRunningError


class Command(BaseCommand):
    help = "Ask each chain endpoint for its head and time it. Exit code 1 if none answers, 75 if busy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--endpoint", nargs="+", help="ws:// or wss:// addresses (default: those in the settings)")
        parser.add_argument(
            "--timeout",
            type=float,
            default=ENDPOINT_SECONDS,
            help=f"seconds for an endpoint (default: {ENDPOINT_SECONDS:.0f})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out, answers = console(self.stdout), list[Probe]()
        try:
            report = probe(endpoints=options["endpoint"], timeout=options["timeout"], told=answers.append)
        except AlreadyRunningError as busy:
            out.print(f"probe: {busy}")
            sys.exit(BUSY)
        out.print(_table(answers))
        for answer in answers:
            if answer.error:
                out.print(f"{answer.endpoint}: {escape(answer.error)}")
        if report.outcome == "failed":
            sys.exit(FAILED)


def _table(answers: list[Probe]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("endpoint", "connect", "latency", "block", "finality lag", "spec", "chain"):
        table.add_column(heading, justify="left" if heading in ("endpoint", "chain") else "right")
    for answer in answers:
        if answer.error:
            table.add_row(answer.endpoint, "—", "—", "—", "—", "—", "no answer")
        else:
            table.add_row(
                answer.endpoint,
                f"{answer.connect_seconds * 1000:,.0f} ms",
                f"{answer.latency_seconds * 1000:,.0f} ms",
                f"{answer.head:,}",
                f"{answer.finality_lag} blocks",
                str(answer.spec_version),
                f"{answer.genesis_hash[:14]}…",
            )
    return table
