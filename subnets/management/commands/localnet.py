from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subnets.localnet.faults import SUBSTRATE_REPLY_CAP, Faults
from subnets.localnet.run import run


class Command(BaseCommand):
    help = "Run the simulated network: a Subtensor stand-in on loopback that the real SDK reads. Ctrl-C stops it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=9944)
        parser.add_argument("--seed", type=int, default=1, help="another seed is another chain")
        parser.add_argument("--subnets", type=int, default=128)
        parser.add_argument("--uids", type=int, default=256, help="neurons of an ordinary subnet")
        parser.add_argument("--head", type=int, help="newest block (default: follows the clock)")
        parser.add_argument("--block-time", type=float, default=12.0, help="seconds; 0 stands still")
        parser.add_argument("--count", action="store_true", help="say how many calls were answered")
        faults = parser.add_argument_group("faults")
        faults.add_argument("--latency", type=float, default=0.0, help="seconds added to every answer")
        faults.add_argument("--keep", type=int, help="blocks of state it still has (default: all)")
        faults.add_argument("--max-response", type=int, default=SUBSTRATE_REPLY_CAP, help="bytes of the largest reply")
        faults.add_argument("--per-second", type=int, help="answers a second before it refuses")
        faults.add_argument("--drop-after", type=int, help="calls after which it drops the socket, once")
        faults.add_argument("--dies-after", type=int, help="calls after which it drops every socket for good")
        faults.add_argument("--silent", action="store_true", help="take connections and never answer")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = Faults(
            latency=options["latency"],
            keep=options["keep"],
            max_response=options["max_response"],
            per_second=options["per_second"],
            drop_after=options["drop_after"],
            dies_after=options["dies_after"],
            silent=options["silent"],
        )
        try:
            run(
                port=options["port"],
                seed=options["seed"],
                subnets=options["subnets"],
                uids=options["uids"],
                head=options["head"],
                block_time=options["block_time"],
                faults=faults,
                count=options["count"],
                announce=self._say,
            )
        except OSError as problem:
            raise CommandError(f"Port {options['port']}: {problem.strerror or problem}") from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
