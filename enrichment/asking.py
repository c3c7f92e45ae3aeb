"""Many questions at once: the network in threads, the ledger and everything else in the calling thread."""

import heapq
import itertools
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import current_thread, main_thread

from enrichment import llm
from enrichment.llm import Answer
from enrichment.models import LedgerEntry
from enrichment.spending import (
    AskedElsewhere,
    NotServed,
    Order,
    Purpose,
    Stop,
    Unpriced,
    again,
    reserve,
    settle,
    stopped_by,
)

LOOK_SECONDS = 0.2  # between two looks whether somebody wants to stop


class Stopping:
    """Whether somebody asked to stop. True once they did."""

    def __init__(self) -> None:
        self.wanted = False

    def __bool__(self) -> bool:
        return self.wanted


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Ctrl-C within asks to stop, and is raised at the end; a second one interrupts as ever.

    So an answer that is being paid for is still stored. Outside the main thread nothing is caught.
    """
    stopping = Stopping()
    if current_thread() is not main_thread():
        yield stopping
        return

    def ask_to_stop(number: int, frame: object) -> None:
        stopping.wanted = True
        signal.signal(signal.SIGINT, former)

    former = signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield stopping
    finally:
        signal.signal(signal.SIGINT, former)
    if stopping:
        raise KeyboardInterrupt


class Desk:
    """Takes orders, also while it works through them, and asks so many questions at once as it may."""

    def __init__(self, *, concurrency: int, stopping: Stopping) -> None:
        self.stop: Stop | None = None
        """What ended the work before all orders were done."""
        self.passed: list[tuple[Order, str]] = []
        self._stopping = stopping
        self._concurrency = max(1, concurrency)
        self._waiting: deque[Order] = deque()
        self._later: list[tuple[float, int, Order]] = []
        self._out: dict[Future[Answer], tuple[Order, LedgerEntry]] = {}
        self._number = itertools.count()

    def put(self, order: Order, *, first: bool = False) -> None:
        (self._waiting.appendleft if first else self._waiting.append)(order)

    @property
    def undone(self) -> list[Order]:
        """Orders without an answer: none once the work is over, unless something stopped it."""
        return [*self._waiting, *(order for *_, order in self._later)]

    def work(
        self,
        done: Callable[[Order, Answer, Callable[[], LedgerEntry]], None],
        *,
        due: Callable[[Order], bool] = lambda order: True,
        elsewhere: Callable[[Order], None] = lambda order: None,
    ) -> None:
        """Until every order has its answer, or something stops it; what is out by then is waited for.

        `done(order, answer, settle)` gets each answer that stands, and calls `settle` in the transaction in which it
        stores what it makes of it. `due` is asked before an order goes out for the first time. `elsewhere` is told of
        orders that are passed over; `passed` keeps them, each with the reason.
        """
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="model") as pool:
            while True:
                self._start(pool, due, elsewhere)
                if not self._out:
                    if self._halted or not (self._waiting or self._later):
                        return
                    time.sleep(self._until_next())
                    continue
                for future in wait(self._out, timeout=self._until_next(), return_when=FIRST_COMPLETED).done:
                    order, entry = self._out.pop(future)
                    self._take(order, entry, future.result(), done)

    @property
    def _halted(self) -> bool:
        return bool(self._stopping) or self.stop is not None

    def _start(
        self, pool: ThreadPoolExecutor, due: Callable[[Order], bool], elsewhere: Callable[[Order], None]
    ) -> None:
        while self._later and self._later[0][0] <= time.monotonic():
            self._waiting.appendleft(heapq.heappop(self._later)[2])
        while self._waiting and len(self._out) < self._concurrency and not self._halted:
            order = self._waiting.popleft()
            reason = "" if order.attempt > 1 or due(order) else "asked by another process meanwhile"
            try:
                entry = None if reason else reserve(order)
            except AskedElsewhere as problem:
                entry, reason = None, str(problem)
            except Stop as problem:
                entry, reason = None, str(problem)
                if not _only_this_order(order, problem):
                    self.stop = problem
                    self._waiting.appendleft(order)
                    return
            if entry is None:
                self.passed.append((order, reason))
                elsewhere(order)
                continue
            self._out[pool.submit(llm.ask, order.question)] = (order, entry)

    def _take(
        self,
        order: Order,
        entry: LedgerEntry,
        answer: Answer,
        done: Callable[[Order, Answer, Callable[[], LedgerEntry]], None],
    ) -> None:
        settled: list[LedgerEntry] = []

        def settle_once() -> LedgerEntry:
            if not settled:
                settle(entry, answer)
                settled.append(entry)
            return entry

        stop = stopped_by(answer)
        if stop is not None and not _only_this_order(order, stop):
            settle_once()
            self.stop = self.stop or stop
            self._waiting.appendleft(order)
        elif (following := again(order, answer)) is not None:
            settle_once()
            then, seconds = following
            heapq.heappush(self._later, (time.monotonic() + seconds, next(self._number), then))
        else:
            done(order, answer, settle_once)
            settle_once()

    def _until_next(self) -> float:
        """Seconds until there is something to start, at most LOOK_SECONDS."""
        if not self._later:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.0, self._later[0][0] - time.monotonic()))


def _only_this_order(order: Order, stop: Stop) -> bool:
    """A stronger model that is not served, or has no price, keeps nobody from asking the other one."""
    return order.purpose == Purpose.ESCALATE and isinstance(stop, NotServed | Unpriced)
