"""The site's numbers for other programs."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.board import board
from insights.catalogue import EXPLAINED
from insights.judge import judge_newest
from insights.pages.explorer import FIGURES
from insights.registry import BY_KEY
from markets.models import TaoPrice
from subnets.measure import recompute_metrics
from subnets.models import Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, some_neurons, stored, stored_unmeasured

PATHS = (
    "/api/v1/subnets",
    "/api/v1/subnets/1",
    "/api/v1/subnets/1/history?metric=price_tao",
    "/api/v1/subnets/1/days",
    "/api/v1/metrics",
    "/api/v1/metrics/price_tao",
    "/api/v1/network",
    "/api/v1/network/history",
    "/api/v1/openapi.json",
)
LIST_QUERIES, SUBNET_QUERIES, HISTORY_QUERIES = 6, 17, 4


def asked(browser: Client, address: str, status: int = 200) -> Any:
    response = browser.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content[:500]
    return response.json()


def test_the_board_the_page_and_the_files_tell_the_same_numbers(browser: Client, network: None) -> None:
    rows = {row.netuid: row for row in board(past=False).rows}
    answer = {each["netuid"]: each for each in asked(browser, "subnets")["subnets"]}
    table = browser.get("/explorer/?format=json").json()["rows"]
    read = list(csv.reader(io.StringIO(browser.get("/explorer/?format=csv").content.decode())))
    heads = read[0]
    cells = {int(line[0]): line for line in read[1:]}
    assert set(answer) == set(rows) == {row["netuid"] for row in table} == set(cells)
    for netuid, row in rows.items():
        assert set(answer[netuid]["figures"]) == set(BY_KEY)
        for key, value in answer[netuid]["figures"].items():
            assert value == row.figures[key], key
    for line in table:
        for metric in FIGURES:
            told = answer[line["netuid"]]["figures"][metric.key]
            cell = cells[line["netuid"]][heads.index(f"{metric.label}, {metric.unit}")]
            assert line[metric.key] == told
            assert (float(cell) if cell else None) == told


def test_fields_sort_category_and_limit_choose(browser: Client, network: None) -> None:
    answer = asked(browser, "subnets?fields=price_tao,volume_tao&sort=-price_tao&limit=2")
    assert [each["netuid"] for each in answer["subnets"]] == [3, 1]
    assert answer["total"] == 4
    assert set(answer["subnets"][0]["figures"]) == {"price_tao", "volume_tao"}
    assert [each["netuid"] for each in asked(browser, "subnets?category=llm-inference")["subnets"]] == [1]
    assert [each["netuid"] for each in asked(browser, "subnets?category=unclassified")["subnets"]] == [2, 3, 4]
    assert asked(browser, "subnets?category=dev-tooling")["subnets"] == []


def test_a_past_day_is_the_end_of_that_day(browser: Client, network: None) -> None:
    answer = asked(browser, "subnets?as_of=2026-01-24&fields=price_tao")
    assert answer["observation"]["observed_at"] == "2026-01-24T00:00:00Z"
    assert {each["netuid"]: each["registered_at_block"] for each in answer["subnets"]}[3] == 1_000
    before = asked(browser, "subnets?as_of=2025-01-01")
    assert (before["observation"], before["subnets"]) == (None, [])


def test_one_subnet_is_told_with_who_it_is(browser: Client, network: None) -> None:
    answer = asked(browser, "subnets/4")
    assert (answer["name"], answer["symbol"], answer["owner_coldkey"]) == ("τemplar", "γ", "")
    assert answer["links"] == [{"label": "Website", "address": "https://templar.example"}]
    assert answer["living"]
    assert answer["figures"] == {key: answer["figures"][key] for key in BY_KEY}
    assert asked(browser, "subnets/0")["scores"] == []


def test_the_parts_of_a_score_add_up_to_it(browser: Client, db: Any) -> None:
    for days in range(31, -1, -1):
        prices = {netuid: RAO // 10 + netuid * (15 - days) * 10**5 for netuid in range(1, 5)}
        stored_unmeasured(
            *(
                a_subnet(
                    netuid,
                    price_rao=price,
                    tao_in_rao=price * 100_000,
                    alpha_out_rao=(900_000 - days * netuid) * RAO,
                    neurons=some_neurons(4 + netuid),
                )
                for netuid, price in prices.items()
            ),
            at=T0 - timedelta(days=days),
        )
    recompute_metrics(start=T0)
    judge_newest()
    scores = {score["metric"]: score for score in asked(browser, "subnets/1")["scores"]}
    assert scores["tao_score_v3"]["shown"] is not None
    assert scores["buy_signal_composite"]["level"] in range(1, 6)
    for score in scores.values():
        assert score["reason"] if score["shown"] is None else score["parts"]
        if score["parts"]:
            assert round(sum(part["shown"] for part in score["parts"]), 6) == score["shown"]
            assert sum(part["points"] for part in score["parts"]) == pytest.approx(score["value"])


def test_every_tenant_of_a_netuid_can_be_asked_for(browser: Client, network: None) -> None:
    now = asked(browser, "subnets/3")
    assert [(each["name"], each["living"]) for each in now["tenants"]] == [("New tenant", True), ("Old tenant", False)]
    before = asked(browser, "subnets/3?registered_at_block=1000")
    assert (before["name"], before["living"]) == ("Old tenant", False)
    asked(browser, "subnets/3?registered_at_block=77", 404)


def test_history_is_of_one_tenant_alone(browser: Client, network: None) -> None:
    now = asked(browser, "subnets/3/history?metric=price_tao")
    before = asked(browser, "subnets/3/history?metric=price_tao&registered_at_block=1000")
    assert [point["value"] for point in now["points"]] == [0.5] * 4
    assert [point["value"] for point in before["points"]] == [0.1] * 4
    assert {point["observed_at"] for point in now["points"]}.isdisjoint(p["observed_at"] for p in before["points"])


def test_the_last_point_of_each_history_is_what_the_board_says(browser: Client, network: None) -> None:
    TaoPrice.objects.create(observed_at=T0 - timedelta(hours=1), source="import", price_usd=250)
    figures = asked(browser, "subnets/1")["figures"]
    for key in BY_KEY:
        points = asked(browser, f"subnets/1/history?metric={key}")["points"]
        assert len(points) == 8
        assert points[-1]["value"] == pytest.approx(figures[key]), key
    assert figures["price_usd"] == pytest.approx(0.121 * 250)


def test_a_longer_step_takes_the_last_of_each_stretch(browser: Client, network: None) -> None:
    daily = asked(browser, "subnets/1/history?metric=price_tao&every=1d")["points"]
    weekly = asked(browser, "subnets/1/history?metric=price_tao&every=7d")["points"]
    assert len(weekly) < len(daily) == 8
    assert weekly[-1] == daily[-1]
    assert [point for point in daily if point in weekly] == weekly
    some = asked(browser, "subnets/1/history?metric=price_tao&from=2026-01-26&to=2026-01-28")["points"]
    assert [point["observed_at"][:10] for point in some] == ["2026-01-26", "2026-01-27", "2026-01-28"]


def test_the_network_is_the_sum_of_its_subnets(browser: Client, network: None) -> None:
    now = asked(browser, "network")
    subnets = asked(browser, "subnets?fields=market_cap_tao")["subnets"]
    assert now["subnets"] == len(subnets) == 4
    known = [each["figures"]["market_cap_tao"] or 0 for each in subnets]
    assert now["market_cap_tao"] == pytest.approx(sum(known))
    points = asked(browser, "network/history")["points"]
    assert len(points) == 8
    assert points[-1] == {key: now[key] for key in points[-1]}


def test_before_anything_is_recorded_it_says_so(browser: Client, db: Any) -> None:
    unpriced = dict.fromkeys(("tao_price_usd", "tao_price_at", "tao_price_source"))
    assert asked(browser, "subnets") == {"observation": None, **unpriced, "total": 0, "subnets": []}
    assert asked(browser, "network/history")["points"] == []
    assert "Nothing has been recorded" in asked(browser, "network", 404)["detail"]
    asked(browser, "subnets/1", 404)
    asked(browser, "subnets/1/history?metric=price_tao", 404)


def test_each_number_leads_to_its_declaration(browser: Client, network: None) -> None:
    declared = {each["key"]: each for each in asked(browser, "metrics")}
    assert set(declared) == set(EXPLAINED)
    (row, *_) = asked(browser, "subnets?limit=1")["subnets"]
    for key in row["figures"]:
        assert browser.get(declared[key]["method"]).status_code == 200
        assert asked(browser, f"metrics/{key}") == declared[key]


def test_the_schema_is_that_of_the_declarations(browser: Client, db: Any) -> None:
    schema = asked(browser, "openapi.json")
    assert schema["openapi"].startswith("3.1")
    figures = schema["components"]["schemas"]["Figures"]["properties"]
    assert set(figures) == set(BY_KEY)
    for key, metric in BY_KEY.items():
        assert (figures[key]["unit"], figures[key]["layer"]) == (metric.unit, metric.layer)
        assert metric.about in figures[key]["description"]
    of_a_subnet = ("subnets", "subnets/{netuid}", "subnets/{netuid}/history", "subnets/{netuid}/days")
    paths = (*of_a_subnet, "metrics", "metrics/{key}", "network", "network/history")
    assert set(schema["paths"]) == {f"/api/v1/{path}" for path in paths}
    assert not [path for path, methods in schema["paths"].items() if set(methods) != {"get"}]


@pytest.mark.parametrize(
    "address",
    [
        "subnets?limit=0",
        "subnets?limit=501",
        "subnets?limit=x",
        "subnets?fields=price_tao,nonsense",
        "subnets?sort=nonsense",
        "subnets?category=no-such",
        "subnets?category=%00",
        "subnets?as_of=yesterday",
        "subnets?as_of=0001-01-01",
        "subnets/70000",
        "subnets/-1",
        "subnets/1?registered_at_block=99999999999999999999",
        "subnets/1/history",
        "subnets/1/history?metric=nonsense",
        "subnets/1/history?metric=price_tao&every=1s",
        "subnets/1/history?metric=price_tao&from=2026-01-31&to=2026-01-01",
        "subnets/1/history?metric=price_tao&from=2021-01-01&to=2026-01-01&every=1h",
        "network/history?from=2021-01-01",
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(browser: Client, network: None, address: str) -> None:
    response = browser.get(f"/api/v1/{address}")
    assert response.status_code in (400, 404)
    assert "Traceback" not in response.content.decode()
    if response.headers["Content-Type"].startswith("application/json"):
        assert response.json()["detail"]


@pytest.mark.parametrize("address", PATHS)
def test_who_has_it_gets_304_and_anyone_may_ask(
    browser: Client, network: None, address: str, django_assert_num_queries: Any
) -> None:
    first = browser.get(address)
    assert first.status_code == 200
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in first.headers["Cache-Control"]
    assert not first.cookies
    with django_assert_num_queries(1):
        again = browser.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    Generation.objects.bump()
    assert browser.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 200
    head = browser.head(address)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent(browser: Client, db: Any, method: str) -> None:
    assert getattr(browser, method)("/api/v1/subnets").status_code == 405


def test_a_page_elsewhere_may_ask_with_a_tag(browser: Client, db: Any) -> None:
    response = browser.options("/api/v1/subnets")
    assert response.status_code == 204
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_an_answer_costs_a_handful_of_queries_whatever_the_past(
    browser: Client, network: None, django_assert_max_num_queries: Any
) -> None:
    for address, most in (
        ("subnets", LIST_QUERIES),
        ("subnets?as_of=2026-01-28&category=llm-inference", LIST_QUERIES + 1),
        ("subnets/1", SUBNET_QUERIES),
        ("subnets/1/history?metric=tao_score_v3", HISTORY_QUERIES),
        ("network", LIST_QUERIES + 1),
        ("network/history", HISTORY_QUERIES),
        ("metrics", 1),
    ):
        with django_assert_max_num_queries(most):
            asked(browser, address)


def test_the_root_leads_to_the_words(browser: Client, db: Any) -> None:
    assert browser.get("/api/v1/").headers["Location"] == "/methodology/#data"


def test_a_hostile_name_is_data(browser: Client, db: Any) -> None:
    stored(a_subnet(1, name="</script><script>alert(1)</script>"))
    response = browser.get("/api/v1/subnets?fields=price_tao")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(response.content)["subnets"][0]["name"].startswith("</script>")


anything = st.text(max_size=30) | st.integers().map(str) | st.floats().map(str) | st.dates().map(str)
keys = st.sampled_from(sorted(BY_KEY)[::10])
queries = st.dictionaries(
    st.sampled_from("category fields sort limit as_of metric from to every registered_at_block format q x".split()),
    st.one_of(anything, keys, st.sampled_from(["1h", "7d", "csv", "json", "-price_tao", "2026-01-31", "10"])),
    max_size=6,
)
paths = st.sampled_from(
    [
        *("/api/v1/subnets", "/api/v1/subnets/1", "/api/v1/subnets/1/history", "/api/v1/subnets/1/days"),
        *("/api/v1/network", "/api/v1/network/history", "/api/v1/metrics", "/methodology/", "/methodology/price_tao/"),
        *("/explorer.csv", "/explorer.json", "/subnets/1.csv", "/subnets/1.json"),
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=paths, query=queries)
def test_no_address_breaks_it(browser: Client, network: None, path: str, query: dict[str, str]) -> None:
    encoded = urlencode({key: value.encode(errors="surrogatepass") for key, value in query.items()})
    response = browser.get(f"{path}?{encoded}")
    assert response.status_code in (200, 400, 404), (path, query)
    assert not response.cookies


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(netuid=st.integers(), key=st.text(alphabet="abc_-019", min_size=1, max_size=12))
def test_no_path_breaks_it(browser: Client, network: None, netuid: int, key: str) -> None:
    for path in (
        f"/api/v1/subnets/{netuid}",
        f"/api/v1/metrics/{key}",
        f"/methodology/{key}/",
        f"/subnets/{netuid}.csv",
    ):
        assert browser.get(path).status_code in (200, 400, 404)


def test_every_living_subnet_is_listed(browser: Client, network: None) -> None:
    listed = {each["netuid"] for each in asked(browser, "subnets?fields=price_tao")["subnets"]}
    assert listed == set(Subnet.objects.exclude(netuid=0).values_list("netuid", flat=True))
