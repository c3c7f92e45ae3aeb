"""A page is a function of its address and of what has been published: made once, and sent once to each reader."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from hashlib import blake2b
from threading import Lock
from typing import Concatenate, ParamSpec

import brotli
from django.conf import settings
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from insights.generation import held_per_generation
from insights.pages.point_in_time import PARAMETER as DAY
from insights.pages.shelf import Made, Slot
from insights.streaming import packed, unpacked_beside
from subnets.models import Chain, NetworkSnapshot
from taoanalytics.jobs.models import Generation
from taoanalytics.lib import clock

P = ParamSpec("P")

FRAGMENT_HEADERS = ("HX-Request", "HX-Target", "HX-History-Restore-Request")
"""What decides whether a page or a part of it is sent."""

_VARY = ("Accept-Encoding", *FRAGMENT_HEADERS)
_KEPT_HEADERS = ("Content-Type", "Content-Disposition")
_GZIP_LEVEL = 6
_BROTLI_QUALITY, _BROTLI_QUALITY_OF_ASKED = 6, 4
"""The second takes half the time and leaves a tenth more, which suits a page that few will ask for."""

_MAX_AGE_SECONDS = 60

_PATIENCE_SECONDS = 0.25
_making = Lock()
"""Held by the thread that makes a page. That is work for the processor: several at once take longer together than one
after the other, and keep those waiting whose page is kept. A page that takes long is not waited for."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Which data the pages show, and what every page must say about it."""

    generation: int = 0
    simulated: bool = False
    newest_at: datetime | None = None

    @property
    def stale(self) -> bool:
        if self.newest_at is None:
            return False
        return (clock.now() - self.newest_at).total_seconds() > 60 * settings.STALE_AFTER_MINUTES

    @property
    def edition(self) -> str:
        """Names all that pages are made from besides their address."""
        return _digest(self.generation, self.simulated, self.stale, settings.RELEASE)


def current_publication() -> Publication:
    """One query, and another once per generation and process."""
    number = Generation.objects.current()
    is_simulated, newest_at = held_per_generation(number, "publication", _what_was_published)
    return Publication(number, is_simulated or settings.SIMULATED, newest_at)


def _what_was_published() -> tuple[bool, datetime | None]:
    """(whether the network is a simulated one, when its newest complete observation was true)"""
    simulated = Chain.objects.filter(simulated=True)
    newest = (
        NetworkSnapshot.objects.filter(complete=True).order_by("-observed_at").annotate(simulated=Exists(simulated))
    )
    found = newest.values_list("simulated", "observed_at").first()
    return found or (simulated.exists(), None)


def fragment_of(request: HttpRequest) -> str:
    """The id of the part that htmx asks for, "-" if it does not say; "" for a whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]  # set by django_htmx's middleware
    if not htmx or htmx.history_restore_request:
        return ""
    return str(htmx.target or "-")[:40]


def read_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """GET and HEAD; all else is 405, and not the 403 of one who lacks a token for sending what cannot be sent."""
    return csrf_exempt(require_safe(view))


def published(
    view: Callable[Concatenate[HttpRequest, Publication, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For a page that shows nothing but published data: 304 where the reader has it, the cached page where we have it.

    The view gets the publication as its second argument. What it streams goes out as it is written and is kept once its
    end is reached, so that the next reader costs no more than the next reader of a page.
    """

    @read_only
    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        publication = current_publication()
        if settings.DEBUG:  # a developer wants to see the template as it is now
            return view(request, publication, *args, **kwargs)
        key = _key(request, publication.edition)
        etag = f'W/"{key}"'  # weak, for it stands for the compressed page and the plain one
        response: HttpResponseBase
        if _has(request, key):
            response = HttpResponseNotModified()
        else:
            make = partial(view, request, publication, *args, **kwargs)
            response = _kept_or_made(request, key, publication.edition, make)
        if response.status_code in (200, 304):
            response.headers["ETag"] = etag
            patch_cache_control(response, public=True, max_age=_MAX_AGE_SECONDS)
            patch_vary_headers(response, _VARY)
        return response

    return page


def _has(request: HttpRequest, key: str) -> bool:
    """Whether the reader names the page's tag. "*" names none: whether there is a page at all, its view alone knows.

    No other condition is looked at, for nothing can be written here and no page says since when it is as it is.
    """
    named = parse_etags(request.headers.get("If-None-Match", ""))
    return any(tag.removeprefix("W/") == f'"{key}"' for tag in named)


def _key(request: HttpRequest, edition: str) -> str:
    day = clock.now().date() if DAY in request.GET else None  # a day that has not come yet will have tomorrow
    return _digest(edition, request.build_absolute_uri(), fragment_of(request), day)


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(errors="replace"), digest_size=16).hexdigest()


def _kept_or_made(
    request: HttpRequest, key: str, edition: str, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    slot = _slot(request, key, edition)
    if slot.made is None:
        with _alone_if_soon():
            slot = _slot(request, key, edition)  # somebody who came before may have had it made
            if slot.made is None:
                return _keep(request, slot, make())
    return _delivered(request, slot.made)


@contextmanager
def _alone_if_soon() -> Iterator[None]:
    alone = _making.acquire(timeout=_PATIENCE_SECONDS)
    try:
        yield
    finally:
        if alone:
            _making.release()


def _slot(request: HttpRequest, key: str, edition: str) -> Slot:
    coding = "br" if _takes(request, "br") else "gzip"
    address = f"{request.build_absolute_uri()} {fragment_of(request)}"
    return Slot.of(address, asked=_is_asked(request), coding=coding, key=key, edition=edition)


def _is_asked(request: HttpRequest) -> bool:
    return bool(request.META.get("QUERY_STRING"))


def _keep(request: HttpRequest, slot: Slot, response: HttpResponseBase) -> HttpResponseBase:
    """Compressed once, for every reader to come."""
    if response.status_code != 200:
        return response
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    if isinstance(response, StreamingHttpResponse):
        return _sent_as_written(request, slot, response, headers)
    if not isinstance(response, HttpResponse):
        return response
    if _takes(request, "br"):
        quality = _BROTLI_QUALITY_OF_ASKED if _is_asked(request) else _BROTLI_QUALITY
        body = brotli.compress(response.content, quality=quality)  # type: ignore[no-untyped-call]
        made = Made(body, headers | {"Content-Encoding": "br"})
    else:
        body = gzip.compress(response.content, _GZIP_LEVEL, mtime=0)
        made = Made(body, headers | {"Content-Encoding": "gzip"})
    slot.keep(made)
    return _delivered(request, made)


def _sent_as_written(
    request: HttpRequest, slot: Slot, response: StreamingHttpResponse, headers: dict[str, str]
) -> StreamingHttpResponse:
    """Kept at its end, if there is room for it then. Who asks for the head alone has nothing written."""
    compressed = _takes(request, "gzip")
    packed_headers = headers | {"Content-Encoding": "gzip"}
    send = packed if compressed else unpacked_beside
    body: Iterable[bytes] = ()
    if request.method == "GET":
        body = send(response, most=slot.most_bytes, keep=lambda whole: slot.keep(Made(whole, packed_headers)))
    return StreamingHttpResponse(body, headers=packed_headers if compressed else headers)


def _delivered(request: HttpRequest, made: Made) -> HttpResponse:
    """As it is kept, or unpacked for a reader who takes no such thing; who takes neither finds what gzip has packed."""
    if _takes(request, made.headers["Content-Encoding"]):
        return HttpResponse(made.body, headers=made.headers)
    plain = {name: value for name, value in made.headers.items() if name != "Content-Encoding"}
    return HttpResponse(gzip.decompress(made.body), headers=plain)


def _takes(request: HttpRequest, coding: str) -> bool:
    """Whether the reader takes what is packed with "br" or "gzip"; a weight of 0 refuses it."""
    for part in request.headers.get("Accept-Encoding", "").split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == coding:
            return weight.replace(" ", "").rstrip(".0") != "q="
    return False
