"""The same figures as files."""

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from insights.exports import MEANINGS, Cell, inert
from insights.registry import BY_KEY
from tests.factories import BLOCK0, T0, a_subnet, stored


def test_the_csv_has_units_in_its_heads_and_the_rows_of_the_page(browser: Client, network: None) -> None:
    response = browser.get("/explorer/?q=apex&format=csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    head, row = csv.reader(io.StringIO(response.content.decode()))
    assert "Market cap, TAO" in head
    assert "Price, TAO per alpha" in head
    assert row[:2] == ["1", "Apex"]


def test_a_name_that_a_spreadsheet_would_run_is_marked_as_text(browser: Client, db: Any) -> None:
    stored(*(a_subnet(i, name=f"{start}cmd|' /C calc'!A0") for i, start in enumerate("=+-@", start=1)))
    rows = list(csv.DictReader(io.StringIO(browser.get("/explorer/?format=csv").content.decode())))
    assert {row["name"][0] for row in rows} == {"'"}


def test_the_json_describes_its_columns_and_keeps_the_unknown(browser: Client, network: None) -> None:
    answer = browser.get("/explorer/?q=omron&format=json").json()
    (row,) = answer["rows"]
    assert row["price_tao"] is None
    assert set(row) == {column["key"] for column in answer["columns"]}


def test_a_kept_file_is_still_a_file(browser: Client, network: None) -> None:
    first, second = (browser.get("/subnets/1/?format=csv") for _ in range(2))
    assert first.content == second.content
    assert second.headers["Content-Disposition"] == 'attachment; filename="subnet-1-5000000-90d.csv"'


def test_every_column_of_the_json_says_what_it_means(browser: Client, network: None) -> None:
    for column in browser.get("/explorer.json").json()["columns"]:
        metric = BY_KEY.get(column["key"])
        assert set(column) == set(MEANINGS)
        assert column["about"]
        if metric:
            assert (column["label"], column["unit"], column["layer"]) == (metric.label, metric.unit, metric.layer)
            assert (column["source"], column["unknown"]) == (metric.source, metric.unknown)
            assert column["formula"] == (metric.formula or None)


def test_the_meanings_of_a_csv_are_a_csv_of_their_own(browser: Client, network: None) -> None:
    heads = next(csv.reader(io.StringIO(browser.get("/explorer.csv").content.decode())))
    told = list(csv.DictReader(io.StringIO(browser.get("/explorer.csv?meanings=1").content.decode())))
    assert [each["heading"] for each in told] == heads
    assert {each["unit"] for each in told} >= {"TAO", "TAO per alpha", "%"}


def test_each_line_names_the_observation_it_comes_from(browser: Client, network: None) -> None:
    (row,) = browser.get("/explorer.json?q=apex").json()["rows"]
    assert (row["block"], row["observed_at"], row["source"]) == (BLOCK0, T0.isoformat(), "chain")


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("/explorer/?q=apex&format=csv", "/explorer.csv?q=apex"),
        ("/explorer/?sort=-price_tao&format=json", "/explorer.json?sort=-price_tao"),
        ("/subnets/1/?range=7d&format=csv", "/subnets/1.csv?range=7d"),
        ("/subnets/1/?format=json", "/subnets/1.json"),
        ("/subnets/3/1000/?range=all&format=csv", "/subnets/3/1000.csv?range=all"),
        ("/screener/?col=price_tao&sort=-price_tao&format=csv", "/screener.csv?col=price_tao&sort=-price_tao"),
        ("/screener/?view=signals&as_of=2026-01-26&format=json", "/screener.json?view=signals&as_of=2026-01-26"),
        ("/trends/?metric=price_tao&range=7d&format=csv", "/trends.csv?metric=price_tao&range=7d"),
        ("/correlation/?method=pearson&format=json", "/correlation.json?method=pearson"),
        ("/compare/?netuid=1&netuid=4&format=csv", "/compare.csv?netuid=1&netuid=4"),
        ("/methodology/price_tao/?format=csv", "/methodology/price_tao.csv"),
    ],
)
def test_a_file_has_an_address_of_its_own(browser: Client, network: None, page: str, file: str) -> None:
    asked, twin = browser.get(page), browser.get(file)
    assert twin.status_code == 200
    assert twin.content == asked.content
    assert twin.headers["Content-Type"] == asked.headers["Content-Type"]
    assert browser.get(file, headers={"if-none-match": twin.headers["ETag"]}).status_code == 304


def test_a_file_of_no_subnet_is_not_found(browser: Client, network: None) -> None:
    assert browser.get("/subnets/99.csv").status_code == 404
    assert browser.get("/methodology/hot_score.csv").status_code == 404, "it has no value per subnet"


@pytest.mark.parametrize(
    "page",
    [
        "/explorer/?q=apex&sort=-price_tao&theme=dark",
        "/screener/?preset=risk&min_price_tao=0.01&currency=usd",
        "/subnets/1/?range=7d&trade=50",
        "/trends/?metric=price_tao&by=category&as_of=2026-01-30",
        "/correlation/?method=pearson",
        "/compare/?netuid=1&netuid=4",
        "/methodology/price_tao/",
    ],
)
def test_a_page_links_to_its_files_with_the_same_query(browser: Client, network: None, page: str) -> None:
    soup = BeautifulSoup(browser.get(page).content, "html.parser")
    path, _, query = page.partition("?")
    for form in ("csv", "json"):
        links = [link["href"] for link in soup.select("main a") if link.get_text() == form.upper()]
        (address,) = {link for link in links if not link.startswith("/api/")}
        assert address.partition("?")[0] == f"{path.rstrip('/')}.{form}"
        asked = {item for item in query.split("&") if item} - {"theme=dark"}
        assert asked <= set(address.partition("?")[2].split("&"))
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "＝1+1"])
def test_no_text_starts_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Apex", "", "a=b", -1, -0.5, None, True])
def test_what_starts_no_formula_stays_as_it_is(cell: Cell) -> None:
    assert inert(cell) == cell
