"""For load balancers and monitors: is the process alive, can it serve, how old is what it serves."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from insights.pages.caching import read_only
from subnets.models import NetworkSnapshot
from taoanalytics.lib import clock
from taoanalytics.ops import redis_server


@read_only
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that an outage elsewhere does not restart it."""
    return JsonResponse({"status": "alive", "release": settings.RELEASE})


@read_only
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 if pages can be served: the database answers and is migrated.

    Told, and no reason to serve nothing: how old the data is, and whether Redis is away, without which pages are
    slower and no job is started by the schedule.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        newest = NetworkSnapshot.objects.newest_complete()
    except DatabaseError as problem:
        return JsonResponse({"status": "unavailable", "database": type(problem).__name__}, status=503)
    beside = {"redis": "away" if redis_server.statistics() is None else "answers"} if redis_server.in_use() else {}
    if newest is None:
        return JsonResponse({"status": "ready", "data": "none yet", **beside})
    minutes = (clock.now() - newest.observed_at).total_seconds() / 60
    return JsonResponse(
        {
            "status": "ready",
            "data": "stale" if minutes > settings.STALE_AFTER_MINUTES else "fresh",
            "block": newest.block,
            "observed_at": newest.observed_at.isoformat(),
            "age_minutes": round(minutes, 1),
            **beside,
        }
    )
