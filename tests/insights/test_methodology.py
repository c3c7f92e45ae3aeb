"""Every number can be followed to how it is made."""

import re
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.utils.html import escape

from insights.board import Row, board
from insights.catalogue import EXPLAINED, groups, inputs_of
from insights.charts.histogram import BINS, counts, histogram, is_logarithmic
from insights.distribution import distribution
from insights.registry import BY_KEY
from subnets.regimes import REGIMES
from taoanalytics.lib.metric import Layer
from tests.factories import a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES

INDEX_QUERIES, METRIC_QUERIES = 9, 9


def page(browser: Client, key: str) -> str:
    response = browser.get(f"/methodology/{key}/")
    assert response.status_code == 200
    return response.content.decode()


def test_every_declared_metric_has_a_page_with_formula_inputs_and_meaning(browser: Client, network: None) -> None:
    for key, metric in EXPLAINED.items():
        html = page(browser, key)
        assert f"<code>{key}</code>" in html
        for text in (metric.label, metric.about, metric.unknown, metric.source):
            assert escape(text) in html
        if metric.layer is not Layer.OBSERVED:
            assert '<math display="block"' in html
            assert escape(metric.formula) in html
        for each in inputs_of(metric):
            if each.metric:
                assert f'href="/methodology/{each.name}/"' in html
            assert f"<code>{each.name}</code>" in html
        if metric.layer is Layer.JUDGED:
            assert "quality score and no forecast" in html


def test_the_index_links_to_every_metric_and_has_every_rule(browser: Client, network: None) -> None:
    html = browser.get("/methodology/").content.decode()
    linked = re.findall(r'href="/methodology/([a-z0-9_]+)/"', html)
    assert sorted(set(linked) - {"classification"}) == sorted(EXPLAINED)
    assert all(escape(name) in html for name in groups())
    assert all(escape(regime.what) in html for regime in REGIMES)


def test_an_unknown_metric_is_not_found(browser: Client, network: None) -> None:
    assert browser.get("/methodology/no_such_metric/").status_code == 404


def test_pages_stand_before_anything_was_recorded(browser: Client, db: Any) -> None:
    assert browser.get("/methodology/").status_code == 200
    for key in ("price_tao", "market_cap_tao", "tao_score_v3", "hot_score", "dividends"):
        assert page(browser, key)


def test_a_page_costs_a_handful_of_queries(browser: Client, network: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(INDEX_QUERIES):
        browser.get("/methodology/")
    with django_assert_max_num_queries(METRIC_QUERIES):
        browser.get("/methodology/market_cap_tao/")


def test_the_distribution_is_that_of_the_board(browser: Client, network: None) -> None:
    spread = distribution(BY_KEY["price_tao"], board(past=False).rows)
    assert (spread.known, spread.total, spread.unknown) == (3, 4, 1)
    assert (spread.lowest, spread.median, spread.highest) == (0.02, 0.121, 0.5)
    assert [row.netuid for row in (*spread.top, *spread.bottom)] == [3, 4]
    html = page(browser, "price_tao")
    assert "3 of 4 subnets" in html
    assert 'href="/subnets/3/"' in html


def test_a_metric_that_nobody_has_says_so(browser: Client, network: None) -> None:
    html = page(browser, "price_usd")
    assert "Known of 0 of 4 subnets." in html
    assert "No price of TAO was recorded" in html


def test_the_worked_example_adds_up(browser: Client, network: None) -> None:
    html = page(browser, "market_cap_tao")
    assert "500,000,000 rao" in html
    assert "500,000.000000000 τ" in html


def test_the_worked_example_can_be_reckoned_through(browser: Client, network: None) -> None:
    soup = BeautifulSoup(page(browser, "depth_to_market_cap_pct"), "html.parser")
    pool, cap, depth = (row.select("td")[-1].get_text() for row in soup.select("table.inputs tr")[1:])
    amounts = [float(text.split()[0].replace(",", "")) for text in (pool, cap)]
    assert f"{float(depth.removesuffix('%')):.6g}" == f"{100 * amounts[0] / amounts[1]:.6g}"
    assert sum(character.isdigit() for character in depth) == 6


def test_a_past_day_is_explained_with_the_numbers_of_that_day(browser: Client, network: None) -> None:
    html = browser.get("/methodology/price_tao/?as_of=2026-01-26").content.decode()
    assert "26 Jan 2026 00:00 UTC" in html
    assert 'href="/methodology/?as_of=2026-01-26"' in html


def test_the_distribution_can_be_taken_away(browser: Client, network: None) -> None:
    rows = browser.get("/methodology/price_tao/?format=json").json()["rows"]
    assert [row["netuid"] for row in rows] == [3, 1, 4, 2]
    assert rows[-1]["price_tao"] is None
    assert browser.get("/methodology/price_tao/?format=csv").headers["Content-Type"].startswith("text/csv")


def test_hostile_names_are_text(browser: Client, db: Any) -> None:
    stored(*(a_subnet(netuid, name=name) for netuid, name in enumerate(HOSTILE_NAMES, start=1)))
    html = page(browser, "price_tao")
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html


def test_a_histogram_counts_every_value_once() -> None:
    for values in ([1.0, 2.0, 2.0, 5.0], [0.001, 10.0, 1000.0], [-5.0, 0.0, 5.0], [3.0, 3.0]):
        assert sum(counts(values)) == len(values)
        assert len(counts(values)) == BINS
        assert str(histogram(values, "label", str)).count("<rect") == sum(count > 0 for count in counts(values))
    assert histogram([1.0], "label", str) is None
    assert is_logarithmic([0.1, 100.0])
    assert not is_logarithmic([0.0, 100.0])


def test_no_subnet_stands_at_both_ends(network: None) -> None:
    rows: tuple[Row, ...] = board(past=False).rows
    for metric in BY_KEY.values():
        spread = distribution(metric, rows)
        assert not {row.netuid for row in spread.top} & {row.netuid for row in spread.bottom}
