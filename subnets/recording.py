"""Reading recorded history: a table with one line per subnet and block, as text, into facts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from subnets.decode import UnreadableError
from subnets.facts import IdentityFacts, SubnetFacts
from taoanalytics.jobs.report import Report
from taoanalytics.lib import clock
from taoanalytics.lib.text import clean
from taoanalytics.lib.units import LARGEST_INT64, U16_MAX

AMOUNTS: Mapping[str, str] = {
    "price_tao": "price_rao",
    "moving_price_tao": "moving_price_rao",
    "tao_in_tao": "tao_in_rao",
    "alpha_in": "alpha_in_rao",
    "alpha_out": "alpha_out_rao",
    "tao_in_emission_tao": "tao_in_emission_rao",
    "volume_tao_cumulative": "volume_rao",
}
"""{column: field of SubnetFacts}: whole tokens in the table, rao in the facts."""

COUNTS: Mapping[str, str] = {
    "validators": "validator_count",
    "active_validators": "active_validator_count",
    "active_miners": "active_miner_count",
    "active_keys": "neuron_count",
    "max_uids": "max_uids",
    "tempo": "tempo",
}
"""{column: field of SubnetFacts}"""

_TEXTS = {"name": 128, "symbol": 16, "owner_coldkey": 64}
COLUMNS = (
    *("observed_at", "block", "netuid", "registered_at_block", "name", "symbol"),
    *AMOUNTS,
    *COUNTS,
    *("incentive_burn", "owner_coldkey"),
)
_LARGEST_COUNT = 2**31 - 1
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST_NUMBER = 64
_EXACT = Context(prec=2 * _LONGEST_NUMBER)


class RecordedRow(NamedTuple):
    """One line of the table."""

    observed_at: datetime
    block: int
    facts: SubnetFacts


def read_rows(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], report: Report
) -> list[tuple[int, RecordedRow]]:
    """(line, row) of what can be read, `header` naming the cells; the rest is told in `report` by its line."""
    readable = []
    for line, cells in rows:
        report.seen += 1
        try:
            if len(cells) != len(header):
                raise UnreadableError(f"{len(cells)} cells under {len(header)} column names")
            readable.append((line, _row(dict(zip(header, cells, strict=True)))))
        except UnreadableError as problem:
            report.fail(f"line {line:,}: {problem}")
    return readable


def _row(cells: Mapping[str, str]) -> RecordedRow:
    def count(column: str, largest: int = _LARGEST_COUNT) -> int | None:
        return _whole(column, cells[column], largest)

    def required(column: str, largest: int = LARGEST_INT64) -> int:
        value = count(column, largest)
        if value is None:
            raise UnreadableError(f"{column} is empty")
        return value

    block, registered = required("block"), required("registered_at_block")
    if registered > block:
        raise UnreadableError(f"registered at block {registered}, later than block {block}")
    values: dict[str, Any] = {ours: exact_rao(theirs, cells[theirs]) for theirs, ours in AMOUNTS.items()}
    values |= {ours: count(theirs) for theirs, ours in COUNTS.items()}
    values["price_rao"] = values["price_rao"] or None  # a price of zero is a price nobody could tell
    facts = SubnetFacts(
        netuid=required("netuid", U16_MAX),
        registered_at_block=registered,
        identity=_identity(**{column: cells[column] for column in _TEXTS}),
        miner_burn=_share("incentive_burn", cells["incentive_burn"]),
        **values,
    )
    return RecordedRow(_moment(cells["observed_at"]), block, facts)


@lru_cache(maxsize=4096)
def _identity(**said: str) -> IdentityFacts:
    return IdentityFacts(**{column: clean(said[column], limit) for column, limit in _TEXTS.items()})


@lru_cache(maxsize=4096)
def _moment(cell: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(cell.strip())
        moment = parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableError(f"observed_at is {cell!r:.40}, which is not an ISO 8601 time") from None
    if parsed.tzinfo is None:
        raise UnreadableError(f"observed_at is {cell!r:.40}, which names no time zone")
    if moment > clock.now():
        raise UnreadableError(f"observed_at is {cell!r:.40}, which lies in the future")
    return moment


def _number(column: str, cell: str) -> Decimal | None:
    cell = cell.strip()
    if not cell:
        return None
    if len(cell) > _LONGEST_NUMBER or not _NUMBER.fullmatch(cell):
        raise UnreadableError(f"{column} is {cell!r:.40}, which is not a number")
    value = Decimal(cell)
    if value < 0:
        raise UnreadableError(f"{column} is {cell:.40}, which is negative")
    return value


@lru_cache(maxsize=4096)
def _whole(column: str, cell: str, largest: int) -> int | None:
    value = _number(column, cell)
    if value is None:
        return None
    if value > largest:
        raise UnreadableError(f"{column} is {cell:.40}, more than the largest possible {largest}")
    if value != value.to_integral_value():
        raise UnreadableError(f"{column} is {cell:.40}, which is not a whole number")
    return int(value)


def exact_rao(column: str, cell: str) -> int | None:
    """Rao from whole tokens in decimals, to the last digit; digits beyond the ninth are rounded half to even.

    An empty cell is None. Raises UnreadableError, naming the column, for what is no amount that a database can hold.
    """
    value = _number(column, cell)
    if value is None:
        return None
    rao = value.scaleb(9, _EXACT).to_integral_value(ROUND_HALF_EVEN)
    if rao > LARGEST_INT64:
        raise UnreadableError(f"{column} is {cell:.40}, more than all tokens there can be")
    return int(rao)


def _share(column: str, cell: str) -> float | None:
    value = _number(column, cell)
    if value is not None and value > 1:
        raise UnreadableError(f"{column} is {cell:.40}, more than the whole")
    return None if value is None else float(value)
