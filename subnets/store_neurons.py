"""From a subnet's neurons to rows: a frame a day, the current ones, and the lists of keys that both lean on."""

from collections.abc import Mapping
from dataclasses import dataclass

from subnets.facts import NetworkFacts, NeuronColumns
from subnets.models import CurrentNeurons, KeyList, NeuronFrame
from subnets.neurons import key_digest, key_text, pack, pack_keys

MOST_OF_A_BASE = 0.3  # a list that differs by more becomes the base of those to come


@dataclass(frozen=True, slots=True)
class PackedColumns:
    """The neurons of one subnet, compressed before the transaction opens so that it stays short."""

    key_text: bytes
    digest: str
    columns: bytes


def packed_columns(columns: NeuronColumns) -> PackedColumns:
    """Raises ValueError where columns differ in length or hold a value that is out of range."""
    text = key_text(columns)
    return PackedColumns(text, key_digest(text), pack(columns))


def store_neurons(facts: NetworkFacts, packed: Mapping[int, PackedColumns]) -> None:
    """The day's frame where there is none yet, and the current neurons where these are newer; in a transaction.

    `packed`: {subnet row: its neurons at the block of `facts`}.
    """
    if not packed:
        return
    day = facts.observed_at.date()
    framed = set(NeuronFrame.objects.filter(subnet__in=packed, day=day).values_list("subnet_id", flat=True))
    current = dict(CurrentNeurons.objects.filter(subnet__in=packed).values_list("subnet_id", "block"))
    unframed = {pk: p for pk, p in packed.items() if pk not in framed}
    newest = {pk: p for pk, p in packed.items() if current.get(pk, -1) < facts.block}
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


def _key_list(subnet: int, packed: PackedColumns, base: KeyList | None) -> KeyList:
    """A list that leans on `base`, or on none where the two have too little in common."""
    if base is not None:
        leaning = pack_keys(packed.key_text, base.text())
        if len(leaning) < len(base.packed) * MOST_OF_A_BASE:
            return KeyList(subnet_id=subnet, digest=packed.digest, base=base, packed=leaning)
    return KeyList(subnet_id=subnet, digest=packed.digest, packed=pack_keys(packed.key_text))
