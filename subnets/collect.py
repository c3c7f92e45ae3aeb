"""The verbs that read the chain as it is now."""

import json
from collections.abc import Iterable
from hashlib import blake2b

from django.db import transaction

from subnets.chain import chain_reader
from subnets.measure import measure
from subnets.models import HyperparameterSet, NetworkSnapshot, Subnet
from subnets.store import belong_to, store_snapshot
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import logged


@logged("collect chain")
def collect_chain(*, netuids: Iterable[int] | None = None, limit: int | None = None, dry_run: bool = False) -> Report:
    """One snapshot of the newest finalized block, of every subnet or only of some.

    A snapshot of some subnets is stored as incomplete: it adds history and never hides the others.
    Raises Transient or Permanent if no endpoint delivers, or if the chain is not the database's.
    """
    with chain_reader() as chain:
        genesis_hash = chain.genesis_hash()
        if not dry_run:
            belong_to(genesis_hash)
        wanted = list(range(limit)) if netuids is None and limit is not None else netuids
        facts = chain.snapshot(netuids=wanted)
        notes = chain.notes
    if dry_run:
        report = Report(seen=len(facts.subnets), skipped=len(facts.subnets), notes=list(facts.notes))
        for problem in facts.problems:
            report.fail(problem)
    else:
        report = store_snapshot(facts)
        measure(NetworkSnapshot.objects.filter(block=facts.block, complete=True))
    report.note(f"block {facts.block:,} of {facts.observed_at:%Y-%m-%d %H:%M:%S} UTC from {facts.endpoint}")
    for note in notes:
        report.note(note)
    return report


@logged("collect hyperparameters")
def collect_hyperparameters(*, netuids: Iterable[int] | None = None) -> Report:
    """The hyperparameters of every living subnet, a new row for each that changed. Meant for once a day."""
    if NetworkSnapshot.objects.newest_complete() is None:
        return Report(notes=["no snapshot yet: collect the chain first"])
    subnets = Subnet.objects.current()
    if netuids is not None:
        subnets = subnets.filter(netuid__in=netuids)
    living = {s.netuid: s for s in subnets}
    with chain_reader() as chain:
        belong_to(chain.genesis_hash())
        block = chain.head()
        observed_at = chain.time_of(block)
        found = chain.hyperparameters(block, living)
    report = Report(seen=len(living))
    with transaction.atomic():
        for netuid, values in found.items():
            kept = json.loads(json.dumps(values, default=str, sort_keys=True))
            digest = blake2b(json.dumps(kept, sort_keys=True).encode(), digest_size=16).hexdigest()
            row, created = HyperparameterSet.objects.get_or_create(
                subnet=living[netuid],
                digest=digest,
                defaults={"values": kept, "first_seen_at": observed_at, "last_seen_at": observed_at},
            )
            if created:
                report.stored += 1
            else:
                report.skipped += 1
                HyperparameterSet.objects.filter(pk=row.pk, last_seen_at__lt=observed_at).update(
                    last_seen_at=observed_at
                )
        Generation.objects.bump()
    for netuid in living.keys() - found.keys():
        report.fail(f"subnet {netuid}: no hyperparameters at block {block:,}")
    return report
