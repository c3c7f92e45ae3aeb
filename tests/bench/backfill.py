"""Thirty daily snapshots of the network in the settings. Prints its figures as JSON."""

import json
import resource
import sys
import time
from datetime import timedelta

import django
from django.core.management import call_command

django.setup()

from subnets.backfill import backfill_chain  # noqa: E402
from subnets.transport import sdk  # noqa: E402
from taoanalytics.lib import clock  # noqa: E402

DAYS = 30


def main() -> None:
    call_command("migrate", verbosity=0)
    sdk()
    end = clock.start_of_day(clock.now().date())
    start = time.perf_counter()
    report = backfill_chain(start=end - timedelta(days=DAYS - 1), end=end)
    figures = {
        "each": (time.perf_counter() - start) / report.stored,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
