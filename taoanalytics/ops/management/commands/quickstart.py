import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from taoanalytics.ops.quickstart import QuickstartError, quickstart


class Command(BaseCommand):
    help = "From nothing to a site with data: the public network, or a simulated one where it cannot be reached."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--simulated", action="store_true", help="do not look for the public network")
        parser.add_argument("--port", type=int, default=8000, help="the next free one is taken (default: 8000)")
        parser.add_argument("--days", type=int, default=30, help="of history to begin with (default: 30)")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            quickstart(simulated=options["simulated"], port=options["port"], days=options["days"], say=self._say)
        except KeyboardInterrupt:
            self._say("Stopped.")
        except QuickstartError as problem:
            raise CommandError(str(problem)) from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
