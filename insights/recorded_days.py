"""Which days the network was recorded on."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from insights.generation import held_per_generation

LISTED = timedelta(days=368)  # a year and a bit, as far back as the ruler goes

# From the newest observation to the newest of an earlier day, and so on: as many steps in the index as days are listed,
# however often a day was observed and for how many years. Both databases have their times in UTC here.
_DAYS = """
WITH RECURSIVE newest(step, at) AS (
    SELECT 1, max(observed_at) FROM subnets_networksnapshot WHERE complete
    UNION ALL
    SELECT step + 1,
        (SELECT max(observed_at) FROM subnets_networksnapshot WHERE complete AND observed_at < date(newest.at))
    FROM newest WHERE newest.at IS NOT NULL AND step < %s
)
SELECT step, CAST(date(at) AS text) FROM newest WHERE at IS NOT NULL
UNION ALL
SELECT 0, CAST(date(min(observed_at)) AS text) FROM subnets_networksnapshot WHERE complete
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class RecordedDays:
    """UTC days with at least one complete snapshot: the `oldest` of all, and those `LISTED` up to the newest."""

    oldest: date | None = None
    days: tuple[date, ...] = ()  # ascending

    @property
    def newest(self) -> date | None:
        return self.days[-1] if self.days else None

    @property
    def listed_since(self) -> date | None:
        return self.days[0] if self.days else None

    @property
    def holes(self) -> int:
        """How many days between the first listed and the newest were not recorded."""
        return (self.days[-1] - self.days[0]).days + 1 - len(self.days) if self.days else 0


def recorded_days(generation: int) -> RecordedDays:
    """One query per generation and process."""
    return held_per_generation(generation, "recorded-days", _read)


def _read() -> RecordedDays:
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [LISTED.days])
        found = [date.fromisoformat(day) for _, day in cursor.fetchall() if day]
    if not found:
        return RecordedDays()
    oldest, *newest_first = found
    return RecordedDays(oldest, tuple(day for day in reversed(newest_first) if newest_first[0] - day < LISTED))
