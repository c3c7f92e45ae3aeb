"""What subnets say of themselves is fetched and kept, and looked at again in its time; a bad look loses nothing."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from enrichment.gather import due, gather, material_of
from enrichment.models import ContextSource
from subnets.models import Chain, Subnet, SubnetIdentity
from taoanalytics.jobs.report import Report
from taoanalytics.lib import clock
from tests.factories import a_subnet, stored
from tests.lib.web import Web, page, website

pytestmark = pytest.mark.django_db

SAYS = "Acme rents graphics cards of miners all over the world to those who train models. "
README = "# Acme\n\nMiners offer graphics cards; validators measure how fast they compute.\n" * 3
DAY = timedelta(days=1)


@pytest.fixture
def web(settings: LazySettings) -> Iterator[Web]:
    """The whole internet: every website, GitHub's raw files and its API."""
    with website() as served:
        settings.CONTEXT_ALLOWED_ADDRESSES = [served.address]
        settings.CONTEXT_GITHUB_RAW_URL, settings.CONTEXT_GITHUB_API_URL = f"{served.url}/raw", f"{served.url}/api"
        settings.CONTEXT_REQUESTS_PER_SECOND, settings.CONTEXT_CONCURRENCY = 0.0, 4
        settings.CONTEXT_CONNECT_SECONDS, settings.CONTEXT_TOTAL_SECONDS = 60.0, 60.0
        settings.CONTEXT_LARGEST_BYTES = 2 * 2**20
        settings.CONTEXT_WEBSITE_CHARACTERS, settings.CONTEXT_README_CHARACTERS = 3000, 2000
        settings.CONTEXT_THIN_TOKENS, settings.CONTEXT_REFRESH_DAYS, settings.CONTEXT_CONTACT = 100, 7, ""
        served.pages |= {
            "/site": page(f"<title>Acme</title><p>{SAYS * 6}</p><p hidden>trap</p>"),
            "/raw/acme/gpu/main/README.md": page(README, kind="text/plain; charset=utf-8"),
        }
        yield served


def subnets(*said: dict[str, str], at: datetime | None = None) -> list[Subnet]:
    """One subnet for each identity, from netuid 1 up, with its row."""
    facts = [a_subnet(netuid) for netuid in range(1, len(said) + 1)]
    facts = [
        replace(fact, identity=replace(fact.identity, **each))
        for fact, each in zip(facts, said, strict=True)
        if fact.identity
    ]
    stored(*facts, at=at or clock.now())
    return list(Subnet.objects.select_related("identity").order_by("netuid"))


def acme(web: Web, **said: str) -> list[Subnet]:
    return subnets({"url": f"{web.url}/site", "github": "https://github.com/acme/gpu"} | said)


def source(kind: str, netuid: int = 1) -> ContextSource:
    return ContextSource.objects.get(subnet__netuid=netuid, kind=kind)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.seen, report.stored, report.skipped, report.failed


def test_each_source_is_kept_with_where_it_came_from_and_how_it_went(web: Web) -> None:
    report = gather(subnets=acme(web, description="Rents GPUs. See https://x.example.com"))
    assert counts(report) == (5, 4, 1, 0)
    website_ = source("website")
    assert website_.status == "fetched"
    assert website_.text.startswith("Acme rents graphics cards")
    assert (website_.hidden_characters, website_.final_address, website_.reason) == (4, f"{web.url}/site", "")
    assert website_.fetched_at == website_.tried_at
    assert website_.next_try_at
    assert len(website_.digest) == 32
    assert source("readme").text.startswith("Acme\nMiners offer graphics cards; validators measure")
    assert (source("meta").status, source("meta").text) == ("thin", "Acme")
    assert source("identity").text == "Rents GPUs. See"
    issues = source("issues")
    assert (issues.status, issues.text) == ("absent", "")
    assert "not needed" in issues.reason
    assert not any(path.startswith("/api") for path in web.asked)


def test_a_second_run_looks_at_nothing_until_it_is_time(web: Web) -> None:
    rows = acme(web)
    gather(subnets=rows)
    asked = len(web.asked)
    assert due(rows) == set()
    assert counts(gather(subnets=rows)) == (5, 0, 5, 0)
    assert len(web.asked) == asked
    with time_machine.travel(clock.now() + 8 * DAY, tick=False):
        assert due(rows) == {rows[0].pk}
        assert counts(gather(subnets=rows)) == (5, 0, 5, 0), "looked at again, and unchanged"
    assert len(web.asked) == 2 * asked


def test_force_looks_at_everything_now(web: Web) -> None:
    rows = acme(web)
    gather(subnets=rows)
    web.pages["/site"] = page(f"<p>{SAYS.replace('Acme', 'Bolt') * 6}</p>")
    assert gather(subnets=rows, force=True).stored == 1
    assert source("website").text.startswith("Bolt")


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (page("", status=500), "failed", "answered 500"),
        (page("", status=404), "absent", "answered 404"),
        (page("", status=403), "failed", "answered 403"),
        (page("%PDF", kind="application/pdf"), "refused", "application/pdf"),
        (page("<div id=root></div>"), "thin", "next to no text"),
        (page("", status=302, Location="http://169.254.169.254/"), "refused", "not a public address"),
    ],
)
def test_a_bad_look_changes_how_it_went_and_never_the_text(answer: Any, status: str, said: str, web: Web) -> None:
    rows = acme(web)
    gather(subnets=rows)
    before = source("website")
    web.pages["/site"] = answer
    gather(subnets=rows, force=True)
    after = source("website")
    assert (after.status, after.text, after.digest, after.fetched_at) == (
        status,
        before.text,
        before.digest,
        before.fetched_at,
    )
    assert said in after.reason
    assert material_of(rows)[rows[0].pk].texts[0].text.startswith("Acme rents")


def test_failures_wait_longer_each_time_and_a_success_forgets_them(web: Web) -> None:
    rows, waits = acme(web), []
    web.pages["/site"] = page("", status=503, Retry_After="0")
    for failures in (1, 2, 3, 4):
        report = gather(subnets=rows, force=True)
        row = source("website")
        assert row.failures == failures
        assert row.tried_at
        assert row.next_try_at
        waits.append(row.next_try_at - row.tried_at)
    assert waits == [timedelta(hours=hours) for hours in (1, 2, 4, 8)]
    assert report.problems[0].endswith("of subnet 1: 127.0.0.1 answered 503 (Service Unavailable)")
    web.pages["/site"] = page(f"<p>{SAYS}</p>")
    gather(subnets=rows, force=True)
    assert (source("website").failures, source("website").status) == (0, "fetched")


def test_a_host_that_asks_to_wait_is_given_the_time(web: Web) -> None:
    web.pages["/site"] = page("", status=429, Retry_After="3500")
    rows = acme(web)
    with time_machine.travel(clock.now(), tick=False):
        gather(subnets=rows)
    row = source("website")
    assert row.next_try_at
    assert row.tried_at
    assert row.next_try_at - row.tried_at >= timedelta(seconds=3500)


def test_another_address_on_the_chain_is_looked_at_at_once(web: Web) -> None:
    gather(subnets=acme(web))
    web.pages["/new"] = page(f"<p>{SAYS.replace('Acme', 'Bolt') * 6}</p>")
    rows = subnets({"url": f"{web.url}/new", "github": "https://github.com/acme/gpu"}, at=clock.now() + DAY)
    assert due(rows) == {rows[0].pk}
    gather(subnets=rows)
    assert source("website").text.startswith("Bolt")


def test_an_address_that_the_chain_no_longer_names_is_no_material(web: Web) -> None:
    gather(subnets=acme(web))
    rows = subnets({"url": "", "github": ""}, at=clock.now() + DAY)
    gather(subnets=rows)
    assert source("website").reason == "the chain names no website"
    assert material_of(rows)[rows[0].pk].texts == ()


def test_a_bad_address_costs_its_own_subnet_only(web: Web) -> None:
    hostile = ["http://127.0.0.1:1/", "http://[::1", "file:///etc/passwd", "http://2130706433/", "", "not an address"]
    rows = subnets(*({"url": url} for url in hostile), {"url": f"{web.url}/site"})
    report = gather(subnets=rows)
    assert report.failed == 0
    assert ContextSource.objects.filter(kind="website", status="fetched").count() == 1
    assert set(ContextSource.objects.filter(kind="website").values_list("status", flat=True)) == {
        "fetched",
        "refused",
        "absent",
    }
    assert not ContextSource.objects.filter(text="", reason="").exclude(kind="identity").exists()
    assert "not fetched, by rule" in report.notes[0]


def test_the_readme_is_found_on_another_branch_and_by_another_name(web: Web) -> None:
    rows = subnets({"github": "https://github.com/bolt/core/tree/dev"}, {"github": "github.com/coil/x.git"})
    web.pages["/raw/bolt/core/dev/README.md"] = page(README, kind="text/plain")
    web.pages["/raw/bolt/core/main/README.md"] = page("# Another", kind="text/plain")
    web.pages["/raw/coil/x/HEAD/README.rst"] = page(
        "Coil\n====\n\nWinds coils for everyone who needs them.", kind="text/plain"
    )
    gather(subnets=rows)
    assert source("readme", 1).final_address.endswith("/bolt/core/dev/README.md")
    assert source("readme", 2).text == "Coil\nWinds coils for everyone who needs them."


def test_a_repository_without_a_readme_says_so_and_one_out_of_order_is_tried_again(web: Web) -> None:
    rows = subnets(
        {"github": "https://github.com/bolt/core"},
        {"github": "https://github.com/coil/x"},
        {"github": "https://gitlab.com/x/y"},
    )
    web.pages["/raw/coil/x/main/README.md"] = page("", status=502)
    gather(subnets=rows)
    assert (source("readme", 1).status, source("readme", 2).status, source("readme", 3).status) == (
        "absent",
        "failed",
        "absent",
    )
    assert "no README" in source("readme", 1).reason
    assert "gitlab.com is not GitHub" in source("readme", 3).reason


def test_a_website_that_is_the_repository_is_read_as_one(web: Web) -> None:
    rows = subnets({"url": "https://github.com/acme/gpu"})
    gather(subnets=rows)
    assert "is the repository" in source("website").reason
    assert source("readme").status == "fetched"


def test_issues_are_asked_for_when_the_rest_is_thin(web: Web) -> None:
    issue = {"title": "Support for new cards", "body": "Miners want to offer newer cards, see https://x.example.com"}
    pull = issue | {"title": "A pull request", "pull_request": {}}
    web.pages["/api/repos/bolt/core/issues"] = page(
        json.dumps([pull, *({**issue, "title": f"{issue['title']} {n}"} for n in range(9)), {"title": None}, "x"]),
        kind="application/json; charset=utf-8",
    )
    rows = subnets({"github": "https://github.com/bolt/core"})
    gather(subnets=rows)
    found = source("issues")
    assert found.status == "fetched"
    assert found.text.count("Support for new cards") == 5
    assert "pull request" not in found.text
    assert "http" not in found.text
    assert [text.kind for text in material_of(rows)[rows[0].pk].texts] == ["issues"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (page("{}", kind="application/json"), "failed"),
        (page("[", kind="application/json"), "failed"),
        (page("[" * 100_000, kind="application/json"), "failed"),
        (page("[]", kind="application/json"), "absent"),
        (page("", status=403), "failed"),
        (page("", status=404), "absent"),
        (page("<html>", kind="text/html"), "refused"),
    ],
)
def test_whatever_the_api_answers_is_put_in_words(answer: Any, status: str, web: Web) -> None:
    web.pages["/api/repos/bolt/core/issues"] = answer
    gather(subnets=subnets({"github": "https://github.com/bolt/core"}))
    assert (source("issues").status, bool(source("issues").reason)) == (status, True)


def test_material_is_cut_to_what_the_settings_send(web: Web, settings: LazySettings) -> None:
    rows = acme(web, description="Rents GPUs. " * 200)
    web.pages["/site"] = page(
        "<title>Acme</title>" + "".join(f"<p>{n} {SAYS}</p>" for n in range(200)) + "<p hidden>trap</p>"
    )
    gather(subnets=rows)
    settings.CONTEXT_WEBSITE_CHARACTERS, settings.CONTEXT_README_CHARACTERS = 500, 100
    material = material_of(rows)[rows[0].pk]
    sizes = {text.kind: len(text.text) for text in material.texts}
    assert sizes.keys() == {"website", "meta", "readme", "identity"}
    assert sizes["website"] <= 500
    assert sizes["readme"] <= 100
    assert sizes["identity"] <= 1000
    assert material.hidden_characters == 4
    assert (material.netuid, material.name) == (1, "Subnet 1")


def test_issues_are_material_only_while_the_rest_is_thin(web: Web) -> None:
    rows = acme(web)
    gather(subnets=rows)
    ContextSource.objects.filter(kind="issues").update(text="Support for newer cards", status="fetched")
    assert "issues" not in {text.kind for text in material_of(rows)[rows[0].pk].texts}
    ContextSource.objects.filter(kind__in=("website", "readme")).update(text="")
    assert "issues" in {text.kind for text in material_of(rows)[rows[0].pk].texts}


def test_a_new_tenant_of_a_netuid_starts_from_nothing(web: Web) -> None:
    gather(subnets=acme(web))
    stored(a_subnet(1, registered=6_000_000), at=clock.now() + DAY)
    tenant = Subnet.objects.get(registered_at_block=6_000_000)
    assert material_of([tenant])[tenant.pk].texts == ()


def test_on_a_simulated_network_nobody_is_visited(web: Web) -> None:
    rows = acme(web, description="Rents GPUs to everyone.")
    Chain.objects.update_or_create(pk=1, defaults={"genesis_hash": "0x00", "simulated": True})
    gather(subnets=rows)
    assert web.asked == []
    assert source("website").status == "refused"
    assert "simulated" in source("website").reason
    assert [text.kind for text in material_of(rows)[rows[0].pk].texts] == ["identity"]


def test_material_of_many_takes_two_queries(web: Web, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    gather(subnets=subnets(*({"url": f"{web.url}/site"} for _ in range(20))))
    rows = list(Subnet.objects.order_by("netuid"))
    with django_assert_num_queries(2):
        assert len(material_of(rows)) == 20


def test_nothing_is_fetched_while_a_transaction_is_open_and_progress_is_told(web: Web) -> None:
    told: list[tuple[int, int]] = []
    rows = subnets(*({"url": f"{web.url}/site"} for _ in range(5)))
    gather(subnets=rows, progress=lambda done, total, _: told.append((done, total)))
    assert told == [(n, 5) for n in range(1, 6)]
    assert not connection.needs_rollback


def test_what_was_fetched_before_an_interruption_stays(web: Web) -> None:
    def stop(done: int, total: int, what: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    rows = subnets(*({"url": f"{web.url}/site"} for _ in range(10)))
    with pytest.raises(KeyboardInterrupt):
        gather(subnets=rows, progress=stop)
    assert ContextSource.objects.filter(kind="website", status="fetched").count() == 3
    assert not any(thread.name.startswith("context") for thread in threading.enumerate()), "nobody goes on by itself"
    gather(subnets=rows)
    assert ContextSource.objects.filter(kind="website", status="fetched").count() == 10


def test_identities_with_strange_characters_are_stored(web: Web) -> None:
    rows = subnets({"description": "Rents\x01 GPUs \U0001f680 \u202eecnaniF\u202c مرحبا"})
    gather(subnets=rows)
    assert source("identity").text == "Rents GPUs \U0001f680 ecnaniF مرحبا"
    assert source("identity").hidden_characters == 2
    assert SubnetIdentity.objects.count() == 1
