"""Every public address in every state of the data and for every query: whole, truthful, and never a fault of ours."""

import re
from dataclasses import fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from insights import registry
from subnets.facts import IdentityFacts, SubnetFacts
from subnets.measure import recompute_metrics
from taoanalytics.lib import clock
from taoanalytics.lib.text import clean
from tests.factories import T0, a_subnet, some_neurons, stored, stored_unmeasured
from tests.insights.conftest import HOSTILE_NAMES

PAGES = (
    "/",
    "/explorer/",
    "/explorer/?view=cards",
    "/screener/",
    "/screener/?view=scatter",
    "/screener/?view=histogram",
    "/screener/?view=signals",
    "/screener/?pctl=1&heat=category",
    "/trends/",
    "/trends/?by=category",
    "/correlation/",
    "/compare/",
    "/compare/?netuid=1",
    "/methodology/",
    "/methodology/price_tao/",
    "/status/",
    "/about/",
)
OF_A_SUBNET = ("/subnets/1/", "/correlation/?netuid=1", "/trends/?netuid=1")
FILES = (
    "/home.csv",
    "/categories.json",
    "/methodology.csv",
    "/methodology/classification.json",
    "/status.csv",
    "/explorer.csv",
    "/screener.json",
    "/trends.csv",
    "/correlation.csv",
    "/compare.csv",
    "/methodology/price_tao.csv",
    "/search.json",
    "/feed.atom",
    "/sitemap.xml",
    "/llms.txt",
)
API = tuple(
    f"/api/v1/{path}"
    for path in (
        "subnets",
        "subnets/1",
        "subnets/1/history",
        "metrics",
        "metrics/price_tao",
        "network",
        "network/history",
        "openapi.json",
    )
)


def answers(browser: Client, addresses: tuple[str, ...]) -> list[str]:
    """The text of each page; each must be there."""
    found = []
    for address in addresses:
        response = browser.get(address)
        assert response.status_code == 200, address
        found.append(response.getvalue().decode())
    return found


def test_nothing_was_recorded(browser: Client, db: Any) -> None:
    for html in answers(browser, PAGES):
        assert "NaN" not in html
        assert ">None</t" not in html
    answers(browser, FILES)
    assert browser.get("/subnets/1/").status_code == 404


def test_there_is_one_subnet(browser: Client, db: Any) -> None:
    for days in range(8, -1, -1):
        stored(
            a_subnet(0, name="root", registered=0),
            a_subnet(1, name="Alone", neurons=some_neurons()),
            at=T0 - timedelta(days=days),
        )
    for html in answers(browser, PAGES + OF_A_SUBNET):
        assert ">None</t" not in html
    answers(browser, FILES)


def test_nothing_is_known_of_a_subnet_but_that_it_exists(browser: Client, db: Any) -> None:
    unknown = {field.name: None for field in fields(SubnetFacts) if field.default is None}
    nobody = IdentityFacts(name="", symbol="")
    facts = [
        SubnetFacts(netuid=netuid, registered_at_block=5_000_000, **unknown | {"identity": nobody}) for netuid in (1, 2)
    ]
    for days in (1, 0):
        stored(*facts, at=T0 - timedelta(days=days))
    for address, html in zip(PAGES + OF_A_SUBNET, answers(browser, PAGES + OF_A_SUBNET), strict=True):
        shown = " ".join(BeautifulSoup(html, "html.parser").select_one("main").get_text(" ").split())
        said = shown.replace("Against its category None", "")
        assert not re.search(r"\bNone\b(?! was recorded| \w+ed\b)", said), address
        assert "nan" not in shown.split(), address
    row = browser.get("/explorer.json").json()["rows"][0]
    assert row["price_tao"] is None
    answers(browser, FILES)


@pytest.fixture
def hostile(db: Any) -> None:
    names = [
        *HOSTILE_NAMES,
        "n" * 10_000,
        "\u202e\u2066" * 500,
        "{{ 7*7 }}{% now 'Y' %}",
        "a\x07b",  # a control character that every database can hold
        "‮gnp.exe",
        "'-alert(1)-'",
    ]
    for days in range(3, -1, -1):
        stored_unmeasured(
            *(
                SubnetFacts(
                    netuid=netuid,
                    registered_at_block=5_000_000,
                    price_rao=10**8 + netuid * days,
                    tao_in_rao=10**13,
                    alpha_in_rao=10**14,
                    alpha_out_rao=10**15,
                    identity=IdentityFacts(name=name[:128], symbol=clean(name, 8), description=clean(name, 2000)),
                )
                for netuid, name in enumerate(names, start=1)
            ),
            at=T0 - timedelta(days=days),
        )
    recompute_metrics()


def test_hostile_text_stays_text_everywhere(browser: Client, hostile: None) -> None:
    for address, html in zip(PAGES + OF_A_SUBNET, answers(browser, PAGES + OF_A_SUBNET), strict=True):
        for forbidden in ("<script>alert", "<img", "onerror=alert(1)>", "\u202e", "\u2066", "\x07", "n" * 200):
            assert forbidden not in html.replace("&gt;", ""), (address, forbidden)
        assert "{{ 7*7 }}" in html or "7*7" not in html, address
    for netuid in range(1, 13):
        assert browser.get(f"/subnets/{netuid}/").status_code == 200
    for address in FILES:
        assert "\u202e" not in browser.get(address).getvalue().decode(), address


def test_a_week_without_news_is_said_on_every_page(browser: Client, network: None) -> None:
    assert clock.now() - T0 > timedelta(days=7)
    for address in PAGES + OF_A_SUBNET:
        assert "Old data." in browser.get(address).content.decode(), address


NAMES = st.sampled_from(
    "as_of currency theme format meanings table q category sort view range chart trade vsort netuid metric how by m "
    "method level of figures preset col flag only least most x y size log heat pctl density name min_price_tao "
    "max_price_tao limit offset fields every start end from to key page cursor \x00".split(" ")
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *registry.BY_KEY,
            *"csv json prices validators outliers standings".split(),
            *"usd dark category all 1y 3d 2026-01-30 1999-01-01 9999-12-31 2026-13-45".split(),
            *"0 1 -1 99999 1e308 nan inf ² %00 -price_tao 1,2,3".split(),
            "x" * 3000,
            "\u202e",
        ]
    ),
)
ADDRESSES = st.sampled_from(
    [
        *(page.partition("?")[0] for page in PAGES),
        "/subnets/1/",
        "/subnets/3/",
        "/subnets/3/1000/",
        "/subnets/1.csv",
        "/subnets/99/",
        *FILES,
        *API,
    ]
)
FINE = {200, 302, 304, 400, 404}


@checked(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(address="/subnets/1/", asked=[("as_of", "\u202e")], part=False)
@given(ADDRESSES, st.lists(st.tuples(NAMES, VALUES), max_size=6), st.booleans())
def test_no_query_breaks_an_address(
    browser: Client, network: None, address: str, asked: list[tuple[str, str]], part: bool
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"} if part else {}
    response = browser.get(f"{address}?{urlencode(asked, errors='replace')}", headers=headers)
    assert response.status_code in FINE
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert "\u202e" not in response.content.decode()
