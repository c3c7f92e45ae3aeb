"""What a verb has to say when it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Progress = Callable[[int, int, str], None]
"""Told after each step: how many are done, of how many, and what the last one was."""

KEPT_PROBLEMS = 50


def silent(done: int, total: int, what: str) -> None:
    """A `Progress` for those who do not watch."""


@dataclass(slots=True)
class Report:
    """Counts of one run. `seen` = offered by the source; each of them was stored, skipped (known already) or failed."""

    seen: int = 0
    stored: int = 0
    skipped: int = 0
    failed: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """`succeeded`, `partial` (something failed, the rest is stored) or `failed` (nothing came of it)."""
        if not self.failed:
            return "succeeded"
        return "partial" if self.stored or self.skipped else "failed"

    def note(self, text: str) -> None:
        """Worth saying, nothing went wrong."""
        if text not in self.notes:
            self.notes.append(text)

    def fail(self, problem: str, count: int = 1) -> None:
        """`count` items were not stored; the first problems are kept in words, all are counted."""
        self.failed += count
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)

    def add(self, other: "Report") -> None:
        self.seen += other.seen
        self.stored += other.stored
        self.skipped += other.skipped
        self.failed += other.failed
        for text in other.notes:
            self.note(text)
        self.problems.extend(other.problems[: KEPT_PROBLEMS - len(self.problems)])

    @classmethod
    def total(cls, reports: Iterable["Report"]) -> "Report":
        result = cls()
        for report in reports:
            result.add(report)
        return result
