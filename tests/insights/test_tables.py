"""A number in any file can be followed to its formula and to the observations that it rests on."""

import csv
import io
import json
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from enrichment.models import Evaluation
from insights import registry, validators
from insights.catalogue import EXPLAINED
from insights.exports import MEANINGS
from markets.models import TaoPrice
from subnets.models import NetworkSnapshot, SubnetSnapshot
from tests.factories import T0

FILES = (
    "/home.json",
    "/home.json?table=prices",
    "/home.json?table=figures",
    "/explorer.json",
    "/screener.json?col=price_usd,trade_round_trip_pct,tenant_age_days,category_confidence",
    "/subnets/1.json",
    "/subnets/1.json?table=validators",
    "/categories.json",
    "/categories/llm-inference.json",
    "/trends.json",
    "/trends.json?table=standings",
    "/correlation.json",
    "/correlation.json?table=outliers",
    "/compare.json?netuid=1&netuid=4",
    "/compare.json?netuid=1&netuid=4&table=prices",
    "/methodology.json",
    "/methodology/price_tao.json",
    "/methodology/classification.json",
    "/status.json",
    "/status.json?table=runs",
)


def answer(browser: Client, address: str) -> dict[str, Any]:
    response = browser.get(address)
    assert response.status_code == 200, address
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


def rows(browser: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer(browser, address)["rows"]
    return found


def column(browser: Client, address: str, key: str) -> dict[str, Any]:
    (found,) = [each for each in answer(browser, address)["columns"] if each["key"] == key]
    return dict(found)


@pytest.fixture
def priced(network: None) -> None:
    for days in (9, 4, 0):
        TaoPrice.objects.create(observed_at=T0 - timedelta(days=days, hours=1), source="import", price_usd=200 + days)


@pytest.mark.parametrize("address", FILES)
def test_every_file_is_the_same_as_csv_and_says_what_each_column_means(
    browser: Client, priced: None, address: str
) -> None:
    told = answer(browser, address)
    as_csv = address.replace(".json", ".csv")
    head, *lines = csv.reader(io.StringIO(browser.get(as_csv).getvalue().decode()))
    assert head == [each["heading"] for each in told["columns"]]
    assert len(lines) == len(told["rows"])
    for line, row in zip(lines, told["rows"], strict=True):
        assert line == ["" if value is None else str(value) for value in row.values()]
    sidecar = f"{as_csv}{'&' if '?' in as_csv else '?'}meanings=1"
    meanings = list(csv.DictReader(io.StringIO(browser.get(sidecar).getvalue().decode())))
    assert [each["heading"] for each in meanings] == head
    for each in told["columns"]:
        assert each["about"]
        assert tuple(each) == MEANINGS


@pytest.mark.parametrize("address", FILES)
def test_the_column_of_a_declared_number_leads_to_its_formula(browser: Client, priced: None, address: str) -> None:
    for each in answer(browser, address)["columns"]:
        metric = EXPLAINED.get(each["metric"] or "")
        if metric is None:
            assert each["method"] is None
            continue
        assert each["version"] == metric.version
        assert each["method"] == f"http://localhost/methodology/{metric.key}/"
        assert browser.get(each["method"].removeprefix("http://localhost")).status_code == 200


def test_no_number_of_the_board_is_without_its_page(browser: Client, network: None) -> None:
    address = f"/compare.json?netuid=1&x={len(registry.BY_KEY)}"
    led = {each["metric"] for each in answer(browser, address)["columns"] if each["method"]}
    assert led == set(registry.BY_KEY)


@pytest.mark.parametrize("address", [each for each in FILES if "explorer" in each or "screener" in each])
def test_dollars_name_the_price_that_they_rest_on(browser: Client, priced: None, address: str) -> None:
    price = TaoPrice.objects.at(T0)
    assert price is not None
    for row in rows(browser, address):
        assert (row["tao_price_usd"], row["tao_price_source"]) == (200, "import")
        assert row["tao_price_at"] == price.observed_at.isoformat()
        if row.get("price_usd") is not None:
            tao = SubnetSnapshot.objects.get(network__block=row["block"], subnet__netuid=row["netuid"])
            assert row["price_usd"] == pytest.approx(tao.price_rao / 1e9 * 200)


@pytest.mark.parametrize("query", ["", "by=category", "netuid=1&netuid=4", "category=llm-inference"])
def test_every_point_of_a_trend_names_its_one_observation(browser: Client, network: None, query: str) -> None:
    found = rows(browser, f"/trends.json?metric=price_tao&range=7d&{query}")
    assert len(found) == 8
    for row in found:
        of = NetworkSnapshot.objects.get(block=row["block"])
        assert (row["observed_at"], row["source"]) == (of.observed_at.isoformat(), of.source)


def test_a_mean_can_be_made_again_from_the_observation_that_it_names(browser: Client, network: None) -> None:
    for row in rows(browser, "/trends.json?metric=price_tao&range=7d&how=mean"):
        of = SubnetSnapshot.objects.filter(network__block=row["block"], subnet__netuid__gt=0)
        known = [each.price_rao / 1e9 for each in of if each.price_rao]
        assert (row["network"], row["network_n"]) == (pytest.approx(mean(known)), len(known))


def test_a_trend_says_how_its_line_is_made_of_the_metric(browser: Client, network: None) -> None:
    line = column(browser, "/trends.json?metric=market_cap_tao&how=median", "network")
    declared = EXPLAINED["market_cap_tao"]
    assert line["formula"] == f"median of {declared.label} = {declared.formula}"
    assert (line["metric"], line["layer"], line["unit"]) == (declared.key, "derived", "TAO")
    own = column(browser, "/trends.json?metric=market_cap_tao&netuid=1", "1")
    assert own["formula"] == declared.formula
    assert "5000000" in own["about"], "whose numbers these are"
    assert column(browser, "/trends.json?metric=tao_score_v3", "network")["layer"] == "judged"


def test_a_trend_in_dollars_names_each_price_of_tao(browser: Client, priced: None) -> None:
    found = rows(browser, "/trends.json?metric=price_usd&netuid=1&range=7d")
    assert {row["tao_price_usd"] for row in found} == {209, 204, 200}
    for row in found:
        price = TaoPrice.objects.at(datetime.fromisoformat(row["observed_at"]))
        assert price is not None
        assert (row["tao_price_usd"], row["tao_price_at"]) == (price.price_usd, price.observed_at.isoformat())
        tao = SubnetSnapshot.objects.get(network__block=row["block"], subnet__netuid=1)
        assert row["1"] == pytest.approx(tao.price_rao / 1e9 * price.price_usd)


def test_where_subnets_stand_names_both_observations_of_a_change(browser: Client, network: None) -> None:
    found = {row["netuid"]: row for row in rows(browser, "/trends.json?metric=price_tao&range=7d&table=standings")}
    apex, newcomer = found[1], found[3]
    for end, at in (("first", apex["before"]), ("last", apex["now"])):
        seen = SubnetSnapshot.objects.get(network__block=apex[f"{end}_block"], subnet__netuid=1)
        assert seen.price_rao == pytest.approx(at * 1e9)
    assert apex["difference"] == pytest.approx(apex["now"] - apex["before"])
    assert (newcomer["before"], newcomer["difference"]) == (None, None), "it inherits nothing"
    assert newcomer["first_block"] == newcomer["last_block"]


def test_a_correlation_across_the_network_names_its_one_observation(browser: Client, network: None) -> None:
    newest = NetworkSnapshot.objects.newest_complete()
    assert newest is not None
    known = [row for row in rows(browser, "/correlation.json?m=price_tao&m=pool_tao") if row["n"]]
    assert known
    for row in known:
        assert row["first_block"] == row["last_block"] == newest.block
        assert row["first_observed_at"] == row["last_observed_at"] == newest.observed_at.isoformat()
        assert (row["over"], row["of"], row["netuid"], row["source"]) == ("network", "values", None, newest.source)
        assert (row["method"], row["first_version"]) == ("spearman", EXPLAINED[row["first"]].version)


@pytest.mark.parametrize(("levels", "made_of"), [("&of=levels", "values"), ("", "changes")])
def test_a_correlation_over_time_names_the_range_and_the_tenant(
    browser: Client, network: None, levels: str, made_of: str
) -> None:
    (row,) = rows(browser, f"/correlation.json?m=price_tao&m=pool_tao&netuid=3&range=7d{levels}")
    seen = SubnetSnapshot.objects.filter(subnet__netuid=3, subnet__registered_at_block=7_400_000)
    blocks = sorted(seen.values_list("network__block", flat=True))
    assert (row["over"], row["of"]) == ("time", made_of)
    assert (row["netuid"], row["registered_at_block"]) == (3, 7_400_000)
    assert (row["first_block"], row["last_block"]) == (blocks[0], blocks[-1])
    assert row["n"] == len(blocks) - (made_of == "changes")


def test_rebased_prices_can_be_made_again_from_the_prices_beside_them(browser: Client, network: None) -> None:
    found = rows(browser, "/compare.json?netuid=1&netuid=4&range=7d&table=prices")
    assert len(found) == 8
    for row in found:
        seen = SubnetSnapshot.objects.get(network__block=row["block"], subnet__netuid=1)
        assert row["1_price_tao"] == pytest.approx(seen.price_rao / 1e9)
        assert row["1_rebased"] == pytest.approx(100 * row["1_price_tao"] / found[0]["1_price_tao"])


def test_the_history_of_a_subnet_holds_what_its_charts_show_by_block_and_tenant(browser: Client, network: None) -> None:
    found = rows(browser, "/subnets/1.json?range=7d")
    assert len(found) == 8
    for row in found:
        seen = SubnetSnapshot.objects.select_related("metrics").get(network__block=row["block"], subnet__netuid=1)
        assert (row["netuid"], row["registered_at_block"]) == (1, 5_000_000)
        for key in ("market_cap_tao", "pool_tao", "emission_tao_per_day", "volume_1d_tao"):
            assert row[key] == getattr(seen.metrics, key), key


def test_validators_come_in_the_order_of_the_page_with_the_block_of_their_neurons(
    browser: Client, network: None
) -> None:
    found = rows(browser, "/subnets/1.json?table=validators&vsort=uid")
    soup = BeautifulSoup(browser.get("/subnets/1/?vsort=uid").content, "html.parser")
    assert [str(row["uid"]) for row in found] == [
        cell.get_text() for cell in soup.select("#validators tbody td:first-child")
    ]
    assert found
    for row in found:
        assert NetworkSnapshot.objects.get(block=row["block"]).observed_at.isoformat() == row["observed_at"]
        assert {metric.key for metric in validators.METRICS} <= set(row)


def test_the_declarations_come_as_a_file(browser: Client, network: None) -> None:
    found = {row["key"]: row for row in rows(browser, "/methodology.json")}
    assert set(found) == set(EXPLAINED)
    assert found["market_cap_tao"]["formula"] == EXPLAINED["market_cap_tao"].formula


def test_how_often_classifications_are_right_comes_with_its_n(browser: Client, network: None) -> None:
    share = {"value": 0.8, "low": 0.5, "high": 0.9, "hits": 8, "n": 10}
    figures = {"methods": {"rules": {"strict": share, "macro_f1": 0.7}, "model": None}}
    Evaluation.objects.create(at=T0, labels="people", labelled=10, figures=figures)
    strict, macro = rows(browser, "/methodology/classification.json?x=measured")
    assert {key: strict[key] for key in share} == share
    assert (strict["by"], strict["figure"], strict["measured_at"]) == ("rules", "strict", T0.isoformat())
    assert (macro["figure"], macro["value"], macro["n"]) == ("macro_f1", 0.7, None)


@pytest.mark.parametrize(
    "page",
    ["/", "/subnets/1/", "/trends/", "/correlation/", "/compare/?netuid=1&netuid=4", "/categories/", "/status/"],
)
def test_a_page_links_to_every_table_of_it_as_a_file(browser: Client, priced: None, page: str) -> None:
    soup = BeautifulSoup(browser.get(page).content, "html.parser")
    path = "/home" if page == "/" else page.partition("?")[0].rstrip("/")
    tables = [each for each in FILES if each.startswith(f"{path}.json")]
    linked = {link["href"] for link in soup.select("main a[href]")}
    assert linked >= {each.replace(".json", form) for each in tables for form in (".csv", ".json")}


def test_the_api_names_formula_version_and_price_of_tao_too(browser: Client, priced: None) -> None:
    told = answer(browser, "/api/v1/subnets/1/history?metric=price_usd&every=1d")
    declared = EXPLAINED["price_usd"]
    assert (told["formula"], told["version"], told["layer"]) == (declared.formula, declared.version, "derived")
    for point in told["points"]:
        price = TaoPrice.objects.at(datetime.fromisoformat(point["observed_at"]))
        tao = SubnetSnapshot.objects.get(network__block=point["block"], subnet__netuid=1)
        assert price is not None
        assert datetime.fromisoformat(point["tao_price_at"]) == price.observed_at
        assert point["value"] == pytest.approx(tao.price_rao / 1e9 * price.price_usd)
    plain = answer(browser, "/api/v1/subnets/1/history?metric=price_tao")
    assert {point["tao_price_at"] for point in plain["points"]} == {None}
    for address in ("subnets", "subnets/1", "network"):
        board = answer(browser, f"/api/v1/{address}")
        assert (board["tao_price_usd"], board["tao_price_source"]) == (200, "import")
        assert datetime.fromisoformat(board["tao_price_at"]) == T0 - timedelta(hours=1)
