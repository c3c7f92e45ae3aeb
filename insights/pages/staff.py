"""The ways into the admin for staff who are logged in; to everyone else the admin's address stays unsaid."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from insights.pages.caching import read_only
from insights.pages.errors import ForStaffError
from subnets.models import Subnet


@never_cache
@read_only
def fresh_insight(request: HttpRequest, netuid: int) -> HttpResponse:
    _only_for_staff(request)
    return redirect("admin:insights_insight_make", netuid)


@never_cache
@read_only
def curate(request: HttpRequest, netuid: int, block: int) -> HttpResponse:
    _only_for_staff(request)
    tenant = get_object_or_404(Subnet, netuid=netuid, registered_at_block=block)
    return redirect("admin:enrichment_curation_change", tenant.pk)


def _only_for_staff(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise ForStaffError("only staff who are logged in are led on")
