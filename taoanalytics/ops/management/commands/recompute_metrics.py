from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from insights.judge import recompute_scores
from subnets.measure import recompute_metrics
from taoanalytics.jobs.arguments import moment
from taoanalytics.jobs.console import run_verbs


class Command(BaseCommand):
    help = "Calculate metrics and scores of stored snapshots anew. A dry run unless told; `stored` counts what changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="start", type=moment, help="default: the first snapshot")
        parser.add_argument("--to", dest="end", type=moment, help="default: the newest")
        parser.add_argument("--yes", action="store_true", help="write what has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        span = {"start": options["start"], "end": options["end"], "dry_run": not options["yes"]}
        suffix = "" if options["yes"] else " (dry run)"
        run_verbs(
            self.stdout,
            {
                f"recompute metrics{suffix}": lambda told: recompute_metrics(**span, progress=told),
                f"recompute scores{suffix}": lambda told: recompute_scores(**span, progress=told),
            },
        )
