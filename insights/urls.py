"""The public pages."""

from collections.abc import Callable, Mapping

from django.http import HttpResponseBase
from django.urls import include, path

from insights import api
from insights.exports import as_file
from insights.feeds import feed
from insights.pages.around import about, favicon, llms, robots, search_index, sitemap
from insights.pages.categories import categories, category
from insights.pages.classification import classification
from insights.pages.compare import compare
from insights.pages.correlation import correlation
from insights.pages.explorer import explorer
from insights.pages.home import home
from insights.pages.icons import icon
from insights.pages.insight import insight
from insights.pages.methodology import method, methodology
from insights.pages.screener import screener
from insights.pages.staff import curate, fresh_insight
from insights.pages.subnet import former_subnet, subnet
from insights.pages.trends import trends_page

urlpatterns = [
    path("", home, name="home"),
    path("explorer/", explorer, name="explorer"),
    path("screener/", screener, name="screener"),
    path("subnets/<int:netuid>/", subnet, name="subnet"),
    path("subnets/<int:netuid>/insight/", insight, name="insight"),
    path("subnets/<int:netuid>/insight/fresh/", fresh_insight, name="fresh-insight"),
    path("subnets/<int:netuid>/<int:block>/", former_subnet, name="former-subnet"),
    path("subnets/<int:netuid>/<int:block>/curate/", curate, name="curate"),
    path("categories/", categories, name="categories"),
    path("categories/<slug:slug>/", category, name="category"),
    path("icons/<int:netuid>-<slug:digest>.png", icon, name="icon"),
    path("about/", about, name="about"),
    path("search.json", search_index, name="search-index"),
    path("feed.atom", feed, name="feed"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", favicon, name="favicon"),
    path("llms.txt", llms, name="llms"),
    path("trends/", trends_page, name="trends"),
    path("correlation/", correlation, name="correlation"),
    path("compare/", compare, name="compare"),
    # how numbers are made, and the numbers as data
    path("methodology/", methodology, name="methodology"),
    path("methodology/classification/", classification, name="classification"),
    path("methodology/<slug:key>/", method, name="method"),
    path("api/v1/", include(api.urls)),
]

_FILES: Mapping[str, tuple[str, Callable[..., HttpResponseBase]]] = {
    "home": ("home", home),
    "explorer": ("explorer", explorer),
    "screener": ("screener", screener),
    "trends": ("trends", trends_page),
    "correlation": ("correlation", correlation),
    "compare": ("compare", compare),
    "subnet": ("subnets/<int:netuid>", subnet),
    "former-subnet": ("subnets/<int:netuid>/<int:block>", former_subnet),
    "categories": ("categories", categories),
    "category": ("categories/<slug:slug>", category),
    "methodology": ("methodology", methodology),
    "classification": ("methodology/classification", classification),
    "method": ("methodology/<slug:key>", method),
}
"""{name of a page: (its path without the last slash, its view)}: the same as a file, with the same query."""

urlpatterns += [
    path(f"{start}.{form}", as_file(view, form), name=f"{name}-{form}")
    for name, (start, view) in _FILES.items()
    for form in ("csv", "json")
]
