"""Chain and TAO.app side by side."""

from datetime import timedelta

import pytest

from markets.collect import collect_screener
from markets.compare import FIGURES, differences, largest
from markets.models import ScreenerRow
from taoanalytics.lib import clock
from taoanalytics.lib.units import RAO
from tests.factories import a_subnet, stored
from tests.markets.samples import screened

pytestmark = pytest.mark.django_db


def test_both_values_are_told_with_how_far_they_differ(tao_app, network):
    tao_app.say([screened(1, price=0.11)])
    collect_screener()
    found = {d.figure: d for d in differences(clock.now())}
    assert set(found) == set(FIGURES)
    price = found["price_tao"]
    assert (price.netuid, price.name, price.ours, price.theirs) == (1, "Subnet 1", 0.1, 0.11)
    assert price.relative == pytest.approx(0.1)
    assert timedelta() <= price.apart < timedelta(minutes=1)
    assert found["pool_tao"].relative == 0
    assert found["market_cap_tao"].ours == pytest.approx(100_000)


def test_a_figure_that_one_side_does_not_know_is_left_out_and_a_share_of_nothing_is_unknown(tao_app, db):
    stored(a_subnet(1, tao_in_rao=None, alpha_in_rao=0, price_rao=RAO), at=clock.now())
    tao_app.say([screened(1, price=None)])
    collect_screener()
    found = {d.figure: d for d in differences(clock.now())}
    assert {"price_tao", "pool_tao"}.isdisjoint(found)
    assert found["pool_alpha"].relative is None


def test_nothing_is_compared_with_a_reply_too_old_or_yet_to_come(tao_app, network):
    tao_app.say([screened(1)])
    collect_screener()
    assert differences(clock.now() + timedelta(hours=4)) == []
    assert differences(network - timedelta(minutes=1)) == []


def test_the_largest_come_first(tao_app, network):
    tao_app.say([screened(1, price=0.1), screened(2, price=0.3), screened(3, price=0.05)])
    collect_screener()
    assert [(d.netuid, d.figure) for d in largest(differences(clock.now()), 2)] == [
        (2, "price_tao"),
        (3, "price_tao"),
    ]


def test_it_costs_as_many_queries_for_a_whole_network_and_a_day_of_it(tao_app, db, django_assert_num_queries):
    now = clock.now()
    stored(*(a_subnet(n) for n in range(65)), at=now)
    tao_app.say([screened(n) for n in range(1, 65)])
    collect_screener()
    ScreenerRow.objects.bulk_create(
        ScreenerRow(subnet_id=row.subnet_id, observed_at=row.observed_at - timedelta(hours=h), price_tao=1)
        for row in ScreenerRow.objects.all()
        for h in range(1, 24)
    )
    with django_assert_num_queries(3):
        found = differences(clock.now())
    assert len(found) == 64 * len(FIGURES)
    assert {d.theirs for d in found if d.figure == "price_tao"} == {0.1}
