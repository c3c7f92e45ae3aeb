"""What stands around the pages: search index, sitemap, robots.txt, llms.txt, and /about/."""

from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from insights.board import display_name
from insights.pages.caching import Publication, published
from insights.pages.rendering import METHOD_ROUTE, as_of, board_for, frame_for, render_page
from insights.registry import METRICS
from insights.sitemaps import SITEMAPS
from subnets.models import NetworkSnapshot, SubnetSnapshot
from taoanalytics.lib.text import folded


@published
def about(request: HttpRequest, publication: Publication) -> HttpResponse:
    frame = frame_for(request, publication, board_for(request, publication, past=False))
    return render_page(request, "about", {"metrics": len(METRICS)}, frame=frame)


@published
def search_index(request: HttpRequest, publication: Publication) -> HttpResponse:
    """{"entries": [[name, note, address, text to search in], …]} of the subnets living then, and of every metric."""
    network = NetworkSnapshot.objects.newest_complete(as_of(request))
    entries = _subnets(network) if network else []
    return JsonResponse({"entries": entries + _metrics()})


def _subnets(network: NetworkSnapshot) -> list[list[str]]:
    rows = SubnetSnapshot.objects.filter(network=network, subnet__netuid__gt=0).select_related("subnet", "identity")
    return [
        [
            name := display_name(row.identity, row.subnet.netuid),
            f"subnet {row.subnet.netuid}",
            reverse("subnet", args=[row.subnet.netuid]),
            _searched(f"{name} {row.identity.symbol if row.identity else ''}"),
        ]
        for row in rows.order_by("subnet__netuid")
    ]


def _metrics() -> list[list[str]]:
    try:
        addresses = [reverse(METHOD_ROUTE, args=[metric.key]) for metric in METRICS]
    except NoReverseMatch:
        return []
    return [
        [metric.heading, "metric", address, _searched(f"{metric.label} {metric.key}")]
        for metric, address in zip(METRICS, addresses, strict=True)
    ]


def _searched(text: str) -> str:
    """In lower case, and again with look-alikes of Latin letters as such where that differs."""
    lower, plain = text.casefold(), folded(text)
    return lower if lower == plain else f"{lower} {plain}"


@published
def sitemap(request: HttpRequest, publication: Publication) -> HttpResponse:
    return sitemap_of(request, sitemaps=SITEMAPS, template_name="around/sitemap.xml").render()


@published
def robots(request: HttpRequest, publication: Publication) -> HttpResponse:
    return _text(request, "around/robots.txt")


@published
def llms(request: HttpRequest, publication: Publication) -> HttpResponse:
    return _text(request, "around/llms.txt", metrics=len(METRICS), simulated=publication.simulated)


def _text(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    return render(request, template, {"site": site, **context}, content_type="text/plain; charset=utf-8")
