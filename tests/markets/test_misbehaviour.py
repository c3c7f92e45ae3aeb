"""Whatever a market does, it is refused with the reason: no traceback, no row, no zero, no hanging."""

import re
import ssl
from datetime import timedelta
from time import monotonic

import pytest
from django.core.management import call_command

from markets.collect import collect_price, collect_screener
from markets.models import MarketReply, ScreenerRow, TaoPrice
from taoanalytics.jobs.errors import Permanent, ServiceError, Transient
from taoanalytics.jobs.models import ApiQuota, JobRun
from taoanalytics.lib import clock
from taoanalytics.lib.http import HttpError, get_json
from tests.lib.answers import breaks_off, drips_its_body, drips_its_headers, hangs_up, says, says_nothing
from tests.lib.secure import CERTIFICATE, safe_server
from tests.markets.outside import outside
from tests.markets.samples import priced, screened

pytestmark = pytest.mark.django_db

HTML = "<!doctype html><title>Just a moment…</title>"
CASES = {
    "an empty body": (says(text=""), Transient, "empty"),
    "white space": (says(text=" \n "), Transient, "empty"),
    "a truncated document": (says(text='[{"netuid": 1, "pri'), Transient, "truncated"),
    "a connection cut short": (breaks_off([screened(1)]), Transient, "cut short"),
    "a connection closed at once": (hangs_up, Transient, "could not be read|could not be reached"),
    "HTML as HTML": (says(text=HTML, kind="text/html"), Transient, "HTML in place of JSON"),
    "HTML as JSON": (says(text=HTML), Transient, "HTML in place of JSON"),
    "plain text": (says(text="bad gateway", kind="text/plain"), Transient, "text/plain"),
    "no UTF-8": (says(text=b'["\xff\xfe"]'), Transient, "UTF-8"),
    "depth without end": (says(text="[" * 200_000), Transient, "JSON"),
    "a number without end": (says(text='[{"netuid": ' + "9" * 10_000 + "}]"), Transient, "JSON"),
    "a bare number": (says(42), ServiceError, "neither a list|says nothing"),
    "a bare text": (says("ok"), ServiceError, "neither a list|says nothing"),
    "null": (says(None), ServiceError, "neither a list|says nothing"),
    "401": (says({"detail": "Invalid API key"}, status=401), Permanent, "401"),
    "403 with HTML": (says(text=HTML, status=403, kind="text/html"), Permanent, "403"),
    "404": (says({"detail": "Not Found"}, status=404), Permanent, "404"),
    "429 without a word": (says(text="", status=429), Transient, "429"),
    "429 with a wait too long": (says(text="", status=429, retry_after="900"), Transient, "429"),
    "500": (says({"detail": "oops"}, status=500), Transient, "500"),
    "502 in text": (says(text="error code: 502", status=502, kind="text/plain"), Transient, "502"),
    "503": (says(text=HTML, status=503, kind="text/html"), Transient, "503"),
    "204": (says(text="", status=204), Transient, "204"),
}
WORDS = {
    "Transient": "It did not answer as it should at the last try, and is asked again.",
    "Permanent": "The last try failed in a way that waiting does not mend.",
}
"""What /status/ says of it, and no more."""


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("source", ["tao_app", "gecko"])
def test_it_is_refused_with_the_reason_and_nothing_is_stored(case, source, request, network, capsys, client):
    market = request.getfixturevalue(source)
    answer, kind, reason = CASES[case]
    market.answer(answer)
    with pytest.raises(SystemExit) as leaving:
        call_command("collect", {"tao_app": "screener", "gecko": "price"}[source])
    said = capsys.readouterr().out
    assert leaving.value.code == 1
    assert re.search(reason, said)
    assert "Traceback" not in said
    assert not any(model.objects.exists() for model in (ScreenerRow, TaoPrice, MarketReply))
    run = JobRun.objects.get()
    assert run.state == "failed"
    assert run.error.startswith(tuple(WORDS) if kind is ServiceError else kind.__name__)
    shown = client.get("/status/").content.decode()
    assert WORDS[run.error.partition(":")[0]] in shown
    assert run.error.partition(": ")[2] not in shown


@pytest.mark.parametrize("slow", [drips_its_body, drips_its_headers, says_nothing])
def test_a_reply_that_drips_is_given_up_after_its_whole_time(tao_app, network, settings, slow):
    settings.MARKETS_TOTAL_SECONDS = 0.4
    tao_app.answer(slow)
    started = monotonic()
    with pytest.raises(Transient, match=r"not done within 0\.4 s"):
        collect_screener()
    assert monotonic() - started < 30


def test_a_market_that_is_down_says_where(network):
    with pytest.raises(Transient, match=r"TAO.app: 127\.0\.0\.1:9 could not be reached: Connection refused"):
        collect_screener()


@pytest.mark.parametrize("packed", [False, True])
def test_a_reply_larger_than_bearable_is_dropped_on_the_way(tao_app, network, settings, packed):
    settings.MARKETS_LARGEST_REPLY_BYTES = 100_000
    tao_app.answer(says(text="[" + " " * 5_000_000 + "]", packed=packed))
    with pytest.raises(Permanent, match="more than 100,000 bytes"):
        collect_screener()


def test_a_packed_reply_is_unpacked(tao_app, network):
    tao_app.answer(says([screened(1)], packed=True))
    assert collect_screener().stored == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(tao_app, network, status):
    with outside() as elsewhere:
        elsewhere.say([screened(1)])
        tao_app.answer(says(text="", status=status, location=f"{elsewhere.url}/api"))
        with pytest.raises(Permanent, match="redirects are not followed"):
            collect_screener()
        assert elsewhere.asked == []


@pytest.mark.parametrize("told", ["0", "0.0", "-5", "Sun, 22 Nov 2020 10:00:00 GMT"])
def test_a_wait_that_is_bearable_is_waited_and_each_try_is_counted(tao_app, network, told):
    busy = says(text="", status=429, retry_after=told)
    tao_app.answer(busy, busy, says([screened(1)]))
    assert collect_screener().stored == 1
    assert ApiQuota.objects.get().calls == 3


def test_tries_come_to_an_end(gecko):
    gecko.answer(says(text="", status=429, retry_after="0"))
    with pytest.raises(Transient) as refused:
        collect_price()
    assert len(gecko.asked) == 3
    assert refused.value.retry_after == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "42"}, 42),
        ({"retry_after": "1e9"}, 3600),
        ({"retry_after": "inf"}, 3600),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_asked_for_is_passed_on_in_bounds(gecko, headers, seconds):
    gecko.answer(says(text="", status=429, **headers))
    with pytest.raises(Transient) as refused:
        collect_price()
    assert refused.value.retry_after == seconds


def test_the_wait_may_be_told_as_a_time(gecko):
    renewal = clock.now() + timedelta(minutes=5)
    gecko.answer(says(text="", status=429, x_ratelimit_reset=f"{renewal:%Y-%m-%d %H:%M:%S} +0000"))
    with pytest.raises(Transient) as refused:
        collect_price()
    assert refused.value.retry_after == pytest.approx(300, abs=5)


def test_one_source_that_fails_leaves_the_other_alone(tao_app, gecko, network):
    tao_app.answer(says(text="", status=500))
    gecko.say(priced())
    with pytest.raises(Transient):
        collect_screener()
    assert collect_price().stored == 1
    assert set(JobRun.objects.values_list("job", "state")) == {
        ("collect screener", "failed"),
        ("collect price", "succeeded"),
    }


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://api.example.com/x", "not asked over plain http"),
        ("http://127.0.0.1.example.com/x", "not asked over plain http"),
        ("ftp://127.0.0.1/x", "not an https"),
        ("api.tao.app", "not an https"),
        ("https://[::1", "malformed"),
        ("https://host:port/", "malformed"),
        ("", "not an https"),
    ],
)
def test_keys_do_not_travel_in_the_clear(url, reason):
    with pytest.raises(HttpError, match=reason) as refused:
        get_json(url)
    assert not refused.value.heals


def test_a_certificate_that_nobody_vouches_for_is_refused():
    with safe_server(b"[]") as port, pytest.raises(HttpError, match="certificate that is not trusted"):
        get_json(f"https://localhost:{port}/")


@pytest.mark.parametrize(("host", "trusted"), [("localhost", True), ("127.0.0.1", False)])
def test_a_certificate_is_good_for_its_own_name_only(monkeypatch, host, trusted):
    monkeypatch.setattr("taoanalytics.lib.http.trust", lambda: ssl.create_default_context(cafile=str(CERTIFICATE)))
    with safe_server(b"[1]") as port:
        if trusted:
            assert get_json(f"https://{host}:{port}/").value == [1]
        else:
            with pytest.raises(HttpError, match="not trusted"):
                get_json(f"https://{host}:{port}/")
