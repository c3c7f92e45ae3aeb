"""The panels of a subnet's page: metrics, score, signal, trade, removal, holders, what it said of itself."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from insights.judge import judge_newest
from insights.models import ScoreRow
from insights.registry import METRICS
from subnets.facts import IdentityFacts
from subnets.metrics.pool import Pool, buy_quote, price_impact_pct, round_trip_cost_pct, sell_quote
from subnets.models import SubnetSnapshot
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, some_neurons, stored
from tests.insights.conftest import HOSTILE_NAMES
from tests.insights.test_subnet import page, text


@pytest.fixture
def market(db: Any) -> None:
    """Nine subnets over a month with neurons, scored: everything that the score reads is known."""
    for days in range(31, -1, -1):
        stored(
            *(
                a_subnet(
                    netuid,
                    name=f"Net {netuid}",
                    price_rao=RAO // 10 + netuid * (40 - days) * RAO // 100_000,
                    tao_in_rao=(10_000 + 10 * netuid * (40 - days)) * RAO,
                    volume_rao=(5_000 + netuid * (40 - days)) * RAO,
                    moving_price_rao=RAO // 11 + netuid,
                    miner_burn=netuid / 20,
                    alpha_out_emission_rao=RAO,
                    alpha_in_emission_rao=RAO // 2,
                    neurons=some_neurons(12),
                )
                for netuid in range(1, 10)
            ),
            at=T0 - timedelta(days=days),
        )
    judge_newest()


def cells(soup: BeautifulSoup, selector: str) -> list[list[str]]:
    rows = soup.select(selector)
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]


def test_every_declared_metric_is_on_the_page_with_its_passport(browser: Client, market: None) -> None:
    soup = page(browser, "/subnets/3/")
    passports = [code.get_text() for code in soup.select("#figures .pp dd code")]
    assert {metric.key for metric in METRICS} <= set(passports)
    assert len(soup.select("#figures .pp")) == len(METRICS)
    assert soup.select("#figures details.alt .pp")


def test_percentiles_are_those_of_the_methodology(browser: Client, market: None) -> None:
    rows = {row[0].split(" Moving")[0]: row for row in cells(page(browser, "/subnets/9/"), "#figures-market tbody tr")}
    pool = next(row for name, row in rows.items() if name.startswith("TAO in pool"))
    assert pool[3] == "94"  # 100 × (9 − ½) ÷ 9, rounded down
    lowest = page(browser, "/subnets/1/")
    assert next(row for row in cells(lowest, "#figures-market tbody tr") if row[0].startswith("TAO in pool"))[3] == "5"


def test_the_parts_shown_add_up_to_the_score_shown(browser: Client, market: None) -> None:
    for netuid in range(1, 10):
        soup = page(browser, f"/subnets/{netuid}/")
        parts = [float(row[3]) for row in cells(soup, "#score tbody tr")]
        shown = cells(soup, "#score tfoot tr")[0][3]
        assert len(parts) > 5
        assert f"{sum(parts):.1f}" == shown
        stored_row = ScoreRow.objects.get(snapshot__subnet__netuid=netuid, version="tao-score-3.0")
        assert f"{stored_row.shown:.1f}" == shown
        heading = text(soup, "#score h2")
        assert heading == f"Score {shown} rank {stored_row.rank} of {stored_row.ranked}"


def test_a_score_claims_no_foresight(browser: Client, market: None) -> None:
    soup = page(browser, "/subnets/3/")
    for section in ("#score", "#signal"):
        sentence = next(p for p in soup.select(f"{section} .stack > p") if "No evidence so far" in p.get_text())
        assert "note" not in (sentence.get("class") or [])
    assert "Rank stays between" in text(soup, "#score")
    assert "not advice" in text(soup, "#signal")


def test_the_signal_says_its_level_of_five_and_what_acting_on_it_costs(browser: Client, market: None) -> None:
    soup = page(browser, "/subnets/3/")
    row = ScoreRow.objects.get(snapshot__subnet__netuid=3, version="buy-signal-1.0")
    assert text(soup, "#signal h2").startswith(f"Signal {row.level} of 5")
    parts = [float(each[3]) for each in cells(soup, "#signal tbody tr")]
    assert f"{sum(parts):.1f}" == cells(soup, "#signal tfoot tr")[0][3] == f"{row.shown:.1f}"
    assert "% of 1,000 τ" in text(soup, "#signal")


def test_without_a_score_there_is_a_reason(browser: Client, db: Any) -> None:
    stored(a_subnet(1, price_rao=None))
    soup = page(browser, "/subnets/1/")
    assert "Not scored. Its price is unknown." in text(soup, "#score")
    assert "No signal. Its price is unknown." in text(soup, "#signal")


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
        float(str(cell["title"]).split(" ")[0]) for cell in page(browser, "/subnets/1/").select("#quotes [title]")
    ]
    assert titles[:2] == pytest.approx([buy_quote(pool, 10), sell_quote(pool, 10 / pool.spot)])


@pytest.mark.parametrize("size", ["0", "-5", "nan", "inf", "1e99", "x", "%00"])
def test_a_trade_that_cannot_be_is_refused_in_words(browser: Client, network: None, size: str) -> None:
    soup = page(browser, f"/subnets/1/?trade={size}")
    assert soup.select_one("#quotes .bdg.warn") is not None
    assert len(soup.select("#quotes tbody tr")) == 4


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


def test_removal_is_told_by_place_gap_and_worth(browser: Client, market: None) -> None:
    words = text(page(browser, "/subnets/2/"), "#deregistration")
    assert "2 of 9 not immune" in words
    assert "first to go: Net 1" in words
    assert "Immunity ended" in words
    assert "a holder would get" in words


def test_the_immune_have_no_place_in_line(browser: Client, db: Any) -> None:
    stored(a_subnet(1), a_subnet(2, registered=7_400_000))
    words = text(page(browser, "/subnets/2/"), "#deregistration")
    assert "n/a: it is immune" in words
    assert "blocks left" in words


def test_before_there_was_removal_it_is_not_applicable(browser: Client, db: Any) -> None:
    stored(a_subnet(1, registered=4_000_000), at=T0 - timedelta(days=200))
    assert "No subnet could be removed then" in text(page(browser, "/subnets/1/"), "#deregistration")


def test_holders_are_summed_by_coldkey(browser: Client, db: Any) -> None:
    neurons = some_neurons(4, coldkeys=["5Cold0", "5Cold1", "5Cold0", "5Cold2"], alpha_stake=[RAO * 10_000_000] * 4)
    stored(a_subnet(1, neurons=neurons), coldkey_names={"5Cold0": "Opentensor"})
    rows = cells(page(browser, "/subnets/1/"), "#concentration tbody tr")
    assert rows[0][0].startswith("Opentensor")
    assert rows[0][1:4] == ["2", "20.00M", "50.0"]
    assert rows[-1][5] == "100.0"


def test_a_validators_return_follows_from_its_dividends(browser: Client, market: None) -> None:
    heads = [
        " ".join(head.get_text(" ").split()) for head in page(browser, "/subnets/1/").select("#validators thead th")
    ]
    assert any("Return a day, est." in head for head in heads)


def test_a_thousand_uids_are_no_burden(browser: Client, db: Any, django_assert_max_num_queries: Any) -> None:
    stored(a_subnet(1, neurons=some_neurons(1_024)))
    with django_assert_max_num_queries(19):
        soup = page(browser, "/subnets/1/")
    assert len(soup.select("#validators tbody tr")) == 512
    assert len(soup.select("#concentration tbody tr")) == 10


def test_renames_are_told_in_words(browser: Client, db: Any) -> None:
    for days, name in ((9, "Alpha"), (6, "Beta"), (3, "Beta"), (0, "Beta")):
        stored(replace(a_subnet(1), identity=IdentityFacts(name=name)), at=T0 - timedelta(days=days))
    assert cells(page(browser, "/subnets/1/"), "#history tr") == [["25 Jan 2026", "Renamed from Alpha to Beta"]]


def test_a_name_taken_back_is_one_line(browser: Client, db: Any) -> None:
    for days, name in ((9, "Alpha"), (6, "Beta"), (3, "Alpha"), (0, "Alpha")):
        stored(replace(a_subnet(1), identity=IdentityFacts(name=name)), at=T0 - timedelta(days=days))
    rows = cells(page(browser, "/subnets/1/"), "#history tr")
    assert rows == [["25 Jan 2026", "Renamed from Alpha to Beta , taken back after 25 Jan 2026"]]


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "</script><script>alert(1)</script>", "<!--<script>"])
def test_linked_data_cannot_be_left(browser: Client, db: Any, name: str) -> None:
    stored(replace(a_subnet(1), identity=IdentityFacts(name=name, description=name)))
    html = browser.get("/subnets/1/").content.decode()
    soup = BeautifulSoup(html, "html.parser")
    block = soup.select_one('script[type="application/ld+json"]')
    assert block is not None
    said = json.loads(block.string or "")
    assert said["@type"] == "Dataset"
    assert said["url"] == "http://localhost/subnets/1/"
    assert "<script>alert" not in html
    assert not any("alert(1)" in (script.string or "") for script in soup.select("script:not([type])"))


def test_the_page_introduces_itself(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/")
    described = str(soup.select_one("meta[name=description]")["content"])
    assert described.startswith("Apex, Bittensor subnet 1: 0.12100 τ per alpha")
    assert "31 Jan 2026" in described


@pytest.mark.parametrize(
    ("chart", "title"), [("cap", "Market cap, τ"), ("pool", "TAO in the pool, τ"), ("zzz", "Price, τ per alpha")]
)
def test_a_pane_is_chosen_by_the_address(browser: Client, network: None, chart: str, title: str) -> None:
    soup = page(browser, f"/subnets/1/?chart={chart}&range=7d")
    assert text(soup, "#market h2") == title
    figure = json.loads(soup.select_one("#price-figure").string or "")
    newest = {"cap": 121_000.0, "pool": 10_000.0, "zzz": 0.121}[chart]
    assert figure["data"][0]["y"][-1] == pytest.approx(newest)


def test_the_rules_that_changed_stand_at_their_day(browser: Client, db: Any) -> None:
    for days in (90, 60, 40, 20, 0):
        stored(a_subnet(1), at=T0 - timedelta(days=days))
    soup = page(browser, "/subnets/1/?range=90d")
    events = cells(soup, "#market details tr")
    assert [row[0] for row in events if "2025" in row[0] and "UTC" not in row[0]] == ["4 Nov 2025", "15 Dec 2025"]
    figure = json.loads(soup.select_one("#price-figure").string or "")
    assert [shape["x0"][:10] for shape in figure["layout"]["shapes"] if shape["type"] == "line"] == [
        "2025-11-04",
        "2025-12-15",
    ]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["emission by flow", "halving"]


def test_the_end_of_a_tenancy_is_marked_where_it_lies_within_the_chart(browser: Client, network: None) -> None:
    assert words_on_the_chart(page(browser, "/subnets/1/?range=all")) == []
    assert words_on_the_chart(page(browser, "/subnets/3/1000/?range=all")) == ["netuid passed on"]


def words_on_the_chart(soup: BeautifulSoup) -> list[str]:
    figure = json.loads(soup.select_one("#price-figure").string or "")
    return [note["text"] for note in figure["layout"]["annotations"]]


def test_root_has_no_score_trade_or_removal(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/0/")
    assert [soup.select_one(section) for section in ("#score", "#signal", "#trade", "#deregistration")] == [None] * 4


def test_a_former_tenant_is_judged_as_of_its_last_observation(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/3/1000/")
    assert soup.select_one("#score") is not None
    assert soup.select_one("#deregistration") is None
    assert soup.select_one("#quotes tbody tr") is not None


def test_quotes_come_alone_where_htmx_asks_for_them(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/?trade=77", hx_request="true", hx_target="quotes")
    assert soup.select_one("html") is None
    assert str(soup.select_one("#quotes")) == str(page(browser, "/subnets/1/?trade=77").select_one("#quotes"))


def test_a_past_day_shows_what_was_known_then(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/?as_of=2026-01-30")
    assert "0.11000 τ per α" in text(soup, ".price")
    assert "30 Jan 2026 00:00 UTC" in text(soup, ".hero")
