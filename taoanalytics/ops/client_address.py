"""Who is asking: the address that the log-in lock counts by."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's address; behind Heroku's router, which appends it, the last hop of X-Forwarded-For.

    Every hop before the last is whatever the visitor wrote there.
    """
    if settings.ON_HEROKU:
        last_hop = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if last_hop:
            return last_hop
    return str(request.META.get("REMOTE_ADDR", ""))
