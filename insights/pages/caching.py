"""A page is a function of its address and of what has been published: made once, and sent once to each reader."""

import gzip
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import blake2b
from typing import Concatenate, ParamSpec

import brotli
from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from insights.generation import held_per_generation
from insights.pages.point_in_time import PARAMETER as DAY
from insights.streaming import packed, unpacked_beside
from subnets.models import Chain, NetworkSnapshot
from taoanalytics.jobs.models import Generation
from taoanalytics.lib import clock

P = ParamSpec("P")
logger = logging.getLogger(__name__)

FRAGMENT_HEADERS = ("HX-Request", "HX-Target", "HX-History-Restore-Request")
"""What decides whether a page or a part of it is sent."""

_VARY = ("Accept-Encoding", *FRAGMENT_HEADERS)
_KEPT_HEADERS = ("Content-Type", "Content-Disposition")
_GZIP_LEVEL, _BROTLI_QUALITY = 6, 6  # about the same time for a page, of which Brotli leaves an eighth less
_MAX_AGE_SECONDS = 60
_MOST_KEPT_BYTES = 128 * 1024  # compressed
_LONGEST_ADDRESS = 300  # a longer one is somebody's own search: not worth a place in the cache
_PLACES = {"plain": 1024, "asked": 256}
"""How many pages without and with a query are kept, in each coding: visitors can make up as many as they like, and the
cache may be the memory in which the queue's messages stand."""


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


def current_publication() -> Publication:
    """One query, and another once per generation."""
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
        key = _key(request, publication)
        etag = f'W/"{key}"'  # weak, for it stands for the compressed page and the plain one
        response: HttpResponseBase | None
        response = HttpResponseNotModified() if _has(request, key) else _kept(request, key)
        if response is None:
            response = _keep(request, key, view(request, publication, *args, **kwargs))
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


def _key(request: HttpRequest, publication: Publication) -> str:
    parts = (
        publication.generation,
        publication.simulated,
        publication.stale,
        settings.RELEASE,
        request.build_absolute_uri(),
        fragment_of(request),
        clock.now().date() if DAY in request.GET else None,  # a day that has not come yet will have tomorrow
    )
    return blake2b(repr(parts).encode(errors="replace"), digest_size=16).hexdigest()


def _kept(request: HttpRequest, key: str) -> HttpResponse | None:
    if len(request.get_full_path()) > _LONGEST_ADDRESS:
        return None
    try:
        found, *kept = cache.get(_place(request)) or (None,)
    except Exception:  # whatever the cache's client raises, the page can be made without it
        logger.warning("cache unavailable", exc_info=True)
        return None
    return _delivered(request, *kept) if found == key else None


def _keep(request: HttpRequest, key: str, response: HttpResponseBase) -> HttpResponseBase:
    """Compressed once, for every reader to come."""
    if response.status_code != 200:
        return response
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    short = len(request.get_full_path()) <= _LONGEST_ADDRESS
    if isinstance(response, StreamingHttpResponse):
        return _sent_as_written(request, key, response, headers, _MOST_KEPT_BYTES if short else 0)
    if not isinstance(response, HttpResponse):
        return response
    if _takes(request, "br"):
        compressed = brotli.compress(response.content, quality=_BROTLI_QUALITY)  # type: ignore[no-untyped-call]
        headers["Content-Encoding"] = "br"
    else:
        compressed = gzip.compress(response.content, _GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    if short:
        _store(_place(request), key, compressed, headers)
    return _delivered(request, compressed, headers)


def _sent_as_written(
    request: HttpRequest, key: str, response: StreamingHttpResponse, headers: dict[str, str], most: int
) -> StreamingHttpResponse:
    """Kept at its end, if it has no more than `most` bytes then. Who asks for the head alone has nothing written."""
    compressed, place = _takes(request, "gzip"), _place(request)
    packed_headers = headers | {"Content-Encoding": "gzip"}
    send = packed if compressed else unpacked_beside
    body: Iterable[bytes] = ()
    if request.method == "GET":
        body = send(response, most=most, keep=lambda whole: _store(place, key, whole, packed_headers))
    return StreamingHttpResponse(body, headers=packed_headers if compressed else headers)


def _place(request: HttpRequest) -> str:
    """One of a fixed number of places, where the page of the same address that was published before stands, too.

    Those who take Brotli have their own, and so have addresses with a query: what visitors make up for themselves
    takes nobody else's place.
    """
    coding, kind = "br" if _takes(request, "br") else "gzip", "asked" if request.META.get("QUERY_STRING") else "plain"
    address = f"{request.build_absolute_uri()} {fragment_of(request)}"
    number = int.from_bytes(blake2b(address.encode(errors="replace"), digest_size=8).digest()) % _PLACES[kind]
    return f"page:{coding}:{kind}:{number}"


def _store(place: str, key: str, compressed: bytes, headers: dict[str, str]) -> None:
    """With its key, for another page may have the same place."""
    if len(compressed) > _MOST_KEPT_BYTES:
        return
    try:
        cache.set(place, (key, compressed, headers))
    except Exception:
        logger.warning("cache unavailable", exc_info=True)


def _delivered(request: HttpRequest, compressed: bytes, headers: dict[str, str]) -> HttpResponse:
    """As it is kept, or unpacked for a reader who takes no such thing; who takes neither finds what gzip has packed."""
    if _takes(request, headers["Content-Encoding"]):
        return HttpResponse(compressed, headers=headers)
    plain = {name: value for name, value in headers.items() if name != "Content-Encoding"}
    return HttpResponse(gzip.decompress(compressed), headers=plain)


def _takes(request: HttpRequest, coding: str) -> bool:
    """Whether the reader takes what is packed with "br" or "gzip"; a weight of 0 refuses it."""
    for part in request.headers.get("Accept-Encoding", "").split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == coding:
            return weight.replace(" ", "").rstrip(".0") != "q="
    return False
