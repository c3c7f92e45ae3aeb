"""The verb that takes in recorded history of the network: a table with one line per subnet and block."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q

from subnets.facts import ROOT_NETUID, NetworkFacts, SubnetFacts
from subnets.measure import measure_after
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from subnets.recording import COLUMNS, RecordedRow, read_rows
from subnets.store import belong_to, insert_snapshots
from taoanalytics.jobs.errors import Permanent
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent

MAINNET_GENESIS = "0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03"
ROWS_PER_TRANSACTION = 4_000


@dataclass(slots=True)
class _Block:
    """What the file says of one block; `rows` is {netuid: (line, facts)}."""

    number: int
    observed_at: datetime
    complete: bool = False
    rows: dict[int, tuple[int, SubnetFacts]] = field(default_factory=dict)


def import_network_history(
    *, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], progress: Progress = silent
) -> Report:
    """Store recorded history of the Bittensor mainnet: one item per row, a row being (line number, cells).

    `header` names the cells; all of COLUMNS must be among them, in any order. Amounts are whole tokens in decimals and
    are kept exactly in rao; an empty cell is unknown, and so is a price of 0. A row that cannot be true (no
    registration, or one later than the block; another time or other values than an earlier line gave) or cannot be
    read is reported by its line and not stored; the rest is. What is stored already stays as it is.

    A block becomes a state of the network (`complete`) if at most a tenth of the netuids are missing from it, or one,
    of all but root that had been registered by then, so far as the file and the database know. A file about a few
    subnets thus adds to their history and makes no other subnet vanish.

    The whole table is read before anything is stored. Then each transaction holds whole blocks, so whatever
    interrupts the import leaves no half block, and the next run stores the rest.
    Raises Permanent for missing columns, and if the database belongs to another chain.
    """
    lacking = [name for name in COLUMNS if name not in header]
    if lacking:
        raise Permanent(f"the network history's header lacks {', '.join(lacking)}")
    repeated = [name for name in COLUMNS if header.count(name) > 1]
    if repeated:
        raise Permanent(f"the network history's header repeats {', '.join(repeated)}")
    report = Report()
    blocks = _blocks(read_rows(header, rows, report), report)
    if not blocks:
        return report
    refuse_other_chains()
    incomplete = _judge(blocks)
    if incomplete:
        report.note(
            f"{incomplete:,} of {len(blocks):,} blocks list only some of the subnets there were: "
            "stored as history of those, not as a state of the network"
        )
    done = 0
    for chunk in _chunks(blocks):
        _store(chunk, report)
        done += len(chunk)
        progress(done, len(blocks), f"{chunk[-1].observed_at:%Y-%m-%d}")
    if report.stored or _left_unmeasured(blocks):
        measure_after(blocks[0].observed_at, blocks[-1].observed_at, progress)
    return report


def _left_unmeasured(blocks: Sequence[_Block]) -> bool:
    """Whether an import that was cut off had stored these, and not come to measuring them."""
    times = (blocks[0].observed_at, blocks[-1].observed_at)
    complete = SubnetSnapshot.objects.filter(network__complete=True, network__observed_at__range=times)
    return complete.filter(metrics__isnull=True).exists()


def refuse_other_chains() -> None:
    """Recordings are of the Bittensor mainnet. Raises Permanent if the database belongs to another chain."""
    try:
        belong_to(MAINNET_GENESIS)
    except Permanent:
        raise Permanent(
            "this database belongs to another chain (the simulated network, or a test network), and recorded history "
            "is of the Bittensor mainnet. Import it into a database of its own: set DATABASE_URL, or SIMULATED=false."
        ) from None


def _blocks(readable: Sequence[tuple[int, RecordedRow]], report: Report) -> list[_Block]:
    """The blocks in order of height. Lines that contradict others are told in `report`, repetitions count as skipped.

    Of several times for a block, or blocks for a time, the one that most lines give holds: a slip costs its own line.
    """
    blocks: dict[int, _Block] = {}
    block_at: dict[datetime, int] = {}
    said = Counter((row.block, row.observed_at) for _, row in readable)
    for (number, observed_at), _ in said.most_common():
        if number not in blocks and observed_at not in block_at:
            blocks[number] = _Block(number, observed_at)
            block_at[observed_at] = number
    for line, row in readable:
        block = blocks.get(row.block)
        if block is None or block.observed_at != row.observed_at:
            report.fail(f"line {line:,}: other lines give block {row.block} or its time otherwise")
            continue
        first_line, facts = block.rows.setdefault(row.facts.netuid, (line, row.facts))
        if facts != row.facts:
            report.fail(f"line {line:,}: says otherwise than line {first_line:,} of the same block and netuid")
        elif first_line != line:
            report.skipped += 1
    return sorted(blocks.values(), key=lambda block: block.number)


def _judge(blocks: Sequence[_Block]) -> int:
    """Mark the blocks that list the whole network; returns how many do not. The rule is the verb's."""
    known = Subnet.objects.exclude(netuid=ROOT_NETUID).order_by().values_list("netuid")
    first_registration: dict[int, int] = dict(known.annotate(Min("registered_at_block")))
    for block in blocks:
        for netuid, (_, facts) in block.rows.items():
            earliest = first_registration.get(netuid, facts.registered_at_block)
            first_registration[netuid] = min(earliest, facts.registered_at_block)
    first_registration.pop(ROOT_NETUID, None)
    registrations = sorted(first_registration.values())
    for block in blocks:
        expected = bisect_right(registrations, block.number)
        listed = len(block.rows.keys() - {ROOT_NETUID})
        block.complete = listed > 0 and expected - listed <= max(1, expected // 10)
    return sum(not block.complete for block in blocks)


def _chunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    chunk: list[_Block] = []
    size = 0
    for block in blocks:
        if chunk and size + len(block.rows) > ROWS_PER_TRANSACTION:
            yield chunk
            chunk, size = [], 0
        chunk.append(block)
        size += len(block.rows)
    yield chunk


def _store(chunk: Sequence[_Block], report: Report) -> None:
    """All of the chunk that is not stored yet, in one transaction."""
    numbers, times = [block.number for block in chunk], [block.observed_at for block in chunk]
    with transaction.atomic():
        nearby = NetworkSnapshot.objects.filter(Q(block__in=numbers) | Q(observed_at__in=times))
        stored = {network.block: network for network in nearby}
        block_at = {network.observed_at: network.block for network in nearby}
        known = SubnetSnapshot.objects.filter(network__block__in=numbers)
        known_rows = set(known.values_list("network__block", "subnet__netuid"))
        new = []
        for block in chunk:
            network = stored.get(block.number)
            other = block_at.get(block.observed_at, block.number)
            fresh = [facts for netuid, (_, facts) in block.rows.items() if (block.number, netuid) not in known_rows]
            if network is None and other != block.number:
                report.note(f"block {block.number} is left out: block {other} is stored with the same time")
                fresh = []
            elif fresh or (network and block.complete and not network.complete):
                new.append(_network_facts(block, fresh, network))
            report.stored += len(fresh)
            report.skipped += len(block.rows) - len(fresh)
        if new:
            insert_snapshots(new, {})
            Generation.objects.bump()


def _network_facts(block: _Block, fresh: Sequence[SubnetFacts], stored: NetworkSnapshot | None) -> NetworkFacts:
    return NetworkFacts(
        block=block.number,
        observed_at=stored.observed_at if stored else block.observed_at,
        source=NetworkSnapshot.Source.IMPORT,
        complete=block.complete,
        subnets=fresh,
    )
