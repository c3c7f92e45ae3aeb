"""Which days the network was recorded on."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, Min

from insights.generation import once_per_generation
from subnets.models import NetworkSnapshot

_HALF_A_DAY = 3_600  # blocks: whatever falls into one stretch is of one UTC day or of two, its first and last


@dataclass(frozen=True, slots=True)
class RecordedDays:
    """UTC days with at least one complete snapshot, oldest first."""

    days: tuple[date, ...] = ()

    @property
    def oldest(self) -> date | None:
        return self.days[0] if self.days else None

    @property
    def newest(self) -> date | None:
        return self.days[-1] if self.days else None

    @property
    def holes(self) -> int:
        """How many days between the oldest and the newest were not recorded."""
        return (self.days[-1] - self.days[0]).days + 1 - len(self.days) if self.days else 0


def recorded_days(generation: int) -> RecordedDays:
    """One query per generation."""
    return once_per_generation(generation, "recorded-days", lambda: RecordedDays(_read()))


def _read() -> tuple[date, ...]:
    stretches = NetworkSnapshot.objects.filter(complete=True).order_by().annotate(stretch=F("block") / _HALF_A_DAY)
    ends = stretches.values("stretch").annotate(first=Min("observed_at"), last=Max("observed_at"))
    return tuple(sorted({at.date() for both in ends.values_list("first", "last") for at in both}))
