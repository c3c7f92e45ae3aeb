"""`?as_of=YYYY-MM-DD`: the day whose end, in UTC, a page is asked to show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest

from subnets.models import NetworkSnapshot
from taoanalytics.lib import clock
from taoanalytics.lib.text import clean

PARAMETER = "as_of"
_ISO_DAY = len("2026-01-31")


@dataclass(frozen=True, slots=True)
class PointInTime:
    """`at` is the end of the day asked for, UTC; None is the newest. `refused`: why a day was not taken."""

    at: datetime | None = None
    refused: str = ""

    @property
    def day(self) -> date | None:
        return self.at.date() if self.at else None


def asked_of(request: HttpRequest) -> PointInTime:
    """What the address asks for. One query if it asks for a day that could be."""
    raw = clean(request.GET.get(PARAMETER, ""), 40)
    if not raw:
        return PointInTime()
    day = _day(raw)
    if day is None:
        return PointInTime(refused=f"“{raw}” is no day; one is written 2026-01-31.")
    if day > clock.now().date():
        return PointInTime(refused=f"{_words(day)} has not come yet.")
    first = NetworkSnapshot.objects.filter(complete=True).order_by("observed_at").values_list("observed_at", flat=True)
    oldest = first.first()
    if oldest is None or clock.end_of_day(day) < oldest:
        since = f"; records begin on {_words(oldest.date())}" if oldest else ""
        return PointInTime(refused=f"Nothing was recorded by {_words(day)}{since}.")
    return PointInTime(at=clock.end_of_day(day))


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw) if len(raw) == _ISO_DAY else None
    except ValueError:
        return None


def _words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
