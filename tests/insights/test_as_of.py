"""`?as_of=`: pages as they were, and nothing that was learned later."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client, RequestFactory

from insights.charts.ruler import ruler
from insights.pages.point_in_time import asked_of
from insights.pages.rendering import as_of
from insights.recorded_days import recorded_days
from subnets.models import Category, CategoryAssignment, NetworkSnapshot, Subnet
from tests.factories import T0

PAGES = ("/", "/explorer/", "/subnets/1/")
EARLIER = "2026-01-26"


def page(browser: Client, address: str) -> BeautifulSoup:
    response = browser.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def text(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


@pytest.mark.parametrize("address", PAGES)
def test_a_past_day_is_said_in_a_banner_with_a_way_back(browser: Client, network: None, address: str) -> None:
    banner = page(browser, f"{address}?as_of={EARLIER}&theme=dark").select_one("#as-of-day")
    assert banner is not None
    assert "As of 26 Jan 2026." in text(banner)
    assert "26 Jan 2026 00:00 UTC" in text(banner)
    assert banner.a["href"] == "?theme=dark"


@pytest.mark.parametrize("address", PAGES)
def test_every_link_to_a_page_of_data_keeps_the_day_and_the_currency(
    browser: Client, network: None, address: str
) -> None:
    soup = page(browser, f"{address}?as_of={EARLIER}&currency=usd")
    links = [str(a["href"]) for a in soup.select("a[href]")]
    inner = [link for link in links if link.startswith(("/subnets/", "/explorer/")) and "/curate/" not in link]
    assert inner
    assert [link for link in inner if f"as_of={EARLIER}" not in link or "currency=usd" not in link] == []


def test_the_explorer_s_form_keeps_the_day(browser: Client, network: None) -> None:
    fields = page(browser, f"/explorer/?as_of={EARLIER}").select("#filters input[type=hidden]")
    assert ("as_of", EARLIER) in [(field["name"], field["value"]) for field in fields]


def test_the_explorer_shows_the_prices_and_tenants_of_that_day(browser: Client, network: None) -> None:
    then = text(page(browser, f"/explorer/?as_of={EARLIER}").select_one("#results"))
    assert "Old tenant" in then
    assert "New tenant" not in then
    assert "0.12100" not in then


def test_the_home_page_names_nobody_who_came_later(browser: Client, network: None) -> None:
    assert "Old tenant" in str(page(browser, f"/?as_of={EARLIER}"))
    assert "New tenant" not in str(page(browser, f"/?as_of={EARLIER}"))


def test_a_netuid_s_page_is_its_tenant_s_of_that_day(browser: Client, network: None) -> None:
    soup = page(browser, f"/subnets/3/?as_of={EARLIER}")
    assert "Old tenant" in text(soup.h1)
    assert "New tenant" not in str(soup)


def test_the_history_of_a_subnet_ends_with_that_day(browser: Client, network: None) -> None:
    times = browser.get(f"/subnets/1/?as_of={EARLIER}&range=all&format=json").json()["rows"]
    assert max(row["observed_at"] for row in times).startswith(EARLIER)
    assert len(times) == 3


def test_the_category_is_the_one_that_held_then(browser: Client, network: None) -> None:
    subnet, category = Subnet.objects.get(netuid=1), Category.objects.get(slug="dev-tooling")
    CategoryAssignment.objects.create(
        subnet=subnet, category=category, source="curated", assigned_at=T0 - timedelta(days=6)
    )
    assert category.name in text(page(browser, f"/subnets/1/?as_of={EARLIER}").select_one(".hero"))
    assert category.name not in text(page(browser, "/subnets/1/?as_of=2026-01-24").select_one(".hero"))


def test_a_netuid_that_nobody_held_then_is_not_found_and_the_navigation_stays(browser: Client, network: None) -> None:
    response = browser.get("/subnets/99/?as_of=2026-01-26")
    assert response.status_code == 404
    assert f"/explorer/?as_of={EARLIER}" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ("2026-13-01", "is no day"),
        ("yesterday", "is no day"),
        ("20260126", "is no day"),
        ("<script>alert(1)</script>", "is no day"),
        ("2999-01-01", "has not come yet"),
        ("2020-01-01", "Nothing was recorded by 1 Jan 2020; records begin on 24 Jan 2026."),
    ],
)
@pytest.mark.parametrize("address", ["/", "/explorer/"])
def test_a_day_that_cannot_be_shown_is_left_out_with_words(
    browser: Client, network: None, address: str, asked: str, because: str
) -> None:
    soup = page(browser, f"{address}?as_of={asked}")
    assert because in text(soup.select_one("#as-of-day"))
    assert "New tenant" in str(soup)
    assert "<script>alert" not in str(soup)


def test_an_empty_day_asks_for_nothing(browser: Client, network: None) -> None:
    assert page(browser, "/?as_of=").select_one("#as-of-day") is None


def test_other_pages_can_ask_for_the_time(network: None) -> None:
    request = RequestFactory().get(f"/?as_of={EARLIER}")
    found = as_of(request)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M:%S}" == f"{EARLIER} 23:59:59"
    assert asked_of(RequestFactory().get("/")).at is None


def test_each_day_and_currency_has_its_own_etag(browser: Client, network: None) -> None:
    tags = {browser.get(f"/{query}")["ETag"] for query in ("", f"?as_of={EARLIER}", "?currency=usd")}
    assert len(tags) == 3


def test_the_control_offers_the_jumps_that_lead_into_recorded_time(browser: Client, network: None) -> None:
    control = page(browser, "/explorer/?q=apex").select_one(".asof")
    assert [str(a["href"]) for a in control.select("a")] == ["?q=apex&as_of=2026-01-30", "?q=apex&as_of=2026-01-24"]
    hidden = [(each["name"], each["value"]) for each in control.select("input[type=hidden]")]
    assert hidden == [("q", "apex")]


def test_recorded_days_are_read_once_per_generation(network: None, django_assert_num_queries: Any) -> None:
    cache.clear()
    with django_assert_num_queries(1):
        days = recorded_days(7)
        assert recorded_days(7) == days
    assert (str(days.oldest), str(days.newest), len(days.days), days.holes) == ("2026-01-24", "2026-01-31", 8, 0)


def test_a_day_is_recorded_once_however_often_and_at_whatever_time_it_was_observed(db: Any) -> None:
    midnight = T0.replace(hour=0, minute=0, second=0, microsecond=0)
    last_moment = midnight + timedelta(days=1, microseconds=-1)
    for block, at in enumerate((midnight, last_moment, midnight - timedelta(days=3), midnight + timedelta(hours=5))):
        NetworkSnapshot.objects.create(block=block, observed_at=at, source="chain")
    NetworkSnapshot.objects.create(block=9, observed_at=midnight + timedelta(days=1), source="chain", complete=False)
    cache.clear()
    days = recorded_days(8)
    assert [(midnight.date() - day).days for day in days.days] == [3, 0]
    assert days.holes == 2


def test_days_longer_ago_than_the_ruler_goes_are_not_listed_but_the_oldest_is_known(db: Any) -> None:
    for block, back in enumerate((2_000, 400, 368, 367, 366, 0)):
        NetworkSnapshot.objects.create(block=block, observed_at=T0 - timedelta(days=back), source="chain")
    cache.clear()
    days = recorded_days(8)
    assert days.oldest == (T0 - timedelta(days=2_000)).date()
    assert [(T0.date() - day).days for day in days.days] == [367, 366, 0]
    assert (days.listed_since, days.newest) == ((T0 - timedelta(days=367)).date(), T0.date())
    assert days.holes == 365


def test_the_control_says_since_when_days_are_recorded_and_how_many_are_missing(browser: Client, network: None) -> None:
    words = " ".join(page(browser, "/").select_one(".asof .note").text.split())
    assert words.startswith("Recorded since 24 Jan 2026. Of the days since 24 Jan 2026, none is missing.")
    NetworkSnapshot.objects.filter(observed_at__date="2026-01-28").delete()
    cache.clear()
    words = " ".join(page(browser, "/").select_one(".asof .note").text.split())
    assert "Of the days since 24 Jan 2026, 1 is missing and marked." in words


def test_nothing_recorded_is_no_day(db: Any) -> None:
    cache.clear()
    assert recorded_days(9).days == ()


def test_the_ruler_has_a_tick_a_day_and_marks_each_hole() -> None:
    days = [(T0 + timedelta(days=i)).date() for i in (0, 1, 3)]
    drawn = str(ruler(days, days[0], days=100, width=40))
    assert drawn.count("14v-") == 3
    assert drawn.count('class="hole"') == 1
    assert drawn.count('class="now"') == 1
    assert ruler([], days[0], days=100, width=40) == ""
