"""The read model: who is on it, what it compares with what, and that time does not make it slower."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from insights import board as reading
from insights.board import Board
from insights.judge import judge_newest
from insights.registry import BY_KEY
from markets.models import TaoPrice
from subnets.measure import recompute_metrics
from subnets.metrics import TOLERANCES, Span
from subnets.models import Category, CategoryAssignment, NetworkSnapshot, Subnet
from tests.factories import T0, a_subnet, stored

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOLERANCE = TOLERANCES[Span.DAY]


def board(at: datetime | None = None) -> Board:
    """The board after everything has been measured, as it is after each collection."""
    recompute_metrics()
    judge_newest()
    return reading.board(at)


def change(at: datetime | None = None, *, days: int = 1) -> Any:
    return board(at).rows[0].figures[f"change_{days}d_pct"]


def test_nothing_recorded_is_an_empty_board(db: Any) -> None:
    assert (board().network, board().rows, board().market_cap_tao) == (None, (), None)


def test_what_is_made_of_a_board_is_made_once_and_never_of_another(db: Any) -> None:
    stored(a_subnet(1))
    first, second, made = board(), board(), []
    for each in (first, first, second):
        assert each.once("netuids", lambda each=each: made.append(each) or [row.netuid for row in each.rows]) == [1]  # type: ignore[misc]
    assert [each is first for each in made] == [True, False]


def test_an_incomplete_snapshot_is_not_the_network(db: Any) -> None:
    stored(a_subnet(1), a_subnet(2))
    stored(a_subnet(1), at=T0 + HOUR, complete=False)
    assert [row.netuid for row in board().rows] == [1, 2]


def test_a_past_board_shows_what_was_known_then(db: Any) -> None:
    stored(a_subnet(1, name="Before"), at=T0 - DAY)
    stored(a_subnet(1, name="After"))
    TaoPrice.objects.create(observed_at=T0 - 2 * DAY, source="import", price_usd=1)
    TaoPrice.objects.create(observed_at=T0, source="import", price_usd=2)
    then = board(T0 - HOUR)
    assert (then.rows[0].name, then.tao_price_usd) == ("Before", 1)
    assert (board().rows[0].name, board().tao_price_usd) == ("After", 2)


def test_a_past_board_has_the_categories_of_then(db: Any) -> None:
    stored(a_subnet(1), at=T0 - DAY)
    subnet, (first, second) = Subnet.objects.get(), Category.objects.all()[:2]
    for category, at in ((first, T0 - 2 * DAY), (second, T0)):
        CategoryAssignment.objects.create(subnet=subnet, category=category, source="curated", assigned_at=at)
    assert board(T0 - HOUR).rows[0].category == first
    assert board(T0 + HOUR).rows[0].category == second


@pytest.mark.parametrize(
    ("age", "known"),
    [
        (DAY - TOLERANCE, True),
        (DAY + TOLERANCE, True),
        (DAY - TOLERANCE - MINUTE, False),
        (DAY + TOLERANCE + MINUTE, False),
    ],
)
def test_a_day_earlier_means_within_the_stated_tolerance(db: Any, age: timedelta, known: bool) -> None:
    stored(a_subnet(1, price_rao=100), at=T0 - age)
    stored(a_subnet(1, price_rao=150))
    assert change() == (pytest.approx(50) if known else None)


def test_the_nearest_earlier_observation_counts(db: Any) -> None:
    for hours, price in ((26, 50), (24, 100), (22, 200)):
        stored(a_subnet(1, price_rao=price), at=T0 - hours * HOUR)
    stored(a_subnet(1, price_rao=110))
    assert change() == pytest.approx(10)


def test_a_rise_from_nothing_is_unknown(db: Any) -> None:
    stored(a_subnet(1, price_rao=0), at=T0 - DAY)
    stored(a_subnet(1, price_rao=110))
    assert change() is None


def test_a_new_tenant_inherits_nothing(db: Any) -> None:
    stored(a_subnet(1, registered=1), at=T0 - DAY)
    stored(a_subnet(1, registered=2))
    (row,) = board().rows
    assert row.figures["change_1d_pct"] is None
    assert row.figures["volume_1d_tao"] is None
    assert row.prices[:-1] == (None,) * 30


def test_a_total_that_shrank_is_no_volume(db: Any) -> None:
    stored(a_subnet(1, volume_rao=200), at=T0 - DAY)
    stored(a_subnet(1, volume_rao=100))
    assert board().rows[0].figures["volume_1d_tao"] is None


def test_a_missing_day_is_missing_in_the_line(db: Any) -> None:
    for days in (3, 2, 0):
        stored(a_subnet(1, price_rao=10**9), at=T0 - days * DAY)
    assert board().rows[0].prices[-4:] == (1.0, 1.0, None, 1.0)


def test_the_network_is_worth_what_is_known_of_it(db: Any) -> None:
    stored(a_subnet(1), a_subnet(2, price_rao=None))
    assert board().market_cap_tao == pytest.approx(100_000)


def test_years_of_hours_are_not_read(db: Any, django_assert_max_num_queries: Any) -> None:
    stored(a_subnet(1))
    now = NetworkSnapshot.objects.get()
    past = [
        NetworkSnapshot(block=now.block - 300 * i, observed_at=T0 - i * HOUR, source="chain") for i in range(1, 2000)
    ]
    NetworkSnapshot.objects.bulk_create(past)
    with django_assert_max_num_queries(6):
        reading.board()


def test_every_declared_number_is_on_the_board(db: Any) -> None:
    stored(*(a_subnet(netuid) for netuid in range(1, 12)))
    (row, *_) = board().rows
    assert row.figures.keys() == BY_KEY.keys()
    assert row.figures["tao_score_v3"] is None  # its moving price is too young to be compared
