"""The same figures for a spreadsheet or a program: `?format=csv` or `?format=json` beside the rest of the address.

JSON says what each of its columns means; `?format=csv&meanings=1` is the same for CSV, as a file of its own. A page
with more than one table names the others: `?table=prices`. Tables are those of a page and as bounded as it is: one row
per subnet or day, or at most 500 points of a series. A table's rows are read from the database before the first of them
is written, and written while they are sent (`insights.streaming`): a file is complete, an error, or broken off where
the reader sees it. What has no bound is for `manage.py export`, which writes line by line.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from math import isfinite
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from insights.board import Row
from insights.catalogue import EXPLAINED
from insights.figures import ACTIVE_MINERS, ACTIVE_VALIDATORS, VOLUME_1D
from insights.history import Series
from insights.streaming import answered
from markets.models import TaoPrice
from subnets.metrics import BY_KEY, EMISSION, MARKET_CAP, MOVING_PRICE, POOL_TAO, PRICE
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.units import from_rao

P = ParamSpec("P")
Cell = str | float | int | bool | None
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

MEANINGS = (
    *("key", "heading", "label", "unit", "layer", "source", "formula", "inputs", "unknown", "about", "version"),
    *("metric", "method"),
)
"""What is told of each column. `method` is the address of the page that explains it, `metric` its key there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is no declared metric; `of` is the one whose value it holds, or is made of by `formula`.

    `unit` is said where it is not that of the metric.
    """

    key: str
    heading: str
    about: str
    of: Metric | None = None
    formula: str = ""
    unit: str = ""


Columns = Sequence[Metric | Column]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` need no database to be walked through."""

    columns: Columns
    rows: Iterable[Sequence[Cell]]


BLOCK = Column("block", "block", "Block at which it was true")
OBSERVED_AT = Column("observed_at", "observed at, UTC", "When it was true")
SOURCE = Column("source", "source", "chain: read by this site; import: from recorded history")
NETUID = Column("netuid", "netuid", "Number of the subnet")
TENANT = Column(
    "registered_at_block", "registered at block", "With the netuid it names a tenant, whose numbers these are"
)
TAO_PRICE = (
    Column("tao_price_usd", "TAO price, USD", "Newest price of TAO at or before the observation: dollars rest on it"),
    Column("tao_price_at", "TAO price at, UTC", "When that price was true"),
    Column("tao_price_source", "TAO price from", "Who told it"),
)


def asked_for(request: HttpRequest) -> Callable[[str, Table], HttpResponseBase] | None:
    """How to answer a request for a file (of a name without ending, from a table), if it is one."""
    match request.GET.get("format"):
        case "csv":
            write = _csv_meanings if request.GET.get("meanings") == "1" else _csv
        case "json":
            write = _json
        case _:
            return None
    return lambda name, table: write(request, name, table)


def table_asked_for(request: HttpRequest, tables: Sequence[str]) -> str:
    """Which of a page's `tables` the address asks for: the first unless it names another."""
    asked = request.GET.get("table", "")
    return asked if asked in tables else tables[0]


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


def board_table(rows: Iterable[Row], metrics: Sequence[Metric], tao_price: TaoPrice | None) -> Table:
    """One line per subnet, each with the observation that it comes from; `tao_price` is that of dollars. One query."""
    listed = list(rows)
    observations = NetworkSnapshot.objects.in_bulk({row.snapshot.network_id for row in listed})
    identity = (
        NETUID,
        Column("name", "name", "What it calls itself"),
        Column("symbol", "symbol", "Symbol of its alpha"),
        Column("category", "category", "Category, empty if unclassified"),
        TENANT,
    )
    price = tao_price_cells(tao_price)
    return Table(
        [*identity, OBSERVED_AT, BLOCK, SOURCE, *TAO_PRICE, *metrics],
        (
            [
                row.netuid,
                row.name,
                row.symbol,
                row.category.name if row.category else None,
                row.snapshot.subnet.registered_at_block,
                *observation_cells(observations[row.snapshot.network_id]),
                *price,
                *(row.figures.get(metric.key) for metric in metrics),
            ]
            for row in listed
        ),
    )


def observation_cells(network: NetworkSnapshot) -> list[Cell]:
    """Of OBSERVED_AT, BLOCK and SOURCE."""
    return [network.observed_at.isoformat(), network.block, network.source]


def tao_price_cells(price: TaoPrice | None) -> list[Cell]:
    """Of TAO_PRICE."""
    return [price.price_usd, price.observed_at.isoformat(), price.source] if price else [None] * len(TAO_PRICE)


_OVER_TIME = (MARKET_CAP, POOL_TAO, EMISSION, VOLUME_1D, BY_KEY["organic_flow_1d_tao"])
_COUNTS = (ACTIVE_VALIDATORS, ACTIVE_MINERS)


def series_table(subnet: Subnet, series: Series) -> Table:
    """One line per point that is drawn, each with the observation that it comes from. One query."""
    times = [at for at, _, _ in series.observed]
    stored = SubnetSnapshot.objects.of(subnet).filter(observed_at__in=times)
    seen = stored.values_list(
        *("observed_at", "network__block", "network__source", "price_rao", "moving_price_rao"),
        *(f"metrics__{metric.key}" for metric in _OVER_TIME),
        *(metric.key for metric in _COUNTS),
    )
    tenant = (subnet.netuid, subnet.registered_at_block)
    rows = list(seen)
    return Table(
        [NETUID, TENANT, OBSERVED_AT, BLOCK, SOURCE, PRICE, MOVING_PRICE, *_OVER_TIME, *_COUNTS],
        (
            [*tenant, at.isoformat(), block, source, from_rao(price), from_rao(moving), *rest]
            for at, block, source, price, moving, *rest in rows
        ),
    )


def meaning_of(column: Metric | Column, site: str = "") -> dict[str, Cell]:
    """{each of MEANINGS: what it is}; None where it does not apply. `site`: what stands before a page's path."""
    told: dict[str, Cell] = dict.fromkeys(MEANINGS)
    metric = column if isinstance(column, Metric) else column.of
    if metric is not None:
        told |= {
            "key": metric.key,
            "heading": f"{metric.label}, {metric.unit}",
            "label": metric.label,
            "unit": str(metric.unit),
            "layer": str(metric.layer),
            "source": metric.source,
            "formula": metric.formula or None,
            "inputs": " ".join(metric.inputs),
            "unknown": metric.unknown,
            "about": metric.about,
            "version": metric.version,
            "metric": metric.key,
            "method": site + reverse("method", args=[metric.key]) if metric.key in EXPLAINED else None,
        }
    if isinstance(column, Metric):
        return told
    told |= {"key": column.key, "heading": column.heading, "label": column.heading, "about": column.about}
    if column.unit:
        told["unit"] = column.unit
    if column.formula:
        told |= {"formula": column.formula, "layer": "judged" if told["layer"] == "judged" else "derived"}
    return told


def inert(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


class _Line:
    """A file of one line, for `csv.writer` to write to: what is written is what it returns."""

    def write(self, text: str) -> str:
        return text


def _written(
    request: HttpRequest, name: str, heads: Sequence[Cell], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    def lines() -> Iterator[str]:
        writer: Any = csv.writer(_Line())
        yield writer.writerow(map(inert, heads))
        for row in rows:
            yield writer.writerow([inert(_finite(cell)) for cell in row])

    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return answered(request, lines(), content_type="text/csv; charset=utf-8", headers=disposition)


def _csv(request: HttpRequest, name: str, table: Table) -> HttpResponseBase:
    return _written(request, name, [meaning_of(column)["heading"] for column in table.columns], table.rows)


def _csv_meanings(request: HttpRequest, name: str, table: Table) -> HttpResponseBase:
    told = [meaning_of(column, site_of(request)) for column in table.columns]
    return _written(request, f"{name}-columns", MEANINGS, [list(each.values()) for each in told])


def _json(request: HttpRequest, name: str, table: Table) -> HttpResponseBase:
    told: list[Mapping[str, Any]] = [meaning_of(column, site_of(request)) for column in table.columns]
    keys = [str(each["key"]) for each in told]

    def lines() -> Iterator[str]:
        yield f'{{"columns": {json.dumps(told)}, "rows": ['
        between = ""
        for row in table.rows:
            yield between + json.dumps(dict(zip(keys, map(_finite, row), strict=True)), allow_nan=False)
            between = ", "
        yield "]}"

    return answered(request, lines(), content_type="application/json", headers={})


def site_of(request: HttpRequest) -> str:
    """What stands before a path: the scheme and the name that the site was asked under."""
    return request.build_absolute_uri("/").rstrip("/")


def _finite(cell: Cell) -> Cell:
    """What is no number has no place in JSON, and is unknown."""
    return None if isinstance(cell, float) and not isfinite(cell) else cell
