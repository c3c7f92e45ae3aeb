"""/admin/system/: the engine room at a glance, and the buttons that start what it runs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_celery_beat.models import PeriodicTask

from subnets.models import NetworkSnapshot
from taoanalytics.jobs import quota
from taoanalytics.ops import queue, redis_server, spending_panel
from taoanalytics.ops.coverage import coverage
from taoanalytics.ops.database import database
from taoanalytics.ops.freshness import freshness
from taoanalytics.ops.logbook import records
from taoanalytics.ops.queue import QueueAwayError

MAY_START = "jobs.add_jobrun"
View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """Others are sent to the log-in page, as everywhere in the admin."""
    return never_cache(admin.site.admin_view(view))


def for_starters(view: View) -> View:
    """For staff with the permission to start jobs; other staff get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_START):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return for_staff(guarded)


@for_staff
@require_safe
def system(request: HttpRequest) -> HttpResponse:
    asks_for_figures = request.headers.get("HX-Target") == "figures"
    context = {
        **({} if asks_for_figures else admin.site.each_context(request)),
        "title": "System",
        "jobs": queue.jobs().values(),
        "may_start": request.user.has_perm(MAY_START),
        **_figures(),
    }
    if "workers" in request.GET:
        context |= _workers()
    return render(request, "admin/system.html#figures" if asks_for_figures else "admin/system.html", context)


@for_staff
@require_GET
def workers(request: HttpRequest) -> HttpResponse:
    """Asked for by the page after it is there: the workers get most of a second to answer."""
    return render(request, "admin/system.html#workers", _workers())


@for_starters
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    job = queue.jobs().get(key)
    if job is None:
        raise Http404
    try:
        queue.start(job)
        alive = queue.workers()
    except QueueAwayError:
        messages.error(request, f"The queue is away, so nothing was started. Run this instead: {job.command}")
    else:
        if alive:
            messages.success(request, f"{job.label}: queued. Its run appears below.")
        else:
            messages.warning(
                request, f"{job.label}: queued, but no worker answers. Start one, or run this instead: {job.command}"
            )
    return HttpResponseRedirect(reverse("system"))


def _figures() -> dict[str, Any]:
    newest = NetworkSnapshot.objects.newest_complete()
    logbook = records()
    return {
        "database": database(),
        "newest": newest,
        "oldest": NetworkSnapshot.objects.filter(complete=True).order_by("observed_at").first(),
        "quotas": quota.usage(),
        "cache": _cache(),
        "sources": freshness(logbook),
        "records": logbook,
        "coverage": coverage(newest),
        "spending": spending_panel.panel(),
        "schedule": PeriodicTask.objects.select_related("interval", "crontab").order_by("name"),
        "declared": settings.CELERY_BEAT_SCHEDULE,
        **_depths(),
    }


def _depths() -> dict[str, Any]:
    try:
        return {"depths": queue.depths()}
    except QueueAwayError:
        return {"depths": None}


def _workers() -> dict[str, Any]:
    try:
        return {"asked": True, "workers": queue.workers()}
    except QueueAwayError:
        return {"asked": True, "workers": None}


def _cache() -> dict[str, Any]:
    if not redis_server.in_use():
        return {"kind": "memory of each process"}
    counts = redis_server.statistics()
    if counts is None:
        return {"kind": "Redis", "away": True}
    hits, misses = counts["keyspace_hits"], counts["keyspace_misses"]
    share = 100 * hits / (hits + misses) if hits + misses else None
    return {"kind": "Redis", "hits": hits, "misses": misses, "share_pct": share}
