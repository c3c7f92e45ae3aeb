"""/methodology/classification/: how categories come about, and what was measured of it."""

from typing import Any

import pytest
from django.test import Client

from enrichment import report
from enrichment.confidence import CAPS, PARTS
from enrichment.injection import FLAGS
from enrichment.models import EnrichmentRun, LedgerEntry
from subnets.curation import assign_category
from subnets.models import Category, CategoryAssignment, Subnet

ADDRESS = "/methodology/classification/"
QUERIES = 11


def page(browser: Client) -> str:
    response = browser.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


def a_rules_run(netuid: int, *top: tuple[str, float], accepted: bool = True) -> EnrichmentRun:
    return EnrichmentRun.objects.create(
        subnet=Subnet.objects.get(netuid=netuid),
        method=EnrichmentRun.Method.RULES,
        outcome=EnrichmentRun.Outcome.OK,
        category=Category.objects.get(slug=top[0][0]),
        rules_top=[list(each) for each in top],
        accepted=accepted,
    )


def curate(netuid: int, slug: str) -> None:
    assign_category(
        subnet=Subnet.objects.get(netuid=netuid),
        category=Category.objects.get(slug=slug),
        source=CategoryAssignment.Source.CURATED,
    )


def test_it_stands_before_anything_was_recorded_or_measured(browser: Client, db: Any) -> None:
    html = page(browser)
    assert "Not measured yet." in html
    assert "not measured yet" not in html


def test_it_tells_the_formula_the_caps_the_signs_and_why_there_is_no_model(browser: Client, network: None) -> None:
    html = page(browser)
    for words in (*(about for _, about in (*PARTS.values(), *CAPS.values())), *FLAGS.values()):
        assert words.replace("'", "&#x27;") in html
    assert "no language model is set up" in html


def test_what_was_measured_stands_on_the_next_request(browser: Client, network: None) -> None:
    page(browser)
    curate(1, "dev-tooling")
    curate(2, "finance-trading")
    a_rules_run(1, ("dev-tooling", 0.8), ("llm-inference", 0.1))
    a_rules_run(2, ("data-feeds", 0.5), ("finance-trading", 0.3))
    report.keep(report.measured())
    html = page(browser)
    assert '<td>50%<br><span class="mut">1 of 2; 9–91%</span></td>' in html
    assert "2 of 2; 34–100%" in html
    assert "2 curated by staff" in html
    assert "Finance-Trading &amp; Forecasting" in html
    assert "not measured yet" in html, "no model was asked"


def test_rules_and_model_stand_side_by_side_and_nothing_is_said_to_be_missing(browser: Client, network: None) -> None:
    for netuid, found in ((1, "dev-tooling"), (2, "data-feeds")):
        curate(netuid, "dev-tooling")
        a_rules_run(netuid, ("dev-tooling", 0.8))
        EnrichmentRun.objects.create(
            subnet=Subnet.objects.get(netuid=netuid),
            method="model",
            outcome="ok",
            accepted=True,
            confidence=80,
            category=Category.objects.get(slug=found),
            evidence=[{"field": "category", "line": "W001", "quote": "words", "verified": True}],
        )
    LedgerEntry.objects.create(
        purpose="classify", outcome="ok", host="h", model_asked="m", cost_usd="0.001", latency_ms=2500
    )
    report.keep(report.measured())
    html = page(browser)
    rules, model = '<td>100%<br><span class="mut">2 of 2; 34–100%</span></td>', "<td>50%<br>"
    assert rules + model in html
    assert "names one alone" in html
    assert "$0.00100" in html
    assert "2.5 s" in html
    assert "not measured yet" not in html


def test_it_counts_who_decided(browser: Client, network: None) -> None:
    curate(1, "dev-tooling")
    text = " ".join(page(browser).split())
    assert "whatever a run says.</td><td>1</td>" in text


def test_it_is_found_from_the_methodology_and_the_sitemap(browser: Client, network: None) -> None:
    assert f'href="{ADDRESS}"' in browser.get("/methodology/").content.decode()
    assert f"http://localhost{ADDRESS}" in browser.get("/sitemap.xml").content.decode()


def test_it_costs_a_handful_of_queries(
    browser: Client, network: None, django_assert_max_num_queries: Any, settings: Any
) -> None:
    with django_assert_max_num_queries(QUERIES):
        page(browser)


@pytest.mark.parametrize("query", ["?as_of=2026-01-26", "?theme=dark", "?as_of=nonsense"])
def test_it_takes_what_other_pages_take(browser: Client, network: None, query: str) -> None:
    assert browser.get(ADDRESS + query).status_code in (200, 400)
