"""Strangers' pages are fetched from the open internet alone, whatever their addresses, names and redirects say."""

from http.server import BaseHTTPRequestHandler

import pytest

from taoanalytics.lib.addresses import target_of
from taoanalytics.lib.untrusted import Limits, Refused, _Answer
from tests.lib.test_addresses import HOSTILE
from tests.lib.web import HTML, TYPES, Web, failure, fetcher, leads_to, page, refusal, website

PUBLIC, PRIVATE = "93.184.216.34", "10.0.0.7"


def test_no_hostile_address_is_ever_connected_to(connected: list[tuple[str, int]]) -> None:
    for url in HOSTILE:
        refusal(fetcher(), url)
    assert connected == []


def test_a_server_on_this_machine_sees_no_request_by_any_of_its_names(web: Web) -> None:
    spelled = ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.0.0.1."]
    for host in spelled:
        refusal(fetcher(), f"http://{host}:{web.port}/")
    assert web.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        [PRIVATE],
        ["192.168.0.1"],
        ["169.254.169.254"],
        ["100.64.1.1"],
        ["0.0.0.0"],  # noqa: S104
        ["224.0.0.5"],
        ["::1"],
        ["fe80::1"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a00:1"],
        ["2002:a00:1::"],
        [PUBLIC, PRIVATE],
        [PRIVATE, PUBLIC],
        [PUBLIC, "::1"],
        ["fe80::1%lo"],
        [],
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_is_refused_when_any_of_its_addresses_is_not_public(
    answer: list[str], scheme: str, names: dict[str, list[list[str]]], connected: list[tuple[str, int]]
) -> None:
    names["evil.example.com"] = [answer]
    assert "not public" in refusal(fetcher(), f"{scheme}://evil.example.com/")
    assert connected == []


def test_an_answer_that_changes_between_two_questions_changes_nothing(
    names: dict[str, list[list[str]]], connected: list[tuple[str, int]]
) -> None:
    names["rebinding.example.com"] = [[PUBLIC], ["127.0.0.1"]]
    assert "evil" not in failure(fetcher(), "http://rebinding.example.com/").reason
    assert {host for host, _ in connected} <= {PUBLIC}
    assert len(connected) == 1, "robots.txt; the page itself is not asked for without it"


def test_a_public_answer_first_and_a_private_one_for_the_page_is_refused(
    names: dict[str, list[list[str]]], connected: list[tuple[str, int]]
) -> None:
    names["rebinding.example.com"] = [["127.0.0.1"], [PUBLIC]]
    refusal(fetcher(), "http://rebinding.example.com/")
    assert connected == []


def test_a_name_that_nobody_knows_may_be_known_later(names: dict[str, list[list[str]]]) -> None:
    problem = failure(fetcher(), "https://nowhere.invalid-name.example.net/")
    assert problem.heals
    assert "unknown name" in problem.reason


def test_proxies_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, web: Web, names: dict[str, list[list[str]]], connected: list[tuple[str, int]]
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, web.url)
    names["site.example.com"] = [[PUBLIC]]
    failure(fetcher(), "http://site.example.com/")
    assert {host for host, _ in connected} == {PUBLIC}


# -- redirects --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://internal.example.com/",
        "https://internal.example.com/",
        "file:///etc/passwd",
        "ftp://example.com/",
        "http://user:secret@example.com/",
        "http://[::1",
        "http:\\\\127.0.0.1:{port}/",
    ],
)
def test_a_redirect_is_judged_like_an_address(
    location: str, web: Web, names: dict[str, list[list[str]]], connected: list[tuple[str, int]]
) -> None:
    names["internal.example.com"] = [[PRIVATE]]
    with website(**{"": page("secret")}) as forbidden:
        web.pages["/"] = leads_to(location.format(port=forbidden.port))
        assert "secret" not in refusal(fetcher(web), web.url)
        assert forbidden.asked == []
    assert {port for _, port in connected} == {web.port}


def test_three_redirects_are_followed_and_the_address_they_end_at_is_told(web: Web) -> None:
    web.pages |= {"/": leads_to("/a", 301), "/a": leads_to("b", 307), "/b": leads_to(f"//{web.address}/c", 308)}
    web.pages["/c"] = page("<p>there</p>")
    found = fetcher(web).get(web.url, types=TYPES)
    assert (found.address, found.final_address, found.status) == (web.url, f"{web.url}/c", 200)
    assert found.body == b"<p>there</p>"
    assert found.content_type == HTML


def test_a_fourth_redirect_is_refused(web: Web) -> None:
    web.pages |= {f"/{n}": leads_to(f"/{n + 1}") for n in range(5)}
    assert "more than 3" in refusal(fetcher(web), f"{web.url}/0")
    assert "/4" not in web.asked


def test_a_circle_is_refused(web: Web) -> None:
    web.pages |= {"/a": leads_to("/b"), "/b": leads_to("/a")}
    assert "circle" in refusal(fetcher(web), f"{web.url}/a")


def test_a_redirect_to_nowhere_is_a_failure_that_does_not_heal(web: Web) -> None:
    web.pages["/"] = page("", status=302)
    problem = failure(fetcher(web), web.url)
    assert not problem.heals
    assert "without saying where" in problem.reason


def test_the_body_of_a_redirect_is_not_read(web: Web) -> None:
    def redirects_at_length(to: BaseHTTPRequestHandler) -> None:
        to.send_response(302)
        to.send_header("Location", "/there")
        to.end_headers()
        while not to.server.over.is_set():  # type: ignore[attr-defined]
            to.wfile.write(b"x" * 65_536)

    web.pages |= {"/": redirects_at_length, "/there": page("<p>there</p>")}
    assert fetcher(web).get(web.url, types=TYPES, limits=Limits(total_seconds=3.0)).body == b"<p>there</p>"


def test_what_is_secure_does_not_lead_to_what_is_not() -> None:
    here = target_of("https://example.com/")
    with pytest.raises(Refused, match="plain http"):
        fetcher()._next(here, _Answer(301, {"location": "http://example.com/"}, b""))
    there = fetcher()._next(target_of("http://example.com/"), _Answer(301, {"location": "https://example.com/"}, b""))
    assert there.url == "https://example.com/"
