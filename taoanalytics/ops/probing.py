"""/admin/system/probe/: does each chain endpoint answer, now and from here?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from subnets.chain import Probe, probe_endpoint
from subnets.transport import ChainOptions, host_of
from taoanalytics.ops.system import for_starters

PROBE_SECONDS = 5.0  # for each step of a probe; all of them stay below the web server's time-out
AT_MOST = 12


def configured() -> list[str]:
    """Live and archive endpoints, each once."""
    return list(dict.fromkeys((*settings.CHAIN_ENDPOINTS, *settings.CHAIN_ARCHIVE_ENDPOINTS)))[:AT_MOST]


def probe_all() -> list[Probe]:
    """Every endpoint at the same time, so that the silent ones cost their time once."""
    options = replace(
        ChainOptions.from_settings(),
        requests_per_second=0,
        connect_seconds=PROBE_SECONDS,
        call_seconds=PROBE_SECONDS,
        total_seconds=PROBE_SECONDS,
    )
    with ThreadPoolExecutor(max_workers=AT_MOST) as pool:
        return list(pool.map(lambda endpoint: probe_endpoint(endpoint, options), configured()))


@for_starters
@require_http_methods(["GET", "POST"])
def probe(request: HttpRequest) -> HttpResponse:
    """Looks at GET, asks at POST. The SDK is loaded by the first probe and by nothing else in the web process."""
    probes = probe_all() if request.method == "POST" else [Probe(host_of(endpoint)) for endpoint in configured()]
    context = {
        **admin.site.each_context(request),
        "title": "Chain endpoints",
        "probes": probes,
        "ran": request.method == "POST",
    }
    return render(request, "admin/probe.html", context)
