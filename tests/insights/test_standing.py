"""Where a subnet stands in one figure: one rule for what is stored and what is shown."""

from dataclasses import replace
from typing import Any

from insights.board import Board, board
from insights.dossier import dossier
from insights.numbers import whole_percentile
from insights.standing import percentile_of, places_of
from subnets.metrics import BY_KEY, PRICE
from subnets.metrics.network import PERCENTILES
from subnets.models import Subnet
from taoanalytics.lib.metric import Better
from tests.insights.test_screening import a_row

DEAR = replace(PRICE, better=Better.LOWER)


def test_equal_values_share_their_place_and_nobody_reaches_the_ends() -> None:
    rows = [a_row(netuid, price_tao=price) for netuid, price in enumerate([1.0, 2.0, 2.0, 3.0], start=1)]
    assert [places_of(rows, PRICE)[row.netuid][0] for row in rows] == [12, 50, 50, 87]
    assert [places_of(rows, DEAR)[row.netuid][0] for row in rows] == [87, 50, 50, 12]


def test_the_unknown_has_no_place_and_nobody_has_one_alone() -> None:
    rows = [a_row(1, price_tao=1.0), a_row(2, price_tao=None)]
    assert places_of(rows, PRICE) == {1: (None, None), 2: (None, None)}
    assert percentile_of(PRICE, 1.0, Board(None, rows=tuple(rows))) is None


def test_the_lowest_of_many_stands_at_one() -> None:
    assert whole_percentile(100 * 0.5 / 256) == 1
    assert whole_percentile(100 * 255.5 / 256) == 99


def test_a_page_shows_the_percentile_that_is_stored(network: None) -> None:
    now = board()
    places: dict[str, Any] = {key: places_of(now.rows, BY_KEY[key]) for key in PERCENTILES}
    told = 0
    for row in now.rows:
        facts = [
            fact
            for group in dossier(Subnet.objects.get(pk=row.snapshot.subnet_id), now, None).groups
            for fact in (*group.main, *group.more)
        ]
        shown = {fact.metric.key: fact.percentile for fact in facts}
        for key, stored in PERCENTILES.items():
            value = row.figures[stored.key]
            if value is not None and places[key][row.netuid][0] is not None:
                assert places[key][row.netuid][0] == shown[key] == whole_percentile(float(value)), key
                told += 1
    assert told > 0
