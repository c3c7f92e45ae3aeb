"""Fewer points, the same extremes, and holes that stay holes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taoanalytics.lib.downsampling import Point, broken_at, gaps, thinned
from tests.factories import T0

HOUR = timedelta(hours=1)


def hourly(values: list[float | None]) -> list[Point]:
    return [(T0 + i * HOUR, value) for i, value in enumerate(values)]


values = st.lists(st.one_of(st.none(), st.floats(0, 1e6)), max_size=300)


@given(values, st.integers(4, 60))
def test_a_thinned_series_is_short_ordered_and_made_of_given_points(
    given_values: list[float | None], limit: int
) -> None:
    points = hourly(given_values)
    kept = thinned(points, limit)
    assert len(kept) <= max(limit, 0)
    assert set(kept) <= set(points)
    assert [at for at, _ in kept] == sorted(at for at, _ in kept)


@given(values, st.integers(4, 60))
def test_highest_lowest_first_and_last_are_kept(given_values: list[float | None], limit: int) -> None:
    points = hourly(given_values)
    kept = thinned(points, limit)
    known = [value for _, value in points if value is not None]
    if known:
        kept_values = [value for _, value in kept if value is not None]
        assert (min(kept_values), max(kept_values)) == (min(known), max(known))
        assert (kept[0], kept[-1]) == (points[0], points[-1])


def test_a_series_that_is_short_enough_is_left_alone() -> None:
    assert thinned(hourly([1, None, 2]), 4) == hourly([1, None, 2])


def test_too_low_a_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 4"):
        thinned([], 3)


def test_a_hole_is_one_that_is_long_for_the_series_and_longer_than_a_day_and_a_half() -> None:
    hours = [0, 1, 2, 3, 3 + 37, 3 + 38, 3 + 38 + 35]
    times = [T0 + hour * HOUR for hour in hours]
    assert gaps(times) == [(times[3], times[4])]


def test_one_missing_day_of_a_daily_series_is_no_hole_but_two_are() -> None:
    times = [T0 + timedelta(days=day) for day in (0, 1, 2, 4, 5, 8)]
    assert gaps(times) == [(times[4], times[5])]
    assert gaps(times[:1]) == []


def test_a_line_breaks_in_the_middle_of_a_hole() -> None:
    points = [(T0, 1.0), (T0 + 100 * HOUR, 2.0)]
    assert broken_at(points, [(T0, T0 + 100 * HOUR)]) == [points[0], (T0 + 50 * HOUR, None), points[1]]
