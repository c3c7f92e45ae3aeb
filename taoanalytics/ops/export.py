"""Stored data out, as a table: line by line, in the memory of a few thousand lines however many there are."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from insights.exports import Cell, inert
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.ops.exported import TABLES, Selection, Table

FORMATS = ("csv", "json")
_LINES_PER_STEP = 10_000
_MEANING = ("key", "unit", "layer", "formula", "unknown", "about")


@dataclass(frozen=True, slots=True)
class _Writer:
    """How one format begins, writes each line after the first, and ends."""

    begin: Callable[[TextIO, str, Table], None]
    line: Callable[[TextIO, Sequence[str], Sequence[Cell], bool], None]
    end: Callable[[TextIO], None]


def export(
    *,
    table: str,
    form: str,
    out: TextIO,
    start: datetime | None = None,
    end: datetime | None = None,
    netuids: Sequence[int] = (),
    for_spreadsheet: bool = False,
    progress: Progress = silent,
) -> Report:
    """Write the lines of `table` (one of TABLES) that were true from `start` to `end` to `out`, oldest first.

    `form` is one of FORMATS. `netuids` keeps to these, whoever holds them. Texts are written as they are stored;
    `for_spreadsheet` marks those that a spreadsheet would run as formulas, and is not for reading in again.
    Raises Permanent for netuids of a table that has none.
    """
    chosen = TABLES[table]
    if netuids and not chosen.has_netuids:
        raise Permanent(f"{table} is not about single subnets: leave --netuid out")
    keys = [column.key for column in chosen.columns]
    writer, report = _WRITERS[form], Report()
    writer.begin(out, table, chosen)
    for row in chosen.rows(Selection(start=start, end=end, netuids=tuple(netuids))):
        cells = [inert(cell) for cell in row] if for_spreadsheet else row
        writer.line(out, keys, cells, report.seen == 0)
        report.seen += 1
        report.stored += 1
        if report.seen % _LINES_PER_STEP == 0:
            progress(report.seen, report.seen, f"{report.seen:,} lines")
    writer.end(out)
    return report


def meanings(table: str) -> Iterator[Sequence[Cell]]:
    """(key, unit, layer, formula, what an empty cell means, what it is) of each column, a head first."""
    yield _MEANING
    for column in TABLES[table].columns:
        yield [getattr(column, name) for name in _MEANING]


def write_csv(out: TextIO, rows: Iterable[Sequence[Cell]]) -> None:
    csv.writer(out, lineterminator="\n").writerows(rows)


def _csv_begin(out: TextIO, _: str, table: Table) -> None:
    write_csv(out, [[column.key for column in table.columns]])


def _csv_line(out: TextIO, _: Sequence[str], cells: Sequence[Cell], __: bool) -> None:
    write_csv(out, [cells])


def _json_begin(out: TextIO, name: str, table: Table) -> None:
    columns = [{name: said for name in _MEANING if (said := getattr(column, name))} for column in table.columns]
    out.write(f'{{"table": {json.dumps(name)},\n"columns": {json.dumps(columns, ensure_ascii=False)},\n"rows": [')


def _json_line(out: TextIO, keys: Sequence[str], cells: Sequence[Cell], first: bool) -> None:
    text = json.dumps(dict(zip(keys, cells, strict=True)), ensure_ascii=False, allow_nan=False)
    out.write(f"{'' if first else ','}\n{text}")


def _json_end(out: TextIO) -> None:
    out.write("\n]}\n")


_WRITERS: Mapping[str, _Writer] = {
    "csv": _Writer(_csv_begin, _csv_line, lambda out: None),
    "json": _Writer(_json_begin, _json_line, _json_end),
}
