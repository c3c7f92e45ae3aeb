"""Icons are found where subnets say, drawn anew, and served by us; what is no harmless picture never is."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image, PngImagePlugin

from enrichment.icons import fetch_icons
from enrichment.models import SubnetIcon
from enrichment.pictures import encoded
from subnets.models import Chain
from taoanalytics.jobs.models import Generation, JobRun
from taoanalytics.lib import clock
from tests.factories import a_subnet, stored
from tests.lib.web import Web, page, website

DAY = timedelta(days=1)


def picture(form: str = "PNG", size: tuple[int, int] = (200, 100), colour: str = "red", **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, form, **options)
    return written.getvalue()


def claims_to_be(width: int, height: int) -> bytes:
    """A PNG of that size by its head, with next to nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "ICO"])
def test_a_picture_of_any_usual_kind_becomes_a_small_square_png(form: str) -> None:
    with Image.open(io.BytesIO(encoded(picture(form)))) as drawn:
        assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (64, 64), "RGBA")
        red, green, blue, alpha = drawn.getpixel((32, 32))  # type: ignore[misc]
        assert (red > 240, green < 15, blue < 15, alpha) == (True, True, True, 255)


def test_nothing_but_the_pixels_is_kept() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    for image in (picture(pnginfo=notes) + b"<script>", picture("JPEG", exif=exif), picture("PNG", exif=exif)):
        drawn = encoded(image)
        assert b"script" not in drawn
        assert b"taken" not in drawn
        with Image.open(io.BytesIO(drawn)) as opened:
            assert opened.info == {}


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (b"", "not an image"),
        (b"\x00" * 1000, "not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not an image"),
        (b"<html>not found</html>", "not an image"),
        (picture()[:60], "not an image"),
        (picture("BMP"), "not an image"),
        (picture("TIFF"), "not an image"),
        (picture(size=(1, 1)), "only 1 × 1"),
        (claims_to_be(3000, 3000), "more than 4,000,000 pixels"),
        (claims_to_be(12_000, 12_000), "more than 4,000,000 pixels"),
        (claims_to_be(60_000, 60_000), "more than 4,000,000 pixels"),
        (claims_to_be(2_000_000_000, 2_000_000_000), "pixels|not an image"),
        (claims_to_be(100, 100), "not an image"),
    ],
)
def test_what_is_no_picture_or_too_large_a_one_is_refused(image: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        encoded(image)


@pytest.fixture
def web(db: None, settings: LazySettings) -> Iterator[Web]:
    with website() as served:
        settings.CONTEXT_ALLOWED_ADDRESSES, settings.CONTEXT_REQUESTS_PER_SECOND = [served.address], 0.0
        settings.CONTEXT_CONNECT_SECONDS, settings.CONTEXT_TOTAL_SECONDS = 60.0, 60.0
        settings.CONTEXT_LARGEST_BYTES, settings.CONTEXT_CONCURRENCY = 2 * 2**20, 4
        yield served


def network(*said: dict[str, str]) -> None:
    facts = [a_subnet(netuid) for netuid in range(len(said) + 1)]
    identities = ({}, *said)
    stored(
        *(
            replace(fact, identity=replace(fact.identity, **each))
            for fact, each in zip(facts, identities, strict=True)
            if fact.identity
        ),
        at=clock.now(),
    )


def shows(image: bytes, kind: str = "image/png") -> Any:
    return page(image, kind=kind)


def test_the_logo_that_the_chain_names_is_fetched_and_served(web: Web, client: Client) -> None:
    web.pages["/logo.png"] = shows(picture())
    network({"logo_url": f"{web.url}/logo.png"})
    report = fetch_icons()
    assert (report.seen, report.stored) == (1, 1)
    kept = SubnetIcon.objects.get()
    assert (kept.status, kept.reason, kept.address) == ("fetched", "", f"{web.url}/logo.png")
    assert SubnetIcon.objects.digests() == {kept.subnet_id: kept.digest}
    assert JobRun.objects.get().job == "fetch icons"
    response = client.get(reverse("icon", args=[1, kept.digest]))
    assert response.content == bytes(kept.content)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
    for other in ([1, "0" * 16], [2, kept.digest], [0, kept.digest]):
        assert client.get(reverse("icon", args=other)).status_code == 404
    assert client.post(reverse("icon", args=[1, kept.digest])).status_code == 405


def test_without_a_logo_the_page_names_its_icon_and_else_it_is_where_browsers_look(web: Web) -> None:
    web.pages |= {
        "/a/": page('<link rel=icon href="icon.gif">'),
        "/a/icon.gif": shows(picture("GIF", colour="blue"), "image/gif"),
        "/b/": page("<p>no icon here</p>"),
        "/favicon.ico": shows(picture("ICO", colour="green"), "image/x-icon"),
    }
    network(
        {"url": f"{web.url}/a/"},
        {"url": f"{web.url}/b/"},
        {"logo_url": f"{web.url}/missing.png", "url": f"{web.url}/a/"},
    )
    assert fetch_icons().stored == 3
    addresses = dict(SubnetIcon.objects.values_list("subnet__netuid", "address"))
    assert addresses == {1: f"{web.url}/a/icon.gif", 2: f"{web.url}/favicon.ico", 3: f"{web.url}/a/icon.gif"}


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ({}, "absent", "neither a logo nor a website"),
        ({"logo_url": "{web}/logo.svg"}, "refused", "image/svg"),
        ({"logo_url": "{web}/named.png"}, "refused", "not an image"),
        ({"logo_url": "{web}/bomb.png"}, "refused", "more than 4,000,000 pixels"),
        ({"logo_url": "{web}/gone.png"}, "absent", "404"),
        ({"logo_url": "{web}/broken.png"}, "failed", "500"),
        ({"logo_url": "http://169.254.169.254/x.png"}, "refused", "not a public address"),
        ({"logo_url": "data:image/png;base64,xxxx"}, "refused", "neither http nor https"),
        ({"url": "{web}/page"}, "refused", "not a public address"),
    ],
)
def test_what_is_no_icon_is_said_to_be_none(said: dict[str, str], status: str, reason: str, web: Web) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    web.pages |= {
        "/logo.svg": shows(svg, "image/svg+xml"),
        "/named.png": shows(svg),
        "/bomb.png": shows(claims_to_be(60_000, 60_000)),
        "/broken.png": page("", status=500),
        "/page": page('<link rel=icon href="http://10.0.0.1/icon.png">'),
    }
    network({key: value.format(web=web.url) for key, value in said.items()})
    fetch_icons()
    kept = SubnetIcon.objects.get()
    assert kept.status == status
    assert reason in kept.reason
    assert SubnetIcon.objects.digests() == {}


def test_a_failed_look_keeps_the_icon_and_waits_longer_each_time(web: Web) -> None:
    web.pages["/logo.png"] = shows(picture())
    network({"logo_url": f"{web.url}/logo.png"})
    fetch_icons()
    good = SubnetIcon.objects.get()
    assert fetch_icons().skipped == 1, "not due"
    web.pages["/logo.png"] = page("", status=500)
    waits = []
    for _ in range(3):
        assert fetch_icons(force=True).failed == 1
        kept = SubnetIcon.objects.get()
        assert kept.next_try_at
        assert kept.tried_at
        waits.append(kept.next_try_at - kept.tried_at)
        assert (bytes(kept.content), kept.digest, kept.fetched_at) == (
            bytes(good.content),
            good.digest,
            good.fetched_at,
        )
    assert waits == [DAY, 2 * DAY, 4 * DAY]


def test_cached_pages_are_made_anew_only_when_an_icon_changed(web: Web) -> None:
    web.pages["/logo.png"] = shows(picture())
    network({"logo_url": f"{web.url}/logo.png"})
    before = Generation.objects.current()
    fetch_icons()
    assert Generation.objects.current() == before + 1
    fetch_icons(force=True)
    assert Generation.objects.current() == before + 1


def test_only_the_subnets_that_are_asked_for_are_looked_at(web: Web) -> None:
    web.pages["/logo.png"] = shows(picture())
    network({"logo_url": f"{web.url}/logo.png"}, {"logo_url": f"{web.url}/logo.png"})
    assert fetch_icons(netuids=[2]).seen == 1
    assert list(SubnetIcon.objects.values_list("subnet__netuid", flat=True)) == [2]


def test_the_command_says_what_became_of_each(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    web.pages["/logo.png"] = shows(picture())
    network({"logo_url": f"{web.url}/logo.png"}, {"logo_url": f"{web.url}/broken.png"})
    web.pages["/broken.png"] = page("", status=500)
    with pytest.raises(SystemExit) as ended:
        call_command("fetch_icons", "--netuid", "1", "2", "--force")
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "partial" in said
    assert "icon of subnet 2: 127.0.0.1 answered 500" in said


def test_on_a_simulated_network_no_icon_is_looked_for(web: Web) -> None:
    network({"logo_url": f"{web.url}/logo.png"})
    Chain.objects.update_or_create(pk=1, defaults={"genesis_hash": "0x00", "simulated": True})
    report = fetch_icons()
    assert "simulated" in report.notes[0]
    assert web.asked == []
