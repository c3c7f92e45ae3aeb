"""/subnets/<netuid>/insight/: how the signal of a subnet came about, in words; a page, and a part of the screener."""

from django.http import Http404, HttpRequest, HttpResponse

from insights.explaining.inputs import DRIFT_WORDS
from insights.explaining.shown import explanation
from insights.pages.caching import Publication, published
from insights.pages.rendering import METHOD_ROUTE, board_for, frame_for, render_page


@published
def insight(request: HttpRequest, publication: Publication, netuid: int) -> HttpResponse:
    now = board_for(request, publication, past=False)
    row = next((row for row in now.rows if row.netuid == netuid), None)
    if row is None:
        raise Http404(f"no subnet {netuid} was living then")
    frame = frame_for(request, publication, now)
    context = {
        "netuid": netuid,
        "name": row.name,
        "told": explanation(now, netuid),
        "drift": DRIFT_WORDS,
        "method": frame.address(METHOD_ROUTE, "buy_signal"),
    }
    return render_page(request, "insight", context, frame=frame, fragments=["insight"])
