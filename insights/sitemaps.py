"""/sitemap.xml: every page, every living subnet, every declared number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import NoReverseMatch, reverse

from insights.pages.rendering import METHOD_ROUTE, NAVIGATION
from insights.registry import METRICS
from subnets.models import Category, NetworkSnapshot, Subnet


def existing(routes: Sequence[str]) -> list[str]:
    """Addresses of those routes that exist and need no argument."""
    found = []
    for route in routes:
        try:
            found.append(reverse(route))
        except NoReverseMatch:
            continue
    return found


class Pages(Sitemap):  # type: ignore[type-arg]  # it takes none at run time
    def items(self) -> list[str]:
        return existing(["home", *NAVIGATION, "classification", "categories", "about"])

    def location(self, item: str) -> str:
        return item


class Subnets(Sitemap):  # type: ignore[type-arg]
    def __init__(self) -> None:
        self.network = NetworkSnapshot.objects.newest_complete()

    def items(self) -> list[Subnet]:
        if self.network is None:
            return []
        return list(Subnet.objects.living(self.network).filter(netuid__gt=0).order_by("netuid"))

    def location(self, item: Subnet) -> str:
        return reverse("subnet", args=[item.netuid])

    def lastmod(self, item: Subnet) -> datetime | None:
        return self.network.observed_at if self.network else None


class Categories(Sitemap):  # type: ignore[type-arg]  # it takes none at run time
    def items(self) -> list[Category]:
        return list(Category.objects.in_use())

    def location(self, item: Category) -> str:
        return reverse("category", args=[item.slug])


class Methods(Sitemap):  # type: ignore[type-arg]  # it takes none at run time
    def items(self) -> list[str]:
        return [reverse(METHOD_ROUTE, args=[metric.key]) for metric in METRICS]

    def location(self, item: str) -> str:
        return item


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": Pages,
    "subnets": Subnets,
    "categories": Categories,
    "methods": Methods,
}
