"""From facts to rows: whole network snapshots in one transaction, inserted once however often they are offered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from operator import attrgetter

from django.db import connection, transaction

from subnets.facts import IdentityFacts, NetworkFacts, SubnetFacts
from subnets.localnet.identity import is_simulated
from subnets.models import Chain, ColdkeyName, NetworkSnapshot, Subnet, SubnetIdentity, SubnetSnapshot
from subnets.rows import insert
from subnets.store_neurons import PackedColumns, packed_columns, store_neurons
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Report

_NOT_COLUMNS = {"netuid", "registered_at_block", "identity", "neurons"}
_SNAPSHOT_COLUMNS = [f.name for f in fields(SubnetFacts) if f.name not in _NOT_COLUMNS]
_reported = attrgetter(*_SNAPSHOT_COLUMNS)
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

Tenancy = tuple[int, int]  # netuid, block of registration
Said = tuple[int, IdentityFacts]  # primary key of the subnet, what it said of itself


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
                packed[subnet.netuid] = packed_columns(subnet.neurons)
            readable.append(subnet)
        except ValueError as problem:
            report.fail(f"subnet {subnet.netuid}: {problem}")
    with transaction.atomic():
        report.stored = insert_snapshots([replace(facts, subnets=readable)], packed)
        report.skipped = len(readable) - report.stored
        Generation.objects.bump()
    return report


def insert_snapshots(networks: Sequence[NetworkFacts], packed: Mapping[int, PackedColumns]) -> int:
    """Insert what is new of these, in order of their blocks, inside the caller's transaction.

    `packed`: {netuid: neurons} of the last of them. Returns how many snapshots of subnets were new.
    """
    rows = _network_rows(networks)
    tenants = _tenants(networks)
    identities = _identities(networks, tenants)
    known = set(SubnetSnapshot.objects.filter(network__in=rows.values()).values_list("network_id", "subnet_id"))
    fresh = []
    for facts in networks:
        network, at = rows[facts.block].pk, connection.ops.adapt_datetimefield_value(facts.observed_at)
        for subnet in facts.subnets:
            tenant = tenants[_tenancy(subnet)].pk
            if (network, tenant) not in known:
                fresh.append((network, at, tenant, identities[tenant, subnet.identity].pk, *_reported(subnet)))
    insert(SubnetSnapshot, ["network_id", "observed_at", "subnet_id", "identity_id", *_SNAPSHOT_COLUMNS], fresh)
    _mark_seen(networks, tenants, identities)
    newest = networks[-1]
    by_row = {tenants[_tenancy(s)].pk: packed[s.netuid] for s in newest.subnets if s.netuid in packed}
    store_neurons(newest, by_row)
    for facts in networks:
        _store_coldkey_names(facts)
    return len(fresh)


def _tenancy(subnet: SubnetFacts) -> Tenancy:
    return subnet.netuid, subnet.registered_at_block


def _network_rows(networks: Sequence[NetworkFacts]) -> dict[int, NetworkSnapshot]:
    """{block: its row}, made where it is new, and complete where it was not and is now."""

    def known() -> dict[int, NetworkSnapshot]:
        return {row.block: row for row in NetworkSnapshot.objects.filter(block__in=[n.block for n in networks])}

    rows = known()
    completed = [rows[facts.block].pk for facts in networks if facts.complete and facts.block in rows]
    NetworkSnapshot.objects.filter(pk__in=completed, complete=False).update(complete=True)
    missing = [facts for facts in networks if facts.block not in rows]
    if not missing:
        return rows
    NetworkSnapshot.objects.bulk_create(
        [NetworkSnapshot(**{name: getattr(facts, name) for name in _NETWORK_COLUMNS}) for facts in missing],
        ignore_conflicts=True,
    )
    return known()


def _tenants(networks: Sequence[NetworkFacts]) -> dict[Tenancy, Subnet]:
    """{tenancy: its row}, made where the registration is new."""
    wanted = {_tenancy(subnet) for facts in networks for subnet in facts.subnets}

    def known() -> dict[Tenancy, Subnet]:
        found = Subnet.objects.filter(netuid__in={netuid for netuid, _ in wanted})
        return {key: s for s in found if (key := (s.netuid, s.registered_at_block)) in wanted}

    rows = known()
    missing = [Subnet(netuid=n, registered_at_block=b) for n, b in sorted(wanted - rows.keys())]
    if not missing:
        return rows
    Subnet.objects.bulk_create(missing, ignore_conflicts=True)
    return known()


def _identities(networks: Sequence[NetworkFacts], tenants: Mapping[Tenancy, Subnet]) -> dict[Said, SubnetIdentity]:
    """{what a tenant said of itself: its row}, whose span of time then covers when it was said."""
    times: dict[Said, list[datetime]] = {}
    for facts in networks:
        for subnet in facts.subnets:
            times.setdefault((tenants[_tenancy(subnet)].pk, subnet.identity), []).append(facts.observed_at)
    said_by = {(tenant, identity.digest): (tenant, identity) for tenant, identity in times}

    def known() -> dict[Said, SubnetIdentity]:
        digests = {digest for _, digest in said_by}
        found = SubnetIdentity.objects.filter(subnet__in=tenants.values(), digest__in=digests)
        return {said_by[key]: row for row in found if (key := (row.subnet_id, row.digest)) in said_by}

    rows = known()
    missing = [
        SubnetIdentity(
            subnet_id=tenant,
            digest=digest,
            first_seen_at=min(times[said]),
            last_seen_at=max(times[said]),
            **asdict(said[1]),
        )
        for (tenant, digest), said in said_by.items()
        if said not in rows
    ]
    if missing:
        SubnetIdentity.objects.bulk_create(missing, ignore_conflicts=True)
        rows = known()
    _widen(SubnetIdentity, {rows[said].pk: at for said, at in times.items()})
    return rows


def _widen(model: type[SubnetIdentity | Subnet], times: Mapping[int, Sequence[datetime]]) -> None:
    """Spans of time, {primary key: when it was seen}, grow in both directions, since history arrives in any order."""
    first, last = defaultdict[datetime, list[int]](list), defaultdict[datetime, list[int]](list)
    for key, at in times.items():
        first[min(at)].append(key)
        last[max(at)].append(key)
    rows = model._default_manager
    for earliest, keys in first.items():
        if model is Subnet:
            rows.filter(pk__in=keys, first_seen_at__isnull=True).update(first_seen_at=earliest, last_seen_at=earliest)
        rows.filter(pk__in=keys, first_seen_at__gt=earliest).update(first_seen_at=earliest)
    for latest, keys in last.items():
        rows.filter(pk__in=keys, last_seen_at__lt=latest).update(last_seen_at=latest)


def _mark_seen(
    networks: Sequence[NetworkFacts], tenants: Mapping[Tenancy, Subnet], identities: Mapping[Said, SubnetIdentity]
) -> None:
    """Current state follows the newest block only; a backfill leaves it alone."""
    times = defaultdict[int, list[datetime]](list)
    newest: dict[Tenancy, tuple[int, IdentityFacts]] = {}
    for facts in networks:
        for subnet in facts.subnets:
            times[tenants[_tenancy(subnet)].pk].append(facts.observed_at)
            newest[_tenancy(subnet)] = facts.block, subnet.identity
    _widen(Subnet, times)
    renamed, newer = [], defaultdict[int, list[int]](list)
    for tenancy, (block, said) in newest.items():
        row, identity = tenants[tenancy], identities[tenants[tenancy].pk, said]
        if row.last_seen_block < block:
            newer[block].append(row.pk)
            if row.identity_id != identity.pk:
                row.identity = identity
                renamed.append(row)
    Subnet.objects.bulk_update(renamed, ["identity"])
    for block, keys in newer.items():
        Subnet.objects.filter(pk__in=keys).update(last_seen_block=block)


def _store_coldkey_names(facts: NetworkFacts) -> None:
    """Names are current state: only the newest block has a say."""
    if not facts.coldkey_names or NetworkSnapshot.objects.filter(block__gt=facts.block).exists():
        return
    known = dict(ColdkeyName.objects.filter(pk__in=facts.coldkey_names).values_list("coldkey", "name"))
    changed = [ColdkeyName(coldkey=k, name=n) for k, n in facts.coldkey_names.items() if known.get(k) != n]
    ColdkeyName.objects.bulk_create(changed, update_conflicts=True, unique_fields=["coldkey"], update_fields=["name"])
