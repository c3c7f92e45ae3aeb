"""/trends/: which snapshots are read, what is made of them, and how it is shown."""

import csv
import io
import json
import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights import traced, trends
from insights.board import board
from insights.charts.trend import STYLES, Stroke, spread, trend_chart, trend_figure
from insights.figures import PRICE_USD
from insights.membership import membership
from insights.pages.trends import change_words
from insights.registry import BY_KEY
from insights.traced import columns_of, steps_before, values_at
from insights.trends import Aggregate, aggregated, aggregates_of
from markets.models import TaoPrice
from subnets.metrics import MARKET_CAP, PRICE
from subnets.models import Category, CategoryAssignment, NetworkSnapshot, Subnet, SubnetSnapshot
from taoanalytics.lib.metric import Unit
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES

TRENDS = "/trends/"
DAY = timedelta(days=1)


def page(browser: Client, address: str = TRENDS, **headers: str) -> BeautifulSoup:
    response = browser.get(address, headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def figure_of(soup: BeautifulSoup, name: str = "trend-figure") -> dict[str, Any]:
    data = soup.select_one(f"#{name}")
    assert data is not None
    return dict(json.loads(data.text))


def newest() -> NetworkSnapshot:
    found = NetworkSnapshot.objects.newest_complete()
    assert found is not None
    return found


@pytest.mark.parametrize("how", list(Aggregate))
def test_what_is_drawn_agrees_with_numpy(browser: Client, network: None, how: Aggregate) -> None:
    (line,) = figure_of(page(browser, f"{TRENDS}?metric=price_tao&how={how}&range=7d"))["data"]
    expected = []
    for snapshot in NetworkSnapshot.objects.order_by("observed_at"):
        prices = SubnetSnapshot.objects.filter(network=snapshot, subnet__netuid__gt=0, price_rao__isnull=False)
        expected.append(getattr(np, how)([price / RAO for price in prices.values_list("price_rao", flat=True)]))
    assert line["y"] == pytest.approx(expected)


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), max_size=40), st.sampled_from(list(Aggregate)))
def test_an_aggregate_is_of_what_is_known(values: list[float | None], how: Aggregate) -> None:
    known = [value for value in values if value is not None]
    found = aggregated(values, how)
    assert (found is None) == (not known)
    if known:
        assert found == pytest.approx(float(getattr(np, how)(known)), rel=1e-6, abs=1e-3)


def test_alpha_and_percentages_have_no_sum() -> None:
    for metric in traced.TRACED.values():
        if metric.unit in (Unit.ALPHA, Unit.ALPHA_PER_DAY, Unit.SHARE, Unit.RATIO, Unit.INDEX, Unit.RANK, Unit.POINTS):
            assert Aggregate.SUM not in aggregates_of(metric), metric.key
    assert Aggregate.SUM in aggregates_of(MARKET_CAP)
    assert Aggregate.SUM not in aggregates_of(BY_KEY["change_7d_pct"])


def test_a_sum_without_meaning_is_refused_in_words(browser: Client, network: None) -> None:
    soup = page(browser, f"{TRENDS}?metric=alpha_in_pool&how=sum")
    assert "A sum of Alpha in pool has no meaning; the mean is shown" in soup.get_text()
    assert [option["value"] for option in soup.select("#how option")] == ["mean", "median"]


def test_every_stored_metric_has_a_line(browser: Client, network: None) -> None:
    snapshot = newest()
    steps = steps_before(snapshot, None)
    for metric in traced.TRACED.values():
        assert set(values_at(metric, steps)) == {step.network for step in steps}
    assert set(BY_KEY) - set(traced.TRACED) == {"emission_enabled"}


def test_dollars_are_those_of_each_time(browser: Client, network: None) -> None:
    for days, price_usd in ((6, 200.0), (0, 300.0)):
        TaoPrice.objects.create(observed_at=T0 - days * DAY, source="import", price_usd=price_usd)
    (line,) = figure_of(page(browser, f"{TRENDS}?metric=price_usd&netuid=1&range=7d"))["data"]
    assert line["y"][0] is None, "no price of TAO was recorded by then"
    assert line["y"][1:] == pytest.approx([0.105 * 200] * 5 + [0.11 * 200, 0.121 * 300])
    apex = Subnet.objects.get(netuid=1)
    steps = steps_before(newest(), timedelta(days=1))
    assert values_at(PRICE_USD, steps)[steps[-1].network][apex.pk] == pytest.approx(0.121 * 300)
    assert columns_of([PRICE_USD], steps, apex.pk)["price_usd"][-1] == pytest.approx(0.121 * 300)


def test_a_subnet_counts_in_the_category_that_it_then_had(browser: Client, network: None) -> None:
    first, second = Category.objects.all()[:2]
    apex = Subnet.objects.get(netuid=1)
    for category, days in ((first, 5), (second, 2)):
        CategoryAssignment.objects.create(
            subnet=apex, category=category, source="curated", assigned_at=T0 - days * DAY + DAY / 24
        )
    members = membership(board().rows)
    held = [members.of(apex.pk, T0 - days * DAY) for days in (7, 4, 2, 1, 0)]
    assert held == [first, first, first, second, second], "before anyone had looked, the first counts"
    assert membership((), T0 - 3 * DAY).of(apex.pk, T0) == first
    lines = figure_of(page(browser, f"{TRENDS}?metric=price_tao&by=category&range=7d"))["data"]
    drawn = {line["name"]: line["y"] for line in lines}
    assert drawn[second.name][:6] == [None] * 6
    assert drawn[second.name][-1] == pytest.approx(0.121)


def test_one_category_stands_beside_all(browser: Client, network: None) -> None:
    soup = page(browser, f"{TRENDS}?metric=price_tao&category=llm-inference&range=7d")
    names = [line["name"] for line in figure_of(soup)["data"]]
    assert names == ["LLM-Inference", "All subnets"]
    assert soup.select_one("#category [selected]")["value"] == "llm-inference"
    assert len(soup.select("#foremost tbody tr")) == 1
    assert "category=llm-inference" in soup.select_one("#range-3d")["href"]


def test_stored_values_come_in_their_unit(network: None) -> None:
    steps = steps_before(newest(), timedelta(days=1))
    apex = Subnet.objects.get(netuid=1)
    for key, expected in {"price_tao": 0.121, "volume_tao": 100.0, "tao_into_pool_per_day": 14.4, "tempo": 360}.items():
        assert values_at(BY_KEY[key], steps)[steps[-1].network][apex.pk] == pytest.approx(expected), key


def test_a_former_tenant_is_never_drawn_for_its_successor(browser: Client, network: None) -> None:
    (line,) = figure_of(page(browser, f"{TRENDS}?metric=price_tao&netuid=3&range=7d"))["data"]
    assert line["y"] == [None, None, None, None, 0.5, 0.5, 0.5, 0.5]


def test_an_aggregate_counts_whoever_lived_then(network: None) -> None:
    steps = steps_before(newest(), timedelta(days=7))
    values = values_at(PRICE, steps)
    old, new = Subnet.objects.filter(netuid=3).order_by("registered_at_block")
    assert old.pk in values[steps[0].network]
    assert new.pk not in values[steps[0].network]
    assert trends.network_line(values, steps, Aggregate.MEAN).counts == [3] * 8  # one price of four is unknown


def test_a_new_tenant_is_in_no_ranking_of_change(browser: Client, network: None) -> None:
    soup = page(browser, f"{TRENDS}?metric=price_tao&range=7d")
    improved = [row.get_text() for row in soup.select("#improved tbody th")]
    assert improved == ["1Apex"]
    assert "New tenant" in soup.select_one("#foremost").get_text()
    assert "1 subnet without a known value at the start is not ranked" in soup.select_one("#improved").get_text()


def test_what_is_known_late_is_compared_from_then_on(browser: Client, network: None) -> None:
    address = f"{TRENDS}?metric=price_usd&range=7d"
    assert "Of no subnet is it known at both ends" not in page(browser, f"{TRENDS}?metric=price_tao").get_text()
    TaoPrice.objects.create(observed_at=T0 - 3 * DAY, source="import", price_usd=200.0)
    soup = page(browser, address)
    caption, improved = soup.select_one("figcaption"), soup.select("#improved tbody tr")
    assert caption is not None
    since = (T0 - 3 * DAY).strftime("%-d %b %Y")
    assert f"Nothing of it is known in the range before {since}." in caption.get_text()
    assert f"since {since}." in caption.get_text()
    assert since in soup.select("#improved header")[0].get_text()
    assert next(row.a["href"] for row in improved if row.a) == "/subnets/1/"
    rows = browser.get(f"{address}&table=standings&format=json").json()["rows"]
    assert {row["first_observed_at"][:10] for row in rows if row["before"] is not None} == {
        (T0 - 3 * DAY).date().isoformat()
    }
    assert figure_of(soup)["data"][0]["y"][0] is None, "what was observed before stays in the picture"


def test_a_history_shorter_than_the_range_is_told_with_its_first_day(browser: Client, network: None) -> None:
    soup = page(browser, f"{TRENDS}?metric=price_tao&range=1y")
    oldest = NetworkSnapshot.objects.order_by("observed_at").values_list("observed_at", flat=True)[0]
    caption = soup.select_one("figcaption")
    assert caption is not None
    assert f"since {oldest:%-d %b %Y}." in caption.get_text()
    assert "Nothing of it is known" not in caption.get_text()


def test_dollars_are_told_with_one_sign(browser: Client, network: None) -> None:
    TaoPrice.objects.create(observed_at=T0 - 30 * DAY, source="import", price_usd=200.0)
    soup = page(browser, f"{TRENDS}?metric=price_usd&range=7d")
    caption = soup.select_one("figcaption")
    assert caption is not None
    assert re.search(r"All subnets: \$[0-9.]+ on ", caption.get_text())
    assert figure_of(soup)["data"][0]["hovertemplate"] == "$%{y:,.5~r}"


def test_how_a_line_is_made_cannot_be_chosen_for_subnets_and_is_kept_for_later(browser: Client, network: None) -> None:
    soup = page(browser, f"{TRENDS}?metric=price_tao&how=median&by=category&netuid=1")
    assert [box["id"] for box in soup.select("#controls select[disabled]")] == ["how", "by"]
    kept = {box["name"]: box["value"] for box in soup.select("#controls input[type=hidden]")}
    assert (kept["how"], kept["by"]) == ("median", "category")
    assert not page(browser, f"{TRENDS}?metric=price_tao").select("#controls select[disabled]")


def test_lower_is_better_where_the_metric_says_so(browser: Client, network: None) -> None:
    soup = page(browser, f"{TRENDS}?metric=stake_hhi")
    assert soup.select_one("#foremost h2").get_text() == "Top ten: the lowest"


@pytest.mark.parametrize(
    ("key", "after", "expected"),
    [
        ("price_tao", 2.0, ("+100.0%", "up")),
        ("pool_tao", 0.5, ("−50.0%", "dn")),
        ("volatility_30d_pct", 0.4, ("−0.6 pp", "up")),
        ("stake_hhi", 1.5, ("+0.500", "dn")),
        ("stake_hhi", 1.0, ("0", "")),
        ("stake_hhi", None, ("—", "")),
    ],
)
def test_a_change_has_the_colour_of_what_it_means(key: str, after: float | None, expected: tuple[str, str]) -> None:
    assert change_words(BY_KEY[key], 1.0, after) == expected


def test_categories_are_lines_and_at_most_five_are_drawn(browser: Client, network: None) -> None:
    for netuid, category in zip(range(10, 18), Category.objects.all(), strict=False):
        stored_with_category(netuid, category)
    recorded = [a_subnet(netuid, price_rao=netuid * RAO // 10) for netuid in range(10, 18)]
    stored(*recorded, at=T0 + DAY)
    stored(*recorded, at=T0 + 2 * DAY)
    soup = page(browser, f"{TRENDS}?metric=price_tao&by=category&range=3d")
    assert len(figure_of(soup)["data"]) == 5
    assert len(soup.select("#chart svg.ch path.ln")) == 5
    shown = [
        row.select_one("th").get_text(" ", strip=True) for row in soup.select("#chart .hscroll tbody")[0].select("tr")
    ]
    assert len(shown) >= 8
    assert sum("not drawn" in text for text in shown) == len(shown) - 5


def stored_with_category(netuid: int, category: Category) -> None:
    Subnet.objects.create(netuid=netuid, registered_at_block=5_000_000, category=category)


@pytest.mark.parametrize("span", list(traced.RANGES))
def test_each_range_is_drawn_and_marked(browser: Client, network: None, span: str) -> None:
    soup = page(browser, f"{TRENDS}?range={span}&metric=price_tao")
    assert soup.select_one(f"#range-{span}")["aria-current"] == "true"
    first = figure_of(soup)["data"][0]["x"][0]
    assert first == ("2026-01-28 00:00" if span == "3d" else "2026-01-24 00:00")


def test_however_long_the_history_about_two_hundred_snapshots_are_read(db: Any) -> None:
    for hours in range(24 * 40):
        at = T0 - timedelta(hours=hours)
        NetworkSnapshot.objects.create(block=7_437_291 - hours * 300, observed_at=at, source="chain")
    for span, most in {"3d": 74, "7d": 170, "30d": 122, "all": 202}.items():
        steps = steps_before(newest(), traced.RANGES[span])
        assert most / 2 < len(steps) <= most, span
        assert steps[-1].network == newest().pk
        assert steps == sorted(steps, key=lambda step: step.observed_at)


def test_a_hole_in_the_records_is_left_open(browser: Client, db: Any) -> None:
    for days in (0, 1, 2, 12, 13, 14):
        stored(a_subnet(1, price_rao=RAO // (days + 1)), at=T0 - days * DAY)
    soup = page(browser, f"{TRENDS}?metric=price_tao&range=30d")
    figure = figure_of(soup)
    assert figure["data"][0]["y"].count(None) == 1
    assert len(figure["layout"]["shapes"]) == 1
    assert str(soup.select_one("#chart path.ln")["d"]).count("M") == 2
    assert "1 gap without observations is left open" in soup.get_text()


def test_names_and_netuids_are_found_and_the_unknown_is_named(browser: Client, network: None) -> None:
    soup = page(browser, f"{TRENDS}?netuid=apex&netuid=4&netuid=nobody&netuid=tenant&netuid=&metric=price_tao")
    assert [line["name"] for line in figure_of(soup)["data"]] == ["Apex (SN1)", "τemplar (SN4)", "New tenant (SN3)"]
    assert "No living subnet is called “nobody”" in soup.get_text()


def test_a_chosen_subnet_is_removed_by_its_chip(browser: Client, network: None) -> None:
    chip = page(browser, f"{TRENDS}?netuid=1&netuid=4&range=7d").select_one(".fchip")
    assert chip is not None
    assert chip["href"] == "?netuid=4&range=7d"


def test_the_files_hold_what_is_drawn(browser: Client, network: None) -> None:
    address = f"{TRENDS}?metric=price_tao&range=7d"
    (line,) = figure_of(page(browser, address))["data"]
    rows = browser.get(f"{address}&format=json").json()["rows"]
    assert [row["network"] for row in rows] == line["y"]
    assert {row["network_n"] for row in rows} == {3}
    head, *written = csv.reader(io.StringIO(browser.get(f"{address}&format=csv").content.decode()))
    assert head[1] == "All subnets: Price, TAO per alpha"
    assert [float(row[1]) for row in written] == pytest.approx(line["y"])


def test_a_past_day_shows_nothing_of_later(browser: Client, network: None) -> None:
    (line,) = figure_of(page(browser, f"{TRENDS}?metric=price_tao&range=7d&as_of=2026-01-27"))["data"]
    assert line["x"][-1] == "2026-01-27 00:00"


@pytest.mark.parametrize("query", ["", "by=category", "netuid=1&netuid=3", "metric=tao_score_v3", "how=median"])
def test_a_page_costs_eight_queries_at_most(
    browser: Client, network: None, query: str, django_assert_max_num_queries: Any
) -> None:
    browser.get("/explorer/")
    with django_assert_max_num_queries(8):
        browser.get(f"{TRENDS}?{query}")


def test_an_empty_database_is_said_in_words(browser: Client, db: Any) -> None:
    assert "The network has not been recorded yet." in page(browser).get_text()


def test_one_observation_is_no_line_and_that_is_said(browser: Client, db: Any) -> None:
    stored(a_subnet(1))
    assert "Market cap is known at fewer than two times in this range." in page(browser).get_text()


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_text(browser: Client, db: Any, name: str) -> None:
    for days in (1, 0):
        stored(a_subnet(1, name=name), at=T0 - days * DAY)
    html = browser.get(f"{TRENDS}?netuid=1").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html


def test_htmx_gets_the_result_and_nothing_around_it(browser: Client, network: None) -> None:
    whole, part = page(browser, TRENDS), page(browser, TRENDS, hx_request="true", hx_target="result")
    assert part.select_one("html") is None
    assert str(part.select_one("#result")) == str(whole.select_one("#result"))


def test_nothing_inline_that_the_content_policy_would_refuse(browser: Client, network: None) -> None:
    soup = page(browser)
    assert not soup.select("[style], style")
    assert not [tag for tag in soup.select("script:not([type])") if not tag.get("src")]
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if re.fullmatch("on[a-z]+", name)]


PARAMETERS = "metric how by range netuid as_of format theme currency m method level of scope figures".split()
WORDS = ["", "0", "-1", "1", "3", "category", "sum", "all", "price_tao", "levels", "²", "٣", "\x00", "🔥", "9" * 400]
ODD = st.one_of(st.sampled_from(WORDS), st.text(max_size=20))
QUERIES = st.lists(st.tuples(st.sampled_from(PARAMETERS), ODD), max_size=8)


@pytest.mark.parametrize("path", [TRENDS, "/compare/", "/correlation/"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_no_address_breaks_the_page(browser: Client, network: None, path: str, query: list[tuple[str, str]]) -> None:
    address: dict[str, list[str]] = {}
    for key, value in query:
        address.setdefault(key, []).append(value.encode(errors="replace").decode())
    assert browser.get(path, address).status_code in (200, 400)


POINTS = st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=0, max_size=12)


@given(st.lists(POINTS, max_size=5), st.one_of(st.none(), st.floats(-1e3, 1e3)))
def test_any_lines_are_a_valid_figure_and_a_drawing(series: list[list[float | None]], base: float | None) -> None:
    strokes = [
        Stroke(f"<b>{i}", f"S{i}", [(T0 + k * DAY, value) for k, value in enumerate(values)])
        for i, values in enumerate(series)
    ]
    go.Figure(trend_figure(strokes, base=base, gaps=[(T0, T0 + DAY)]))
    svg = trend_chart(strokes, base=base, gaps=[(T0, T0 + DAY)], label="<b>", value_text=str)
    assert svg is None or "<b>" not in svg


@given(st.lists(st.floats(0, 340), max_size=5))
def test_labels_never_cover_each_other(heights: list[float]) -> None:
    placed = sorted(spread(heights, 14, 22, 322))
    assert all(b - a >= 13.999 for a, b in pairwise(placed))
    assert all(21.9 <= y <= 322.1 for y in placed)


def test_each_line_has_a_style_of_its_own() -> None:
    assert len(set(STYLES)) == trends.MOST_LINES
