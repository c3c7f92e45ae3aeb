"""/feed.atom: what changed in the network, for a feed reader."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from insights.changes import DAYS, Event, recent_changes
from insights.pages.caching import Publication, published
from subnets.models import Subnet
from taoanalytics.lib import clock

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@published
def feed(request: HttpRequest, publication: Publication) -> HttpResponse:
    site = request.build_absolute_uri("/")
    atom = Atom1Feed(
        title="TAO Analytics: what changed" + (" (simulated network)" if publication.simulated else ""),
        link=site,
        description=f"Tenants, names, categories and large moves of Bittensor's subnets over {DAYS} days.",
        feed_url=request.build_absolute_uri(reverse("feed")),
        feed_guid=_name(request, "feed"),
        language="en",
        author_name="TAO Analytics",
    )
    for event in recent_changes():
        _add(atom, request, event)
    if not atom.items:
        atom.latest_post_date = lambda: publication.newest_at or clock.now()  # type: ignore[method-assign]
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _add(atom: Atom1Feed, request: HttpRequest, event: Event) -> None:
    atom.add_item(
        title=_fit(event.title),
        link=request.build_absolute_uri(_about(event.subnet)),
        description=escape(_fit(event.text)),  # it is read as HTML, unlike the title
        unique_id=_name(request, event.place),
        pubdate=event.at,
        updateddate=event.at,
        categories=[event.kind],
    )


def _about(tenant: Subnet | None) -> str:
    if tenant is None:
        return reverse("categories")
    return reverse("former-subnet", args=[tenant.netuid, tenant.registered_at_block])


def _name(request: HttpRequest, place: str) -> str:
    """A tag URI (RFC 4151)."""
    return f"tag:{request.get_host().split(':')[0]},2026:{place}"


def _fit(text: str) -> str:
    """Without what XML cannot hold."""
    return _NOT_XML.sub("", text)
