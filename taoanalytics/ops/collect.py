"""What is collected together: modes, each a list of sources that fail or succeed on their own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from django.conf import settings

from insights.judge import judge_newest, recompute_scores
from markets.collect import collect_price, collect_screener
from subnets.collect import collect_chain, collect_hyperparameters
from subnets.measure import recompute_metrics
from subnets.models import Chain, NetworkSnapshot, SubnetSnapshot
from taoanalytics.jobs import quota
from taoanalytics.jobs.report import Progress, Report
from taoanalytics.lib import clock
from taoanalytics.ops.simulated import collect_simulated
from taoanalytics.ops.thin import THINNINGS, thinnings

HOURLY = ("chain", "screener", "price")
DAILY = (*HOURLY, "hyperparameters")
MODES: Mapping[str, Sequence[str]] = {
    "chain": ("chain",),
    "hyperparameters": ("hyperparameters",),
    "screener": ("screener",),
    "price": ("price",),
    "hourly": HOURLY,
    "daily": DAILY,
    "nightly": (*DAILY, "metrics", "scores", *THINNINGS),
}
RECOMPUTED_NIGHTLY = timedelta(days=3)  # mends what a killed run left unmeasured


def sources(
    mode: str,
    *,
    netuids: Sequence[int] | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    ignore_quota: bool = False,
) -> dict[str, Callable[[Progress], Report]]:
    """{source: its verb, ready to be called} of a mode, in order."""

    def chain(_: Progress) -> Report:
        if not dry_run and (fresh := _fresh_snapshot()):
            return fresh
        report = collect_chain(netuids=netuids, limit=limit, dry_run=dry_run)
        if not dry_run:
            report.notes.extend(collect_simulated())
            judge_newest()
        return report

    def screener(_: Progress) -> Report:
        return collect_screener(netuids=netuids, limit=limit, dry_run=dry_run, ignore_quota=ignore_quota)

    def price(_: Progress) -> Report:
        return collect_price(dry_run=dry_run, ignore_quota=ignore_quota)

    def hyperparameters(_: Progress) -> Report:
        return Report(notes=["not asked in a dry run"]) if dry_run else collect_hyperparameters(netuids=netuids)

    def metrics(progress: Progress) -> Report:
        return recompute_metrics(start=clock.now() - RECOMPUTED_NIGHTLY, dry_run=dry_run, progress=progress)

    def scores(progress: Progress) -> Report:
        return recompute_scores(start=clock.now() - RECOMPUTED_NIGHTLY, dry_run=dry_run, progress=progress)

    verbs = {
        "chain": chain,
        "screener": screener,
        "price": price,
        "hyperparameters": hyperparameters,
        "metrics": metrics,
        "scores": scores,
        **thinnings(now=clock.now(), dry_run=dry_run),
    }
    return {source: verbs[source] for source in MODES[mode]}


def _fresh_snapshot() -> Report | None:
    """The whole network as it is stored, where that is as good as new; the simulated one costs nothing to ask."""
    if Chain.objects.is_simulated():
        return None
    newest = NetworkSnapshot.objects.newest_complete(clock.now())
    if newest is None or newest.observed_at < quota.reusable_since(settings.CHAIN_REUSE_SECONDS):
        return None
    quota.count_reuse("chain")
    subnets = SubnetSnapshot.objects.filter(network=newest).count()
    note = f"reused block {newest.block:,} of {newest.observed_at:%H:%M:%S} UTC; nothing was asked"
    return Report(seen=subnets, skipped=subnets, notes=[note])
