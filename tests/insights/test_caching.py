"""Pages are made once for each publication, and sent once to each reader."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import pytest
from django.core.cache import cache
from django.test import Client

from insights.generation import held_per_generation
from insights.pages import around, caching
from subnets.models import Category
from taoanalytics.jobs.models import Generation
from taoanalytics.lib import clock
from tests.competing import at_once
from tests.factories import T0, a_subnet, stored

PAGES = ("/explorer/", "/subnets/1/")


@pytest.mark.parametrize("address", PAGES)
def test_a_reader_who_has_the_page_gets_304_for_one_query(
    browser: Client, network: None, address: str, django_assert_num_queries: Any
) -> None:
    etag = browser.get(address).headers["ETag"]
    with django_assert_num_queries(1):
        response = browser.get(address, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == etag


@pytest.mark.parametrize("address", PAGES)
def test_a_kept_page_costs_one_query_and_is_the_same(
    browser: Client, network: None, address: str, django_assert_num_queries: Any
) -> None:
    first = browser.get(address)
    with django_assert_num_queries(1):
        second = browser.get(address)
    assert second.content == first.content
    assert second.headers["Content-Type"] == first.headers["Content-Type"]


def test_new_data_makes_a_new_page(browser: Client, network: None) -> None:
    before = browser.get("/explorer/")
    Generation.objects.bump()
    after = browser.get("/explorer/", headers={"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]


def test_page_fragment_query_and_staleness_each_have_their_own_tag(
    browser: Client, network: None, settings: Any
) -> None:
    tags = [
        browser.get("/explorer/").headers["ETag"],
        browser.get("/explorer/?q=a").headers["ETag"],
        browser.get("/explorer/", headers={"hx-request": "true"}).headers["ETag"],
        browser.get("/explorer/", headers={"hx-request": "true", "hx-history-restore-request": "true"}).headers["ETag"],
    ]
    settings.STALE_AFTER_MINUTES = 10**9
    tags.append(browser.get("/explorer/").headers["ETag"])
    settings.RELEASE = "another"
    tags.append(browser.get("/explorer/").headers["ETag"])
    assert tags[3] == tags[0]
    assert len(set(tags)) == 5


def test_public_pages_set_no_cookie_and_may_be_kept_by_anyone(browser: Client, network: None) -> None:
    for address in (*PAGES, "/explorer/?format=csv", "/subnets/99/"):
        assert not browser.get(address).cookies
    response = browser.get("/explorer/")
    assert "public" in response.headers["Cache-Control"]
    assert "max-age=60" in response.headers["Cache-Control"]
    assert "HX-Request" in response.headers["Vary"]
    assert "Cookie" not in response.headers["Vary"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
@pytest.mark.parametrize(
    "address", ["/explorer/", "/explorer.csv", "/status/", "/api/v1/", "/health/live/", "/icons/1-a.png"]
)
def test_nothing_can_be_sent_to_a_page(db: Any, address: str, method: str) -> None:
    stranger = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert getattr(stranger, method)(address).status_code == 405


def test_head_is_answered(browser: Client, network: None) -> None:
    assert browser.head("/explorer/").status_code == 200


def test_pages_are_sent_compressed_to_those_who_take_it(browser: Client, network: None) -> None:
    plain = browser.get("/explorer/")
    for _ in range(2):
        compressed = browser.get("/explorer/", headers={"accept-encoding": "gzip"})
        assert compressed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(compressed.content) == plain.content
        assert compressed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_browsers_get_the_same_page_in_fewer_bytes(browser: Client, network: None) -> None:
    plain, packed = (browser.get("/explorer/", headers={"accept-encoding": how}) for how in ("", "gzip"))
    for _ in range(2):
        smallest = browser.get("/explorer/", headers={"accept-encoding": "gzip, deflate, br"})
        assert smallest.headers["Content-Encoding"] == "br"
        assert brotli.decompress(smallest.content) == plain.content
        assert smallest.headers["ETag"] == plain.headers["ETag"]
    assert len(smallest.content) < len(packed.content)


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("br;q=0, gzip", "gzip"),
        ("identity, br; q=0.0", None),
        ("br;q=0.5", "br"),
        ("vibration", None),
        ("GZIP", "gzip"),
    ],
)
def test_a_coding_is_sent_to_those_only_who_take_it(
    browser: Client, network: None, accepted: str, sent: str | None
) -> None:
    for _ in range(2):
        assert browser.get("/about/", headers={"accept-encoding": accepted}).headers.get("Content-Encoding") == sent


def test_a_file_that_is_sent_as_it_is_written_is_found_by_those_who_take_brotli(browser: Client, network: None) -> None:
    plain = browser.get("/explorer/?format=csv").content
    for _ in range(2):
        file = browser.get("/explorer/?format=csv", headers={"accept-encoding": "br"})
        body = b"".join(file) if file.streaming else file.content
        assert (brotli.decompress(body) if file.headers.get("Content-Encoding") == "br" else body) == plain


def test_the_days_that_visitors_look_at_do_not_cost_the_newest_its_place(
    network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    generation = Generation.objects.current()
    monkeypatch.setattr("insights.generation._held", {})
    for day in range(40):
        for name in ("newest", f"day {day}"):
            held_per_generation(generation, name, lambda name=name: made.append(name))  # type: ignore[misc]
    assert made.count("newest") == 1
    assert len(made) == 41


def test_storing_a_snapshot_publishes_it(browser: Client, network: None) -> None:
    before = browser.get("/explorer/").content
    stored(a_subnet(77, name="Newcomer"), at=T0 + timedelta(hours=1))
    after = browser.get("/explorer/").content
    assert b"Newcomer" in after
    assert b"Newcomer" not in before


def test_a_page_kept_by_others_on_the_way_is_never_a_part_of_one(browser: Client, network: None) -> None:
    parts = {"/explorer/": "results", "/status/": "figures", "/subnets/1/": "market", "/trends/": "result"}
    for address, part in parts.items():
        page, fragment = browser.get(address), browser.get(address, headers={"hx-request": "true", "hx-target": part})
        assert b"<html" in page.content
        assert b"<html" not in fragment.content, address
        for response in (page, fragment):
            assert {"HX-Request", "HX-Target", "HX-History-Restore-Request"} <= {
                name.strip() for name in response.headers["Vary"].split(",")
            }, address


@pytest.mark.django_db(transaction=True)
def test_those_who_ask_at_once_for_a_page_have_it_made_once(network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "_PATIENCE_SECONDS", 60)
    made: list[str] = []
    render = around.render_page
    monkeypatch.setattr(around, "render_page", lambda *args, **kwargs: made.append("page") or render(*args, **kwargs))
    answers = at_once(6, lambda: Client(SERVER_NAME="localhost").get("/about/").content)
    assert len(set(answers)) == 1
    assert made == ["page"]


def test_a_page_that_takes_long_is_not_waited_for(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "_PATIENCE_SECONDS", 0.01)
    with caching._making:
        assert browser.get("/about/").status_code == 200


@pytest.mark.parametrize("charset", ["cp037", "utf-16", "unicode_escape", "no-such"])
def test_a_claimed_charset_changes_no_page(browser: Client, network: None, charset: str) -> None:
    for address in ("/explorer.json?q=apex", "/subnets/1/?vsort=name&q=%5Cud800"):
        odd = browser.get(address, headers={"content-type": f"text/plain; charset={charset}"})
        cache.clear()
        assert browser.get(address).content == odd.content


@pytest.mark.parametrize(
    "condition",
    [
        {"if-none-match": "*"},
        {"if-none-match": '"W/"'},
        {"if-match": '"never seen"'},
        {"if-match": "*"},
        {"if-unmodified-since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"},
        {"range": "bytes=0-0", "if-range": '"x"'},
    ],
)
def test_odd_conditions_get_what_is_there(browser: Client, network: None, condition: dict[str, str]) -> None:
    answered = [browser.get(address, headers=condition).status_code for address in ("/explorer/", "/subnets/99/")]
    assert answered == [200, 404]


def test_one_of_several_named_tags_is_enough(browser: Client, network: None) -> None:
    tag = browser.get("/explorer/").headers["ETag"]
    for named in (f'"other", {tag}', tag.removeprefix("W/")):
        assert browser.get("/explorer/", headers={"if-none-match": named}).status_code == 304


def test_a_page_grows_old_for_those_who_have_it(
    browser: Client, network: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.STALE_AFTER_MINUTES = 120
    monkeypatch.setattr(clock, "now", lambda: T0 + timedelta(minutes=120))
    young = browser.get("/explorer/")
    monkeypatch.setattr(clock, "now", lambda: T0 + timedelta(minutes=121))
    old = browser.get("/explorer/", headers={"if-none-match": young.headers["ETag"]})
    assert old.status_code == 200
    assert ["Old data." in page.content.decode() for page in (young, old)] == [False, True]


def test_a_day_that_was_yet_to_come_comes(browser: Client, network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 1, 23, 59, tzinfo=UTC))
    before = browser.get("/explorer/?as_of=2026-02-02")
    assert "has not come yet" in before.content.decode()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 2, 0, 1, tzinfo=UTC))
    after = browser.get("/explorer/?as_of=2026-02-02", headers={"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "has not come yet" not in after.content.decode()


@pytest.mark.parametrize("at_once", [False, True])
def test_a_category_that_staff_delete_is_gone_from_kept_pages(
    browser: Client, admin_client: Client, network: None, *, at_once: bool
) -> None:
    doomed = Category.objects.create(name="Doomed", slug="doomed", code="DOO", family="models", cut="solid")
    Generation.objects.bump()
    assert "Doomed" in browser.get("/categories/").content.decode()
    if at_once:
        chosen = {"action": "delete_selected", "_selected_action": [doomed.pk], "post": "yes"}
        admin_client.post("/admin/subnets/category/", chosen)
    else:
        admin_client.post(f"/admin/subnets/category/{doomed.pk}/delete/", {"post": "yes"})
    assert not Category.objects.filter(pk=doomed.pk).exists()
    assert "Doomed" not in browser.get("/categories/").content.decode()
