"""From facts to rows: one network snapshot in one transaction, inserted once however often it is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction

from subnets import neurons
from subnets.facts import NetworkFacts, NeuronColumns, SubnetFacts
from subnets.localnet.identity import is_simulated
from subnets.models import (
    Chain,
    ColdkeyName,
    CurrentNeurons,
    KeyList,
    NetworkSnapshot,
    NeuronFrame,
    Subnet,
    SubnetIdentity,
    SubnetSnapshot,
)
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Report

MOST_OF_A_BASE = 0.3  # a list that differs by more becomes the base of those to come

_NOT_COLUMNS = {"netuid", "registered_at_block", "identity", "neurons"}
_SNAPSHOT_COLUMNS = [f.name for f in fields(SubnetFacts) if f.name not in _NOT_COLUMNS]
_NETWORK_COLUMNS = [
    "block",
    "observed_at",
    "source",
    "endpoint",
    "spec_version",
    "total_issuance_rao",
    "total_stake_rao",
    "block_emission_rao",
    "tao_weight",
    "complete",
]


def belong_to(genesis_hash: str) -> Chain:
    """The chain of this database, claimed by its first writer. Raises Permanent for any other chain."""
    chain, _ = Chain.objects.get_or_create(
        pk=1, defaults={"genesis_hash": genesis_hash, "simulated": is_simulated(genesis_hash)}
    )
    if chain.genesis_hash != genesis_hash:
        raise Permanent(
            f"this database belongs to the {chain} ({chain.genesis_hash[:14]}…) and the endpoint serves another "
            f"({genesis_hash[:14]}…). Use a database of its own for it (DATABASE_URL), or SIMULATED=true."
        )
    return chain


@dataclass(frozen=True, slots=True)
class PackedColumns:
    """The neurons of one subnet, compressed before the transaction opens so that it stays short."""

    key_text: bytes
    digest: str
    columns: bytes


def store_snapshot(facts: NetworkFacts) -> Report:
    """Store what is not stored yet. Reports one item per subnet; a block known in full is skipped whole."""
    report = Report(seen=len(facts.subnets) + len(facts.problems), notes=list(facts.notes))
    for problem in facts.problems:
        report.fail(problem)
    if NetworkSnapshot.objects.filter(block=facts.block, complete=True).exists():
        report.skipped = len(facts.subnets)
        return report
    packed = {}
    readable = []
    for subnet in facts.subnets:
        try:
            if subnet.neurons is not None:
                packed[subnet.netuid] = _packed(subnet.neurons)
            readable.append(subnet)
        except ValueError as problem:
            report.fail(f"subnet {subnet.netuid}: {problem}")
    with transaction.atomic():
        report.stored = insert_snapshot(facts, readable, packed)
        report.skipped = len(readable) - report.stored
        Generation.objects.bump()
    return report


def _packed(columns: NeuronColumns) -> PackedColumns:
    text = neurons.key_text(columns)
    return PackedColumns(text, neurons.key_digest(text), neurons.pack(columns))


def insert_snapshot(facts: NetworkFacts, subnets: Sequence[SubnetFacts], packed: Mapping[int, PackedColumns]) -> int:
    """Insert what is new of these subnets, inside the caller's transaction; returns how many there were."""
    values = {name: getattr(facts, name) for name in _NETWORK_COLUMNS}
    network, created = NetworkSnapshot.objects.get_or_create(block=facts.block, defaults=values)
    if not created and facts.complete:
        NetworkSnapshot.objects.filter(pk=network.pk).update(complete=True)
    rows = _tenants(subnets)
    identities = _identities(subnets, rows, facts.observed_at)
    known = set(SubnetSnapshot.objects.filter(network=network).values_list("subnet_id", flat=True))
    fresh = [s for s in subnets if rows[s.netuid].pk not in known]
    SubnetSnapshot.objects.bulk_create(
        [
            SubnetSnapshot(
                subnet=rows[s.netuid],
                network=network,
                observed_at=facts.observed_at,
                identity=identities[s.netuid],
                **{name: getattr(s, name) for name in _SNAPSHOT_COLUMNS},
            )
            for s in fresh
        ],
        ignore_conflicts=True,
    )
    _mark_seen(facts, rows, identities)
    _store_neurons(facts, rows, packed)
    _store_coldkey_names(facts)
    return len(fresh)


def _tenants(subnets: Sequence[SubnetFacts]) -> dict[int, Subnet]:
    """{netuid: its row}, made where the registration is new."""
    wanted = {(s.netuid, s.registered_at_block) for s in subnets}

    def known() -> dict[int, Subnet]:
        found = Subnet.objects.filter(netuid__in=[n for n, _ in wanted])
        return {s.netuid: s for s in found if (s.netuid, s.registered_at_block) in wanted}

    rows = known()
    missing = [Subnet(netuid=n, registered_at_block=b) for n, b in sorted(wanted) if n not in rows]
    if not missing:
        return rows
    Subnet.objects.bulk_create(missing, ignore_conflicts=True)
    return known()


def _identities(subnets: Sequence[SubnetFacts], rows: dict[int, Subnet], at: datetime) -> dict[int, SubnetIdentity]:
    """{netuid: the row of its identity}, whose span of time then covers `at`."""
    digests = {s.netuid: s.identity.digest for s in subnets}

    def known() -> dict[int, SubnetIdentity]:
        netuid_of = {row.pk: netuid for netuid, row in rows.items()}
        found = SubnetIdentity.objects.filter(subnet__in=rows.values(), digest__in=digests.values())
        return {n: i for i in found if digests[n := netuid_of[i.subnet_id]] == i.digest}

    identities = known()
    missing = [s for s in subnets if s.netuid not in identities]
    if missing:
        SubnetIdentity.objects.bulk_create(
            [
                SubnetIdentity(
                    subnet=rows[s.netuid],
                    digest=digests[s.netuid],
                    first_seen_at=at,
                    last_seen_at=at,
                    **asdict(s.identity),
                )
                for s in missing
            ],
            ignore_conflicts=True,
        )
        identities = known()
    _widen(SubnetIdentity, [i.pk for i in identities.values()], at)
    return identities


def _widen(model: type[SubnetIdentity | Subnet], keys: Sequence[int], at: datetime) -> None:
    """Spans of time grow in both directions, since history arrives in any order."""
    rows = model._default_manager.filter(pk__in=keys)
    rows.filter(last_seen_at__lt=at).update(last_seen_at=at)
    rows.filter(first_seen_at__gt=at).update(first_seen_at=at)
    if model is Subnet:
        rows.filter(first_seen_at__isnull=True).update(first_seen_at=at, last_seen_at=at)


def _mark_seen(facts: NetworkFacts, rows: dict[int, Subnet], identities: dict[int, SubnetIdentity]) -> None:
    """Current state follows the newest block only; a backfill leaves it alone."""
    _widen(Subnet, [row.pk for row in rows.values()], facts.observed_at)
    newer = [row for row in rows.values() if row.last_seen_block < facts.block]
    renamed = [row for row in newer if row.identity_id != identities[row.netuid].pk]
    for row in renamed:
        row.identity = identities[row.netuid]
    Subnet.objects.bulk_update(renamed, ["identity"])
    Subnet.objects.filter(pk__in=[row.pk for row in newer]).update(last_seen_block=facts.block)


def _store_neurons(facts: NetworkFacts, rows: dict[int, Subnet], packed: Mapping[int, PackedColumns]) -> None:
    by_pk = {rows[netuid].pk: neurons for netuid, neurons in packed.items()}
    day = facts.observed_at.date()
    framed = set(NeuronFrame.objects.filter(subnet__in=by_pk, day=day).values_list("subnet_id", flat=True))
    current = dict(CurrentNeurons.objects.filter(subnet__in=by_pk).values_list("subnet_id", "block"))
    unframed = {pk: p for pk, p in by_pk.items() if pk not in framed}
    newest = {pk: p for pk, p in by_pk.items() if current.get(pk, -1) < facts.block}
    keys = _key_lists({**unframed, **newest})

    def values(pk: int, columns: bytes) -> dict[str, object]:
        return {"keys_id": keys[pk], "block": facts.block, "observed_at": facts.observed_at, "packed": columns}

    NeuronFrame.objects.bulk_create(
        [NeuronFrame(subnet_id=pk, day=day, **values(pk, p.columns)) for pk, p in unframed.items()],
        ignore_conflicts=True,
    )
    CurrentNeurons.objects.bulk_create(
        [CurrentNeurons(subnet_id=pk, **values(pk, p.columns)) for pk, p in newest.items()],
        update_conflicts=True,
        unique_fields=["subnet"],
        update_fields=["keys", "block", "observed_at", "packed"],
    )


def _key_lists(packed: Mapping[int, PackedColumns]) -> dict[int, int]:
    """{subnet row: key list row}, made where a uid has changed hands."""

    def known() -> dict[int, int]:
        found = KeyList.objects.filter(subnet__in=packed, digest__in=[p.digest for p in packed.values()])
        rows = found.values_list("subnet_id", "digest", "pk")
        return {subnet: pk for subnet, digest, pk in rows if packed[subnet].digest == digest}

    lists = known()
    missing = [pk for pk in packed if pk not in lists]
    if not missing:
        return lists
    bases = {base.subnet_id: base for base in KeyList.objects.filter(subnet__in=missing, base=None).order_by("pk")}
    KeyList.objects.bulk_create(
        [_key_list(pk, packed[pk], bases.get(pk)) for pk in missing],
        ignore_conflicts=True,
    )
    return known()


def _key_list(subnet: int, neurons_: PackedColumns, base: KeyList | None) -> KeyList:
    """A list that leans on `base`, or on none where the two have too little in common."""
    full = KeyList(subnet_id=subnet, digest=neurons_.digest)
    if base is not None:
        leaning = neurons.pack_keys(neurons_.key_text, base.text())
        if len(leaning) < len(base.packed) * MOST_OF_A_BASE:
            full.base, full.packed = base, leaning
            return full
    full.packed = neurons.pack_keys(neurons_.key_text)
    return full


def _store_coldkey_names(facts: NetworkFacts) -> None:
    """Names are current state: only the newest block has a say."""
    if NetworkSnapshot.objects.filter(block__gt=facts.block).exists():
        return
    known = dict(ColdkeyName.objects.filter(pk__in=facts.coldkey_names).values_list("coldkey", "name"))
    changed = [ColdkeyName(coldkey=k, name=n) for k, n in facts.coldkey_names.items() if known.get(k) != n]
    ColdkeyName.objects.bulk_create(changed, update_conflicts=True, unique_fields=["coldkey"], update_fields=["name"])
