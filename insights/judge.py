"""The verb that scores subnets from their stored metrics, and stores the scores beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import OuterRef, Subquery

from insights.models import ScoreRow
from insights.scores import INPUTS, SIGNAL_VERSION, VERSIONS, Score, ScoreInput, buy_signals, judge_of, score_v3
from subnets.facts import ROOT_NETUID
from subnets.metrics import DAYS_KEPT
from subnets.models import NetworkSnapshot, Subnet, SubnetMetrics, SubnetSnapshot
from subnets.models.metrics import METRIC_COLUMNS
from subnets.regimes import blocks_per_day_at
from subnets.rows import insert_or_replace
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib.units import from_rao

EQUAL_WEIGHT = 0.5
_YOUNG_DAYS = 60
"""A subnet registered longer ago has started longer ago than any rule asks for, or has no moving price."""

_KEY = ("snapshot_id", "version")
_FIELDS = ("value", "shown", "level", "coverage", "reason", "rank", "ranked", "best_rank", "worst_rank")
_Key = tuple[int, str]
_Told = tuple[float | str | None, ...]  # the values of _FIELDS

_OF_SUBNET = ("netuid", "registered_at_block", "first_seen_at")
_OBSERVED = ("price_rao", "moving_price_rao", "tao_in_rao", "alpha_in_rao", "pool_tao_weight")
_OF_SNAPSHOT = (
    *("pk", "snapshot__subnet_id"),
    *(f"snapshot__subnet__{name}" for name in _OF_SUBNET),
    *(f"snapshot__{name}" for name in _OBSERVED),
)
_READ = tuple(key for key in METRIC_COLUMNS if key in INPUTS)


class _Measured(NamedTuple):
    """A measured subnet: in the order of _OF_SNAPSHOT, and its metrics of _READ by key."""

    snapshot: int
    subnet: int
    netuid: int
    registered_at_block: int
    first_seen_at: datetime | None
    price_rao: int | None
    moving_price_rao: int | None
    tao_in_rao: int | None
    alpha_in_rao: int | None
    pool_tao_weight: float | None
    values: Mapping[str, float | None]


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
        changed = _changed(network, _scored(inputs, intervals=network == newest))
        report.seen += 1
        report.stored += bool(changed)
        report.skipped += not changed
        if changed and not dry_run:
            _store(changed)
        progress(number, len(walk), f"scores of {network.observed_at:%Y-%m-%d %H:%M}")
    return report


def score_inputs(network: NetworkSnapshot, snapshots: Iterable[SubnetSnapshot] | None = None) -> dict[int, ScoreInput]:
    """{primary key of the snapshot: what the scores read of it}, for the measured subnets but root.

    `snapshots` are those of the network, root left out, where they have been read already with subnet and metrics.
    Two queries, or one.
    """
    measured = (
        _measured(network) if snapshots is None else [_of(each) for each in snapshots if hasattr(each, "metrics")]
    )
    per_day = blocks_per_day_at(network.block)
    young = [each.subnet for each in measured if network.block - each.registered_at_block < _YOUNG_DAYS * per_day]
    started = _started(young, network.observed_at)
    return {each.snapshot: _input(each, network, started.get(each.subnet), per_day) for each in measured}


def _measured(network: NetworkSnapshot) -> list[_Measured]:
    rows = SubnetMetrics.objects.filter(snapshot__network=network, snapshot__subnet__netuid__gt=ROOT_NETUID)
    return [
        _Measured._make((*row[: len(_OF_SNAPSHOT)], dict(zip(_READ, row[len(_OF_SNAPSHOT) :], strict=True))))
        for row in rows.values_list(*_OF_SNAPSHOT, *_READ)
    ]


def _of(snapshot: SubnetSnapshot) -> _Measured:
    return _Measured(
        snapshot.pk,
        snapshot.subnet_id,
        snapshot.subnet.netuid,
        snapshot.subnet.registered_at_block,
        snapshot.subnet.first_seen_at,
        snapshot.price_rao,
        snapshot.moving_price_rao,
        snapshot.tao_in_rao,
        snapshot.alpha_in_rao,
        snapshot.pool_tao_weight,
        {key: getattr(snapshot.metrics, key) for key in _READ},
    )


def _started(subnets: Sequence[int], until: datetime) -> dict[int, datetime]:
    """{subnet: when it was first seen with a moving price}. Of each, nothing after that is read."""
    seen = SubnetSnapshot.objects.filter(subnet=OuterRef("pk"), observed_at__lte=until, moving_price_rao__gt=0)
    first = Subquery(seen.order_by("observed_at").values("observed_at")[:1])
    found = Subnet.objects.filter(pk__in=subnets).order_by().annotate(started=first)
    return {subnet: at for subnet, at in found.values_list("pk", "started") if at is not None}


def _input(
    measured: _Measured, network: NetworkSnapshot, started: datetime | None, blocks_per_day: float
) -> ScoreInput:
    first_seen = measured.first_seen_at
    days_since_start = (network.block - measured.registered_at_block) / blocks_per_day
    if started is not None and first_seen is not None and started > first_seen:  # its start was observed
        days_since_start = (network.observed_at - started) / timedelta(days=1)
    return ScoreInput(
        netuid=measured.netuid,
        values=measured.values,
        block=network.block,
        registered_at_block=measured.registered_at_block,
        price_tao=from_rao(measured.price_rao),
        moving_price_tao=from_rao(measured.moving_price_rao),
        pool_tao=from_rao(measured.tao_in_rao),
        pool_alpha=from_rao(measured.alpha_in_rao),
        pool_tao_weight=EQUAL_WEIGHT if measured.pool_tao_weight is None else measured.pool_tao_weight,
        days_since_start=days_since_start,
    )


def _scored(inputs: Mapping[int, ScoreInput], *, intervals: bool) -> dict[_Key, _Told]:
    """Every version's scores, not yet stored; where an old version cannot tell there is none."""
    rows = list(inputs.values())
    key_of = {row.netuid: key for key, row in inputs.items()}
    told: dict[_Key, _Told] = {}
    for version, function in VERSIONS.items():
        score = function if intervals else judge_of(version)
        for netuid, found in score(rows).items():
            if function is score_v3 or found.value is not None:
                told[key_of[netuid], version] = _told(found)
    for netuid, signal in buy_signals(rows).items():
        told[key_of[netuid], SIGNAL_VERSION] = _told(signal.composite, signal.level)
    return told


def _told(score: Score, level: int | None = None) -> _Told:
    place = score.place
    ranks = (place.rank, place.of, place.best, place.worst) if place else (None, None, None, None)
    return score.value, score.shown, level, score.coverage, score.reason, *ranks


def _changed(network: NetworkSnapshot, scores: Mapping[_Key, _Told]) -> dict[_Key, _Told]:
    """Those that are not stored yet, or otherwise."""
    rows = ScoreRow.objects.filter(snapshot__network=network).values_list(*_KEY, *_FIELDS)
    stored = {(snapshot, version): tuple(told) for snapshot, version, *told in rows}
    return {key: told for key, told in scores.items() if stored.get(key) != told}


def _store(scores: Mapping[_Key, _Told]) -> None:
    with transaction.atomic():
        insert_or_replace(ScoreRow, _KEY, _FIELDS, ((*key, *told) for key, told in scores.items()))
        Generation.objects.bump()
