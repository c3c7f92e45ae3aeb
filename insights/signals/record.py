"""One row of the signals page: a signal at a horizon, raw or size-neutral, within a regime."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from insights.signals.information import MIN_NAMES, CrossSection, DailyIC, daily_ics
from insights.signals.returns import ENTRY_DELAY
from insights.signals.significance import MeanTest, halves_agree, median_t_of_offsets, newey_west
from insights.signals.verdict import Evidence, sufficient
from insights.statistics.discovery import benjamini_hochberg

HORIZONS_DAYS = (1, 7, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`test` of the mean daily IC; `overlap_t` the median t of windows side by side, for horizons above a day."""

    horizon_days: int
    neutral: bool
    ics: tuple[DailyIC, ...]
    median_names: float
    test: MeanTest
    overlap_t: float | None
    halves_agree: bool

    @property
    def p(self) -> float | None:
        """The p that may be shown, and that counts among the page's tests: none on insufficient data."""
        enough = sufficient(self.median_names, self.test.n, self.test.windows, self.test.t)
        return self.test.p if enough else None


def record(
    sections: Sequence[CrossSection], horizon_days: int, *, neutral: bool = False, min_names: int = MIN_NAMES
) -> Record:
    """The record of `sections`, one per day in the order of time, whose returns span `horizon_days`."""
    ics = daily_ics(sections, neutral=neutral, min_names=min_names)
    values = [ic.value for ic in ics]
    names = [ic.names for ic in ics if ic.value is not None]
    return Record(
        horizon_days=horizon_days,
        neutral=neutral,
        ics=tuple(ics),
        median_names=median(names) if names else 0,
        test=newey_west(values, horizon_days),
        overlap_t=median_t_of_offsets(_every_day(ics), horizon_days) if horizon_days > 1 else None,
        halves_agree=halves_agree(values),
    )


def within(sections: Sequence[CrossSection], begins: date, ends: date, horizon_days: int) -> list[CrossSection]:
    """Those whose signal is of `begins` or later and whose exit is before `ends`: no window crosses a rule change."""
    span = ENTRY_DELAY + timedelta(days=horizon_days)
    return [section for section in sections if begins <= section.day and section.day + span < ends]


def q_values(records: Sequence[Record]) -> list[float | None]:
    """Benjamini-Hochberg over every row of the page that has a p; None for the others."""
    return benjamini_hochberg([one.p for one in records])


def evidence(raw: Record, q: float | None, *, t_neutral: float | None, live: bool) -> Evidence:
    """What the verdict on a row rests on. `t_neutral` is that of the same row, size-neutral."""
    return Evidence(
        names=raw.median_names,
        n=raw.test.n,
        windows=raw.test.windows,
        t=raw.test.t,
        q=q,
        halves_agree=raw.halves_agree,
        t_neutral=t_neutral,
        live=live,
    )


def _every_day(ics: Sequence[DailyIC]) -> list[float | None]:
    """One value per calendar day, unknown where there is none, so that windows lie side by side in time."""
    if not ics:
        return []
    by_day = {ic.day: ic.value for ic in ics}
    first, last = min(by_day), max(by_day)
    return [by_day.get(first + timedelta(days=offset)) for offset in range((last - first).days + 1)]
