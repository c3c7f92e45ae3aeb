"""The product's settings with two files in place of its pages, one of which breaks off, for a real server to send."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from insights.streaming import answered
from taoanalytics.settings import *  # noqa: F403

ROOT_URLCONF = __name__
LINE, LINES = "a line of a file, long enough to be worth its number: ", 20_000


def _lines(end: int) -> Iterator[str]:
    for number in range(LINES):
        if number == end:
            raise ValueError("broken off")
        yield f"{LINE}{number}\n"


def _file(request: HttpRequest, end: int) -> HttpResponseBase:
    return answered(request, _lines(end), content_type="text/csv; charset=utf-8", headers={})


urlpatterns = [
    path("whole.csv", _file, {"end": LINES}),
    path("broken-late.csv", _file, {"end": LINES - 1}),
    path("broken-at-once.csv", _file, {"end": 3}),
]
handler500 = "django.views.defaults.server_error"
