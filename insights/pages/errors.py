"""Pages for what went wrong."""

import logging

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from insights.pages.caching import Publication, current_publication
from insights.pages.rendering import Frame, frame_for

logger = logging.getLogger(__name__)


class ForStaffError(Http404):
    """There is something, but not for this reader; that is said, and where the admin is stays unsaid."""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    try:
        frame = frame_for(request, current_publication())
    except DatabaseError:
        frame = Frame(publication=Publication())
    context = {"frame": frame, "for_staff": isinstance(exception, ForStaffError)}
    return render(request, "404.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context: whatever failed may fail again."""
    try:
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:  # static files that were never collected, for one, fail every page that has a style sheet
        logger.exception("the page for failures failed")
        return HttpResponse("This page could not be made. The fault is ours, and it has been written down.", status=500)
