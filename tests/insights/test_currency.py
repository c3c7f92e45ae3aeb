"""`?currency=usd`: amounts in dollars where a price of TAO by then is known, else in TAO with the reason."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from insights.money import Money, money_of
from markets.models import TaoPrice
from subnets.metrics import BY_KEY, MARKET_CAP, PRICE
from taoanalytics.jobs.models import Generation
from tests.factories import T0, a_subnet, stored


def page(browser: Client, address: str) -> BeautifulSoup:
    response = browser.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def text(soup: Any) -> str:
    return " ".join(soup.get_text(" ").split())


def tao_at(hours_before: float, price_usd: float) -> None:
    TaoPrice.objects.create(observed_at=T0 - timedelta(hours=hours_before), source="import", price_usd=price_usd)


def test_the_explorer_s_columns_and_heads_change_together(browser: Client, network: None) -> None:
    tao_at(1, 250)
    soup = page(browser, "/explorer/?q=apex&currency=usd")
    heads = [text(each) for each in soup.select("#results th[scope=col] a")]
    assert "Price, $" in heads
    assert "Market cap, $" in heads
    assert not [head for head in heads if "τ" in head]
    cells = [text(each) for each in soup.select("#results tbody td")]
    assert cells[1] == "30.25"  # 0.121 τ
    assert "30,250,000" in cells  # of 1,000,000 α


def test_tao_is_the_currency_unless_another_is_asked_for(browser: Client, network: None) -> None:
    tao_at(1, 250)
    for address in ("/explorer/?q=apex", "/explorer/?q=apex&currency=eur"):
        assert "Price, τ" in text(page(browser, address).select_one("#results thead"))


def test_without_a_price_by_then_amounts_stay_in_tao_and_it_is_said_why(browser: Client, network: None) -> None:
    tao_at(-1, 999)  # an hour after the observation
    soup = page(browser, "/explorer/?currency=usd")
    assert "No price of TAO in dollars was recorded at or before" in text(soup.select_one("#dollars"))
    assert "Price, τ" in text(soup.select_one("#results thead"))


def test_an_older_price_has_its_age_beside_it(browser: Client, network: None) -> None:
    tao_at(3, 250)
    assert "$250.00 for a TAO" in text(page(browser, "/?currency=usd").select_one("#dollars"))
    assert "3 h before the observation" in text(page(browser, "/?currency=usd").select_one("#dollars"))
    tao_at(1, 260)
    Generation.objects.bump()
    assert page(browser, "/?currency=usd&theme=dark").select_one("#dollars") is None


def test_a_past_day_is_counted_in_the_dollars_of_that_day(browser: Client, network: None) -> None:
    tao_at(1, 250)
    tao_at(24 * 5 + 1, 100)
    soup = page(browser, "/explorer/?q=apex&currency=usd&as_of=2026-01-26")
    assert [text(each) for each in soup.select("#results tbody td")][1] == "10.50"


def test_a_former_tenant_is_counted_in_the_dollars_of_its_time(browser: Client, network: None) -> None:
    tao_at(1, 250)
    assert money_of("usd", None, T0 - timedelta(days=4)).refused
    tao_at(24 * 4 + 1, 100)
    assert money_of("usd", None, T0 - timedelta(days=4)).rate == 100


def test_the_switch_keeps_the_rest_of_the_address(browser: Client, network: None) -> None:
    links = page(browser, "/explorer/?q=apex&as_of=2026-01-26").select('[aria-label="Currency"] a')
    assert [str(a["href"]) for a in links] == ["?q=apex&as_of=2026-01-26", "?q=apex&as_of=2026-01-26&currency=usd"]


@pytest.mark.parametrize(
    ("tao", "shown"), [(None, "—"), (0, "$0"), (4_170_000, "$1.04B"), (-100, "−$25,000"), (0.00001, "$<1")]
)
def test_a_compact_amount_in_dollars(tao: float | None, shown: str) -> None:
    money = Money("usd", 250.0)
    assert money.amount(tao) == (shown if shown != "−$25,000" else "−$25.0k")


def test_alpha_and_shares_are_never_turned_into_dollars() -> None:
    money = Money("usd", 250.0)
    kept = [metric for metric in BY_KEY.values() if not money.converts(metric)]
    assert {metric.unit for metric in kept}.isdisjoint({PRICE.unit, MARKET_CAP.unit})
    assert money.in_table(kept[0], 1) == Money().in_table(kept[0], 1)


def test_unknown_stays_a_dash(browser: Client, db: Any) -> None:
    stored(a_subnet(1, price_rao=None))
    tao_at(1, 250)
    cells = page(browser, "/explorer/?currency=usd").select("#results tbody td")
    assert text(cells[1]).startswith("—")
