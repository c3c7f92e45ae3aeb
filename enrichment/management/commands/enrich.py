from collections.abc import Collection
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from enrichment.enrich import enrich
from taoanalytics.jobs.arguments import whole
from taoanalytics.jobs.console import run_verb


class Command(BaseCommand):
    help = (
        "Find out what subnets do: fetch their texts, ask rules and, if one is set up, a language model, and publish. "
        "Exit code 1 if something failed (the rest is stored), 75 if busy. Stopped by Ctrl-C, it finishes what is "
        "being paid for; run again, it goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--netuid", type=int, nargs="+", help="only these subnets")
        which.add_argument("--range", type=whole, nargs=2, metavar=("A", "B"), help="only the netuids from A to B")
        parser.add_argument("--force", action="store_true", help="also where nothing has changed")
        parser.add_argument("--low-confidence", action="store_true", help="only those whose answer is in doubt, again")
        parser.add_argument(
            "--max", type=whole, dest="most", metavar="N", help="ask the model about no more subnets than this"
        )
        parser.add_argument("--rules-only", action="store_true", help="ask no model, even if one is set up")
        parser.add_argument("--dry-run", action="store_true", help="say what would be asked, and its highest cost")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {name: options[name] for name in ("force", "low_confidence", "most", "rules_only", "dry_run")}
        netuids = _netuids(options)
        run_verb(self.stdout, "enrich", lambda told: enrich(netuids=netuids, progress=told, **wanted))


def _netuids(options: dict[str, Any]) -> Collection[int] | None:
    if options["range"]:
        first, last = options["range"]
        if first > last:
            raise CommandError(f"--range {first} {last} holds no netuid: the smaller one comes first")
        return range(first, last + 1)
    netuids: list[int] | None = options["netuid"]
    return netuids
