from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from taoanalytics.jobs.console import run_verbs
from taoanalytics.lib import clock
from taoanalytics.ops.thin import thinnings


class Command(BaseCommand):
    help = "Keep one snapshot, price and market row a day of all before THIN_AFTER_DAYS. A dry run unless --yes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="delete; without this nothing is")

    def handle(self, *args: Any, **options: Any) -> None:
        run_verbs(self.stdout, thinnings(now=clock.now(), dry_run=not options["yes"]))
