from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from taoanalytics.lib.clock import end_of_day, grid, start_of_day


def points(start: str, end: str, **step: int) -> list[str]:
    times = grid(datetime.fromisoformat(start), datetime.fromisoformat(end), timedelta(**step))
    return [f"{point:%d %H:%M}" for point in times]


def test_a_daily_grid_lies_on_midnights():
    assert points("2026-01-30T10:00+00:00", "2026-02-02T00:00+00:00", days=1) == ["31 00:00", "01 00:00", "02 00:00"]


def test_a_grid_within_the_day_is_anchored_at_midnight():
    assert points("2026-01-30T05:00+00:00", "2026-01-30T19:00+00:00", hours=6) == ["30 06:00", "30 12:00", "30 18:00"]


def test_both_ends_belong_to_the_grid_when_they_lie_on_it():
    assert points("2026-01-30T06:00+00:00", "2026-01-30T12:00+00:00", hours=6) == ["30 06:00", "30 12:00"]


def test_a_grid_is_in_utc_whatever_the_offset_of_its_start():
    start = datetime(2026, 1, 30, 1, tzinfo=timezone(timedelta(hours=2)))
    assert next(grid(start, start + timedelta(days=2), timedelta(days=1))) == datetime(2026, 1, 30, tzinfo=UTC)


def test_a_step_of_nothing_is_refused():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="longer than nothing"):
        list(grid(now, now, timedelta(0)))


def test_a_day_ends_just_before_the_next_one_starts():
    assert start_of_day(date(2028, 3, 1)) - end_of_day(date(2028, 2, 29)) == timedelta(microseconds=1)
