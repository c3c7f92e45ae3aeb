"""What a trade would cost, on a subnet's page."""

from typing import Any

import pytest
from django.test import Client

from subnets.metrics.pool import Pool, buy_quote, price_impact_pct, round_trip_cost_pct, sell_quote
from subnets.models import SubnetSnapshot
from taoanalytics.lib.units import RAO
from tests.factories import a_subnet, stored
from tests.insights.test_subnet import cells, page, text


@pytest.mark.parametrize("weight", [None, 0.37])
def test_quotes_are_those_of_the_pool(browser: Client, db: Any, weight: float | None) -> None:
    price = RAO // 10 if weight is None else round(RAO * (1 - weight) / weight / 10)
    stored(a_subnet(1, pool_tao_weight=weight, price_rao=price))
    snapshot = SubnetSnapshot.objects.select_related("network").get()
    pool = Pool.of(snapshot, snapshot.network.block)
    assert pool is not None
    rows = cells(page(browser, "/subnets/1/?trade=250"), "#quotes tbody tr")
    assert [row[0].split(" ")[0] for row in rows] == ["10", "100", "250", "1,000", "5,000"]
    for row in rows:
        size = float(row[0].split(" ")[0].replace(",", ""))
        bought = buy_quote(pool, size) or 0
        assert float(row[1]) == pytest.approx(size / bought, rel=1e-4)
        assert float(row[2]) == pytest.approx(price_impact_pct(pool, size) or 0, abs=0.005)
        assert float(row[7]) == pytest.approx(round_trip_cost_pct(pool, size) or 0, abs=0.005)
    titles = [
        float(str(cell["title"]).split(" ")[0]) for cell in page(browser, "/subnets/1/").select("#quotes td[title]")
    ]
    assert titles[:2] == pytest.approx([buy_quote(pool, 10), sell_quote(pool, 10 / pool.spot)])


@pytest.mark.parametrize("size", ["0", "-5", "nan", "inf", "1e99", "x", "%00"])
def test_a_trade_that_cannot_be_is_refused_in_words(browser: Client, network: None, size: str) -> None:
    soup = page(browser, f"/subnets/1/?trade={size}")
    assert soup.select_one("#quotes .bdg.warn") is not None
    assert len(soup.select("#quotes tbody tr")) == 4


def test_a_quote_follows_from_the_reserves(browser: Client, db: Any) -> None:
    stored(a_subnet(1, tao_in_rao=10_000 * RAO, alpha_in_rao=100_000 * RAO, price_rao=RAO // 10))
    row = next(row for row in cells(page(browser, "/subnets/1/?trade=250"), "#quotes tr.sel"))
    fee = float(text(page(browser, "/subnets/1/"), "#quotes .note").split("fee of ")[1].split("%")[0]) / 100
    bought = 100_000 - 10_000 * 100_000 / (10_000 + 250 * (1 - fee))
    received = 10_000 - 10_000 * 100_000 / (100_000 + 2_500 * (1 - fee))
    assert float(row[3].replace(",", "")) == pytest.approx(bought, abs=0.5)
    assert float(row[1]) == pytest.approx(250 / bought, rel=1e-4)
    assert float(row[6]) == pytest.approx(received, abs=0.5)
    assert float(row[4]) == pytest.approx(received / 2_500, rel=1e-4)


@pytest.mark.parametrize(
    ("typed", "row", "again"),
    [("0.5", "0.5", "0.5"), ("1,234.5", "1,234.5", "1,234.5"), ("1500", "1,500", "1,500"), (" 7 ", "7", "7")],
)
def test_the_size_asked_for_is_shown_as_it_is(browser: Client, network: None, typed: str, row: str, again: str) -> None:
    soup = page(browser, f"/subnets/1/?trade={typed}")
    assert cells(soup, "#quotes tr.sel")[0][0].split(" ")[0] == row
    assert soup.select_one("#trade-size")["value"] == again


@pytest.mark.parametrize("typed", ["0,5", "1,50", "12,34,567", "1,000,"])
def test_a_decimal_comma_is_not_taken_for_thousands(browser: Client, network: None, typed: str) -> None:
    soup = page(browser, f"/subnets/1/?trade={typed}")
    assert "Decimals follow a point" in text(soup, "#quotes .bdg.warn")
    assert soup.select_one("#trade-size")["value"] == typed


def test_small_amounts_are_not_rounded_away(browser: Client, db: Any) -> None:
    stored(a_subnet(1, tao_in_rao=2 * RAO, alpha_in_rao=RAO, price_rao=2 * RAO))
    row = cells(page(browser, "/subnets/1/?trade=0.01"), "#quotes tr.sel")[0]
    assert row[3] == "0.00497"
    assert row[6] == "0.00995"
    deep = cells(page(browser, "/subnets/1/?trade=0.001"), "#quotes tr.sel")[0]
    assert deep[2] != "0.00"


def test_the_trade_form_keeps_the_rest_of_the_address(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/?range=7d&vsort=uid&trade=5&format=zzz")
    hidden = {field["name"]: field["value"] for field in soup.select("#trade input[type=hidden]")}
    assert hidden == {"range": "7d", "vsort": "uid"}


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"tao_in_rao": None}, "did not report the pool"),
        ({"tao_in_rao": 0}, "The pool is empty"),
        ({"price_rao": RAO}, "away from what the pool's reserves give"),
    ],
)
def test_without_a_pool_price_there_is_no_quote(browser: Client, db: Any, figures: dict[str, Any], words: str) -> None:
    stored(a_subnet(1, **figures))
    soup = page(browser, "/subnets/1/")
    assert "No quote." in text(soup, "#quotes")
    assert words in text(soup, "#quotes")
    assert "round trip would cost is unknown" in text(soup, "#signal")


def test_quotes_come_alone_where_htmx_asks_for_them(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/?trade=77", hx_request="true", hx_target="quotes")
    assert soup.select_one("html") is None
    assert str(soup.select_one("#quotes")) == str(page(browser, "/subnets/1/?trade=77").select_one("#quotes"))


@pytest.mark.parametrize("asked", ["tra%00de=5", "for%00mat=csv", "%00trade=5"])
def test_no_disguise_has_the_form_carry_on_what_it_asks_for_itself(browser: Client, network: None, asked: str) -> None:
    soup = page(browser, f"/subnets/1/?{asked}&range=7d")
    assert [field["name"] for field in soup.select("#trade input[type=hidden]")] == ["range"]
