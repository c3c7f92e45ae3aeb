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
from insights.charts.scatter import Axis, Point, scatter
from insights.pages.tables import Sort
from insights.screening.conditions import Range, number, number_text
from insights.screening.request import read
from insights.screening.sorting import parse_sorts, sorted_rows, then_by
from insights.screening.text import shown
from insights.screening.trade import trade_metrics
from insights.screening.traded import bought_and_sold
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


def test_what_is_not_zero_never_reads_as_zero() -> None:
    share = registry.BY_KEY["emission_share_pct"]
    assert [shown(share, value) for value in (0, 1e-9, 0.0099, 0.01, 12.34)] == [
        "0.00%", "<0.01%", "<0.01%", "0.01%", "12.3%",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "words"),
    [(0.01, "0.01"), (1500, "1,500"), (-12345.678, "\u221212,345.678"), (1e-12, "1e\u221212"), (1e300, "1e+300")],
)
def test_a_condition_is_said_as_it_was_set(low: float, words: str) -> None:
    assert Range(registry.BY_KEY["pool_tao"], low=low).words == f"TAO in pool, τ ≥ {words}"


def test_a_choice_of_another_figure_without_its_ends_undoes_no_range() -> None:
    asked = read(QueryDict("min_price_tao=0.5&metric=price_tao&least=&most="))
    assert [(each.metric.key, each.low) for each in asked.ranges] == [("price_tao", 0.5)]


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e5))
def test_what_was_bought_and_sold_adds_up_to_the_volume_and_differs_by_the_flow(
    bought: float, sold: float, by_chain: float
) -> None:
    row = a_row(
        1, volume_1d_tao=bought + sold + by_chain, organic_flow_1d_tao=bought - sold, chain_buys_per_day=by_chain
    )
    assert bought_and_sold(row) == (pytest.approx(bought, abs=1e-6), pytest.approx(sold, abs=1e-6))


@pytest.mark.parametrize(
    "figures",
    [
        {"volume_1d_tao": None, "organic_flow_1d_tao": 1.0},
        {"volume_1d_tao": 1.0, "organic_flow_1d_tao": None},
        {"volume_1d_tao": 1.0, "organic_flow_1d_tao": -400.0},  # more left the pool than was traded
    ],
)
def test_trades_that_cannot_be_told_apart_are_unknown_and_not_zero(figures: dict[str, float | None]) -> None:
    assert bought_and_sold(a_row(1, **figures)) == (None, None)


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


def points(*places: tuple[float, float, str]) -> list[Point]:
    return [Point(x, y, x, name, "/", "none", name) for x, y, name in places]


def test_the_largest_mark_is_named_also_at_the_right_edge() -> None:
    axis = Axis("TAO", str)
    drawing = str(scatter(points((1, 1, "Small"), (100, 2, "Largest")), axis, axis, ""))
    assert 'text-anchor="end" aria-hidden="true">Largest<' in drawing
    assert 'dy="4" aria-hidden="true">Small<' in drawing


@pytest.mark.parametrize(
    ("across", "upwards", "drawn"), [(False, False, True), (True, True, True), (True, False, False)]
)
def test_the_line_where_both_are_the_same_is_straight_or_not_there(across: bool, upwards: bool, drawn: bool) -> None:
    marks = points((1, 1, "A"), (100, 200, "B"))
    x, y = Axis("TAO", str, across), Axis("TAO", str, upwards)
    assert ('class="md"' in str(scatter(marks, x, y, "", diagonal=True))) is drawn
    assert 'class="md"' not in str(scatter(marks, x, y, ""))
