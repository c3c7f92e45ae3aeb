"""Which days the network was recorded on."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from insights.generation import once_per_generation

# From the newest observation to the newest of an earlier day, and so on: as many steps in the index as there are days,
# however often a day was observed. Both databases have their times in UTC here.
_DAYS = """
WITH RECURSIVE newest(at) AS (
    SELECT max(observed_at) FROM subnets_networksnapshot WHERE complete
    UNION ALL
    SELECT (SELECT max(observed_at) FROM subnets_networksnapshot WHERE complete AND observed_at < date(newest.at))
    FROM newest WHERE newest.at IS NOT NULL
)
SELECT CAST(date(at) AS text) FROM newest WHERE at IS NOT NULL
"""


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
    with connection.cursor() as cursor:
        cursor.execute(_DAYS)
        return tuple(date.fromisoformat(day) for (day,) in reversed(cursor.fetchall()))
