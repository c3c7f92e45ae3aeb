"""Every address there is, asked as nobody should ask: odd bytes, forged headers, other methods, too much of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from insights import registry
from tests.insights.test_every_page import FINE

MOST_QUERIES, MOST_BYTES = 40, 2_000_000
FILLED = {
    "<int:netuid>": "1",
    "<int:block>": "1000",
    "<slug:slug>": "llm-inference",
    "<slug:key>": "price_tao",
    "<slug:digest>": "abc",
    "{netuid}": "1",
    "{key}": "price_tao",
    "<netuid>": "1",
    "<key>": "price_tao",
}
STRANGE = (
    *("/subnets/99999999999999999999/", "/subnets/1/99999999999999999999999/", "/subnets/-1/", "/subnets/%C2%B2/"),
    *("/icons/99999999999999999999999-a.png", "/api/v1/subnets/99999999999999999999", "/api/v1/metrics/%00"),
    *(
        "/explorer.xml",
        "/subnets/1.exe",
        "/subnets/1.csv.csv",
        "/subnets/..%2f..%2fetc/passwd.csv",
        "/%ff%fe/",
        "/%00/",
    ),
    *("/methodology/..%2f/", "//evil.example/", "/subnets/1/%0d%0aSet-Cookie:a=b/", "/categories/%F0%9F%94%A5/"),
)


def addresses(patterns: Any, start: str = "/") -> Iterator[str]:
    """Whatever the site answers at, from its own list: a page that is added is asked, too."""
    for each in patterns:
        path = start + str(each.pattern).removeprefix("^")
        if isinstance(each, URLResolver) and "admin" not in path:
            yield from addresses(each.url_patterns, path)
        elif isinstance(each, URLPattern):
            for placeholder, value in FILLED.items():
                path = path.replace(placeholder, value)
            yield path


ALL = tuple(addresses(get_resolver().url_patterns))
NAMES = st.one_of(
    st.sampled_from(
        "as_of currency theme format meanings table q category sort view range chart trade vsort netuid metric how by "
        "m method level of scope figures preset col flag only least most x y size log heat pctl density name limit "
        "fields every from to key p registered_at_block netuid[] q[0] %00 %ff &".split()
    ),
    st.sampled_from(list(registry.BY_KEY)).flatmap(lambda key: st.sampled_from([f"min_{key}", f"max_{key}"])),
)
VALUES = st.one_of(
    st.sampled_from(list(registry.BY_KEY)),
    st.lists(st.sampled_from(list(registry.BY_KEY)), max_size=60).map(",".join),
    st.sampled_from(
        "%00 %ff %C0%AF %ED%A0%80 %E2%80%AE %0d%0aSet-Cookie:a=b ²  ٣ １２ NaN nan inf -inf 1e999 -0 0x10 1_000 [] {} "
        "-1 0 99999999999999999999999 ../../etc/passwd %2e%2e%2f %27%20OR%201=1-- <script> {{7*7}} %s%n null "
        "2026-02-30 2026-W01-1 0001-01-01 9999-12-31 2026-01-30 csv json usd all 1h 30d category".split()
    ),
    st.integers(1, 400).map("%CC%81".__mul__),
    st.binary(max_size=30).map(lambda raw: raw.decode("latin-1")),
)
QUERIES = st.lists(
    st.tuples(NAMES, VALUES, st.sampled_from([1, 1, 1, 2, 60])).map(lambda a: "&".join([f"{a[0]}={a[1]}"] * a[2])),
    max_size=8,
).map("&".join)
FORGED = st.fixed_dictionaries(
    {},
    optional={
        "HTTP_HX_REQUEST": st.sampled_from(["true", "TRUE", "\xff"]),
        "HTTP_HX_TARGET": st.sampled_from(
            ["results", "view", "market", "figures", "x" * 5000, "%ff", "\xff", "../503", "#"]
        ),
        "HTTP_HX_TARGET_URI_AUTOENCODED": st.just("true"),
        "HTTP_HX_HISTORY_RESTORE_REQUEST": st.sampled_from(["true", "\xff"]),
        "HTTP_HX_CURRENT_URL": st.sampled_from(["http://[", "javascript:", "\xff"]),
        "HTTP_ACCEPT_ENCODING": st.sampled_from(["*", "br;q=", "gzip;q=x", "br;q=1;q=0", ",,;;", "\xff", "gzip", "br"]),
        "HTTP_IF_NONE_MATCH": st.sampled_from(["*", 'W/"', '""', '"a"' * 1000, "\xff", "a,b"]),
        "HTTP_IF_MATCH": st.just('"x"'),
        "HTTP_RANGE": st.sampled_from(["bytes=0-1", "bytes=9-1,2-3", "x"]),
        "HTTP_HOST": st.sampled_from(
            ["localhost:99999", "LOCALHOST", "evil.example", "localhost\x00", "[", "\xff", "a" * 5000]
        ),
        "HTTP_COOKIE": st.sampled_from(["sessionid=x", "=;=;", "\xff"]),
        "HTTP_X_FORWARDED_HOST": st.just("evil.example"),
    },
)
SAFE, UNSAFE = ("GET", "HEAD"), ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@checked(
    max_examples=200,
    deadline=None,
    phases=[Phase.generate],  # what fails is told as it was asked: to make it smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(ALL + STRANGE), QUERIES, FORGED, st.sampled_from(SAFE * 4 + UNSAFE))
def test_nothing_that_is_asked_is_a_fault_or_costs_much(
    network: None, address: str, query: str, forged: dict[str, str], method: str
) -> None:
    stranger = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    query = query.encode().decode("latin-1")  # as a server hands it on
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = stranger.generic(method, address, QUERY_STRING=query, **forged)
        body = response.getvalue()
    assert response.status_code in (FINE if method in SAFE else {204, 400, 404, 405}), (address, method)
    assert len(asked) <= MOST_QUERIES
    assert len(body) <= MOST_BYTES
    assert not [cookie for cookie in response.cookies.values() if cookie.value], (
        "only a cookie that cannot be is taken away"
    )
    assert b"evil.example" not in body
    for name, value in response.headers.items():
        assert "evil.example" not in value or (name == "Location" and value.startswith("/")), (name, value)
    if response.headers.get("Content-Type") == "application/json" and not response.headers.get("Content-Encoding"):
        json.loads(body or b"{}", parse_constant=lambda word: pytest.fail(word))


def test_more_parameters_than_anybody_needs_are_refused(browser: Client, network: None) -> None:
    many = "&".join(f"k{number}={number}" for number in range(10_000))
    for address in ("/", "/explorer/", "/screener.csv", "/api/v1/subnets", "/status/"):
        assert browser.get(f"{address}?{many}").status_code == 400, address
