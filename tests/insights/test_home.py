"""/ as a visitor and a browser see it."""

import gzip
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from insights import overview
from insights.board import board
from insights.judge import judge_newest
from insights.landing import LandingRow
from insights.landing_rows import landing_rows, validator_seats
from markets.models import TaoPrice
from subnets.measure import recompute_metrics
from subnets.models import HyperparameterSet, Subnet
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, some_neurons, stored
from tests.insights.conftest import HOSTILE_NAMES


@pytest.fixture
def market(db: Any) -> None:
    """Twelve subnets over eight days, each with its own course, scored; the price of TAO is known."""
    for days in range(8, -1, -1):
        stored(
            a_subnet(0, name="root", registered=0),
            *(
                a_subnet(
                    n,
                    name=f"Net {n}",
                    price_rao=RAO // 10 + (8 - days) * (n - 6) * RAO // 900,
                    tao_in_rao=(5_000 + 900 * n) * RAO,
                    volume_rao=(100 - days) * n * RAO,
                    neurons=some_neurons(4 + n),
                )
                for n in range(1, 13)
            ),
            at=T0 - timedelta(days=days),
        )
        TaoPrice.objects.create(observed_at=T0 - timedelta(days=days), source="import", price_usd=200 + 10 * days)
    recompute_metrics()
    judge_newest()


def page(browser: Client, address: str = "/") -> BeautifulSoup:
    response = browser.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(soup: BeautifulSoup, selector: str) -> str:
    found = soup.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").split())


def test_the_front_door_answers_first_what_the_network_is_worth(browser: Client, market: None) -> None:
    figures = words(page(browser), ".kpis")
    assert "Market cap of all subnets" in figures
    assert "TAO price $200.00" in figures
    assert "Subnets 12" in figures
    assert "7,437,291" in figures
    assert len(page(browser).select(".kpi")) == 7


def test_every_key_figure_opens_its_passport(browser: Client, market: None) -> None:
    soup = page(browser)
    assert len(soup.select(".kpi")) == len(soup.select(".kpi details.pp > summary")) == 7
    cap = words(soup, ".kpi:first-child .panel")
    total = sum(row.figures["market_cap_tao"] for row in board().rows)
    for told in (f"{total:,.9f} τ", "derived", "Unit TAO", "block 7,437,291", "Σ market cap", "network_market_cap_tao"):
        assert told in cap
    for link in soup.select(".kpi .panel a"):
        assert browser.get(link["href"]).status_code == 200


def test_the_passport_of_what_is_unknown_says_why(browser: Client, network: None) -> None:
    price = words(page(browser), ".kpi:nth-child(2) .panel")
    assert "Exactly None was recorded by then." in price


def test_the_sum_of_market_caps_is_shown_in_dollars_too(browser: Client, market: None) -> None:
    now = board()
    assert now.market_cap_tao is not None
    assert f"${now.market_cap_tao * 200 / 1e6:.2f}M" in words(page(browser), ".kpis")


def test_it_costs_eleven_queries_once_per_generation_and_two_after_that(
    browser: Client, market: None, django_assert_max_num_queries: Any
) -> None:
    cache.clear()
    with django_assert_max_num_queries(11):
        browser.get("/?theme=light")
    with django_assert_max_num_queries(2):
        browser.get("/?theme=dark")


def test_the_page_is_small_and_brings_no_plotly(browser: Client, market: None) -> None:
    html = browser.get("/").content
    assert len(gzip.compress(html)) < 30_000
    assert b"plotly" not in html


def test_each_subnet_in_a_list_is_a_link_and_says_why_it_is_there(browser: Client, market: None) -> None:
    entries = page(browser).select("#list-hot li")
    assert entries
    for entry in entries:
        assert re.fullmatch(r"/subnets/\d+/", str(entry.a["href"]))
        assert re.search(r"\d", words(entry, ".note"))


def test_the_six_lists_are_there_with_their_method(browser: Client, market: None) -> None:
    sections = page(browser).select("#lists .sec")
    assert [each.h2.get_text() for each in sections] == [
        "Hot subnets",
        "Outliers",
        "Price momentum",
        "Hot categories",
        "Emission-farming watch-list",
        "Red flags",
    ]
    assert all(each.select(".note")[-1].get_text(strip=True) for each in sections)


def test_a_list_whose_inputs_are_unknown_says_so_in_words(browser: Client, db: Any) -> None:
    stored(*(a_subnet(n, price_rao=None, volume_rao=None) for n in range(1, 13)))
    recompute_metrics()
    soup = page(browser)
    assert "Under half of what this list weighs is known" in words(soup, "#list-hot")
    assert "Under half of what this list weighs is known" in words(soup, "#list-flags")
    assert "Fewer than three categories" in words(soup, "#list-categories")


def test_movers_are_the_largest_changes_in_their_order(browser: Client, market: None) -> None:
    up, down = page(browser).select("#movers .sec")[2:]
    assert up.h2.get_text() == "Up, 7d"
    assert [int(each.get_text()) for each in up.select(".nid")] == [12, 11, 10, 9, 8]
    assert [int(each.get_text()) for each in down.select(".nid")] == [1, 2, 3, 4, 5]


def test_a_small_pool_does_not_lead_the_movers(db: Any) -> None:
    for days, price in ((7, RAO // 10), (0, RAO)):
        stored(a_subnet(1, price_rao=price, tao_in_rao=2 * RAO), at=T0 - timedelta(days=days))
    recompute_metrics()
    assert not any(rows for _, _, _, rows in overview.movers(board()))


def test_the_chart_of_tao_has_only_prices_by_the_observation(market: None) -> None:
    TaoPrice.objects.create(observed_at=T0 + timedelta(hours=1), source="import", price_usd=999)
    prices = overview.tao_prices(board())
    assert [price for _, price in prices] == [280, 270, 260, 250, 240, 230, 220, 210, 200]


def test_the_chart_of_tao_goes_on_to_the_observation_where_prices_end_before_it(network: None) -> None:
    for days in (5, 4, 3):
        TaoPrice.objects.create(observed_at=T0 - timedelta(days=days), source="import", price_usd=200 + days)
    assert overview.tao_prices(board())[-2:] == [(T0 - timedelta(days=3), 203), (T0, None)]


def test_without_a_price_of_tao_there_is_no_chart(browser: Client, network: None) -> None:
    soup = page(browser)
    assert soup.select_one("#tao") is None
    assert "none was recorded by then" in words(soup, ".kpis")


def test_a_landing_row_reads_the_metrics_that_it_is_named_for(market: None) -> None:
    HyperparameterSet.objects.create(
        subnet=Subnet.objects.get(netuid=12),
        digest="x",
        values={"max_validators": 64},
        first_seen_at=T0,
        last_seen_at=T0,
    )
    now = board()
    rows = {row.netuid: row for row in landing_rows(now, validator_seats(None))}
    row, known = rows[12], next(each for each in now.rows if each.netuid == 12)
    assert isinstance(row, LandingRow)
    assert row.tao_score == known.figures["tao_score_v3"]
    assert row.market_cap_tao == known.figures["market_cap_tao"]
    assert row.max_validators == 64
    assert rows[11].max_validators is None
    assert row.active_validator_count is not None
    assert row.validator_utilisation_pct == pytest.approx(100 * row.active_validator_count / 64)


def test_seats_of_a_later_day_are_not_known(market: None) -> None:
    later = T0 + timedelta(days=1)
    HyperparameterSet.objects.create(
        subnet=Subnet.objects.get(netuid=1),
        digest="x",
        values={"max_validators": 9},
        first_seen_at=later,
        last_seen_at=later,
    )
    assert validator_seats(T0) == {}
    assert list(validator_seats(None).values()) == [9]


def test_an_empty_database_is_said_in_words(browser: Client, db: Any) -> None:
    assert "The network has not been recorded yet." in page(browser).get_text()


def test_one_subnet_with_nothing_known_leaves_the_page_whole(browser: Client, db: Any) -> None:
    stored(
        a_subnet(1, price_rao=None, tao_in_rao=None, alpha_in_rao=None, alpha_out_rao=None, tao_in_emission_rao=None)
    )
    soup = page(browser)
    assert "No market cap is known." in soup.get_text()
    assert "not reported at that block" in words(soup, ".kpis")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_text(browser: Client, db: Any, name: str) -> None:
    for days in (1, 0):
        stored(a_subnet(1, name=name, price_rao=RAO // (5 + days)), at=T0 - timedelta(days=days))
    recompute_metrics()
    html = browser.get("/").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "\u202e" not in html


def test_nothing_inline_that_the_content_policy_would_refuse(browser: Client, market: None) -> None:
    soup = page(browser)
    assert not soup.select("[style], style")
    assert not [tag for tag in soup.select("script") if not tag.get("src")]


def file_rows(browser: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(browser.get(address).getvalue())["rows"]
    return found


@pytest.mark.parametrize("query", ["", f"as_of={T0 - timedelta(days=1):%Y-%m-%d}", "currency=usd"])
def test_the_lists_come_as_a_file_with_what_the_page_says(browser: Client, market: None, query: str) -> None:
    soup, listed = page(browser, f"/?{query}"), file_rows(browser, f"/home.json?{query}")
    with_entries = {str(each["id"]).removeprefix("list-") for each in soup.select("#lists section:has(ol.why)")}
    assert {"hot", "outliers"} <= with_entries
    assert {row["list"] for row in listed} == {"movers", *with_entries}
    for key in {row["list"] for row in listed} - {"movers"}:
        lines = soup.select(f"#list-{key} ol.why > li")
        of_list = [row for row in listed if row["list"] == key]
        assert [line.select_one("p").get_text() for line in lines] == [row["why"] for row in of_list]
        assert [row["place"] for row in of_list] == list(range(1, len(lines) + 1))
    tables = soup.select("#movers table")
    shown = [re.sub(r"^\d+", "", th.get_text()) for table in tables for th in table.select("tbody th")]
    assert shown == [row["name"] for row in listed if row["list"] == "movers"]


def test_a_place_in_a_list_can_be_followed_to_its_parts_and_its_block(browser: Client, market: None) -> None:
    now = board()
    assert now.network is not None
    hot = [row for row in file_rows(browser, "/home.json") if row["list"] == "hot"]
    assert hot
    for row in hot:
        parts = [float(part.partition("=")[2]) for part in row["made_of"].split()]
        assert sum(parts) == pytest.approx(row["value"])
        assert (row["metric"], row["version"]) == ("hot_score", 1)
        assert (row["block"], row["observed_at"]) == (now.network.block, now.network.observed_at.isoformat())


def test_the_price_chart_and_the_figures_come_as_files(browser: Client, market: None) -> None:
    prices = file_rows(browser, "/home.json?table=prices")
    assert [row["network_tao_price_usd"] for row in prices] == [280, 270, 260, 250, 240, 230, 220, 210, 200]
    assert {row["source"] for row in prices} == {"import"}
    past = file_rows(browser, f"/home.json?table=prices&as_of={T0 - timedelta(days=3):%Y-%m-%d}")
    assert past[-1]["network_tao_price_usd"] == 230
    figures = {row["metric"]: row for row in file_rows(browser, "/home.json?table=figures")}
    assert figures["network_subnet_count"]["value"] == 12
    assert figures["network_market_cap_tao"]["block"] == board().network.block
    assert figures["network_tao_price_usd"]["source"] == "imported daily candle"


def test_the_links_to_the_files_keep_day_and_currency(browser: Client, market: None) -> None:
    day = f"{T0 - timedelta(days=1):%Y-%m-%d}"
    soup = page(browser, f"/?as_of={day}&currency=usd&theme=dark")
    files = [link["href"] for link in soup.select("main a[href]") if link["href"].startswith("/home.")]
    assert len(files) == 6
    for address in files:
        assert {f"as_of={day}", "currency=usd"} <= set(address.partition("?")[2].split("&"))
        assert "theme" not in address
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("table", ["", "prices", "figures"])
def test_the_files_of_an_empty_database_are_empty(browser: Client, db: Any, table: str) -> None:
    assert file_rows(browser, f"/home.json?table={table}") == []
