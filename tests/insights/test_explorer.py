"""/explorer/ as a visitor and a browser see it."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from insights.pages.explorer import SORTABLE
from subnets.metrics import PRICE
from subnets.models import Chain, Subnet
from taoanalytics.jobs.models import Generation
from tests.factories import a_subnet, stored
from tests.insights.conftest import HOSTILE_NAMES

EXPLORER = "/explorer/"


def page(browser: Client, address: str = EXPLORER, **headers: str) -> BeautifulSoup:
    response = browser.get(address, headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def netuids(soup: BeautifulSoup) -> list[int]:
    return [int(span.text) for span in soup.select("#results tbody .nid")]


def test_root_is_never_a_row_and_the_largest_comes_first(browser: Client, network: None) -> None:
    assert netuids(page(browser)) == [3, 1, 4, 2]


def test_a_page_costs_ten_queries_once_per_generation_and_three_after_that(
    browser: Client, network: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        browser.get(EXPLORER)
    with django_assert_max_num_queries(3):
        browser.get(f"{EXPLORER}?theme=dark")


def test_a_price_is_shown_with_its_changes_since_a_day_and_a_week(browser: Client, network: None) -> None:
    cells = [cell.get_text(strip=True) for cell in page(browser, f"{EXPLORER}?q=Apex").select("#results tbody td")]
    assert cells[1:4] == ["0.12100", "+10.0%", "+21.0%"]


def test_a_new_tenant_has_no_change_over_a_time_before_it_came(browser: Client, network: None) -> None:
    row = page(browser, f"{EXPLORER}?q=New+tenant").select_one("#results tbody tr")
    assert row is not None
    one_day, seven_days = row.select("td")[2:4]
    assert one_day.get_text(strip=True) == "0.0%"
    assert "No price of this tenant was recorded close enough to 7 days earlier." in seven_days.get_text()


def test_what_is_unknown_is_a_dash_with_the_reason_and_never_a_zero(browser: Client, network: None) -> None:
    row = page(browser, f"{EXPLORER}?q=Omron").select_one("#results tbody tr")
    assert row is not None
    price = row.select("td")[1]
    assert price.get_text().startswith("—")
    assert price.select_one("[title]")["title"] == PRICE.unknown


@pytest.mark.parametrize("column", [column.key for column in SORTABLE])
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_column_sorts_both_ways(browser: Client, network: None, column: str, sign: str) -> None:
    soup = page(browser, f"{EXPLORER}?sort={sign}{column}")
    assert sorted(netuids(soup)) == [1, 2, 3, 4]
    if column != "name":
        (head,) = soup.select("#results thead [aria-sort]")
        assert head["aria-sort"] == ("descending" if sign else "ascending")


def test_the_unknown_comes_last_whichever_way_one_sorts(browser: Client, network: None) -> None:
    assert netuids(page(browser, f"{EXPLORER}?sort=price_tao"))[-1] == 2
    assert netuids(page(browser, f"{EXPLORER}?sort=-price_tao"))[-1] == 2


def test_a_head_pressed_again_turns_the_order_round_and_keeps_the_search(browser: Client, network: None) -> None:
    link = page(browser, f"{EXPLORER}?q=tenant&sort=-price_tao").select_one("#sort-price_tao")
    assert link is not None
    assert link["href"] == "?q=tenant&sort=price_tao#subnets"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("apex", [1]),
        ("APEX", [1]),
        ("templar", [4]),
        ("τemplar", [4]),
        ("γ", [4]),
        ("trains models", [4]),
        ("4", [4]),
        ("tenant", [3]),
        ("Old", []),
        ("nothing of the kind", []),
    ],
)
def test_a_search_finds_netuids_names_symbols_and_descriptions(
    browser: Client, network: None, query: str, found: list[int]
) -> None:
    assert netuids(page(browser, f"{EXPLORER}?q={query}")) == found


def test_a_category_filters_and_is_counted(browser: Client, network: None) -> None:
    assert netuids(page(browser, f"{EXPLORER}?category=llm-inference")) == [1]
    assert netuids(page(browser, f"{EXPLORER}?category=unclassified")) == [3, 4, 2]
    counts = {row.th.get_text(): row.td.get_text() for row in page(browser).select(".c4 tbody tr")}
    assert counts == {"LLM-Inference": "1", "Unclassified": "3"}


def test_cards_show_the_same_subnets_in_the_same_order(browser: Client, network: None) -> None:
    soup = page(browser, f"{EXPLORER}?view=cards&sort=-change_7d_pct")
    assert [int(each.get_text()) for each in soup.select(".card h3 .mut")] == netuids(
        page(browser, f"{EXPLORER}?sort=-change_7d_pct")
    )
    assert [each["value"] for each in soup.select("#order [selected]")] == ["-change_7d_pct"]


def test_no_match_is_said_in_words(browser: Client, network: None) -> None:
    soup = page(browser, f"{EXPLORER}?q=zzz&category=nope")
    assert "No subnet matches “zzz” in a category called “nope”." in soup.select_one("#results").get_text()


def test_an_empty_database_is_said_in_words(browser: Client, db: Any) -> None:
    assert "The network has not been recorded yet." in page(browser).get_text()


def test_htmx_gets_the_rows_of_the_page_and_nothing_around_them(browser: Client, network: None) -> None:
    address = f"{EXPLORER}?q=tenant&sort=name"
    whole, part = page(browser, address), page(browser, address, hx_request="true", hx_target="results")
    assert part.select_one("html") is None
    assert str(part.select_one("#results")) == str(whole.select_one("#results"))


def test_going_back_gets_the_whole_page(browser: Client, network: None) -> None:
    soup = page(browser, EXPLORER, hx_request="true", hx_history_restore_request="true")
    assert soup.select_one("html") is not None


def test_each_tile_of_the_map_is_a_link_and_root_is_not_on_it(browser: Client, network: None) -> None:
    links = {str(a["href"]) for a in page(browser).select("svg.tm.wid a")}
    assert links == {"/subnets/1/", "/subnets/3/", "/subnets/4/"}  # the market cap of 2 is not known


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_text(browser: Client, db: Any, name: str) -> None:
    stored(a_subnet(1, name=name))
    html = browser.get(EXPLORER).content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "\u202e" not in html
    if not name:
        assert "Subnet 1" in html


@pytest.mark.parametrize(
    "query",
    [
        "sort=zzz",
        "sort[]=price_tao",
        "sort=-",
        "category=nope",
        "category=%00",
        "q=%00",
        "q=" + "x" * 5000,
        "q=%ED%A0%80",
        "view=zzz",
        "theme=%22%3E",
        "format=exe",
        "q=" + "%F0%9F%94%A5" * 60,
    ],
)
def test_bad_parameters_are_ignored(browser: Client, network: None, query: str) -> None:
    assert browser.get(f"{EXPLORER}?{query}").status_code == 200


def test_the_theme_is_set_without_a_script(browser: Client, network: None) -> None:
    assert page(browser, f"{EXPLORER}?theme=dark").html["data-theme"] == "dark"
    assert "data-theme" not in page(browser, f"{EXPLORER}?theme=pink").html.attrs


def test_nothing_inline_that_the_content_policy_would_refuse(browser: Client, network: None) -> None:
    soup = page(browser)
    assert not soup.select("[style], style")
    assert not [tag for tag in soup.select("script") if not tag.get("src")]
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if re.fullmatch("on[a-z]+", name)]


def test_a_simulated_network_is_named_on_every_page(browser: Client, network: None) -> None:
    assert "Simulated network" not in page(browser).get_text()
    Chain.objects.create(genesis_hash="0x00", simulated=True)
    Generation.objects.bump()
    for address in (EXPLORER, "/subnets/1/", "/subnets/99/"):
        assert "Simulated network" in browser.get(address).content.decode()


def test_old_data_is_called_old(browser: Client, network: None, settings: Any) -> None:
    assert "Old data." in page(browser).get_text()
    settings.STALE_AFTER_MINUTES = 10**9
    assert "Old data." not in page(browser).get_text()


def test_a_category_that_staff_rename_keeps_its_rows(browser: Client, network: None) -> None:
    category = Subnet.objects.get(netuid=1).category
    assert category is not None
    category.name = "<b>Renamed</b>"
    category.save()
    assert "<b>Renamed" not in browser.get(EXPLORER).content.decode()
