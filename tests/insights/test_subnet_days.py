"""Volume and flow of a subnet by day: the bars of its chart, their table, their file, their answer in the API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from subnets.models import NetworkSnapshot
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, stored
from tests.insights.test_subnet import page

DAY = timedelta(days=1)


@pytest.fixture
def traded(db: Any) -> None:
    """Five days of two observations each: 10 TAO more are traded with each; the pool grows by 3 TAO a day."""
    for half_days in range(11):
        at = T0 - 5 * DAY + half_days * DAY / 2
        stored(
            a_subnet(1, volume_rao=(100 + 10 * half_days) * RAO, tao_in_rao=(5_000 + 3 * half_days) * RAO),
            a_subnet(2, volume_rao=None),
            at=at,
        )


def file(browser: Client, query: str, netuid: int = 1) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = browser.get(f"/subnets/{netuid}.json?table=days&{query}").json()["rows"]
    return rows


def bars(soup: BeautifulSoup, name: str) -> dict[str, float | None]:
    figure = json.loads(soup.select_one("#price-figure").string or "")
    traces = [trace for trace in figure["data"] if trace["name"] == name]
    assert traces
    return {day[:10]: value for trace in traces for day, value in zip(trace["x"], trace["y"], strict=True)}


def test_the_file_the_bars_and_the_table_tell_the_same(browser: Client, traded: None) -> None:
    rows = file(browser, "range=30d")
    soup = page(browser, "/subnets/1/?range=30d")
    assert {row["day"]: row["day_volume_tao"] for row in rows} == bars(soup, "Volume")
    assert {row["day"]: row["day_organic_flow_tao"] for row in rows} == bars(soup, "Organic flow")
    assert [row["day_volume_tao"] for row in rows] == [20.0] * 5
    table = [[cell.get_text() for cell in row.select("th, td")] for row in soup.select("#days tbody tr")]
    assert [row[1] for row in table] == ["20"] * 5
    assert table[0][0] == f"{(T0 - DAY).day} {T0 - DAY:%b %Y}"


def test_each_day_says_between_which_observations_it_lies(browser: Client, traded: None) -> None:
    row = file(browser, "range=30d")[0]
    ends = [NetworkSnapshot.objects.get(observed_at=T0 - days * DAY) for days in (5, 4)]
    assert [row["first_block"], row["last_block"]] == [end.block for end in ends]
    assert row["first_observed_at"] == ends[0].observed_at.isoformat()
    assert (row["source"], row["registered_at_block"]) == ("chain", 5_000_000)


def test_a_day_of_which_the_range_has_the_end_only_is_left_out(browser: Client, traded: None) -> None:
    stored(a_subnet(1, volume_rao=300 * RAO), at=T0 + DAY / 2)
    assert file(browser, "range=1d") == []  # from noon to noon: neither day is whole
    soup = page(browser, "/subnets/1/?range=1d")
    figure = json.loads(soup.select_one("#price-figure").string or "")
    assert [trace["name"] for trace in figure["data"]] == ["Spot price", "Moving price"]
    assert soup.select_one("#days") is None


def test_what_is_unknown_is_no_zero(browser: Client, traded: None) -> None:
    assert {row["day_volume_tao"] for row in file(browser, "range=30d", netuid=2)} == {None}


def test_a_tenant_has_its_own_days(browser: Client, network: None) -> None:
    days = {row["day"] for row in browser.get("/subnets/3.json?table=days&range=all").json()["rows"]}
    before = {row["day"] for row in browser.get("/subnets/3/1000.json?table=days&range=all").json()["rows"]}
    assert days
    assert before
    assert not days & before


def test_a_column_of_the_file_leads_to_what_it_means(browser: Client, traded: None) -> None:
    columns = {column["key"]: column for column in browser.get("/subnets/1.json?table=days").json()["columns"]}
    assert columns["day_volume_tao"]["metric"] == "volume_1d_tao"
    assert columns["day_organic_flow_tao"]["method"].endswith("/methodology/organic_flow_1d_tao/")


def test_the_files_are_offered_beside_the_chart_with_its_range(browser: Client, traded: None) -> None:
    links = [a["href"] for a in page(browser, "/subnets/1/?range=7d").select("#market figcaption a")]
    assert "/subnets/1.csv?range=7d&table=days" in links
    assert browser.get("/subnets/1.csv?range=7d&table=days").content.decode().startswith("netuid,registered at block,")


def test_the_api_tells_the_same_days(browser: Client, traded: None) -> None:
    answer = browser.get("/api/v1/subnets/1/days").json()
    rows = file(browser, "range=90d")
    assert [day["day"] for day in answer["days"]] == [row["day"] for row in rows]
    assert [day["volume_tao"] for day in answer["days"]] == [row["day_volume_tao"] for row in rows]
    assert answer["days"][0]["first"]["block"] == rows[0]["first_block"]


def test_the_last_day_asked_for_is_whole(browser: Client, traded: None) -> None:
    first, last = (T0 - 4 * DAY).date(), (T0 - 3 * DAY).date()
    days = browser.get(f"/api/v1/subnets/1/days?from={first}&to={last}").json()["days"]
    assert [(day["day"], day["volume_tao"]) for day in days] == [(str(first), 20.0), (str(last), 20.0)]


def test_a_day_before_a_hole_is_unknown_and_has_no_second_observation(browser: Client, db: Any) -> None:
    for days in (5, 4, 2, 0):
        stored(a_subnet(1, volume_rao=(500 - days) * RAO), at=T0 - days * DAY)
    found = browser.get("/api/v1/subnets/1/days").json()["days"]
    assert [(each["volume_tao"], each["last"] is None) for each in found] == [(1.0, False), (None, True), (None, True)]


def test_days_cost_a_handful_of_queries(browser: Client, traded: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        browser.get("/api/v1/subnets/1/days")
