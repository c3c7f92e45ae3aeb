"""The same figures for a spreadsheet or a program: `?format=csv` or `?format=json` beside the rest of the address.

JSON says what each of its columns means; `?format=csv&meanings=1` is the same for CSV, as a file of its own. Tables are
those of a page and as bounded as it is: one row per subnet, or at most 500 points of a series. So a file is made whole
before its first byte is sent: it is complete or an error, and kept and tagged like a page. What has no bound is for
`manage.py export`, which writes line by line.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from math import isfinite
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from insights.board import Row
from insights.history import Series
from subnets.metrics import MOVING_PRICE, PRICE
from subnets.models import NetworkSnapshot
from taoanalytics.lib.metric import Metric

P = ParamSpec("P")
Cell = str | float | int | bool | None
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

MEANINGS = ("key", "heading", "label", "unit", "layer", "source", "formula", "inputs", "unknown", "about", "version")
"""What is told of each column."""


@dataclass(frozen=True, slots=True)
class Table:
    """A column is a declared metric, or (key, heading with its unit, what it means)."""

    columns: Sequence[Metric | tuple[str, str, str]]
    rows: Iterable[Sequence[Cell]]


BLOCK = ("block", "block", "Block at which it was true")
OBSERVED_AT = ("observed_at", "observed at, UTC", "When it was true")
SOURCE = ("source", "source", "chain: read by this site; import: from recorded history")


def asked_for(request: HttpRequest) -> Callable[[str, Table], HttpResponse] | None:
    """How to answer a request for a file (of a name without ending, from a table), if it is one."""
    match request.GET.get("format"):
        case "csv":
            return _csv_meanings if request.GET.get("meanings") == "1" else _csv
        case "json":
            return _json
        case _:
            return None


def as_file(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase], form: str
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The same page at an address of its own that ends in `form`, with the same query."""

    @wraps(view)
    def file(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        query = request.GET.copy()
        query["format"] = form
        request.GET = query  # type: ignore[assignment]  # nobody writes to it
        return view(request, *args, **kwargs)

    return file


def board_table(rows: Iterable[Row], metrics: Sequence[Metric]) -> Table:
    """One line per subnet, each with the observation that it comes from. One query."""
    listed = list(rows)
    observations = NetworkSnapshot.objects.in_bulk({row.snapshot.network_id for row in listed})
    identity = (
        ("netuid", "netuid", "Number of the subnet"),
        ("name", "name", "What it calls itself"),
        ("symbol", "symbol", "Symbol of its alpha"),
        ("category", "category", "Category, empty if unclassified"),
    )
    return Table(
        [*identity, OBSERVED_AT, BLOCK, SOURCE, *metrics],
        [
            [
                row.netuid,
                row.name,
                row.symbol,
                row.category.name if row.category else None,
                row.snapshot.observed_at.isoformat(),
                observations[row.snapshot.network_id].block,
                observations[row.snapshot.network_id].source,
                *(row.figures.get(metric.key) for metric in metrics),
            ]
            for row in listed
        ],
    )


def series_table(series: Series) -> Table:
    """One line per point, each with the observation that it comes from. One query."""
    times = [at for at, _, _ in series.observed]
    seen = NetworkSnapshot.objects.filter(observed_at__in=times).values_list("observed_at", "block", "source")
    observations = {at: (block, source) for at, block, source in seen}
    return Table(
        [OBSERVED_AT, BLOCK, SOURCE, PRICE, MOVING_PRICE],
        [[at.isoformat(), *observations[at], price, moving] for at, price, moving in series.observed],
    )


def meaning_of(column: Metric | tuple[str, str, str]) -> dict[str, Cell]:
    """{each of MEANINGS: what it is}; None where it does not apply."""
    told: dict[str, Cell] = dict.fromkeys(MEANINGS)
    if isinstance(column, Metric):
        told |= {
            "key": column.key,
            "heading": f"{column.label}, {column.unit}",
            "label": column.label,
            "unit": str(column.unit),
            "layer": str(column.layer),
            "source": column.source,
            "formula": column.formula or None,
            "inputs": " ".join(column.inputs),
            "unknown": column.unknown,
            "about": column.about,
            "version": column.version,
        }
        return told
    key, heading, about = column
    return told | {"key": key, "heading": heading, "label": heading, "about": about}


def inert(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _written(name: str, heads: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([inert(_finite(cell)) for cell in row] for row in rows)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=disposition)


def _csv(name: str, table: Table) -> HttpResponse:
    return _written(name, [meaning_of(column)["heading"] for column in table.columns], table.rows)


def _csv_meanings(name: str, table: Table) -> HttpResponse:
    told = [meaning_of(column) for column in table.columns]
    return _written(f"{name}-columns", MEANINGS, [list(each.values()) for each in told])


def _json(name: str, table: Table) -> HttpResponse:
    told: list[Mapping[str, Any]] = [meaning_of(column) for column in table.columns]
    keys = [str(each["key"]) for each in told]
    return JsonResponse(
        {
            "columns": told,
            "rows": [dict(zip(keys, map(_finite, row), strict=True)) for row in table.rows],
        }
    )


def _finite(cell: Cell) -> Cell:
    """What is no number has no place in JSON, and is unknown."""
    return None if isinstance(cell, float) and not isfinite(cell) else cell
