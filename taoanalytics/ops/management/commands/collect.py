from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from taoanalytics.jobs.console import run_verbs
from taoanalytics.ops.collect import MODES, sources


class Command(BaseCommand):
    help = "Collect the network as it is now. Exit code 1 if a source failed (the others are stored), 75 if busy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mode", choices=MODES)
        parser.add_argument("--netuid", type=int, nargs="+", help="only these subnets")
        parser.add_argument("--limit", type=int, help="only the netuids below this number")
        parser.add_argument("--dry-run", action="store_true", help="read, count, store nothing")
        parser.add_argument("--ignore-quota", action="store_true", help="ask even when the calls of a source are spent")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs = sources(
            options["mode"],
            netuids=options["netuid"],
            limit=options["limit"],
            dry_run=options["dry_run"],
            ignore_quota=options["ignore_quota"],
        )
        run_verbs(self.stdout, {_title(source): verb for source, verb in verbs.items()})


def _title(source: str) -> str:
    return f"collect {source}" if source in MODES else source
