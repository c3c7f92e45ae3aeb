"""/admin/system/probe/: does each chain endpoint answer, now and from here?"""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from subnets.endpoints import MOST_AT_ONCE, Probe, configured, probe_endpoints
from subnets.transport import host_of
from taoanalytics.ops.system import for_starters

PROBE_SECONDS = 5.0  # for each step of a probe; all of them stay below the web server's time-out


@for_starters
@require_http_methods(["GET", "POST"])
def probe(request: HttpRequest) -> HttpResponse:
    """Looks at GET, asks at POST. The SDK is loaded by the first probe and by nothing else in the web process."""
    endpoints, ran = configured()[:MOST_AT_ONCE], request.method == "POST"
    if ran:
        probes = probe_endpoints(endpoints, seconds=PROBE_SECONDS)
    else:
        probes = [Probe(host_of(endpoint)) for endpoint in endpoints]
    context = {
        **admin.site.each_context(request),
        "title": "Chain endpoints",
        "probes": probes,
        "ran": ran,
    }
    return render(request, "admin/probe.html", context)
