from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from taoanalytics.jobs.console import run_verb
from taoanalytics.ops.import_history import import_history


class Command(BaseCommand):
    help = (
        "Take in recorded history from a CSV file, plain or gzip: the network's, or daily TAO/USD candles. "
        "Stop it with Ctrl-C and run it again: it goes on where it was. Exit code 1 if a line was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, **options: Any) -> None:
        file = options["file"]
        run_verb(self.stdout, f"import {file.name}", lambda told: import_history(file=file, progress=told))
