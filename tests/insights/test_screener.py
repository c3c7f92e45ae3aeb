"""/screener/ as a visitor, a spreadsheet and a browser see it."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from insights import registry
from insights.screening.beside import metrics_of
from insights.screening.columns import MOST_COLUMNS, PRESETS, TREND, preset_keys
from insights.screening.views import VIEWS
from subnets.metrics import pool
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from tests.factories import a_subnet, some_neurons, stored
from tests.insights.conftest import HOSTILE_NAMES

SCREENER = "/screener/"
PART = {"HX-Request": "true", "HX-Target": "results"}


def page(browser: Client, query: str = "", **headers: str) -> BeautifulSoup:
    response = browser.get(f"{SCREENER}?{query}", headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def netuids(soup: BeautifulSoup) -> list[int]:
    return [int(span.text) for span in soup.select("#power tbody .nid")]


def column(soup: BeautifulSoup, key: str) -> list[str]:
    """The cells of one column, as read."""
    keys = [head.select_one("a")["id"].removeprefix("sort-") for head in soup.select("#power thead tr + tr th")]
    place = keys.index(key)
    return [
        row.select("th, td")[place].get_text(" ", strip=True).removesuffix(" unknown")
        for row in soup.select("#power tbody tr")
    ]


def file_of(browser: Client, query: str) -> list[dict[str, str]]:
    text = browser.get(f"{SCREENER}?{query}&format=csv").content.decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_every_living_subnet_the_largest_first_and_root_never(browser: Client, network: None) -> None:
    assert netuids(page(browser)) == [3, 1, 4, 2]


def test_a_page_costs_seven_queries_at_most(browser: Client, network: None, django_assert_max_num_queries: Any) -> None:
    browser.get(SCREENER)  # the recorded days are read once per generation
    for query in ("", "view=scatter", "heat=category&pctl=1", "view=signals"):
        with django_assert_max_num_queries(7):
            browser.get(f"{SCREENER}?{query}")


@pytest.mark.parametrize("preset", PRESETS)
def test_each_ready_made_choice_shows_its_columns(browser: Client, network: None, preset: str) -> None:
    soup = page(browser, f"preset={preset}")
    heads = [a["id"].removeprefix("sort-") for a in soup.select("#power thead tr + tr a[id]")]
    assert heads == ["name", "category", *preset_keys(preset)]
    assert len(soup.select('.tabs [aria-current="page"]')) == 1


def test_any_declared_metric_can_be_a_column_and_explains_itself(browser: Client, network: None) -> None:
    keys = list(registry.BY_KEY)
    for start in range(0, len(keys), MOST_COLUMNS):
        part = keys[start : start + MOST_COLUMNS]
        soup = page(browser, urlencode([("col", key) for key in part]))
        assert [a["id"].removeprefix("sort-") for a in soup.select("#power thead tr + tr a[id]")][2:] == part
        for key in part:
            assert registry.BY_KEY[key].about in soup.select_one(f"#m-{key}").get_text()


def test_columns_come_in_the_asked_order_and_are_at_most_forty(browser: Client, network: None) -> None:
    soup = page(browser, "col=pool_tao,nonsense,price_tao,pool_tao")
    heads = [a["id"].removeprefix("sort-") for a in soup.select("#power thead tr + tr a[id]")][2:]
    assert heads == ["pool_tao", "price_tao"]
    everything = page(browser, "col=" + ",".join(registry.BY_KEY))
    assert len(everything.select("#power thead tr + tr th")) == MOST_COLUMNS + 2


def test_a_range_includes_its_ends_and_leaves_the_unknown_out_in_words(browser: Client, network: None) -> None:
    soup = page(browser, "min_price_tao=0.02&max_price_tao=0.121")
    assert sorted(netuids(soup)) == [1, 4]
    assert "2 of 4 subnets, 1 left out: unknown" in soup.select_one("[data-say]").get_text()


def test_a_range_of_any_other_metric_can_be_asked_for_without_a_script(browser: Client, network: None) -> None:
    soup = page(browser, "metric=price_tao&least=0.2&most=&min_pool_tao=&max_pool_tao=")
    assert netuids(soup) == [3]
    assert "min_price_tao=0.2" in soup.select_one("#sort-name")["href"]


def test_categories_flags_and_a_list_filter(browser: Client, network: None) -> None:
    assert netuids(page(browser, "category=llm-inference")) == [1]
    assert netuids(page(browser, "category=llm-inference&category=unclassified")) == [3, 1, 4, 2]
    assert netuids(page(browser, "flag=new_tenant")) == [3]
    assert netuids(page(browser, "flag=-new_tenant")) == [1, 4, 2]
    assert netuids(page(browser, "only=4,1,99")) == [1, 4]
    assert netuids(page(browser, "flag=thin_pool")) == []


def test_sorting_by_two_columns_and_the_unknown_last_whichever_way(browser: Client, network: None) -> None:
    assert netuids(page(browser, "sort=pool_tao,-price_tao")) == [3, 1, 4, 2]
    assert netuids(page(browser, "sort=pool_tao,price_tao")) == [4, 1, 3, 2]
    assert netuids(page(browser, "sort=price_tao"))[-1] == netuids(page(browser, "sort=-price_tao"))[-1] == 2
    soup = page(browser, "sort=pool_tao,-price_tao")
    (head,) = soup.select("#power [aria-sort]")
    assert head["aria-sort"] == "ascending"
    assert [sup.get_text() for sup in soup.select("#power thead sup")] == ["2", "1"]


def test_a_head_sorts_and_its_panel_sorts_by_it_next(browser: Client, network: None) -> None:
    soup = page(browser, "q=a&sort=-price_tao&density=compact")
    assert soup.select_one("#sort-price_tao")["href"] == "?q=a&sort=price_tao&density=compact"
    assert soup.select_one("#then-pool_tao")["href"] == "?q=a&sort=-price_tao,-pool_tao&density=compact"


def test_the_size_of_the_trade_is_in_the_heading_and_in_the_sum(browser: Client, network: None) -> None:
    soup = page(browser, "trade=250&col=trade_round_trip_pct,trade_buy_impact_pct&only=1")
    assert "Round trip of 250 τ" in soup.select_one("#sort-trade_round_trip_pct").get_text()
    snapshot = SubnetSnapshot.objects.filter(subnet__netuid=1).order_by("-observed_at")[0]
    market = pool.Pool.of(snapshot, NetworkSnapshot.objects.newest_complete().block)
    (row,) = file_of(browser, "trade=250&col=trade_round_trip_pct,trade_buy_impact_pct&only=1")
    expected = pool.round_trip_cost_pct(market, 250)
    assert float(row["Round trip of 250 τ, %"]) == pytest.approx(expected)


@pytest.mark.parametrize("trade", ["", "0", "-5", "nan", "inf", "1e99", "x"])
def test_an_impossible_trade_is_the_usual_one(browser: Client, network: None, trade: str) -> None:
    assert page(browser, f"trade={trade}").select_one("#trade")["value"] == "100"


@pytest.mark.parametrize(
    "query",
    [
        "", "preset=risk&sort=-pool_tao,price_tao", "col=price_tao,trend,pool_tao&min_price_tao=0.01", "view=signals",
        "view=scatter&x=price_tao&y=pool_tao&size=volume_1d_tao&col=fdv_tao,trend",
        "view=histogram&x=price_tao&col=fdv_tao", "view=signals&x=price_tao&y=pool_tao&size=none&col=fdv_tao",
    ],
)  # fmt: skip
def test_a_file_holds_the_rows_and_columns_of_the_table_in_their_order(
    browser: Client, network: None, query: str
) -> None:
    soup, rows = page(browser, query), file_of(browser, query)
    assert [int(row["netuid"]) for row in rows] == netuids(soup)
    heads = [a["id"].removeprefix("sort-") for a in soup.select("#power thead tr + tr a[id]")][2:]
    reply = browser.get(f"{SCREENER}?{query}&format=json").json()
    keys = [each["key"] for each in reply["columns"]][-len(heads) :]
    assert keys == [key for key in heads if key != TREND] + ["prices_30d"] * (TREND in heads)
    for key in keys:
        known = [each[key] is not None for each in reply["rows"]]
        if key != "prices_30d":
            assert known == [cell != "—" for cell in column(soup, key)], key


def test_whatever_is_asked_for_survives_every_link_and_form(browser: Client, network: None) -> None:
    state = {
        "preset": "risk", "min_price_tao": "0.01", "category": "unclassified", "flag": "-thin_pool", "trade": "250",
        "sort": "-pool_tao", "heat": "category", "pctl": "1", "density": "compact", "currency": "usd", "name": "Mine",
    }  # fmt: skip
    soup = page(browser, urlencode(state))
    for link in soup.select("#power thead a, #then-pool_tao"):
        for name, value in state.items():
            assert name == "sort" or f"{name}={value}" in link["href"], link
    for form, own in (("#columns", {"preset"}), ("#naming", set()), (".trade", set()), ("#filters", set())):
        fields = {field["name"] for field in soup.select(f"{form} [name]")}
        assert set(state) <= fields | own, form
    assert soup.title.get_text().startswith("Mine · Screener")


def test_heat_against_the_category_needs_company(browser: Client, network: None) -> None:
    assert not page(browser, "heat=category").select("td.u1, td.u2, td.u3, td.u4, td.d1, td.d2, td.d3, td.d4")
    assert page(browser).select("td.u1, td.u2, td.u3, td.u4")
    assert not page(browser, "heat=off").select("td.u1, td.u2, td.u3, td.u4")


def test_percentiles_of_the_column_sorted_by(browser: Client, network: None) -> None:
    cells = [cell.get_text(strip=True) for cell in page(browser, "pctl=1&sort=-price_tao").select("td.pcx")]
    assert [cell[:2] for cell in cells] == ["83", "50", "16"]
    by_line = page(browser, f"pctl=1&sort=-{TREND}&preset=performance").select_one("#power thead [title^=Percentile]")
    assert "Percentile of Change 30d" in by_line["title"]


def test_every_figure_on_offer_leads_to_how_it_is_made(browser: Client, network: None) -> None:
    offered = {box["value"] for box in page(browser).select("#columns input[name=col]")} - {TREND}
    assert offered == set(metrics_of(100))
    for key in offered - set(registry.BY_KEY):
        link = page(browser, f"col={key}").select_one(f"#m-{key} [href^='/methodology/']")
        assert browser.get(link["href"]).status_code == 200, key


def test_the_legend_of_the_tint_stands_where_a_column_is_tinted(browser: Client, network: None) -> None:
    def legend(query: str) -> str:
        return " ".join(each.get_text(" ", strip=True) for each in page(browser, query).select(".legend.hl"))

    assert legend("col=price_tao,change_1d_pct,change_7d_pct").endswith("deepest from 1d ±8%, 7d ±16%")
    assert "of its category" in legend("col=price_tao&heat=category")
    for query in ("col=price_tao", "view=histogram", "view=signals&x=price_tao&col=buy_signal", "heat=off"):
        assert not legend(query), query


def test_signals_say_in_the_same_size_that_nothing_is_proven(browser: Client, network: None) -> None:
    soup = page(browser, "view=signals")
    assert "No evidence exists so far that it predicts anything." in soup.select_one("#results").get_text()
    assert soup.select_one("#sort-trade_round_trip_pct") is not None


def test_nobody_passes_and_nothing_recorded_are_said_in_words(browser: Client, network: None) -> None:
    assert "No subnet passes all of this." in page(browser, "min_price_tao=999").get_text()


def test_an_empty_database_is_said_in_words(browser: Client, db: Any) -> None:
    for view in VIEWS:
        assert "The network has not been recorded yet." in page(browser, f"view={view}").get_text()


def test_htmx_gets_the_part_that_changed(browser: Client, network: None) -> None:
    whole, part = page(browser, "sort=name"), page(browser, "sort=name", hx_request="true", hx_target="results")
    assert part.select_one("html") is None
    assert str(part.select_one("#results")) == str(whole.select_one("#results"))
    assert page(browser, hx_request="true", hx_history_restore_request="true").select_one("html") is not None


def test_what_only_sorts_leaves_the_explanations_where_they_are(browser: Client, network: None) -> None:
    whole, part = page(browser, "sort=name"), page(browser, "sort=name", hx_request="true", hx_target="view")
    assert {kept["id"] for kept in part.select("[hx-preserve]")} == {"pick-columns", "pick-figure"}
    for picker in part.select("[hx-preserve]"):  # htmx puts the reader's own in the place of the empty one
        (standing,) = whole.select(f"#{picker['id']}")
        assert standing.select("[value=price_tao]")
        picker.replace_with(standing.extract())
    whole = page(browser, "sort=name")
    assert not whole.select("[hx-preserve]")
    assert str(part.select_one("#view")) == str(whole.select_one("#view"))
    assert not part.select("[popover]")
    assert {link["hx-target"] for link in whole.select("#power thead, #filters, .chips")} == {"#view"}


def test_the_part_that_changed_is_small_even_with_all_columns(browser: Client, db: Any) -> None:
    facts = [
        a_subnet(n, name=f"Subnet of {n}", price_rao=17**n % 10**9 + n, neurons=some_neurons()) for n in range(1, 129)
    ]
    stored(*facts)
    query = urlencode({"col": ",".join(list(registry.BY_KEY)[:MOST_COLUMNS]), "sort": "-price_tao"})
    headers = {"HX-Request": "true", "HX-Target": "view", "Accept-Encoding": "gzip"}
    response = browser.get(f"{SCREENER}?{query}", headers=headers)
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 30 * 1024
    smaller = browser.get(f"{SCREENER}?{query}", headers={**headers, "Accept-Encoding": "gzip, br"})
    assert smaller.headers["Content-Encoding"] == "br"
    assert len(smaller.content) < 0.95 * len(response.content)


def test_caches_tell_the_part_from_the_whole(browser: Client, network: None) -> None:
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in browser.get(SCREENER).headers["Vary"].split(",")}


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_hostile_name_stays_text(browser: Client, db: Any, name: str, view: str) -> None:
    stored(a_subnet(1, name=name), a_subnet(2, name=name, price_rao=3))
    html = browser.get(SCREENER, {"view": view, "name": name}, headers=PART).content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "\u202e" not in html


def test_nothing_inline_that_the_content_policy_would_refuse(browser: Client, network: None) -> None:
    for view in VIEWS:
        soup = page(browser, f"view={view}&pctl=1")
        assert not soup.select("[style], style")
        assert not [tag for tag in soup.select("script") if not tag.get("src")]
        assert not [name for tag in soup.find_all(True) for name in tag.attrs if re.fullmatch("on[a-z]+", name)]


def test_no_plotly_on_any_view(browser: Client, network: None) -> None:
    for view in VIEWS:
        assert "plotly" not in browser.get(f"{SCREENER}?view={view}").content.decode().lower()


def test_a_past_day_is_shown_and_kept(browser: Client, network: None) -> None:
    soup = page(browser, "as_of=2026-01-26")
    assert "Old tenant" in soup.get_text()
    assert "as_of=2026-01-26" in soup.select_one("#sort-name")["href"]


def test_dollars_are_asked_for_and_kept(browser: Client, network: None) -> None:
    assert "currency=usd" in page(browser, "currency=usd").select_one("#sort-name")["href"]


NAMES = st.sampled_from(
    "preset col metric least most category flag only q sort trade view x y size log heat pctl density name format "
    "min_price_tao max_price_tao min_miner_burn min_nonsense as_of currency theme".split()
)
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [*PRESETS, *VIEWS, *registry.BY_KEY, "x,y", "-immune", "1e308", "-1e308", "1e-320", "0", "nan", "1"]
    ),
    st.lists(st.sampled_from([*registry.BY_KEY]), max_size=5).map(",".join),
)


@checked(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_no_address_breaks_the_page(browser: Client, network: None, asked: list[tuple[str, str]]) -> None:
    response = browser.get(f"{SCREENER}?{urlencode(asked, errors='replace')}")
    assert response.status_code in (200, 400)


def test_a_category_that_staff_rename_stays_text(browser: Client, network: None) -> None:
    category = Subnet.objects.get(netuid=1).category
    assert category is not None
    category.name = "<b>Renamed</b>"
    category.save()
    assert "<b>Renamed" not in browser.get(f"{SCREENER}?category={category.slug}").content.decode()


def test_json_says_what_each_column_means(browser: Client, network: None) -> None:
    reply = json.loads(browser.get(f"{SCREENER}?col=price_tao&format=json").content)
    assert reply["columns"][-1]["about"] == registry.BY_KEY["price_tao"].about
