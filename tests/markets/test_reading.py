"""Whatever a market's JSON says, it is read as figures that can be, or refused: never a stray error."""

import math
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.coingecko import read_chart, read_price
from markets.reading import LARGEST, UnreadableError, moment, number
from markets.taoapp import read_screener
from taoanalytics.jobs.errors import ServiceError
from tests.markets.samples import screened

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
near_misses = st.lists(
    st.dictionaries(st.sampled_from(sorted(screened())), anything).map(lambda odd: screened() | odd) | anything,
    max_size=5,
)


def assert_figures(*facts: object) -> None:
    for fact in facts:
        for value in asdict(fact).values():
            assert not isinstance(value, float) or (math.isfinite(value) and abs(value) <= LARGEST)


@given(near_misses)
def test_a_screener_of_anything_yields_figures_or_words(value):
    try:
        table = read_screener(value)
    except ServiceError:
        return
    assert_figures(*table.rows)
    assert len({row.netuid for row in table.rows}) == len(table.rows)
    assert len(table.rows) + len(table.problems) <= len(value)


@given(st.fixed_dictionaries({"bittensor": st.dictionaries(st.sampled_from(["usd", "last_updated_at"]), anything)}))
def test_a_price_of_anything_is_positive_and_not_of_the_future_or_refused(value):
    try:
        point = read_price(value, NOW)
    except ServiceError:
        return
    assert_figures(point)
    assert point.price_usd > 0
    assert point.observed_at <= NOW


@given(st.fixed_dictionaries({"prices": st.lists(st.tuples(anything, anything).map(list) | anything)}))
def test_a_chart_of_anything_is_in_order_or_refused(value):
    try:
        series = read_chart(value)
    except ServiceError:
        return
    assert_figures(*series.points)
    assert [p.observed_at for p in series.points] == sorted({p.observed_at for p in series.points})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-09T03:28:00Z", datetime(2026, 3, 9, 3, 28, tzinfo=UTC)),
        ("2026-03-09T05:28:00.000+02:00", datetime(2026, 3, 9, 3, 28, tzinfo=UTC)),
        ("2026-03-09 03:28:00", datetime(2026, 3, 9, 3, 28, tzinfo=UTC)),
        (1_773_026_880, datetime(2026, 3, 9, 3, 28, tzinfo=UTC)),
        ("1773026880", datetime(2026, 3, 9, 3, 28, tzinfo=UTC)),
        (1_773_026_880_000, datetime(2026, 3, 9, 3, 28, tzinfo=UTC)),
    ],
)
def test_a_time_is_known_in_each_of_its_spellings(said, meant):
    assert moment(said, "timestamp") == meant


def test_unknown_is_not_zero_and_zero_is_not_unknown():
    assert number(None, "x") is None
    assert number("", "x") is None
    assert number(0, "x") == number("0", "x") == number(-0.0, "x") == 0.0
    with pytest.raises(UnreadableError, match="x is 'n/a'"):
        number("n/a", "x")
