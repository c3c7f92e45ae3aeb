"""The verb that calculates metrics from the facts, and stores them beside the observations they are of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from subnets.decode import ROOT_NETUID
from subnets.metrics import (
    DAYS_KEPT,
    EarlierReturn,
    NetworkRow,
    NeuronsAt,
    Observation,
    Span,
    SubnetInputs,
    Values,
    compute,
    compute_network,
)
from subnets.models import CurrentNeurons, HyperparameterSet, NetworkSnapshot, NeuronFrame, SubnetSnapshot
from subnets.models.metrics import METRIC_COLUMNS, SubnetMetrics
from subnets.past import Past
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged

OLDEST_NEURONS = timedelta(days=1)
"""Neurons observed longer ago do not stand for a snapshot without neurons of its own."""


@logged("recompute metrics")
def recompute_metrics(
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Calculate the metrics of every snapshot from `start` to `end` anew. A dry run says how many rows would change."""
    return measure(NetworkSnapshot.objects.complete_between(start, end), dry_run=dry_run, progress=progress)


def measure_after(start: datetime, end: datetime, progress: Progress = silent) -> Report:
    """Measure what history between two times has a bearing on: itself, and what looks back at it."""
    networks = NetworkSnapshot.objects.complete_between(start, end + timedelta(days=DAYS_KEPT))
    return measure(networks, progress=progress)


def measure(networks: Iterable[NetworkSnapshot], *, dry_run: bool = False, progress: Progress = silent) -> Report:
    """Metrics of all subnets of these snapshots, which come in the order of time; one transaction per snapshot.

    They are complete ones: the subnets of a part of the network cannot be compared with one another.

    Reports one item per subnet and snapshot: stored where a value is new or differs, else skipped.
    """
    report = Report()
    walk = list(networks)
    if not walk:
        return report
    past = Past(walk[0].observed_at, walk[-1].observed_at)
    for number, network in enumerate(walk, start=1):
        snapshots = list(SubnetSnapshot.objects.filter(network=network).select_related("subnet", "identity"))
        values = _values(network, snapshots, past)
        changed = _changed(network, values)
        report.seen += len(values)
        report.stored += len(changed)
        report.skipped += len(values) - len(changed)
        if changed and not dry_run:
            _store(changed)
        progress(number, len(walk), f"metrics of {network.observed_at:%Y-%m-%d %H:%M}")
    return report


def _values(network: NetworkSnapshot, snapshots: Sequence[SubnetSnapshot], past: Past) -> dict[int, Values]:
    """{primary key of the snapshot: its metrics}"""
    now = network.observed_at
    inputs = _inputs(network, snapshots, past)
    values = {snapshot.pk: compute(inputs[snapshot.subnet_id]) for snapshot in snapshots}
    past.remember_returns(
        network.pk,
        {s.subnet_id: EarlierReturn(now, values[s.pk]["validator_return_1d_pct"]) for s in snapshots},
    )
    compared = compute_network(
        NetworkRow(netuid=s.subnet.netuid, registered_at_block=s.subnet.registered_at_block, values=values[s.pk])
        for s in snapshots
        if s.subnet.netuid != ROOT_NETUID
    )
    return {s.pk: values[s.pk] | compared.get(s.subnet.netuid, {}) for s in snapshots}


def _inputs(network: NetworkSnapshot, snapshots: Sequence[SubnetSnapshot], past: Past) -> dict[int, SubnetInputs]:
    """{primary key of the subnet: all that its metrics are calculated from}"""
    now = network.observed_at
    earlier, daily, returns = past.earlier(now), past.daily(now), past.returns(now)
    subnets = [snapshot.subnet_id for snapshot in snapshots]
    neurons = _neurons(network, subnets)
    earlier_neurons = {span: _frames(subnets, now - span.value) for span in (Span.DAY, Span.WEEK)} if neurons else {}
    hyperparameters = _hyperparameters(subnets, now)

    def of(snapshot: SubnetSnapshot) -> SubnetInputs:
        key, identity = snapshot.subnet_id, snapshot.identity
        known = hyperparameters.get(key, {})
        return SubnetInputs(
            netuid=snapshot.subnet.netuid,
            registered_at_block=snapshot.subnet.registered_at_block,
            now=Observation.of(snapshot, block=network.block, observed_at=now),
            earlier={span: rows[key] for span, rows in earlier.items() if key in rows},
            daily=[rows[key] for rows in daily if key in rows],
            neurons=neurons.get(key),
            earlier_neurons={span: rows[key].columns for span, rows in earlier_neurons.items() if key in rows},
            earlier_returns=[rows[key] for rows in returns if key in rows],
            owner_coldkey=identity.owner_coldkey if identity else "",
            owner_hotkey=identity.owner_hotkey if identity else "",
            activity_cutoff_blocks=_activity_cutoff(known, snapshot.tempo),
            owner_cut_enabled=known.get("owner_cut_enabled"),
        )

    return {snapshot.subnet_id: of(snapshot) for snapshot in snapshots}


def _neurons(network: NetworkSnapshot, subnets: Iterable[int]) -> dict[int, NeuronsAt]:
    """Those of this very block where they are the newest, else the day's frame or that of the day before."""
    current = CurrentNeurons.objects.filter(subnet__in=subnets, block=network.block).select_related("keys__base")
    found = {row.subnet_id: NeuronsAt(row.block, row.observed_at, row.columns()) for row in current}
    missing = [subnet for subnet in subnets if subnet not in found]
    return _frames(missing, network.observed_at) | found


def _frames(subnets: Iterable[int], at: datetime) -> dict[int, NeuronsAt]:
    """The newest daily frame of each at or before `at`, unless it is older than OLDEST_NEURONS."""
    frames = NeuronFrame.objects.filter(
        subnet__in=subnets,
        day__in=[at.date(), (at - OLDEST_NEURONS).date()],
        observed_at__lte=at,
        observed_at__gt=at - OLDEST_NEURONS,
    ).select_related("keys__base")
    newest = {frame.subnet_id: frame for frame in frames.order_by("day")}
    return {key: NeuronsAt(frame.block, frame.observed_at, frame.columns()) for key, frame in newest.items()}


def _hyperparameters(subnets: Iterable[int], at: datetime) -> dict[int, Mapping[str, Any]]:
    sets = HyperparameterSet.objects.filter(subnet__in=subnets, first_seen_at__lte=at).order_by("first_seen_at")
    return {row.subnet_id: row.values for row in sets}


def _activity_cutoff(hyperparameters: Mapping[str, Any], tempo: int | None) -> int | None:
    """Blocks; since owners set the tempo, the chain derives it from a factor in thousandths of a tempo."""
    factor = hyperparameters.get("activity_cutoff_factor")
    if factor is not None and tempo is not None:
        return int(factor * tempo // 1000)
    cutoff: int | None = hyperparameters.get("activity_cutoff")
    return cutoff


def _changed(network: NetworkSnapshot, values: Mapping[int, Values]) -> dict[int, Values]:
    """Those that are not stored yet, or otherwise."""
    stored = {
        row[0]: row[1:]
        for row in SubnetMetrics.objects.filter(snapshot__network=network).values_list("pk", *METRIC_COLUMNS)
    }
    return {
        key: found
        for key, found in values.items()
        if stored.get(key) != tuple(found.get(column) for column in METRIC_COLUMNS)
    }


def _store(values: Mapping[int, Values]) -> None:
    """Insert or replace. Written out, since a hundred columns through the ORM take longer than their calculation."""
    columns = ("snapshot_id", *METRIC_COLUMNS)
    quoted = [connection.ops.quote_name(column) for column in columns]
    statement = (
        f"INSERT INTO {connection.ops.quote_name(SubnetMetrics._meta.db_table)} ({', '.join(quoted)}) "  # noqa: S608
        f"VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT (snapshot_id) DO UPDATE SET "
        + ", ".join(f"{column} = EXCLUDED.{column}" for column in quoted[1:])
    )
    rows = [(key, *(found.get(column) for column in METRIC_COLUMNS)) for key, found in values.items()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        Generation.objects.bump()
