"""Old fine-grained history, thinned by policy: each kind by itself, since one that is busy or fails stops no other."""

from collections.abc import Callable, Mapping
from datetime import datetime

from markets.thin import thin_markets
from subnets.thin import thin_history
from taoanalytics.jobs.report import Progress, Report

THINNINGS: Mapping[str, Callable[..., Report]] = {"thin history": thin_history, "thin markets": thin_markets}


def thinnings(*, now: datetime, dry_run: bool = False) -> dict[str, Callable[[Progress], Report]]:
    """{job: its verb, ready to be called}"""

    def ready(verb: Callable[..., Report]) -> Callable[[Progress], Report]:
        return lambda told: verb(now=now, dry_run=dry_run, progress=told)

    return {what: ready(verb) for what, verb in THINNINGS.items()}
