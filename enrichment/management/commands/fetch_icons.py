from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from enrichment.icons import fetch_icons
from taoanalytics.jobs.console import run_verb


class Command(BaseCommand):
    help = "Look for the icons of the living subnets that are due, draw them anew at 64 × 64 pixels, and keep them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--netuid", type=int, nargs="+", help="only these subnets")
        parser.add_argument("--force", action="store_true", help="also those that are not due")

    def handle(self, *args: Any, **options: Any) -> None:
        run_verb(
            self.stdout,
            "icons",
            lambda told: fetch_icons(netuids=options["netuid"], force=options["force"], progress=told),
        )
