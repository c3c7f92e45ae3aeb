from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from taoanalytics.jobs.arguments import moment, span
from taoanalytics.jobs.console import run_verb
from taoanalytics.lib import clock
from taoanalytics.ops.backfill import SOURCES, filler


class Command(BaseCommand):
    help = "Fill in history between two dates. Stop it with Ctrl-C and run it again: it goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", choices=SOURCES)
        parser.add_argument("--from", dest="start", type=moment, help="default: 30 days before --to")
        parser.add_argument("--to", dest="end", type=moment, help="default: now")
        parser.add_argument("--every", type=span, default="1d", help="30m, 6h, 1d, 2w (default: 1d)")
        parser.add_argument("--netuid", type=int, nargs="+", help="only these subnets (screener)")
        parser.add_argument("--ignore-quota", action="store_true", help="ask even when the calls of a source are spent")

    def handle(self, *args: Any, **options: Any) -> None:
        end = options["end"] or clock.now()
        start = options["start"] or end - timedelta(days=30)
        if start > end:
            raise CommandError("--from lies after --to.")
        if options["netuid"] and options["source"] != "screener":
            raise CommandError("--netuid is for the screener; other histories are of the whole network.")
        verb = filler(
            options["source"],
            start=start,
            end=end,
            every=options["every"],
            netuids=options["netuid"],
            ignore_quota=options["ignore_quota"],
        )
        run_verb(self.stdout, f"backfill {options['source']}", verb)
