"""What holds for every request: how its address is read, and what is answered while the database is away."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from taoanalytics.jobs.errors import DATABASE_AWAY

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

_NO_SUCH = {"42P01", "42703"}  # PostgreSQL's word for a table and for a column that is not there


def one_charset(get_response: Answer) -> Answer:
    """Every address is UTF-8, whatever charset its request claims: else one address could mean two pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.encoding = settings.DEFAULT_CHARSET
        return get_response(request)

    return middleware


class DatabaseDown:
    """A database that is away, or not made yet, is an outage to be told: 503 with a page that needs none."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        unmade = _is_unmade(exception)
        if not unmade and not isinstance(exception, DATABASE_AWAY):
            return None
        logger.error("database %s: %s", "not migrated" if unmade else "unavailable", type(exception).__name__)
        page = render_to_string("503.html", {"unmade": unmade})
        return HttpResponse(page, status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})


def _is_unmade(exception: Exception) -> bool:
    """Whether a table or column is missing: the database was never migrated, or not for this release."""
    if isinstance(exception, ProgrammingError):
        return getattr(exception.__cause__, "sqlstate", "") in _NO_SUCH
    return isinstance(exception, OperationalError) and str(exception).startswith(("no such table", "no such column"))
