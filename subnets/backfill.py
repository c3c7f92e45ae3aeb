"""The verb that reads the chain as it was."""

from datetime import datetime, timedelta

from subnets.chain import ChainReader, chain_reader
from subnets.measure import measure_after
from subnets.models import NetworkSnapshot
from subnets.store import belong_to, store_snapshot
from taoanalytics.jobs.errors import ServiceError
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib.clock import grid
from taoanalytics.lib.units import BLOCK_SECONDS

TOLERANCE = timedelta(minutes=10)
_FAILURES_BORNE = 3


@logged("backfill chain")
def backfill_chain(
    *, start: datetime, end: datetime, every: timedelta = timedelta(days=1), progress: Progress = silent
) -> Report:
    """A snapshot near each point of the UTC grid from `start` to `end`, in order of height, over one connection.

    A point with a snapshot within ten minutes is done already, so an interrupted backfill goes on where it stopped.
    Raises ServiceError when three points in a row fail.
    """
    report = Report()
    with chain_reader(archive=True) as chain:
        belong_to(chain.genesis_hash())
        heights = HeightFinder(chain)
        points = [p for p in grid(start, end, every) if p <= heights.newest_time]
        failures = 0
        for number, point in enumerate(points, start=1):
            report.seen += 1
            if _is_done(point):
                report.skipped += 1
            else:
                try:
                    stored = store_snapshot(chain.snapshot(heights.at(point)))
                except ServiceError as problem:
                    failures += 1
                    report.fail(f"{point:%Y-%m-%d %H:%M}: {problem}")
                    if failures == _FAILURES_BORNE:
                        raise
                else:
                    failures = 0
                    report.stored += 1
                    for problem_text in stored.problems:
                        report.note(f"{point:%Y-%m-%d %H:%M}: {problem_text}")
            progress(number, len(points), f"{point:%Y-%m-%d %H:%M}")
        for note in chain.notes:
            report.note(note)
    if report.stored:
        measure_after(start, end, progress)
    return report


def _is_done(point: datetime) -> bool:
    near = (point - TOLERANCE, point + TOLERANCE)
    return NetworkSnapshot.objects.filter(complete=True, observed_at__range=near).exists()


class HeightFinder:
    """The block made nearest before a time. Blocks come every 12 s or later, so a guess is checked and mended."""

    def __init__(self, chain: ChainReader) -> None:
        self._chain = chain
        self._known_block = chain.head()
        self._known_time = chain.time_of(self._known_block)
        self.newest_time = self._known_time
        self._newest_block = self._known_block

    def at(self, point: datetime) -> int:
        """A block made within a minute of `point` if the chain ran then, else the nearest found in eight guesses."""
        for _ in range(8):
            blocks_off = round((point - self._known_time) / timedelta(seconds=BLOCK_SECONDS))
            guess = min(max(1, self._known_block + blocks_off), self._newest_block)
            if guess == self._known_block:
                break
            self._known_block, self._known_time = guess, self._chain.time_of(guess)
            if abs(self._known_time - point) < timedelta(minutes=1):
                break
        return self._known_block
