"""Text that means harm in every place that holds text, and numbers as far out as they can be stored."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from enrichment.models import Profile
from insights.exports import inert
from insights.models import Insight
from subnets.facts import SubnetFacts
from subnets.measure import recompute_metrics
from subnets.models import Category, NetworkSnapshot, Subnet, SubnetIdentity
from subnets.models.neurons import ColdkeyName
from taoanalytics.jobs.models import Generation
from tests.factories import T0, a_subnet, some_neurons, stored, stored_unmeasured
from tests.insights.test_every_page import API, FILES, OF_A_SUBNET, PAGES

BREAKOUT = "=cmd()</script></title>\"'><script>alert(1)</script><i onmouseover=alert(2) style=x>{{ 7 }}&lt;b&gt;"
LINKS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://user:pw@evil.example",
    "//evil.example",
)
MORE = (
    "/subnets/2/",
    "/subnets/1/insight/",
    "/categories/",
    "/categories/llm-inference/",
    "/methodology/classification/",
    "/compare/?netuid=1&netuid=2&figures=all",
    "/trends/?netuid=1&netuid=2",
    "/explorer/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&view=cards",
    "/screener/?name=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&q=%3C/script%3E&category=%3Cscript%3E",
    "/trends/?netuid=%3Cscript%3Ealert(1)%3C/script%3E&netuid=scr",
    "/compare/?netuid=%3Cscript%3Ealert(1)%3C/script%3E",
    "/explorer/?as_of=%3Cscript%3Ealert(1)%3C/script%3E",
    "/nowhere/%3Cscript%3Ealert(1)%3C/script%3E/",
)
SHEETS = (
    "/home.csv",
    "/explorer.csv",
    "/screener.csv",
    "/categories.csv",
    "/categories/llm-inference.csv",
    "/compare.csv?netuid=1&netuid=2",
    "/compare.csv?netuid=1&netuid=2&table=prices",
    "/trends.csv?netuid=1&netuid=2",
    "/trends.csv?by=category",
    "/trends.csv?table=standings",
    "/correlation.csv?table=outliers",
    "/subnets/1.csv?table=validators",
    "/methodology/price_tao.csv",
)


@pytest.fixture
def poisoned(db: Any) -> None:
    """Three subnets of which every text is hostile, whoever wrote it."""
    for days in range(8, -1, -1):
        stored_unmeasured(
            *(a_subnet(netuid, name=BREAKOUT, neurons=some_neurons()) for netuid in (1, 2, 3)),
            at=T0 - timedelta(days=days),
            coldkey_names={f"5Cold{uid}": BREAKOUT for uid in range(4)},
        )
    recompute_metrics()
    kind = Category.objects.get(slug="llm-inference")
    Category.objects.filter(pk=kind.pk).update(name=BREAKOUT[:64], code='<"&', description=BREAKOUT)
    said = dict.fromkeys(("description", "contact", "additional"), BREAKOUT)
    said |= dict.fromkeys(("owner_coldkey", "owner_hotkey"), BREAKOUT[:64])
    for number, subnet in enumerate(Subnet.objects.all()):
        subnet.category = kind
        subnet.save()
        SubnetIdentity.objects.filter(subnet=subnet).update(
            **said | {"symbol": "<i>", "url": LINKS[number], "github": LINKS[-1 - number], "discord": LINKS[0]}
        )
        Profile.objects.create(
            subnet=subnet,
            tagline=BREAKOUT,
            what_it_does=BREAKOUT,
            primary_use=BREAKOUT,
            key_features=[BREAKOUT],
            tags=[BREAKOUT],
            sources=dict.fromkeys(("tagline", "what_it_does", "primary_use", "key_features", "tags"), "model"),
            confidence=70,
            provenance={"tagline": "context"},
            evidence=[{"field": "category", "source": "website", "line": 1, "quote": BREAKOUT}],
            quoted_from="website",
            published_at=T0 - timedelta(days=9),
        )
        Insight.objects.create(
            subnet=subnet, block=1, observed_at=T0, level=3, input_hash="", inputs={}, text=BREAKOUT,
            kind=Insight.Kind.TEMPLATE, outcome=Insight.Outcome.UNANSWERED, reason=BREAKOUT, prompt_version="1",
        )  # fmt: skip
    assert ColdkeyName.objects.filter(name=BREAKOUT).exists()
    Generation.objects.bump()


def test_no_text_of_a_stranger_becomes_a_part_of_a_page(browser: Client, poisoned: None) -> None:
    admin = reverse("admin:index")
    for address in (*PAGES, *OF_A_SUBNET, *MORE):
        for headers in ({}, {"hx-request": "true", "hx-target": "results"}):
            html = browser.get(address, headers=headers).content.decode()
            soup = BeautifulSoup(html, "html.parser")
            assert list(harm_in(soup)) == [], address
            assert not [link["href"] for link in soup.select("a[href]") if link["href"].startswith(admin)], address


def harm_in(soup: BeautifulSoup) -> Iterator[str]:
    """What a page must not have: scripts of its own text, handlers, styles, and links that are not of the web."""
    for script in soup.find_all("script"):
        if script.get("type") in ("application/json", "application/ld+json"):
            json.loads(script.string, parse_constant=lambda word: pytest.fail(word))
        elif not (script.get("src") or "").startswith("/static/") or script.string:
            yield f"script {script}"
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            if name.startswith("on") or name == "style":
                yield f"{element.name} {name}={value}"
            if name in ("href", "src", "action", "formaction", "hx-get") and not _harmless(element, str(value)):
                yield f"{element.name} {name}={value}"


def _harmless(element: Any, address: str) -> bool:
    parts = urlsplit(address)
    if not parts.scheme and not parts.netloc:
        return True
    ours = parts.hostname == "localhost"
    return parts.scheme in ("http", "https") and (ours or {"nofollow", "noopener", "ugc"} <= set(element["rel"]))


def test_no_cell_of_a_file_runs_in_a_spreadsheet(browser: Client, poisoned: None) -> None:
    for address in SHEETS:
        response = browser.get(address)
        assert response.status_code == 200, address
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        rows = list(csv.reader(io.StringIO(response.getvalue().decode())))
        assert len({len(row) for row in rows}) == 1, address
        for cell in (cell for row in rows for cell in row if not _is_number(cell)):
            assert inert(cell) == cell, (address, cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_feeds_and_maps_stay_well_formed(browser: Client, poisoned: None) -> None:
    stored(a_subnet(1, name="\x08\ufffe" + BREAKOUT[::-1]), a_subnet(2, name="]]>&"), at=T0 + timedelta(hours=1))
    feed, sitemap = (
        ElementTree.fromstring(browser.get(address).content)  # noqa: S314  # of our own making
        for address in ("/feed.atom", "/sitemap.xml")
    )
    assert any("]]>&" in (title.text or "") for title in feed.iter("{http://www.w3.org/2005/Atom}title"))
    assert sitemap.tag.endswith("urlset")


BIGGEST = 2**63 - 1
AMOUNTS = [field.name for field in fields(SubnetFacts) if field.name.endswith("_rao")]
DRAWN = (
    *(f"/screener/?view=scatter&x=price_tao&y=market_cap_tao&log={log}" for log in ("", "x", "x,y")),
    *(f"/screener/?view=histogram&x=price_tao&log={log}" for log in ("", "x")),
    "/subnets/1/?range=all&chart=volume",
    "/correlation/?method=pearson&m=price_tao&m=market_cap_tao",
    "/compare/?netuid=1&netuid=2&figures=all&range=all",
    "/api/v1/subnets/1/history?metric=price_tao",
    "/subnets/1.json",
)


@pytest.mark.parametrize(
    "prices",
    [
        pytest.param([dict.fromkeys(AMOUNTS, BIGGEST)] * 3, id="as large as can be"),
        pytest.param([dict.fromkeys(AMOUNTS, 0)] * 3, id="zero"),
        pytest.param([dict.fromkeys(AMOUNTS, -(10**12))] * 3, id="below zero"),
        pytest.param([{"price_rao": price} for price in (0, 1, BIGGEST, -5, None, 10**9)], id="far apart"),
    ],
)
def test_no_number_breaks_a_page_or_a_drawing(browser: Client, db: Any, prices: list[dict[str, int | None]]) -> None:
    for days in range(4, -1, -1):
        rows = (a_subnet(netuid, neurons=some_neurons(), **each) for netuid, each in enumerate(prices, start=1))
        stored_unmeasured(*rows, at=T0 - timedelta(days=days))
    recompute_metrics()
    for address in (*PAGES, *OF_A_SUBNET, *FILES, *API, *DRAWN):
        response = browser.get(address)
        assert response.status_code == 200 or (address.endswith("history") and response.status_code == 400), address
        body = response.getvalue().decode()
        if "json" in response.headers["Content-Type"]:
            json.loads(body, parse_constant=lambda word: pytest.fail(word))
        if "html" in response.headers["Content-Type"]:
            drawn = " ".join(str(svg) for svg in BeautifulSoup(body, "html.parser").select("main svg"))
            assert not re.search(r'["\s,MLHV-](nan|inf)\b', drawn), address
            assert "inf" not in re.split(r"[\s$%>−+τ]+", body.casefold()), address


def test_two_snapshots_of_one_time_are_one_state(browser: Client, network: None) -> None:
    newest = NetworkSnapshot.objects.order_by("-block")[0]
    stored(a_subnet(1, name="Twin"), a_subnet(4, name="Other twin"), at=newest.observed_at, block=newest.block + 1)
    for address in (*PAGES, *OF_A_SUBNET, *FILES):
        assert browser.get(address).status_code == 200, address
    for rows in (browser.get(f"/explorer.json?again={turn}").json()["rows"] for turn in range(2)):
        assert len({row["block"] for row in rows}) == 1, "rows of both states at once"


def test_a_network_without_subnets_is_told_as_it_is(browser: Client, network: None) -> None:
    stored(at=T0 + timedelta(hours=1))
    for address in (*PAGES, *FILES):
        response = browser.get(address)
        assert response.status_code == 200, address
        assert b">0 \xcf\x84<" not in response.getvalue(), "nothing is known, which is not zero"
    assert browser.get("/explorer.json").json()["rows"] == []
