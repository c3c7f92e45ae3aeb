"""The verb that scores subnets from their stored metrics, and stores the scores beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Min

from insights.models import ScoreRow
from insights.scores import SIGNAL_VERSION, VERSIONS, Score, ScoreInput, Signal, buy_signals, score_v3
from subnets.decode import ROOT_NETUID
from subnets.metrics import DAYS_KEPT
from subnets.models import NetworkSnapshot, SubnetMetrics, SubnetSnapshot
from subnets.regimes import blocks_per_day_at
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib.units import from_rao

EQUAL_WEIGHT = 0.5
_YOUNG_DAYS = 60
"""A subnet registered longer ago has started longer ago than any rule asks for, or has no moving price."""

_FIELDS = ("value", "shown", "level", "coverage", "reason", "rank", "ranked", "best_rank", "worst_rank")


def judge_newest() -> Report:
    """Score the newest complete snapshot."""
    newest = NetworkSnapshot.objects.newest_complete()
    return judge([newest] if newest else [])


@logged("recompute scores")
def recompute_scores(
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Score every snapshot from `start` to `end` anew. A dry run says how many snapshots' scores would change."""
    return judge(NetworkSnapshot.objects.complete_between(start, end), dry_run=dry_run, progress=progress)


def judge_after(start: datetime, end: datetime, progress: Progress = silent) -> Report:
    """Score what history between two times has a bearing on: itself, and what looks back at it."""
    networks = NetworkSnapshot.objects.complete_between(start, end + timedelta(days=DAYS_KEPT))
    return judge(networks, progress=progress)


def judge(networks: Iterable[NetworkSnapshot], *, dry_run: bool = False, progress: Progress = silent) -> Report:
    """Every version of the score, and the signal, for the living subnets of these snapshots.

    The newest snapshot of all gets the interval of its ranks too, which takes longer than the rest together.
    Reports one item per snapshot: stored where a score is new or differs.
    """
    report, walk = Report(), list(networks)
    newest = NetworkSnapshot.objects.newest_complete()
    for number, network in enumerate(walk, start=1):
        inputs = score_inputs(network)
        rows = [row for version in _scored(inputs, intervals=network == newest) for row in version]
        changed = _changed(network, rows)
        report.seen += 1
        report.stored += bool(changed)
        report.skipped += not changed
        if changed and not dry_run:
            _store(changed)
        progress(number, len(walk), f"scores of {network.observed_at:%Y-%m-%d %H:%M}")
    return report


def score_inputs(network: NetworkSnapshot) -> dict[int, ScoreInput]:
    """{primary key of the snapshot: what the scores read of it}, for the measured subnets but root."""
    measured = SubnetMetrics.objects.filter(snapshot__network=network, snapshot__subnet__netuid__gt=ROOT_NETUID)
    rows = list(measured.select_related("snapshot__subnet"))
    per_day = blocks_per_day_at(network.block)
    subnets = [row.snapshot.subnet for row in rows]
    young = [each.pk for each in subnets if network.block - each.registered_at_block < _YOUNG_DAYS * per_day]
    started = _started(young, network.observed_at)
    return {row.pk: _input(row, network, started.get(row.snapshot.subnet_id), per_day) for row in rows}


def _started(subnets: Sequence[int], until: datetime) -> dict[int, datetime]:
    """{subnet: when it was first seen with a moving price}"""
    rows = SubnetSnapshot.objects.filter(subnet__in=subnets, observed_at__lte=until, moving_price_rao__gt=0)
    return dict(rows.order_by().values_list("subnet").annotate(Min("observed_at")))


def _input(
    measured: SubnetMetrics, network: NetworkSnapshot, started: datetime | None, blocks_per_day: float
) -> ScoreInput:
    snapshot = measured.snapshot
    since_registration = (network.block - snapshot.subnet.registered_at_block) / blocks_per_day
    first_seen = snapshot.subnet.first_seen_at
    days_since_start = since_registration
    if started is not None and first_seen is not None and started > first_seen:  # its start was observed
        days_since_start = (network.observed_at - started) / timedelta(days=1)
    return ScoreInput(
        netuid=snapshot.subnet.netuid,
        values=measured.values,
        block=network.block,
        registered_at_block=snapshot.subnet.registered_at_block,
        price_tao=from_rao(snapshot.price_rao),
        moving_price_tao=from_rao(snapshot.moving_price_rao),
        pool_tao=from_rao(snapshot.tao_in_rao),
        pool_alpha=from_rao(snapshot.alpha_in_rao),
        pool_tao_weight=EQUAL_WEIGHT if snapshot.pool_tao_weight is None else snapshot.pool_tao_weight,
        days_since_start=days_since_start,
    )


def _scored(inputs: Mapping[int, ScoreInput], *, intervals: bool) -> Iterable[list[ScoreRow]]:
    """The rows of each version, not yet stored; where an old version cannot tell there is none."""
    rows = list(inputs.values())
    key_of = {row.netuid: key for key, row in inputs.items()}
    for version, function in VERSIONS.items():
        score = function if intervals or function is not score_v3 else partial(score_v3, draws=0)
        told = {n: found for n, found in score(rows).items() if function is score_v3 or found.value is not None}
        yield [_row(key_of[netuid], version, found) for netuid, found in told.items()]
    yield [_signal_row(key_of[netuid], signal) for netuid, signal in buy_signals(rows).items()]


def _row(snapshot: int, version: str, score: Score) -> ScoreRow:
    place = score.place
    return ScoreRow(
        snapshot_id=snapshot,
        version=version,
        value=score.value,
        shown=score.shown,
        coverage=score.coverage,
        reason=score.reason,
        rank=place.rank if place else None,
        ranked=place.of if place else None,
        best_rank=place.best if place else None,
        worst_rank=place.worst if place else None,
    )


def _signal_row(snapshot: int, signal: Signal) -> ScoreRow:
    row = _row(snapshot, SIGNAL_VERSION, signal.composite)
    row.level = signal.level
    return row


def _changed(network: NetworkSnapshot, rows: Sequence[ScoreRow]) -> list[ScoreRow]:
    stored = {
        (snapshot, version): tuple(values)
        for snapshot, version, *values in ScoreRow.objects.filter(snapshot__network=network).values_list(
            "snapshot_id", "version", *_FIELDS
        )
    }
    return [
        row
        for row in rows
        if stored.get((row.snapshot_id, row.version)) != tuple(getattr(row, name) for name in _FIELDS)
    ]


def _store(rows: Sequence[ScoreRow]) -> None:
    with transaction.atomic():
        ScoreRow.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["snapshot", "version"], update_fields=_FIELDS
        )
        Generation.objects.bump()
