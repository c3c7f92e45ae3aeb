"""What a visitor owes to the websites it reads: one request at a time, their robots.txt, and waiting when asked to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from protego import Protego

from taoanalytics.lib.addresses import Refused, Target


class Pace:
    """At most one request to a host in `seconds_between`, whichever thread asks; 0 is no pace."""

    def __init__(self, seconds_between: float, clock: Callable[[], float], pause: Callable[[float], object]) -> None:
        self._between, self._clock, self._pause = seconds_between, clock, pause
        self._next: dict[str, float] = {}
        self._rests: dict[str, float] = {}
        self._lock = Lock()

    def take_turn(self, origin: str) -> None:
        with self._lock:
            now = self._clock()
            turn = max(now, self._next.get(origin, now))
            self._next[origin] = turn + self._between
        if turn > now:
            self._pause(turn - now)

    def rest(self, origin: str, seconds: float) -> None:
        """The host asked not to be visited for so long."""
        with self._lock:
            self._rests[origin] = max(self._rests.get(origin, 0.0), self._clock() + seconds)

    def rest_of(self, origin: str) -> float:
        """Seconds that are left of it."""
        with self._lock:
            return max(0.0, self._rests.get(origin, 0.0) - self._clock())


@dataclass(frozen=True, slots=True)
class Rules:
    """A host's robots.txt, or what keeps it from being read and with it every page of the host."""

    text: str = ""
    problem: Exception | None = None


@dataclass(slots=True)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    rules: Rules | None = None
    parsed: Protego | None = None


class Robots:
    """Which pages a host's robots.txt keeps `robot` from. Asked for once per host; other threads wait for it."""

    def __init__(self, robot: str, look: Callable[[Target], Rules]) -> None:
        self._robot, self._look = robot, look
        self._kept: dict[str, _Kept] = {}
        self._lock = Lock()

    def refuse(self, target: Target) -> None:
        """Raises Refused for a page that is not for robots, and whatever kept robots.txt from being read."""
        with self._lock:
            kept = self._kept.setdefault(target.origin, _Kept())
        with kept.lock:
            if kept.rules is None:
                kept.rules = self._look(target)
                kept.parsed = Protego.parse(kept.rules.text)
        if kept.rules.problem is not None:
            raise kept.rules.problem.with_traceback(None)
        if kept.parsed is not None and not kept.parsed.can_fetch(target.url, self._robot):
            raise Refused(f"{target.host}'s robots.txt keeps robots from the page")
