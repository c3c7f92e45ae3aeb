"""One snapshot of the network in the settings, from connect to commit. Prints its figures as JSON."""

import json
import resource
import sys
import time

import django
from django.core.management import call_command

django.setup()

from subnets.collect import collect_chain  # noqa: E402
from subnets.models import SubnetSnapshot  # noqa: E402
from subnets.transport import sdk  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    sdk()  # imported beforehand: the figure is about reading and storing
    wall, cpu = time.perf_counter(), time.process_time()
    collect_chain()
    rows = SubnetSnapshot.objects.all()
    figures = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "subnets": len(rows),
        "neurons": sum(row.neuron_count or 0 for row in rows),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
