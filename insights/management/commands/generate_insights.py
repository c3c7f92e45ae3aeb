from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from insights.explaining.making import generate_insights
from taoanalytics.jobs.console import run_verb


class Command(BaseCommand):
    help = "Explain the signals whose figures have moved since they were last explained. What is unmoved costs nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--netuid", type=int, nargs="+", help="only these subnets")
        parser.add_argument("--force", action="store_true", help="also where nothing has moved: a model is asked anew")
        parser.add_argument("--max", type=int, dest="most", help="no more subnets than this")

    def handle(self, *args: Any, **options: Any) -> None:
        run_verb(
            self.stdout,
            "generate insights",
            lambda told: generate_insights(
                netuids=options["netuid"], force=options["force"], most=options["most"], progress=told
            ),
        )
