"""Files that are sent while they are written, as a reader and the cache see them."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from insights import exports, registry
from insights.streaming import PIECE_BYTES, WHOLE_BYTES, answered, packed, unpacked_beside
from taoanalytics.jobs.models import Generation

ALL_COLUMNS = f"/screener.json?col={','.join(registry.BY_KEY)}"
LARGE = ("/explorer.csv", "/explorer.json", "/trends.csv", "/subnets/1.json", ALL_COLUMNS)
LINE = "a line of a file\n"
MANY = 4 * WHOLE_BYTES // len(LINE)


def sent(lines: Any, **request: Any) -> HttpResponse | StreamingHttpResponse:
    return answered(RequestFactory().get("/x.csv", **request), lines, content_type="text/csv", headers={"X-A": "b"})


def until_it_breaks(count: int) -> Iterator[str]:
    yield from [LINE] * count
    raise ValueError("broken")


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large."""
    monkeypatch.setattr("insights.streaming.WHOLE_BYTES", 0)
    monkeypatch.setattr("insights.streaming.PIECE_BYTES", 200)


def test_a_small_file_is_one_answer() -> None:
    answer = sent([LINE] * 3)
    assert isinstance(answer, HttpResponse)
    assert answer.content == LINE.encode() * 3
    assert (answer.headers["Content-Type"], answer.headers["X-A"]) == ("text/csv", "b")


def test_a_large_file_goes_out_while_it_is_written() -> None:
    written = 0

    def lines() -> Iterator[str]:
        nonlocal written
        for _ in range(MANY):
            written += 1
            yield LINE

    answer = sent(lines())
    assert isinstance(answer, StreamingHttpResponse)
    assert written * len(LINE) < WHOLE_BYTES + 2 * PIECE_BYTES
    pieces = list(answer)
    assert written == MANY
    assert b"".join(pieces) == LINE.encode() * MANY
    assert max(map(len, pieces)) < PIECE_BYTES + len(LINE)


def test_a_reader_that_knows_no_end_of_a_stream_gets_it_whole() -> None:
    answer = sent([LINE] * MANY, SERVER_PROTOCOL="HTTP/1.0")
    assert isinstance(answer, HttpResponse)
    assert len(answer.content) == MANY * len(LINE)


def test_what_breaks_early_is_an_error_and_what_breaks_late_is_no_end() -> None:
    with pytest.raises(ValueError, match="broken"):
        sent(until_it_breaks(3))
    answer = sent(until_it_breaks(MANY))
    with pytest.raises(ValueError, match="broken"):
        list(answer)


@pytest.mark.parametrize("send", [packed, unpacked_beside])
def test_what_was_sent_to_its_end_is_kept(send: Any) -> None:
    pieces, kept = [b"one, ", b"two, " * 1000, b"three"], []
    through = b"".join(send(iter(pieces), most=10**6, keep=kept.append))
    assert (gzip.decompress(through) if send is packed else through) == b"".join(pieces)
    assert [gzip.decompress(each) for each in kept] == [b"".join(pieces)]


@pytest.mark.parametrize("send", [packed, unpacked_beside])
def test_what_is_too_large_or_broken_off_is_not_kept(send: Any) -> None:
    kept: list[bytes] = []
    assert b"".join(send(iter([b"x"] * 50), most=10, keep=kept.append))
    walk = send(iter([b"x"] * 50), most=10**6, keep=kept.append)
    next(walk)
    walk.close()
    assert kept == []


@pytest.mark.parametrize("address", LARGE)
def test_a_stream_holds_what_the_whole_answer_holds(
    browser: Client, network: None, address: str, request: pytest.FixtureRequest
) -> None:
    whole = browser.get(address)
    cache.clear()
    request.getfixturevalue("streamed")
    plain = browser.get(address)
    assert plain.streaming
    assert plain.getvalue() == whole.getvalue()
    cache.clear()
    compressed = browser.get(address, headers={"accept-encoding": "gzip"})
    assert compressed.streaming
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.getvalue()) == plain.getvalue() or not plain.getvalue()
    for name in ("Content-Type", "Content-Disposition", "ETag", "Cache-Control", "Vary"):
        assert whole.headers.get(name) == plain.headers.get(name) == compressed.headers.get(name)
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("accepts", ["identity", "gzip"])
def test_the_next_reader_of_a_stream_costs_one_query_and_who_has_it_gets_304(
    browser: Client, network: None, streamed: None, accepts: str, django_assert_num_queries: Any
) -> None:
    first = browser.get("/explorer.json", headers={"accept-encoding": accepts})
    body = first.getvalue()
    with django_assert_num_queries(1):
        second = browser.get("/explorer.json", headers={"accept-encoding": accepts})
    assert not second.streaming
    assert body == second.content
    assert second.headers["ETag"] == first.headers["ETag"]
    with django_assert_num_queries(1):
        has_it = browser.get("/explorer.json", headers={"if-none-match": first.headers["ETag"]})
    assert (has_it.status_code, has_it.content) == (304, b"")
    Generation.objects.bump()
    assert browser.get("/explorer.json", headers={"if-none-match": first.headers["ETag"]}).status_code == 200


def test_who_asks_for_the_head_has_nothing_written(
    browser: Client, network: None, streamed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = browser.head("/explorer.csv", headers={"accept-encoding": "gzip"})
    assert (head.status_code, head.getvalue()) == (200, b"")
    got = browser.get("/explorer.csv", headers={"accept-encoding": "gzip"})
    assert got.streaming, "a head keeps no file"
    assert dict(head.headers) == dict(got.headers)


def test_no_query_is_left_for_after_the_first_byte(
    browser: Client, network: None, streamed: None, django_assert_num_queries: Any
) -> None:
    for address in (*LARGE, "/", "/compare.csv?netuid=1&netuid=4", "/trends.json?metric=price_usd", "/correlation.csv"):
        form = "" if address != "/" else "?format=csv"
        answer = browser.get(f"{address}{form}")
        assert answer.streaming
        with django_assert_num_queries(0):
            assert answer.getvalue()


def test_a_database_that_goes_away_is_503_and_no_cut_file(
    browser: Client, network: None, streamed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("insights.exports.NetworkSnapshot.objects.in_bulk", away)
    assert browser.get("/explorer.csv").status_code == 503


def test_a_file_that_breaks_off_is_neither_ended_nor_kept(
    browser: Client, network: None, streamed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = exports._finite

    def breaking(cell: Any) -> Any:
        if cell == "τemplar":
            raise ValueError("broken")
        return written(cell)

    monkeypatch.setattr(exports, "_finite", breaking)
    answer = browser.get("/explorer.csv?sort=netuid")
    assert (answer.status_code, answer.streaming) == (200, True)
    with pytest.raises(ValueError, match="broken"):
        answer.getvalue()
    monkeypatch.setattr(exports, "_finite", written)
    again = browser.get("/explorer.csv?sort=netuid")
    assert again.streaming, "the broken one was not kept"
    assert len(list(csv.reader(io.StringIO(again.getvalue().decode())))) == 5


def test_a_long_address_is_streamed_and_takes_no_place_in_the_cache(
    browser: Client, network: None, streamed: None
) -> None:
    address = f"/explorer.json?q=&x={'x' * 400}"
    for _ in range(2):
        answer = browser.get(address)
        assert answer.streaming
        assert len(json.loads(answer.getvalue())["rows"]) == 4
