"""Charts and marks: valid, escaped, and true to their values."""

import re
from datetime import UTC, datetime, timedelta

import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from insights.charts.axes import time_ticks, value_range, value_ticks
from insights.charts.line import line_chart
from insights.charts.marks import bar, percentile_bar, sparkline, tint
from insights.charts.price import price_chart
from insights.charts.regimes import Band, Line, emission_bands, lanes, rule_changes, tenancy, time_of_block
from insights.charts.treemap import Group, Tile, squarified, treemap
from insights.charts.waterfall import step, total
from tests.factories import T0
from tests.insights.conftest import HOSTILE_NAMES

DAY = timedelta(days=1)
PRICES = [(T0 + i * DAY, None if i == 3 else 1.0 + i / 10) for i in range(8)]
GAP = [(T0 + 2 * DAY, T0 + 4 * DAY)]


def test_the_price_chart_is_a_plotly_figure() -> None:
    figure = price_chart(PRICES, PRICES, [(T0, 5.0), (T0 + DAY, None)], GAP)
    go.Figure(figure)
    spot, _, volume = figure["data"]
    assert spot["y"][3] is None
    assert not spot["connectgaps"]
    assert volume["yaxis"] == "y2"
    assert len(figure["layout"]["shapes"]) == 1


def test_a_chart_without_volume_or_prices_is_valid_too() -> None:
    go.Figure(price_chart(PRICES, PRICES, [], []))
    go.Figure(price_chart([], [], [], []))


def drawn(points: list[tuple[object, float | None]], **options: object) -> BeautifulSoup | None:
    svg = line_chart(points, label="a <b> line", value_text=str, bar_text=str, **options)
    return BeautifulSoup(svg, "html.parser") if svg else None


def test_the_drawn_line_breaks_where_nothing_was_observed() -> None:
    soup = drawn(PRICES, gaps=GAP, bars=[(T0 + i * DAY, 5.0) for i in range(7)])
    assert soup is not None
    line = soup.select_one("path.ln")
    assert line is not None
    assert str(line["d"]).count("M") == 2
    assert len(soup.select("rect.gap")) == 1
    assert soup.svg["aria-label"] == "a <b> line"


def test_there_is_no_line_of_one_point() -> None:
    assert drawn(PRICES[:1]) is None
    assert drawn([(T0, None), (T0 + DAY, None)]) is None


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9)), max_size=40))
def test_any_prices_can_be_drawn(values: list[float | None]) -> None:
    points = [(T0 + i * DAY, value) for i, value in enumerate(values)]
    svg = line_chart(points, label="", value_text=str, bar_text=str, bars=points)
    assert svg is None or "nan" not in svg
    go.Figure(price_chart(points, points, points, []))
    spark = sparkline(values, "")
    assert spark is None or re.search(r'd="M[-\dMl ]+"', spark)


def test_a_sparkline_tells_its_direction_and_breaks() -> None:
    rising, falling, level = sparkline([1, None, 2], "up"), sparkline([2, 1], "down"), sparkline([1, 1], "level")
    assert rising is not None
    assert 'class="sl p"' in rising
    assert rising.count("M") == 2
    assert 'class="sl m"' in (falling or "")
    assert 'class="sl z"' in (level or "")
    assert sparkline([1, None], "") is None


@given(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=60))
def test_tiles_fill_the_area_in_proportion(sizes: list[float]) -> None:
    sizes = sorted(sizes, reverse=True)
    tiles = squarified(sizes, (0, 0, 100, 50))
    assert len(tiles) == len(sizes)
    assert sum(w * h for _, _, w, h in tiles) == pytest.approx(5000)
    for size, (x, y, w, h) in zip(sizes, tiles, strict=True):
        assert w * h == pytest.approx(5000 * size / sum(sizes), rel=1e-6, abs=1e-6)
        assert -1e-3 <= x <= x + w <= 100 + 1e-3
        assert -1e-3 <= y <= y + h <= 50 + 1e-3


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_on_the_map_stay_text(name: str) -> None:
    tile = Tile(name, 1, "/subnets/1/", 1.0, 3.0, "+3.0%", "1 τ")
    svg = treemap([Group("ABC", name, [tile])], (300, 300), "wid", name)
    assert "<script" not in svg
    assert "<img" not in svg
    assert len(BeautifulSoup(svg, "html.parser").select("a")) == 1


def test_a_tint_is_clipped_and_silent_about_little_or_nothing() -> None:
    steps = (1, 4, 9, 16)
    assert [tint(v, steps, "u", "d") for v in (None, 0, 0.9, 1, -4, 99, -99)] == ["", "", "", "u1", "d2", "u4", "d4"]


def test_bars_stay_on_their_track() -> None:
    assert 'width="100.0%"' in bar(250)
    assert 'cx="97%"' in percentile_bar(100, 100)
    assert "circle" not in percentile_bar(50, None)


@pytest.mark.parametrize("days", [1, 7, 30, 90, 350, 1800, 9000])
def test_ticks_of_time_are_few_and_inside(days: int) -> None:
    ticks = time_ticks(T0, T0 + days * DAY)
    assert all(T0 < at <= T0 + days * DAY for at, _ in ticks)
    assert 1 <= len(ticks) <= 30


def test_ticks_of_value_are_round() -> None:
    assert value_ticks(0, 0.42) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert value_ticks(5, 5) == [5]
    assert value_range([5, 5]) == (0, 5.5)
    assert value_range([0.0]) == (0, 1)


def test_rule_changes_are_those_within_the_chart() -> None:
    found = rule_changes(T0 - 90 * DAY, T0)
    assert [(f"{line.at:%Y-%m-%d}", line.word) for line in found] == [
        ("2025-11-04", "emission by flow"),
        ("2025-12-15", "halving"),
    ]
    assert rule_changes(T0 - 10 * DAY, T0) == []


def test_events_are_dotted_lines_with_a_word_in_both_charts() -> None:
    events = [Line(T0 + DAY, "halving", "", ""), Line(T0 + 6.9 * DAY, "<b>", "", ""), Line(T0 - DAY, "before", "", "")]
    soup = drawn(PRICES, lines=events)
    assert soup is not None
    assert [word.get_text() for word in soup.select("line.ev + text")] == ["halving", "<b>"]
    assert [word["text-anchor"] for word in soup.select("line.ev + text")] == ["start", "end"]
    figure = price_chart(PRICES, PRICES, [], [], lines=events[:2])
    go.Figure(figure)
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["halving", "<b>"]
    assert [shape["type"] for shape in figure["layout"]["shapes"]] == ["line", "line"]


def test_words_close_to_each_other_stand_in_different_lanes() -> None:
    assert lanes([0, 10, 20, 200], 100) == [0, 1, 2, 0]
    assert lanes([0, 1, 2, 3, 4], 100) == [0, 1, 2, 3, 0]


def test_flows_have_a_strip_with_ins_and_outs() -> None:
    flows = [(T0 + i * DAY, 5.0 if i % 2 else -3.0) for i in range(7)]
    soup = drawn(PRICES, bars=flows, flows=flows)
    assert soup is not None
    assert (str(soup.select_one("path.fu")["d"]).count("M"), str(soup.select_one("path.fd")["d"]).count("M")) == (3, 4)
    figure = price_chart(PRICES, (), [(T0, 5.0)], [], flows=flows, name="Pool", tick_format=",.3~s")
    go.Figure(figure)
    assert [trace["name"] for trace in figure["data"]] == ["Pool", "Volume", "Organic flow", "Organic flow"]
    assert [len(trace["y"]) for trace in figure["data"][2:]] == [3, 4]  # what came in, what went out
    assert figure["layout"]["yaxis3"]["domain"][0] == 0
    assert figure["layout"]["yaxis"]["domain"][0] > figure["layout"]["yaxis2"]["domain"][1]


def test_a_tenancy_is_marked_only_inside_the_chart() -> None:
    assert [line.word for line in tenancy(T0, None, T0 - DAY, T0 + DAY)] == ["registered"]
    assert [line.word for line in tenancy(T0 - 9 * DAY, T0, T0 - DAY, T0 + DAY)] == ["netuid passed on"]
    assert time_of_block(100, 7_300, T0) == T0 - DAY


def test_a_step_of_the_waterfall_starts_where_it_is_told_and_never_passes_the_end() -> None:
    bars = BeautifulSoup(step(90, 4.2, 25), "html.parser").select("rect")
    assert [(bar["x"], bar["width"]) for bar in bars] == [("90.0%", "10.0%"), ("90.0%", "4.2%")]
    assert 'width="71.9%"' in total(71.9)


def test_rules_of_emission_stand_side_by_side_and_every_other_one_is_shaded() -> None:
    start, end = datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    bands = emission_bands(start, end)
    assert [(f"{band.start:%Y-%m-%d}", band.rule, band.shaded) for band in bands] == [
        ("2025-10-01", "By price", False),
        ("2025-11-04", "By TAO flow", True),
        ("2026-06-22", "By price, less burned incentive", False),
    ]
    assert [a.end for a in bands[:-1]] == [b.start for b in bands[1:]]
    assert bands[-1].end == end
    assert len(emission_bands(start, start + DAY)) == 1


def test_bands_lie_behind_the_line_in_both_charts() -> None:
    bands = [Band(T0, T0 + 2 * DAY, "One", shaded=False), Band(T0 + 2 * DAY, T0 + 7 * DAY, "Two", shaded=True)]
    soup = drawn(PRICES, bands=bands)
    assert soup is not None
    shaded = soup.select("rect.rule")
    assert [(each["x"], each["width"]) for each in shaded] == [("285.7", "714.3")]
    assert shaded[0].find_next_sibling("path", class_="ln") is not None
    figure = price_chart(PRICES, (), [], [], bands=bands)
    go.Figure(figure)
    assert [(each["layer"], each["x0"][:10]) for each in figure["layout"]["shapes"]] == [
        ("below", f"{T0 + 2 * DAY:%Y-%m-%d}")
    ]


def test_what_is_counted_has_whole_numbers_at_its_axis() -> None:
    assert value_ticks(14.7, 19.3, 2) == [15, 17.5]
    assert value_ticks(14.7, 19.3, 2, whole=True) == [16, 18]
    assert value_ticks(0, 30, 5, whole=True) == [0, 10, 20, 30]
    for high in (1, 2, 3, 7, 12, 25, 130, 1_000):
        ticks = value_ticks(0, high * 1.06, 2, whole=True)
        assert len(ticks) > 1
        assert all(tick % 1 == 0 for tick in ticks), high


def test_a_bar_is_as_wide_as_its_day_however_many_there_are() -> None:
    few = drawn(PRICES, bars=[(T0 + DAY, 5.0)])
    assert few is not None
    path = str(few.select_one("path.vb")["d"])
    assert float(path.split("h")[1].split("V")[0]) < 1000 / 7


def test_flows_lie_around_zero_in_both_charts() -> None:
    figure = price_chart(PRICES, (), [], [], flows=[(T0, 5.0), (T0 + DAY, 2.0)])
    assert [trace["type"] for trace in figure["data"]] == ["scatter", "bar", "bar", "bar"]  # each colour has its place
    low, high = figure["layout"]["yaxis2"]["range"]
    assert low == -high < 0
