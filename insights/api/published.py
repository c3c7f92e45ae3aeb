"""The API's addresses, each kept and sent like a page: made once per publication, 304 for who has it, open to all."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from insights.api.operations import api
from insights.pages.caching import Publication, published, read_only

View = Callable[..., HttpResponseBase]
_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def _open_to_all(view: View) -> View:
    """Any web page may read it; nothing can be sent."""

    @published
    def kept(request: HttpRequest, publication: Publication, /, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        response: HttpResponse = view(request, **kwargs)  # type: ignore[assignment]
        return response

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=_ANY_ORIGIN | _PREFLIGHT)
        response = kept(request, **kwargs)
        for name, value in _ANY_ORIGIN.items():
            response.headers[name] = value
        return response

    return answer


def _patterns() -> list[URLPattern]:
    """Those of ninja, whose root leads to the words about it."""
    patterns, _, _ = api.urls
    views = [(each, each.callback) for each in patterns if isinstance(each, URLPattern) and each.name != "api-root"]
    return [
        path("", read_only(RedirectView.as_view(url="/methodology/#data")), name="api-root"),
        *(path(str(each.pattern), _open_to_all(view), name=each.name) for each, view in views),
    ]


urls = (_patterns(), "api")
"""For `include`, which gives them the namespace "api"."""
