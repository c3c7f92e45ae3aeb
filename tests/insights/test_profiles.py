"""What a subnet does, on the pages: whose words, how far believed, with what behind them, as of when."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enrichment.models import ContextSource, EnrichmentRun, Profile, SubnetIcon
from enrichment.publish import correct, publish
from subnets.curation import assign_category, merge_categories
from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.lib import clock
from tests.enrichment.runs import a_run, by_rules
from tests.factories import T0

HOSTILE = "<script>alert(1)</script>\u202e"
CURATE = "admin:enrichment_curation_change"


def soup(browser: Client, address: str) -> BeautifulSoup:
    response = browser.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def part(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def words(page: BeautifulSoup, selector: str) -> str:
    return " ".join(part(page, selector).get_text(" ").split()).replace(" ,", ",")


@pytest.fixture
def apex(network: None) -> Subnet:
    return Subnet.objects.get(netuid=1)


@pytest.fixture
def found(apex: Subnet) -> Subnet:
    """Subnet 1, read by a model and published."""
    ContextSource.objects.create(subnet=apex, kind="website", address="https://apex.example/about", text="x")
    a_run(apex, confidence_parts={"evidence": 32.0, "agreement": 25, "caps": ["injection"]}, model_served="m-1")
    publish([apex])
    return apex


def test_the_page_of_a_subnet_says_what_it_does_and_whose_words_each_text_is(browser: Client, found: Subnet) -> None:
    about = words(soup(browser, "/subnets/1/"), "#does")
    assert "Rents out graphics cards model" in about
    assert "Miners offer cards" in about
    assert "Training jobs" in about
    assert "paid by the minute" in about
    assert "gpu, rental" in about
    assert "is not about privacy or security" in about
    assert "the language model m-1" in about


def test_the_quotes_are_shown_with_where_they_stand(browser: Client, found: Subnet) -> None:
    quotes = part(soup(browser, "/subnets/1/"), "#does .quotes")
    assert "“rent a card by the minute”" in quotes.get_text()
    link = quotes.select_one("a")
    assert link is not None
    assert (link["href"], " ".join(link["rel"])) == ("https://apex.example/about", "nofollow noopener ugc")


def test_confidence_is_a_word_with_its_number_parts_and_caps(browser: Client, found: Subnet) -> None:
    page = soup(browser, "/subnets/1/")
    badge = part(page, ".hero .cf")
    assert badge.get_text() == "Medium confidence"
    assert "72 of 100" in badge["title"]
    assert "The texts try to instruct their reader." in words(page, "#does tfoot")


def test_a_flag_is_said_in_words(browser: Client, apex: Subnet) -> None:
    a_run(apex, flags=["instructs"])
    publish([apex])
    assert "tries to instruct whoever reads" in words(soup(browser, "/subnets/1/"), "#does .warn")


def test_without_a_model_the_page_says_so_and_quotes_the_subnet(browser: Client, apex: Subnet) -> None:
    by_rules(apex)
    publish([apex])
    about = words(soup(browser, "/subnets/1/"), "#does")
    assert "We serve data. own words from its README" in about
    assert "by keyword rules, without a language model" in about
    assert "No language model is configured here" in about


@pytest.mark.parametrize("address", ["/explorer/", "/categories/", "/categories/data-feeds/", "/subnets/2/"])
def test_every_page_says_why_there_are_no_texts_of_a_model(
    browser: Client, apex: Subnet, address: str, settings: Any
) -> None:
    by_rules(apex)
    publish([apex])
    assert "no language model is configured" in soup(browser, address).get_text().casefold()
    settings.LLM_ENABLED, settings.LLM_API_KEY = True, "sk-test"
    settings.RELEASE = "with-a-key"
    assert "no language model is configured" not in soup(browser, address).get_text().casefold()


@pytest.mark.parametrize("query", ["graphics", "offer cards", "rental", "GPU"])
def test_a_search_finds_taglines_descriptions_and_tags(browser: Client, found: Subnet, query: str) -> None:
    page = soup(browser, f"/explorer/?q={query}")
    assert [each.text for each in page.select("#results tbody .nid")] == ["1"]


def test_a_card_shows_tagline_tags_and_badges(browser: Client, found: Subnet) -> None:
    card = words(soup(browser, "/explorer/?view=cards&q=apex"), ".card")
    assert "Rents out graphics cards model" in card
    assert "Serverless-Compute model Medium confidence" in card
    assert "gpu rental" in card


def test_an_icon_stands_on_cards_and_on_its_page_and_its_content_is_not_read_for_them(
    browser: Client, found: Subnet
) -> None:
    SubnetIcon.objects.create(subnet=found, content=b"x", digest="0123abcd", status="ok")
    for address, selector in (("/explorer/?view=cards&q=apex", ".card"), ("/subnets/1/", ".hero")):
        with CaptureQueriesContext(connection) as queries:
            page = soup(browser, address)
        assert part(page, f"{selector} img.tile")["src"] == "/icons/1-0123abcd.png"
        assert not any('"content"' in query["sql"] for query in queries)
    assert soup(browser, "/explorer/?view=cards&q=omron").select_one(".card span.tile") is not None


def test_a_row_says_whose_word_its_category_is(browser: Client, found: Subnet) -> None:
    row = words(soup(browser, "/explorer/?q=apex"), "#results tbody tr")
    assert "CMP model, medium" in row


def test_texts_of_models_and_pages_are_text(browser: Client, apex: Subnet) -> None:
    hostile = {"tagline": HOSTILE, "what_it_does": HOSTILE, "primary_use": HOSTILE, "tags": [HOSTILE]}
    quote = {"field": "category", "source": "website", "line": "W001", "quote": HOSTILE, "verified": True}
    ContextSource.objects.create(subnet=apex, kind="website", address="javascript:alert(1)", text=HOSTILE)
    a_run(apex, payload=hostile | {"key_features": [HOSTILE]}, evidence=[quote], model_served=HOSTILE)
    publish([apex])
    for address in ("/subnets/1/", "/explorer/?view=cards", "/categories/serverless-compute/"):
        text = browser.get(address).content.decode()
        assert "<script>alert" not in text
        assert "javascript:" not in text
        assert "\u202e" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_past_day_shows_what_had_been_published_by_then(browser: Client, found: Subnet) -> None:
    Profile.objects.update(published_at=T0 - timedelta(days=2))
    CategoryAssignment.objects.update(assigned_at=T0 - timedelta(days=2))
    then, before = "2026-01-30", "2026-01-27"
    assert "Rents out" in words(soup(browser, f"/subnets/1/?as_of={then}"), "#does")
    assert "Rents out" in words(soup(browser, f"/explorer/?view=cards&as_of={then}"), ".cards")
    assert soup(browser, f"/categories/serverless-compute/?as_of={then}").select("#members tbody tr")
    about = words(soup(browser, f"/subnets/1/?as_of={before}"), "#does")
    assert "Rents out" not in about
    assert "was first published here on 29 Jan 2026, after the day that is shown" in about
    assert "Rents out" not in words(soup(browser, f"/explorer/?view=cards&as_of={before}"), ".cards")
    empty = soup(browser, f"/categories/serverless-compute/?as_of={before}")
    assert "No living subnet is in this category on that day." in empty.get_text()


def test_former_tenants_keep_their_own_category_of_the_time(browser: Client, network: None) -> None:
    old = Subnet.objects.get(netuid=3, registered_at_block=1_000)
    old_kind, new_kind = (Category.objects.get(slug=slug) for slug in ("data-feeds", "dev-tooling"))
    first = assign_category(subnet=old, category=old_kind, source=CategoryAssignment.Source.CURATED)
    CategoryAssignment.objects.filter(pk=first.pk).update(assigned_at=T0 - timedelta(days=6))
    assign_category(subnet=old, category=new_kind, source=CategoryAssignment.Source.CURATED)
    assert "Dev-Tooling" in words(soup(browser, "/subnets/3/1000/"), ".hero .by")
    assert "Data-Feeds" in words(soup(browser, "/subnets/3/?as_of=2026-01-26"), ".hero .by")


def test_categories_are_listed_with_figures_and_empty_ones_last(browser: Client, found: Subnet) -> None:
    rows = soup(browser, "/categories/").select("#kinds tbody tr")
    assert len(rows) == 15
    assert "Rents out processors" in rows[1].get_text() + rows[0].get_text()
    assert rows[-1].select("td")[0].get_text() == "0"


def test_a_category_has_a_page_with_its_members(browser: Client, found: Subnet) -> None:
    page = soup(browser, "/categories/serverless-compute/")
    assert [each.text for each in page.select("#members .nid")] == ["1"]
    assert "of 4 living" in words(page, ".kpis")
    unclassified = soup(browser, "/categories/unclassified/?sort=name")
    assert len(unclassified.select("#members .nid")) == 3
    assert browser.get("/categories/nonsense/").status_code == 404


def test_a_merged_category_leads_to_the_one_it_became(browser: Client, found: Subnet) -> None:
    source, target = (Category.objects.get(slug=slug) for slug in ("serverless-compute", "confidential-compute"))
    merge_categories(source=source, target=target)
    response = browser.get("/categories/serverless-compute/?currency=usd")
    assert response.status_code == 302
    assert response["Location"].startswith("/categories/confidential-compute/")
    assert "serverless-compute" not in browser.get("/sitemap.xml").content.decode()
    assert "/categories/confidential-compute/" in browser.get("/sitemap.xml").content.decode()
    assert len(soup(browser, "/categories/").select("#kinds tbody tr")) == 14


@pytest.mark.parametrize("address", ["/categories/", "/categories/llm-inference/"])
def test_category_pages_cost_a_handful_of_queries_and_are_kept(
    browser: Client, network: None, address: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        first = browser.get(address)
    with django_assert_max_num_queries(1):
        assert browser.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert not first.cookies


def test_an_empty_database_has_category_pages(browser: Client, db: Any) -> None:
    assert "has not been recorded yet" in soup(browser, "/categories/").get_text()
    assert "has not been recorded yet" in soup(browser, "/categories/data-feeds/").get_text()


def test_a_correction_shows_on_the_next_request(browser: Client, found: Subnet) -> None:
    assert "Rents out" in words(soup(browser, "/subnets/1/"), "#does")
    correct(found, "tagline", "Cards by the minute", None, "shorter")
    about = words(soup(browser, "/subnets/1/"), "#does")
    assert "Cards by the minute curated" in about
    assert EnrichmentRun.objects.count() == 1


def test_a_category_corrected_in_the_admin_is_everywhere_on_the_next_request(
    browser: Client, network: None, admin_client: Client, admin_user: User
) -> None:
    """Every page is read before, so that whatever is kept of it is stale when it is read again."""
    subnet, peer = Subnet.objects.get(netuid=1), Subnet.objects.get(netuid=4)
    a_run(subnet, "data-feeds")
    a_run(peer, "finance-trading")
    publish([subnet, peer])
    for _ in range(2):
        where_it_is(browser)
    assert where_it_is(browser) == dict.fromkeys(PLACES, "data-feeds")
    finance = Category.objects.get(slug="finance-trading")
    form = {"field": "category", "do": "correct", "value": finance.pk, "reason": "it trades"}
    assert admin_client.post(reverse(CURATE, args=[subnet.pk]), form).status_code == 302
    assert where_it_is(browser) == dict.fromkeys(PLACES, "finance-trading")
    assert clock.now() > CategoryAssignment.objects.newest().get(subnet=subnet).assigned_at


PLACES = (
    "explorer",
    "cards",
    "screener",
    "subnet",
    "category",
    "trends",
    "api list",
    "api",
    "files",
    "peers",
    "insight",
)
_NAMES = {"data-feeds": "Data-Feeds & Oracles", "finance-trading": "Finance-Trading & Forecasting"}


def where_it_is(browser: Client) -> dict[str, str]:
    """{place: the slug of the category in which that page has subnet 1}"""
    found = {}
    for slug, name in _NAMES.items():
        listed = {
            "explorer": f"/explorer/?category={slug}",
            "cards": f"/explorer/?category={slug}&view=cards",
            "screener": f"/screener/?category={slug}",
            "category": f"/categories/{slug}/",
        }
        for place, address in listed.items():
            if browser.get(address).content.decode().count("Apex") > 0 and _lists_apex(browser, place, address):
                found[place] = slug
        if name in words(soup(browser, "/subnets/1/"), ".hero .by"):
            found["subnet"] = slug
        if name in words(soup(browser, "/subnets/1/"), "#figures + .note"):
            found["peers"] = slug
        if browser.get("/api/v1/subnets/1").json()["insight"]["inputs"]["category_slug"] == slug:
            found["insight"] = slug
        if "Apex" in words(soup(browser, f"/trends/?category={slug}&metric=market_cap_tao"), "#foremost"):
            found["trends"] = slug
        if any(row["netuid"] == 1 for row in browser.get(f"/api/v1/subnets?category={slug}").json()["subnets"]):
            found["api list"] = slug
        if any(row["netuid"] == 1 for row in browser.get(f"/explorer.json?category={slug}").json()["rows"]):
            found["files"] = slug
    found["api"] = browser.get("/api/v1/subnets/1").json()["category"]
    return found


def _lists_apex(browser: Client, place: str, address: str) -> bool:
    selector = {"cards": ".card h3", "category": "#members tbody th"}.get(place, "tbody th")
    return any("Apex" in each.get_text() for each in soup(browser, address).select(selector))


def test_the_api_tells_what_a_subnet_does_and_whose_word_it_is(browser: Client, found: Subnet) -> None:
    told = {
        "category": "serverless-compute",
        "category_source": "model",
        "tagline": "Rents out graphics cards",
        "tagline_source": "model",
        "tags": ["gpu", "rental"],
        "confidence": 72,
    }
    one = browser.get("/api/v1/subnets/1").json()
    listed = {row["netuid"]: row for row in browser.get("/api/v1/subnets").json()["subnets"]}
    assert {key: one[key] for key in told} == {key: listed[1][key] for key in told} == told
    unknown = {"category_source": None, "tagline": "", "tagline_source": None, "tags": [], "confidence": None}
    assert {key: listed[2][key] for key in unknown} == unknown
