"""/compare/: subnets side by side."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from insights.charts.rebased import common_start, rebased
from insights.comparison import MOST_SUBNETS
from insights.pages.compare import KEY_FIGURES
from insights.registry import BY_KEY
from tests.factories import T0, a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES

COMPARE = "/compare/"
DAY = timedelta(days=1)


def page(browser: Client, address: str = COMPARE, **headers: str) -> BeautifulSoup:
    response = browser.get(address, headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def line(soup: BeautifulSoup, label: str) -> list[str]:
    """The cells of one figure's line."""
    (head,) = [th for th in soup.select("#figures tbody th[scope=row]") if th.a.get_text() == label]
    return [cell.get_text(" ", strip=True) for cell in head.find_next_siblings("td")]


def test_the_key_figures_are_declared() -> None:
    assert set(KEY_FIGURES) <= set(BY_KEY)
    assert len(set(KEY_FIGURES)) == len(KEY_FIGURES)


def test_figures_stand_side_by_side_with_their_difference(browser: Client, network: None) -> None:
    assert line(page(browser, f"{COMPARE}?netuid=4&netuid=1"), "Price, τ") == ["0.02000", "0.12100", "+505.0%"]


def test_the_better_value_is_named_in_words(browser: Client, network: None) -> None:
    assert line(page(browser, f"{COMPARE}?netuid=4&netuid=1"), "Change 7d, %") == ["0.0%", "best +21.0%", "+21.0 pp"]


def test_equal_values_have_no_best_and_size_is_no_merit(browser: Client, network: None) -> None:
    soup = page(browser, f"{COMPARE}?netuid=4&netuid=1")
    assert line(soup, "TAO in pool, τ") == ["10,000", "10,000", "0.0%"]
    assert "best" not in " ".join(line(soup, "Market cap, τ"))


def test_two_that_share_the_best_are_equal_best(browser: Client, db: Any) -> None:
    stored(*(a_subnet(n, tao_in_rao=(9 if n == 3 else 10) * 10**12) for n in (1, 2, 3)))
    cells = line(page(browser, f"{COMPARE}?netuid=1&netuid=2&netuid=3"), "TAO in pool, τ")
    assert cells == ["equal best 10,000", "equal best 10,000", "9,000", "+11.1%"]


def test_the_unknown_is_a_dash_with_its_reason_and_never_best(browser: Client, network: None) -> None:
    unknown, known, difference = line(page(browser, f"{COMPARE}?netuid=2&netuid=1"), "Price, τ")
    assert unknown.startswith("— unknown: ")
    assert (known, difference) == ("0.12100", "—")


def test_prices_start_at_a_hundred_when_the_youngest_tenant_came(browser: Client, network: None) -> None:
    soup = page(browser, f"{COMPARE}?netuid=1&netuid=3&range=7d")
    figure = json.loads(soup.select_one("#rebased-figure").text)
    apex, tenant = figure["data"]
    assert apex["x"][0] == tenant["x"][0] == "2026-01-28 00:00", "not before the new tenant"
    assert apex["y"][0] == tenant["y"][0] == 100
    assert apex["y"][-1] == pytest.approx(100 * 121 / 105)
    assert tenant["y"] == [100.0] * 4
    assert "+15.2%" in soup.select_one("#chart .legend").get_text()


def test_without_a_common_price_that_is_said(browser: Client, network: None) -> None:
    soup = page(browser, f"{COMPARE}?netuid=1&netuid=2")
    assert "These tenants have no two prices in common in this range." in soup.get_text()


def test_nothing_chosen_offers_something_to_begin_with(browser: Client, network: None) -> None:
    soup = page(browser)
    assert "Nothing is compared yet." in soup.get_text()
    links = [str(a["href"]) for a in soup.select(".state a")]
    assert links[0] == "?netuid=3&netuid=1&netuid=4"
    assert all(browser.get(COMPARE + link).status_code == 200 for link in links)


def test_unknown_netuids_and_names_are_named(browser: Client, network: None) -> None:
    text = page(browser, f"{COMPARE}?netuid=1&netuid=77&netuid=nobody&netuid=0").get_text()
    for word in ("77", "nobody", "0"):
        assert f"No living subnet is called “{word}”" in text


def test_a_word_that_several_names_hold_asks_for_the_netuid(browser: Client, db: Any) -> None:
    stored(a_subnet(1, name="Alpha one"), a_subnet(2, name="Alpha two"))
    assert "“alpha” could be Alpha one (1), Alpha two (2): give the netuid" in page(
        browser, f"{COMPARE}?netuid=alpha"
    ).get_text(" ", strip=True)


def test_five_at_most_and_the_sixth_is_named(browser: Client, db: Any) -> None:
    stored(*(a_subnet(netuid) for netuid in range(1, 8)))
    soup = page(browser, COMPARE + "?" + "&".join(f"netuid={n}" for n in range(1, 8)))
    assert len(soup.select("#figures thead th a")) == MOST_SUBNETS
    assert "Subnet 6 (6) is left out: five at most" in soup.get_text()


def test_the_picker_keeps_what_was_chosen_and_a_chip_removes_it(browser: Client, network: None) -> None:
    soup = page(browser, f"{COMPARE}?netuid=1&netuid=apex&netuid=4&range=30d&figures=all")
    assert [field["value"] for field in soup.select("#picker input[type=hidden]")] == ["1", "4", "30d", "all"]
    assert soup.select_one(".fchip")["href"] == "?netuid=4&range=30d&figures=all"


def test_all_figures_are_all_that_are_known_of_one(browser: Client, network: None) -> None:
    some, every = (page(browser, f"{COMPARE}?netuid=1&netuid=4&figures={which}") for which in ("", "all"))
    assert len(every.select("#figures tbody tr")) > len(some.select("#figures tbody tr")) > 10


def test_one_alone_has_no_difference(browser: Client, network: None) -> None:
    assert line(page(browser, f"{COMPARE}?netuid=1"), "Price, τ") == ["0.12100"]


def test_the_files_have_a_row_for_each(browser: Client, network: None) -> None:
    response = browser.get(f"{COMPARE}?netuid=4&netuid=1&format=csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [row["netuid"] for row in rows] == ["4", "1"]
    assert 'filename="compare-4-1.csv"' in response.headers["Content-Disposition"]


def test_a_past_day_is_compared_as_it_was(browser: Client, network: None) -> None:
    soup = page(browser, f"{COMPARE}?netuid=1&netuid=3&as_of=2026-01-25")
    assert [a.get_text() for a in soup.select("#figures thead th a")] == ["Apex", "Old tenant"]


@pytest.mark.parametrize("query", ["", "netuid=1&netuid=4", "netuid=1&netuid=3&figures=all&range=90d"])
def test_a_page_costs_eight_queries_at_most(
    browser: Client, network: None, query: str, django_assert_max_num_queries: Any
) -> None:
    browser.get("/explorer/")
    with django_assert_max_num_queries(8):
        browser.get(f"{COMPARE}?{query}")


def test_an_empty_database_is_said_in_words(browser: Client, db: Any) -> None:
    assert "The network has not been recorded yet." in page(browser, f"{COMPARE}?netuid=1").get_text()


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_text(browser: Client, db: Any, name: str) -> None:
    for days in (1, 0):
        stored(a_subnet(1, name=name), a_subnet(2), at=T0 - days * DAY)
    html = browser.get(f"{COMPARE}?netuid=1&netuid=2").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html


PRICES = st.lists(st.one_of(st.none(), st.floats(1e-6, 1e6)), min_size=4, max_size=8)


@given(PRICES, PRICES)
def test_each_line_is_a_hundred_at_the_common_start_and_keeps_its_ratios(
    first: list[float | None], second: list[float | None]
) -> None:
    series = {n: [(T0 + i * DAY, p) for i, p in enumerate(prices)] for n, prices in enumerate((first, second))}
    start = common_start(series)
    shared = [i for i, pair in enumerate(zip(first, second, strict=False)) if None not in pair]
    assert start == (T0 + shared[0] * DAY if shared else None)
    if start is not None:
        for key, points in rebased(series, start).items():
            prices = dict(series[key])
            assert points[0] == (start, 100)
            assert all((value is None) == (prices[at] is None) for at, value in points)
            assert all(value == pytest.approx(100 * prices[at] / prices[start]) for at, value in points if value)
