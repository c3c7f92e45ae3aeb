"""/status/: what staff see of freshness and runs, without anything that only staff should see."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

from insights import exports
from insights.pages.caching import current_publication, read_only
from insights.pages.rendering import frame_for, render_page
from markets.compare import Difference, differences, largest
from taoanalytics.lib import clock
from taoanalytics.ops.freshness import freshness
from taoanalytics.ops.logbook import records
from taoanalytics.ops.status_files import freshness_table, runs_table

_MAX_AGE_SECONDS = 30
DIFFERENCES_SHOWN = 5


@read_only
def status(request: HttpRequest) -> HttpResponseBase:
    """Not cached with the other pages: a run that fails publishes nothing, and this page must show it."""
    logbook = records()
    response: HttpResponseBase
    if export := exports.asked_for(request):
        wanted = exports.table_asked_for(request, ("freshness", "runs"))
        response = export(wanted, runs_table(logbook) if wanted == "runs" else freshness_table(freshness(logbook)))
        patch_cache_control(response, public=True, max_age=_MAX_AGE_SECONDS)
        return response
    apart = differences(clock.now())
    context = {
        "sources": freshness(logbook),
        "records": logbook,
        "compared": len(apart),
        "differences": [_shown(difference) for difference in largest(apart, DIFFERENCES_SHOWN)],
    }
    frame = frame_for(request, current_publication())
    response = render_page(request, "status", context, frame=frame, fragments=["figures"])
    patch_cache_control(response, public=True, max_age=_MAX_AGE_SECONDS)
    return response


def _shown(difference: Difference) -> dict[str, Any]:
    words, _, unit = difference.figure.rpartition("_")
    return {
        "of": difference,
        "label": f"{words.replace('_', ' ')}, {unit}",
        "percent": None if difference.relative is None else 100 * difference.relative,
    }
