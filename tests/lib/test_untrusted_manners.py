"""A visitor that says who it is, keeps its distance, heeds robots.txt and waits when it is asked to."""

from time import monotonic

import pytest

from tests.lib.web import TYPES, Web, failure, fetcher, leads_to, page, refusal, website


def test_a_host_that_asks_to_wait_is_not_asked_again_before(web: Web) -> None:
    now = [1000.0]
    patient = fetcher(web, clock=lambda: now[0])
    web.pages["/"] = page("", status=429, Retry_After="120")
    assert failure(patient, web.url).retry_after == 120
    asked = len(web.asked)
    again = failure(patient, f"{web.url}/other")
    assert (again.heals, again.retry_after) == (True, 120)
    assert len(web.asked) == asked
    now[0] += 121
    web.pages["/"] = page("<p>hello</p>")
    assert patient.get(web.url, types=TYPES).status == 200


def test_requests_to_one_host_keep_their_distance(web: Web) -> None:
    now, waits = [1000.0], []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with website(**{"": page("other")}) as other:
        polite = fetcher(web, other, seconds_between=1.0, clock=lambda: now[0], pause=pause)
        polite.get(web.url, types=TYPES)  # robots.txt, then the page
        polite.get(other.url, types=TYPES)
        now[0] += 0.25
        polite.get(web.url, types=TYPES)
    assert waits == [1.0, 1.0]  # the other host waits for its own robots.txt; the first one's second is over by then


def test_a_fetcher_that_is_stopped_ends_its_waits_and_asks_nobody(web: Web) -> None:
    hurried = fetcher(web, seconds_between=3600.0)
    hurried.get(web.url, types=TYPES, robots=False)
    began = monotonic()
    hurried.stop()
    assert "not asked any more" in failure(hurried, web.url).reason
    assert monotonic() - began < 30
    assert web.asked == ["/"]


def test_robots_txt_is_asked_for_once_and_obeyed(web: Web) -> None:
    web.pages["/robots.txt"] = page("User-agent: *\nDisallow: /private\n", kind="text/plain")
    web.pages["/private/x"] = page("secret")
    polite = fetcher(web)
    polite.get(web.url, types=TYPES)
    assert "robots.txt" in refusal(polite, f"{web.url}/private/x")
    assert web.asked == ["/robots.txt", "/"]


def test_robots_txt_may_name_us(web: Web) -> None:
    rules = "User-agent: *\nAllow: /\n\nUser-agent: tao-analytics\nDisallow: /\n"
    web.pages["/robots.txt"] = page(rules, kind="text/plain")
    assert "robots.txt" in refusal(fetcher(web), web.url)


def test_a_redirect_into_what_robots_may_not_see_is_refused(web: Web) -> None:
    web.pages["/robots.txt"] = page("User-agent: *\nDisallow: /private\n", kind="text/plain")
    web.pages["/"] = leads_to("/private")
    assert "robots.txt" in refusal(fetcher(web), web.url)
    assert "/private" not in web.asked


def test_without_a_robots_txt_every_page_may_be_read(web: Web) -> None:
    for status in (401, 403, 404, 410):
        web.pages["/robots.txt"] = page("", status=status)
        assert fetcher(web).get(web.url, types=TYPES).status == 200


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_out_of_order_keeps_the_page_for_later(status: int, web: Web) -> None:
    web.pages["/robots.txt"] = page("", status=status)
    problem = failure(fetcher(web), web.url)
    assert problem.heals
    assert "robots.txt" in problem.reason
    assert web.asked == ["/robots.txt"]


def test_a_robots_txt_that_leads_to_a_private_address_is_not_followed(web: Web) -> None:
    with website(**{"robots.txt": page("User-agent: *\nAllow: /")}) as forbidden:
        web.pages["/robots.txt"] = leads_to(f"{forbidden.url}/robots.txt")
        assert "robots.txt" in refusal(fetcher(web), web.url)
        assert forbidden.asked == []


def test_a_service_made_for_programs_is_asked_without_robots_txt(web: Web) -> None:
    fetcher(web).get(web.url, types=TYPES, robots=False)
    assert web.asked == ["/"]


def test_the_visitor_says_who_it_is_and_carries_nothing_from_page_to_page(web: Web) -> None:
    web.pages["/"] = page("<p>hello</p>", Set_Cookie="session=1")
    visitor = fetcher(web, contact="admin@example.org\r\nX-Injected: 1")
    for _ in range(2):
        visitor.get(web.url, types=TYPES)
    seen = web.headers[-1]
    assert seen["user-agent"] == "tao-analytics (admin@example.org X-Injected: 1)"
    assert not {"cookie", "referer", "authorization", "x-forwarded-for", "x-injected"} & set(seen)
