"""The price series of one tenant."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from insights.history import CHART_POINTS, FILE_POINTS, daily_volumes, price_series
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, stored

DAY = timedelta(days=1)


def hours_of_history(count: int) -> Subnet:
    """One observation an hour, the newest at T0; at each full hundred hours before it the price peaks."""
    stored(a_subnet(1, price_rao=RAO), at=T0)
    subnet, now = Subnet.objects.get(), NetworkSnapshot.objects.get()
    networks = NetworkSnapshot.objects.bulk_create(
        NetworkSnapshot(block=now.block - 300 * i, observed_at=T0 - i * DAY / 24, source="chain")
        for i in range(1, count)
    )
    SubnetSnapshot.objects.bulk_create(
        SubnetSnapshot(subnet=subnet, network=each, observed_at=each.observed_at, price_rao=RAO if i % 100 else 9 * RAO)
        for i, each in enumerate(networks, start=1)
    )
    Subnet.objects.update(first_seen_at=networks[-1].observed_at)
    return Subnet.objects.get()


def test_ninety_days_of_hours_are_all_read_and_thinned_to_their_extremes(
    db: Any, django_assert_num_queries: Any
) -> None:
    subnet = hours_of_history(2_500)
    with django_assert_num_queries(2):
        series = price_series(subnet, T0, 90 * DAY)
    assert (series.observations, series.hours_between) == (2_161, None)
    assert len(series.prices) <= 500
    assert (min(series.known_prices), max(series.known_prices)) == (1.0, 9.0)
    assert series.observed[-1][:2] == (T0, 1.0)


TRACKS = ("prices", "moving_prices", "volumes", "market_caps", "pools", "emissions", "flows", "validators", "miners")


def test_no_chart_gets_more_points_than_it_can_show(db: Any) -> None:
    subnet = hours_of_history(2_161)
    SubnetSnapshot.objects.update(
        volume_rao=5 * RAO,
        tao_in_rao=F("price_rao"),
        alpha_in_rao=RAO,
        alpha_out_rao=RAO,
        tao_in_emission_rao=F("price_rao"),
        active_validator_count=F("price_rao") / RAO,
        active_miner_count=F("price_rao") / RAO,
        moving_price_rao=F("price_rao"),
    )
    series = price_series(subnet, T0, 90 * DAY)
    assert series.observations == 2_161
    for track in TRACKS:
        points = getattr(series, track)
        assert 2 <= len(points) <= CHART_POINTS, track
        if track in ("volumes", "flows"):  # one a day
            continue
        assert (points[0][0], points[-1][0]) == (T0 - 90 * DAY, T0), track
        values = [value for _, value in points]
        assert max(values) == pytest.approx(9 * min(values)), track  # the peaks of an hour are all kept
    assert len(series.observed) <= CHART_POINTS


def test_a_file_has_more_points_than_a_chart_and_no_others(db: Any) -> None:
    subnet = hours_of_history(2_161)
    drawn = price_series(subnet, T0, 90 * DAY).observed
    listed = price_series(subnet, T0, 90 * DAY, FILE_POINTS).observed
    assert len(drawn) <= CHART_POINTS < len(listed) <= FILE_POINTS
    stored = set(SubnetSnapshot.objects.values_list("observed_at", "price_rao"))
    assert {(at, round((price or 0) * RAO)) for at, price, _ in (*drawn, *listed)} <= stored


def test_a_hole_among_hours_is_left_open_where_points_are_left_out(db: Any) -> None:
    subnet = hours_of_history(2_000)
    hole = (T0 - 50 * DAY, T0 - 47 * DAY)
    NetworkSnapshot.objects.filter(observed_at__gt=hole[0], observed_at__lt=hole[1]).delete()
    series = price_series(subnet, T0, 90 * DAY)
    assert series.observations > CHART_POINTS
    assert series.gaps == [hole]
    for points in (series.prices, series.moving_prices):
        assert [at for at, value in points if hole[0] < at < hole[1]] == [hole[0] + (hole[1] - hole[0]) / 2]
    assert [value for at, value in series.prices if hole[0] < at < hole[1]] == [None]


def test_another_tenant_is_neither_drawn_nor_counted(db: Any) -> None:
    subnet = hours_of_history(600)
    other = Subnet.objects.create(netuid=1, registered_at_block=1, first_seen_at=subnet.first_seen_at)
    SubnetSnapshot.objects.bulk_create(
        SubnetSnapshot(subnet=other, network=each, observed_at=each.observed_at, price_rao=77 * RAO)
        for each in NetworkSnapshot.objects.all()
    )
    series = price_series(subnet, T0, 90 * DAY)
    assert series.observations == 600
    assert max(series.known_prices) == 9.0


def test_the_time_of_an_observation_is_kept_to_the_microsecond(db: Any) -> None:
    at = T0.replace(microsecond=1_500)
    stored(a_subnet(1), at=at - DAY)
    stored(a_subnet(1), at=at)
    series = price_series(Subnet.objects.get(), at, None)
    assert [seen.observed_at for seen in series.found] == [at - DAY, at]
    assert all(seen.observed_at.utcoffset() == timedelta(0) for seen in series.found)


def test_of_a_very_long_history_a_part_is_read_and_the_newest_is_in_it(
    db: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    subnet = hours_of_history(1_000)
    monkeypatch.setattr("insights.history._MOST_READ", 100)
    with django_assert_num_queries(2):
        series = price_series(subnet, T0, None)
    assert 95 <= series.observations <= 105
    assert series.hours_between == 10
    assert series.observed[-1][0] == T0


def test_a_hole_is_not_drawn_over(db: Any) -> None:
    for days in (10, 9, 8, 2, 1, 0):
        stored(a_subnet(1), at=T0 - days * DAY)
    series = price_series(Subnet.objects.get(), T0, None)
    assert series.gaps == [(T0 - 8 * DAY, T0 - 2 * DAY)]
    assert [at for at, price in series.prices if price is None] == [T0 - 5 * DAY]
    assert series.observations == len(series.observed) == 6


def test_only_the_span_is_read(db: Any) -> None:
    for days in (40, 20, 0):
        stored(a_subnet(1), at=T0 - days * DAY)
    assert price_series(Subnet.objects.get(), T0, 30 * DAY).observations == 2


def test_volume_is_what_the_total_grew_by_from_day_to_day() -> None:
    totals: list[tuple[Any, int | None]] = [
        (T0, 10 * RAO),
        (T0 + DAY / 2, 99 * RAO),
        (T0 + DAY, 15 * RAO),
        (T0 + 2 * DAY, None),
        (T0 + 3 * DAY, 30 * RAO),
        (T0 + 4 * DAY, 5 * RAO),
    ]
    assert daily_volumes(totals) == [(T0, 5.0), (T0 + DAY, None), (T0 + 3 * DAY, None)]


@pytest.mark.parametrize("totals", [[], [(T0, 1)]])
def test_one_total_is_no_volume(totals: list[tuple[Any, int | None]]) -> None:
    assert daily_volumes(totals) == []


def test_a_series_holds_what_each_pane_shows(db: Any) -> None:
    for days in (2, 1, 0):
        stored(a_subnet(1, active_validator_count=3 + days, active_miner_count=None), at=T0 - days * DAY)
    series = price_series(Subnet.objects.get(), T0, None)
    assert [value for _, value in series.market_caps] == pytest.approx([100_000.0] * 3)
    assert [value for _, value in series.pools] == [10_000.0] * 3
    assert [value for _, value in series.emissions] == pytest.approx([21.6] * 3)
    assert [value for _, value in series.validators] == [5, 4, 3]
    assert series.miners == []


def test_flow_is_what_the_pool_gained_beyond_emission(db: Any) -> None:
    for days, pool in ((2, 10_000), (1, 10_121.6), (0, 10_000)):
        stored(a_subnet(1, tao_in_rao=round(pool * RAO)), at=T0 - days * DAY)
    flows = price_series(Subnet.objects.get(), T0, None).flows
    assert [at for at, _ in flows] == [T0 - 2 * DAY, T0 - DAY]
    assert [value for _, value in flows] == pytest.approx([100.0, -143.2], abs=0.01)
