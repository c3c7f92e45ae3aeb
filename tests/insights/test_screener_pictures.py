"""The pictures of /screener/: scatter, distribution, signals, and that their table and file hold what they draw."""

import re

import pytest
from django.test import Client

from insights import registry
from insights.screening.columns import MOST_COLUMNS
from insights.screening.views import PICTURES
from tests.insights.test_screener import SCREENER, netuids, page


@pytest.mark.parametrize(
    ("query", "drawn"),
    [
        ("view=scatter", {"change_30d_pct", "change_7d_pct", "market_cap_tao"}),
        ("view=scatter&x=price_tao&y=pool_tao&size=volume_1d_tao", {"price_tao", "pool_tao", "volume_1d_tao"}),
        ("view=scatter&size=none&col=price_usd", {"change_30d_pct", "change_7d_pct", "price_usd"}),
        ("view=histogram&x=pool_tao&col=price_usd", {"pool_tao", "price_usd"}),
        ("view=signals&col=price_usd", {"change_30d_pct", "buy_signal_composite", "market_cap_tao", "buy_signal"}),
        (f"view=scatter&x=price_tao&col={','.join(list(registry.BY_KEY)[-MOST_COLUMNS:])}", {"price_tao"}),
    ],
)
def test_what_a_picture_draws_is_in_its_table_and_its_file(
    browser: Client, network: None, query: str, drawn: set[str]
) -> None:
    heads = {a["id"].removeprefix("sort-") for a in page(browser, query).select("#power thead tr + tr a[id]")}
    told = browser.get(f"{SCREENER}?{query}&format=json").json()["columns"]
    assert drawn <= heads
    assert drawn <= {each["key"] for each in told}


def test_a_scatter_links_each_known_subnet_and_says_who_is_missing(browser: Client, network: None) -> None:
    soup = page(browser, "view=scatter&x=price_tao&y=pool_tao&size=none")
    links = {a["href"] for a in soup.select("svg.sc a")}
    assert links == {"/subnets/1/", "/subnets/3/", "/subnets/4/"}
    assert "1 not drawn: unknown" in soup.select_one("figcaption").get_text()
    assert netuids(soup) == [3, 1, 4, 2]


def test_a_logarithmic_axis_leaves_out_what_is_not_above_zero(browser: Client, network: None) -> None:
    caption = page(browser, "view=scatter&x=change_1d_pct&y=price_tao&log=x").select_one(".picture").get_text()
    assert "2 not drawn: not above zero" in caption


def test_a_bar_of_the_distribution_leads_to_those_within_it(browser: Client, network: None) -> None:
    soup = page(browser, "view=histogram&x=price_tao")
    bars = soup.select("svg.hs a")
    assert sum(int(re.search(r": (\d+) subnet", bar.get_text())[1]) for bar in bars) == 3
    found = [netuid for bar in bars for netuid in netuids(page(browser, bar["href"].removeprefix("?")))]
    assert sorted(set(found)) == [1, 3, 4]


def test_the_axes_of_the_signals_can_be_chosen(browser: Client, network: None) -> None:
    query = "view=signals&x=price_tao&y=pool_tao&size=none&log=x"
    soup = page(browser, query)
    assert {a["href"] for a in soup.select("svg.sc a")} == {f"/subnets/{netuid}/insight/" for netuid in (1, 3, 4)}
    assert soup.select_one("figcaption").get_text().startswith("TAO in pool, τ against Price, τ: 3 subnets; colour")
    assert soup.select_one("[name=x] [selected]")["value"] == "price_tao"
    for name, value in (("x", "price_tao"), ("y", "pool_tao"), ("size", "none"), ("log", "x")):
        assert f"{name}={value}" in soup.select_one("#sort-name")["href"]


def test_what_is_drawn_anyway_is_left_out_of_the_address(browser: Client, network: None) -> None:
    submitted = "view=scatter&x=change_30d_pct&y=price_tao&size=market_cap_tao"
    assert page(browser, submitted).select_one("#sort-name")["href"].startswith("?view=scatter&y=price_tao&sort=")


def test_the_ready_made_pictures_say_which_of_them_is_seen(browser: Client, network: None) -> None:
    for view in ("scatter", "histogram"):
        links = page(browser, f"view={view}").select('[aria-label="Ready-made pictures"] a')
        assert [link.get_text() for link in links] == [name for of, name, _ in PICTURES if of == view]
        for link in links:
            (current,) = page(browser, link["href"].removeprefix("?")).select(".picture [aria-current]")
            assert current.get_text() == link.get_text()


def test_amounts_of_tao_have_a_line_where_both_are_the_same(browser: Client, network: None) -> None:
    buyers = page(browser, "view=scatter&x=sold_1d_tao&y=bought_1d_tao&log=x,y")
    assert buyers.select_one(".picture .tabs [aria-current]").get_text() == "Bought and sold"
    amounts = page(browser, "view=scatter&x=market_cap_tao&y=fdv_tao")
    assert len(amounts.select("svg.sc line.md")) == 1
    assert "on the dashed line both are the same" in amounts.select_one("figcaption").get_text()
    for query in ("x=price_tao&y=pool_tao", "x=market_cap_tao&y=fdv_tao&log=x"):
        other = page(browser, f"view=scatter&{query}")
        assert not other.select("svg.sc line.md")
        assert "same" not in other.select_one("figcaption").get_text()
