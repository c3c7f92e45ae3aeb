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
from markets.models import TaoPrice
from subnets.facts import IdentityFacts
from taoanalytics.jobs.models import Generation
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, some_neurons, stored
from tests.insights.conftest import HOSTILE_NAMES
from tests.insights.test_subnet import cells, page, text


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


def without_passports(soup: BeautifulSoup, selector: str) -> str:
    for panel in soup.select(f"{selector} .panel"):
        panel.decompose()
    return text(soup, selector)


def test_removal_is_told_by_place_gap_and_worth(browser: Client, market: None) -> None:
    words = without_passports(page(browser, "/subnets/2/"), "#deregistration")
    assert "2 of 9 not immune" in words
    assert "first to go: Net 1" in words
    assert "Immunity ended" in words
    assert "a holder would get" in words


def test_with_nobody_to_pay_out_it_says_so(browser: Client, db: Any) -> None:
    stored(a_subnet(1, alpha_out_rao=0), a_subnet(2, alpha_out_rao=None))
    assert "there is nobody to pay out" in text(page(browser, "/subnets/1/"), "#deregistration")
    unknown = text(page(browser, "/subnets/2/"), "#deregistration")
    assert "What a holder would get is unknown" in unknown
    assert "— τ" not in unknown


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        (".price", ["price_tao", "price_usd", "change_1d_pct", "change_7d_pct", "change_30d_pct"]),
        (
            "#deregistration",
            [
                *("deregistration_rank", "moving_price_tao", "deregistration_gap_pct", "immunity_left_blocks"),
                *("nav_tao", "nav_to_price_pct"),
            ],
        ),
    ],
)
def test_figures_outside_the_tables_have_their_passport_too(
    browser: Client, market: None, section: str, keys: list[str]
) -> None:
    TaoPrice.objects.create(observed_at=T0 - timedelta(hours=1), source="import", price_usd=250)
    Generation.objects.bump()
    soup = page(browser, "/subnets/2/")
    assert [code.get_text() for code in soup.select(f"{section} .pp .kv > dd:nth-last-of-type(2) code")] == keys
    for panel in soup.select(f"{section} .pp .panel"):
        assert "True at" in panel.get_text()


@pytest.mark.parametrize("section", ["#quotes", "#concentration"])
def test_every_column_says_how_it_is_made(browser: Client, market: None, section: str) -> None:
    soup = page(browser, "/subnets/2/")
    buttons = soup.select(f"{section} thead button")
    assert len(buttons) == len(soup.select(f"{section} td:not(.barcell)")) / len(soup.select(f"{section} tbody tr"))
    for button in buttons:
        panel = soup.select_one(f"#{button['popovertarget']}")
        assert panel is not None
        assert "Formula" in panel.get_text()
        assert browser.get(panel.select_one("a")["href"]).status_code == 200


def test_a_passport_says_where_its_figure_stands(browser: Client, market: None) -> None:
    panel = next(
        each
        for each in page(browser, "/subnets/9/").select("#figures-market .pp")
        if each.summary.get_text() == "TAO in pool"
    )
    assert "Percentile 94 in the network" in " ".join(panel.get_text(" ").split())


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


def test_root_has_no_score_trade_or_removal(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/0/")
    assert [soup.select_one(section) for section in ("#score", "#signal", "#trade", "#deregistration")] == [None] * 4


def test_a_former_tenant_is_judged_as_of_its_last_observation(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/3/1000/")
    assert soup.select_one("#score") is not None
    assert soup.select_one("#deregistration") is None
    assert soup.select_one("#quotes tbody tr") is not None


def test_a_past_day_shows_what_was_known_then(browser: Client, network: None) -> None:
    soup = page(browser, "/subnets/1/?as_of=2026-01-30")
    assert "0.11000 τ per α" in text(soup, ".price")
    assert "30 Jan 2026 00:00 UTC" in text(soup, ".hero")
