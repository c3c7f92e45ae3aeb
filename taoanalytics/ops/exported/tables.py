"""What an exported table is made of, and how its lines are read: in batches, oldest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet

from insights.exports import Cell
from subnets.models import NetworkSnapshot
from taoanalytics.lib.units import RAO

_STATES_PER_QUERY = 16
_LINES_PER_FETCH = 2_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What was true from `start` to `end` (None: no bound), of these netuids (none: all)."""

    start: datetime | None = None
    end: datetime | None = None
    netuids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    about: str
    unit: str = ""
    layer: str = "observed"
    formula: str = ""
    unknown: str = ""


Line = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    columns: Sequence[Column]
    rows: Callable[[Selection], Iterator[Line]]
    has_netuids: bool = True


OBSERVED = (
    Column("observed_at", "When it was true, UTC."),
    Column("block", "Block at which it was true."),
    Column("netuid", "Number of the subnet; 0 is root."),
    Column("registered_at_block", "With the netuid it names a tenant: netuids are reused."),
)
TENANT = OBSERVED[2:]


def exact(rao: int | None) -> str | None:
    """Whole tokens to the last rao, as text: a float would lose digits."""
    return None if rao is None else f"{rao // RAO}.{rao % RAO:09d}"


def iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def between(rows: QuerySet[Any], chosen: Selection, field: str, netuid: str = "") -> QuerySet[Any]:
    if chosen.start is not None:
        rows = rows.filter(**{f"{field}__gte": chosen.start})
    if chosen.end is not None:
        rows = rows.filter(**{f"{field}__lte": chosen.end})
    return rows.filter(**{f"{netuid}__in": chosen.netuids}) if netuid and chosen.netuids else rows


def help_text(model: type[Model], field: str) -> str:
    return str(getattr(model._meta.get_field(field), "help_text", ""))


def columns(about: Mapping[str, str], layer: str = "observed") -> list[Column]:
    return [Column(key, words, layer=layer) for key, words in about.items()]


def plain(model: type[Model], *fields: str) -> list[Column]:
    return [Column(key, help_text(model, key) or key.replace("_", " ").capitalize() + ".") for key in fields]


def fetched(rows: QuerySet[Any], *fields: str) -> Iterator[Any]:
    return rows.values_list(*fields).iterator(chunk_size=_LINES_PER_FETCH)


def state_by_state(model: type[Model], network: str, chosen: Selection, columns: Sequence[str]) -> Iterator[Line]:
    """Rows that belong to network snapshots, a few snapshots to a query, so that no query has to sort them all."""
    states = between(NetworkSnapshot.objects.order_by("observed_at"), chosen, "observed_at")
    walk = states.values_list("pk", flat=True).iterator(chunk_size=_LINES_PER_FETCH)
    prefix = network.removesuffix("network")
    while some := list(islice(walk, _STATES_PER_QUERY)):
        rows = model._default_manager.filter(**{f"{network}__in": some})
        if chosen.netuids:
            rows = rows.filter(**{f"{prefix}subnet__netuid__in": chosen.netuids})
        keys = (f"{network}__observed_at", f"{network}__block", f"{prefix}subnet__netuid")
        ordered = rows.order_by(*keys, "pk")
        tenant = f"{prefix}subnet__registered_at_block"
        for at, *rest in ordered.values_list(*keys, tenant, *columns).iterator(chunk_size=_LINES_PER_FETCH):
            yield [at.isoformat(), *rest]
