"""Subnets' icons, from our own host: drawn anew when they were fetched, never what a stranger sent."""

from django.http import Http404, HttpRequest, HttpResponse

from enrichment.models import SubnetIcon
from insights.pages.caching import read_only

_YEAR_SECONDS = 31_536_000


@read_only
def icon(request: HttpRequest, netuid: int, digest: str) -> HttpResponse:
    """The address holds the digest, so what it shows never changes; another icon has another address."""
    kept = SubnetIcon.objects.filter(subnet__netuid=netuid, digest=digest).exclude(content=b"")
    content = kept.values_list("content", flat=True).first()
    if content is None:
        raise Http404
    response = HttpResponse(bytes(content), content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
