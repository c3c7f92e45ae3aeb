"""What stands around the pages: search index, sitemap, robots.txt, llms.txt, favicon.ico, and /about/."""

from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control

from insights.board import display_name
from insights.catalogue import EXPLAINED
from insights.pages.caching import Publication, published, read_only
from insights.pages.rendering import METHOD_ROUTE, as_of, board_for, frame_for, render_page
from insights.registry import METRICS
from insights.sitemaps import SITEMAPS
from subnets.models import NetworkSnapshot, SubnetSnapshot
from taoanalytics.lib.text import LOOKALIKES, folded


@published
def about(request: HttpRequest, publication: Publication) -> HttpResponse:
    frame = frame_for(request, publication, board_for(request, publication, past=False))
    return render_page(request, "about", {"metrics": len(EXPLAINED)}, frame=frame)


@published
def search_index(request: HttpRequest, publication: Publication) -> HttpResponse:
    """{"entries": [[name, note, address, text to search in], …]} of the subnets living then, and of every metric.

    `lookalikes` are for who searches in them: what is typed is folded as the texts are.
    """
    network = NetworkSnapshot.objects.newest_complete(as_of(request))
    entries = _subnets(network) if network else []
    return JsonResponse({"entries": entries + _metrics(), "lookalikes": LOOKALIKES})


def _subnets(network: NetworkSnapshot) -> list[list[str]]:
    return [
        [
            name := display_name(row.identity, row.subnet.netuid),
            f"subnet {row.subnet.netuid}",
            reverse("subnet", args=[row.subnet.netuid]),
            _searched(f"{name} {row.identity.symbol if row.identity else ''}"),
        ]
        for row in _living(network).select_related("subnet", "identity")
    ]


def _living(network: NetworkSnapshot) -> QuerySet[SubnetSnapshot]:
    return SubnetSnapshot.objects.filter(network=network, subnet__netuid__gt=0).order_by("subnet__netuid")


def _metrics() -> list[list[str]]:
    return [
        [metric.heading, "metric", reverse(METHOD_ROUTE, args=[metric.key]), _searched(f"{metric.label} {metric.key}")]
        for metric in METRICS
    ]


def _searched(text: str) -> str:
    """In lower case, and again with look-alikes of Latin letters as such where that differs."""
    lower, plain = text.casefold(), folded(text)
    return lower if lower == plain else f"{lower} {plain}"


@published
def sitemap(request: HttpRequest, publication: Publication) -> HttpResponse:
    return sitemap_of(request, sitemaps=SITEMAPS, template_name="around/sitemap.xml").render()


@read_only
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Asked for beside what is no HTML page: a feed, JSON."""
    return redirect(static("favicon.svg"))


@published
def robots(request: HttpRequest, publication: Publication) -> HttpResponse:
    return _text(request, "around/robots.txt")


@published
def llms(request: HttpRequest, publication: Publication) -> HttpResponse:
    network = NetworkSnapshot.objects.newest_complete()
    living = _living(network).values_list("subnet__netuid", flat=True) if network else ()
    context = {"metrics": len(EXPLAINED), "simulated": publication.simulated, "netuid": next(iter(living[:1]), None)}
    return _text(request, "around/llms.txt", **context)


def _text(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    return render(request, template, {"site": site, **context}, content_type="text/plain; charset=utf-8")
