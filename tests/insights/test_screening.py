"""The parts of the screener that are arithmetic: ranges, orders, tints, scales, bins."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from insights import registry
from insights.charts.distribution import bins_of
from insights.charts.scales import Scale
from insights.pages.tables import Sort
from insights.screening.conditions import Range, number, number_text
from insights.screening.request import read
from insights.screening.sorting import parse_sorts, sorted_rows, then_by
from insights.screening.text import shown
from insights.screening.trade import trade_metrics
from insights.statistics import percentile_among

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)


def a_row(netuid: int, **figures: float | None) -> Any:
    return SimpleNamespace(
        netuid=netuid,
        name=f"N{netuid}",
        category=None,
        figures=figures,
        amount=lambda metric: figures.get(metric.key),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,500", 1500),
        ("1.5k", 1500),
        ("2M", 2e6),
        ("\u22123 %", -3),
        ("", None),
        ("nan", None),
        ("1e999", None),
        ("k", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float | None) -> None:
    assert number(text) == value


@given(FINITE)
def test_a_number_in_an_address_reads_back_the_same(value: float) -> None:
    assert number(number_text(value)) == value


def test_a_share_is_asked_for_in_percent_as_it_is_shown() -> None:
    burned = registry.BY_KEY["miner_burn"]
    assert shown(burned, 0.5) == "50.0%"
    assert Range(burned, low=50, high=50).test(a_row(1, miner_burn=0.5)) is True


@given(st.floats(-100, 100), st.floats(-100, 100), st.one_of(st.none(), st.floats(-100, 100)))
def test_what_is_unknown_passes_no_range(low: float, high: float, value: float | None) -> None:
    answer = Range(registry.BY_KEY["change_1d_pct"], low, high).test(a_row(1, change_1d_pct=value))
    assert answer is (None if value is None else low <= value <= high)


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=30), st.booleans())
def test_a_sort_is_stable_and_the_unknown_come_last(values: list[int | None], descending: bool) -> None:
    rows = [a_row(netuid, a=value, b=1) for netuid, value in enumerate(values)]
    placed = sorted_rows(reversed(rows), [Sort("b", descending=True), Sort("a", descending=descending)])
    known = [row for row in placed if row.figures["a"] is not None]
    assert placed[: len(known)] == known
    sign = -1 if descending else 1
    assert [(sign * row.figures["a"], row.netuid) for row in known] == sorted(
        (sign * row.figures["a"], row.netuid) for row in known
    )


def test_an_order_is_read_in_turn_and_nonsense_left_out() -> None:
    assert parse_sorts("-a,zzz,b,a", ["a", "b"], ()) == (Sort("a", descending=True), Sort("b", descending=False))
    assert parse_sorts("zzz", ["a"], (Sort("a", descending=True),)) == (Sort("a", descending=True),)
    assert then_by((Sort("a", descending=True),), "a", descending_first=True) == (Sort("a", descending=False),)


@given(st.text(max_size=200))
def test_an_address_read_and_written_reads_the_same(query: str) -> None:
    asked = read(QueryDict(query.encode(errors="replace")))
    again = read(QueryDict(asked.address().removeprefix("?")))
    assert again.items() == asked.items()


def test_an_address_says_everything_but_what_is_usual() -> None:
    query = (
        "?preset=risk&col=price_tao,trend&min_price_tao=0.5&category=a&category=b&flag=-immune&only=1,64&q=x"
        "&sort=-price_tao,name&trade=250&heat=category&pctl=1&density=compact&name=Mine"
    )
    assert read(QueryDict(query[1:])).address() == query
    assert read(QueryDict("preset=overview&sort=-market_cap_tao&trade=100&nonsense=1")).address() == "?"


def test_the_size_of_the_trade_stands_in_each_heading() -> None:
    assert all("12,500.5 τ" in metric.label for metric in trade_metrics(12500.5))
    assert {metric.key for metric in trade_metrics(1)} == {metric.key for metric in trade_metrics(2)}


def test_equals_share_the_middle_of_their_places() -> None:
    assert percentile_among([1, 2, 2, 3], 2) == 50
    assert percentile_among([1, 1], 1) == 50


@given(st.lists(FINITE, max_size=40), st.booleans())
def test_every_value_has_its_place_on_the_scale(values: list[float], log: bool) -> None:
    scale = Scale.over(values, log=log)
    shown_values = [value for value in values if value > 0 or not log]
    if scale is None:
        assert not shown_values
        return
    assert all(-1e-6 <= scale.percent(value) <= 100 + 1e-6 for value in shown_values)
    assert len(scale.ticks()) < 120


@given(st.lists(st.floats(-1e6, 1e6), max_size=60), st.booleans())
def test_every_value_is_in_exactly_one_bin(values: list[float], log: bool) -> None:
    bins = bins_of(values, log=log)
    known = [value for value in values if value > 0 or not log]
    assert sum(each.count for each in bins) == (len(known) if bins else 0)
