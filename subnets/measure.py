"""The verb that calculates metrics from the facts, and stores them beside the observations they are of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from subnets.facts import ROOT_NETUID
from subnets.metrics import (
    DAYS_KEPT,
    REPORTED_FIELDS,
    EarlierReturn,
    NetworkRow,
    NeuronsAt,
    Observation,
    Span,
    SubnetInputs,
    Value,
    Values,
    compute,
    compute_network,
)
from subnets.models import CurrentNeurons, HyperparameterSet, NetworkSnapshot, NeuronFrame, SubnetSnapshot
from subnets.models.metrics import METRIC_COLUMNS, SubnetMetrics
from subnets.past import Past
from subnets.rows import insert_or_replace
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
        rows = _rows(_values(network, _measurable(network), past))
        changed = _changed(network, rows)
        report.seen += len(rows)
        report.stored += len(changed)
        report.skipped += len(rows) - len(changed)
        if changed and not dry_run:
            _store(changed)
        progress(number, len(walk), f"metrics of {network.observed_at:%Y-%m-%d %H:%M}")
    return report


class _Measurable(NamedTuple):
    """A subnet in the snapshot to measure: the keys of its rows, who it is, and what was observed of it."""

    snapshot: int
    subnet: int
    netuid: int
    registered_at_block: int
    owner_coldkey: str | None
    owner_hotkey: str | None
    observed: Observation


def _measurable(network: NetworkSnapshot) -> list[_Measurable]:
    """In one order always: sums over the network come out alike to the last digit."""
    said = ("identity__owner_coldkey", "identity__owner_hotkey")
    who = ("pk", "subnet_id", "subnet__netuid", "subnet__registered_at_block", *said)
    rows = SubnetSnapshot.objects.filter(network=network).order_by("pk").values_list(*who, *REPORTED_FIELDS)
    return [
        _Measurable._make((*row[: len(who)], Observation(network.block, network.observed_at, *row[len(who) :])))
        for row in rows
    ]


def _values(network: NetworkSnapshot, subnets: Sequence[_Measurable], past: Past) -> dict[int, Values]:
    """{primary key of the snapshot: its metrics}"""
    now = network.observed_at
    past.remember(network.pk, {each.subnet: each.observed for each in subnets})
    inputs = _inputs(network, subnets, past)
    values = {each.snapshot: compute(inputs[each.subnet]) for each in subnets}
    past.remember_returns(
        network.pk,
        {each.subnet: EarlierReturn(now, values[each.snapshot]["validator_return_1d_pct"]) for each in subnets},
    )
    compared = compute_network(
        NetworkRow(netuid=each.netuid, registered_at_block=each.registered_at_block, values=values[each.snapshot])
        for each in subnets
        if each.netuid != ROOT_NETUID
    )
    return {each.snapshot: values[each.snapshot] | compared.get(each.netuid, {}) for each in subnets}


def _inputs(network: NetworkSnapshot, subnets: Sequence[_Measurable], past: Past) -> dict[int, SubnetInputs]:
    """{primary key of the subnet: all that its metrics are calculated from}"""
    now = network.observed_at
    earlier, daily, returns = past.earlier(now), past.daily(now), past.returns(now)
    keys = [each.subnet for each in subnets]
    neurons = _neurons(network, keys)
    earlier_neurons = {span: _frames(keys, now - span.value) for span in (Span.DAY, Span.WEEK)} if neurons else {}
    hyperparameters = _hyperparameters(network)

    def of(subnet: _Measurable) -> SubnetInputs:
        key, known = subnet.subnet, hyperparameters.get(subnet.subnet, {})
        return SubnetInputs(
            netuid=subnet.netuid,
            registered_at_block=subnet.registered_at_block,
            now=subnet.observed,
            earlier={span: rows[key] for span, rows in earlier.items() if key in rows},
            daily=[rows[key] for rows in daily if key in rows],
            neurons=neurons.get(key),
            earlier_neurons={span: rows[key].columns for span, rows in earlier_neurons.items() if key in rows},
            earlier_returns=[rows[key] for rows in returns if key in rows],
            owner_coldkey=subnet.owner_coldkey or "",
            owner_hotkey=subnet.owner_hotkey or "",
            activity_cutoff_blocks=_activity_cutoff(known, subnet.observed.tempo),
            owner_cut_enabled=known.get("owner_cut_enabled"),
        )

    return {each.subnet: of(each) for each in subnets}


def _neurons(network: NetworkSnapshot, subnets: Iterable[int]) -> dict[int, NeuronsAt]:
    """Those of this very block where they are the newest, else the day's frame or that of the day before."""
    current = CurrentNeurons.objects.filter(block=network.block).select_related("keys__base")
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


def _hyperparameters(network: NetworkSnapshot) -> dict[int, Mapping[str, Any]]:
    """{primary key of the subnet: the newest seen by then}"""
    sets = HyperparameterSet.objects.filter(
        subnet__snapshots__network=network, first_seen_at__lte=network.observed_at
    ).order_by("first_seen_at")
    return {row.subnet_id: row.values for row in sets}


def _activity_cutoff(hyperparameters: Mapping[str, Any], tempo: int | None) -> int | None:
    """Blocks; since owners set the tempo, the chain derives it from a factor in thousandths of a tempo."""
    factor = hyperparameters.get("activity_cutoff_factor")
    if factor is not None and tempo is not None:
        return int(factor * tempo // 1000)
    cutoff: int | None = hyperparameters.get("activity_cutoff")
    return cutoff


def _rows(values: Mapping[int, Values]) -> dict[int, tuple[Value, ...]]:
    """{primary key of the snapshot: the values of METRIC_COLUMNS}"""
    return {key: tuple(map(found.get, METRIC_COLUMNS)) for key, found in values.items()}


def _changed(network: NetworkSnapshot, rows: Mapping[int, tuple[Value, ...]]) -> dict[int, tuple[Value, ...]]:
    """Those that are not stored yet, or otherwise."""
    stored = {
        row[0]: row[1:]
        for row in SubnetMetrics.objects.filter(snapshot__network=network).values_list("pk", *METRIC_COLUMNS)
    }
    return {key: row for key, row in rows.items() if stored.get(key) != row}


def _store(rows: Mapping[int, tuple[Value, ...]]) -> None:
    with transaction.atomic():
        written = ((key, *row) for key, row in rows.items())
        insert_or_replace(SubnetMetrics, ["snapshot_id"], METRIC_COLUMNS, written)
        Generation.objects.bump()
