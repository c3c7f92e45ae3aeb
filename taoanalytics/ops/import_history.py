"""Recorded history in, from a file: what it is, is told by its header."""

import csv
import gzip
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol

from django.db.models import Max, Min

import markets.history
import subnets.history
import subnets.recording
from insights.judge import judge_after
from subnets.models import NetworkSnapshot
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib import clock

_GZIP_MAGIC = b"\x1f\x8b"
_LONGEST_LINE = 2**20  # characters; a longer one is no line of a table and is read in pieces


class _Importer(Protocol):
    def __call__(
        self, *, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], progress: Progress
    ) -> Report: ...


_KINDS: Sequence[tuple[Sequence[str], _Importer]] = (
    (subnets.recording.COLUMNS, subnets.history.import_network_history),
    (markets.history.COLUMNS, markets.history.import_tao_candles),
)


@logged("import history")
def import_history(*, file: Path, progress: Progress = silent) -> Report:
    """Store what a CSV file, plain or gzip, records: the network's history or TAO/USD candles. One item per row.

    The formats and what becomes of bad lines: `subnets.history`, `markets.history`. A rerun stores nothing twice and
    completes what was interrupted.
    Raises Permanent, with nothing of the file stored, if it cannot be read to its end, is not UTF-8, or has an unknown
    header; also if the database belongs to another chain.
    """
    lines = _lines(file)
    first = next(lines, None)
    if first is None:
        raise Permanent(f"{file} is empty")
    header = [name.strip() for name in _cells([first]) or ()]
    importer, started = _importer(header, file), clock.now()
    report = importer(header=header, rows=_rows(lines, len(header)), progress=progress)
    imported = NetworkSnapshot.objects.filter(stored_at__gte=started).aggregate(
        first=Min("observed_at"), last=Max("observed_at")
    )
    if imported["first"]:
        judge_after(imported["first"], imported["last"], progress)
    return report


def _importer(header: Sequence[str], file: Path) -> _Importer:
    """The importer that knows most of the header's names, if it knows at least half of its own."""
    shares = [(sum(name in header for name in columns) / len(columns), importer) for columns, importer in _KINDS]
    share, importer = max(shares, key=lambda known: known[0])
    if share < 0.5:
        kinds = " nor ".join(f"{', '.join(columns[:3])}, …" for columns, _ in _KINDS)
        raise Permanent(f"{file} is no history known here: its first line is neither {kinds}")
    return importer


def _lines(file: Path) -> Iterator[str]:
    """The text of `file`, line by line. Raises Permanent where it cannot be read."""
    try:
        with file.open("rb") as raw:
            packed = raw.peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC)
            with TextIOWrapper(gzip.GzipFile(fileobj=raw) if packed else raw, "utf-8-sig", newline="") as text:
                while line := text.readline(_LONGEST_LINE):
                    yield line
    except EOFError:
        raise Permanent(f"{file} is cut short: the gzip file ends too early. Fetch it again.") from None
    except (gzip.BadGzipFile, zlib.error) as problem:
        raise Permanent(f"{file} is damaged and cannot be unpacked ({problem}). Fetch it again.") from None
    except UnicodeDecodeError as problem:
        raise Permanent(f"{file} is not UTF-8 text ({problem.reason}).") from None
    except OSError as problem:
        raise Permanent(f"{file} cannot be read: {problem.strerror or problem}.") from None


def _rows(lines: Iterator[str], width: int) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each row below the header. A line that is no row comes as its bare text.

    A quoted cell may hold line ends. Where reading on makes no row of `width` cells, or swallows a line that is one,
    the quotation mark was never closed and costs only its own line.
    """
    numbered = enumerate(lines, start=2)
    again: deque[tuple[int, str]] = deque()

    def read() -> tuple[int, str] | None:
        return again.popleft() if again else next(numbered, None)

    while (first := read()) is not None:
        number, line = first
        if not line.strip():
            continue
        followers: list[tuple[int, str]] = []

        def reading_on(line: str = line, followers: list[tuple[int, str]] = followers) -> Iterator[str]:
            yield line
            while (follower := read()) is not None:
                followers.append(follower)
                yield follower[1]

        cells = _cells(reading_on())
        swallowed = any(len(_cells([text]) or ()) == width for _, text in followers)
        if cells is None or swallowed or (followers and len(cells) != width):
            again.extendleft(reversed(followers))
            cells = [line]
        yield number, cells


def _cells(lines: Iterable[str]) -> list[str] | None:
    """The first row that `lines` make, or None if they make none."""
    try:
        return next(csv.reader(lines, strict=True), None)
    except csv.Error:
        return None
