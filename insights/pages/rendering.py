"""What every page has in common: its frame, and being a whole page or the part that htmx asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers

from insights.board import Board, board
from insights.generation import held_per_generation
from insights.money import Money, money_of
from insights.pages.caching import FRAGMENT_HEADERS, Publication, fragment_of
from insights.pages.point_in_time import PARAMETER, PointInTime, asked_of
from insights.recorded_days import RecordedDays, recorded_days
from taoanalytics.lib.text import clean

THEMES = ("light", "dark")
JUMPS = (("1 day", 1), ("7 days", 7), ("30 days", 30), ("1 year", 365))
_CURRENCY = "currency"
METHOD_ROUTE = "method"
_MOST_ASKED, _LONGEST_NAME, _LONGEST_VALUE = 60, 60, 4000

NAVIGATION: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "explorer": ("Explorer", ("subnet", "former-subnet", "categories", "category")),
    "screener": ("Screener", ()),
    "trends": ("Trends", ()),
    "correlation": ("Correlation", ()),
    "compare": ("Compare", ()),
    "methodology": ("Methodology", ("method", "classification")),
    "status": ("Status", ()),
}
"""{route: (its name in the navigation, routes that belong to it)}, in order. Without its route it is left out."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` shows around a page."""

    publication: Publication
    board: Board | None = None
    theme: str = ""
    canonical: str = ""
    route: str = ""
    origin_of_site: str = ""
    point: PointInTime = field(default_factory=PointInTime)
    money: Money = field(default_factory=Money)
    days: RecordedDays = field(default_factory=RecordedDays)
    asked: Sequence[tuple[str, str]] = ()
    """What else the address says beside the day, for the form that asks for another."""

    @property
    def as_of(self) -> datetime | None:
        """The end of the day that is shown, UTC; None for the newest there is."""
        return self.point.at

    @property
    def day(self) -> date | None:
        """The day that was asked for."""
        return self.point.day

    @property
    def kept(self) -> dict[str, str]:
        """What every link within the site keeps of the address."""
        asked = {PARAMETER: self.day.isoformat() if self.day else "", _CURRENCY: self.money.asked}
        return {name: value for name, value in asked.items() if value}

    def address(self, route: str, *args: Any, **query: Any) -> str:
        """Where `route` is, for the same day and currency; `query` is added, what is None or "" left out."""
        return kept_address(path_of(route, *args), self.kept, query)

    @property
    def navigation(self) -> list[tuple[str, str, str]]:
        """(name, address, what aria-current says of it)"""
        found = []
        for route, (name, below) in NAVIGATION.items():
            try:
                address = self.address(route)
            except NoReverseMatch:
                continue
            found.append((name, address, "page" if route == self.route else "true" if self.route in below else ""))
        return found

    @property
    def jumps(self) -> list[tuple[str, str]]:
        """(words, day) of those jumps back from the newest day that lead into recorded time."""
        if self.days.newest is None or self.days.oldest is None:
            return []
        back = [(words, self.days.newest - timedelta(days=span)) for words, span in JUMPS]
        return [(words, day.isoformat()) for words, day in back if day >= self.days.oldest]

    @property
    def origin(self) -> str:
        """Where the shown data came from: a host, never a whole address, which may hold a key."""
        network = self.board.network if self.board else None
        if network is None:
            return ""
        return urlsplit(network.endpoint).hostname or network.get_source_display()


@lru_cache(maxsize=1000)
def path_of(route: str, *args: Any) -> str:
    """Kept, for a page has hundreds of links to a few routes."""
    return reverse(route, args=args)


def kept_address(path: str, kept: Mapping[str, str], query: Mapping[str, Any]) -> str:
    wanted = {name: value for name, value in {**query, **kept}.items() if value not in (None, "")}
    return f"{path}?{urlencode(wanted)}" if wanted else path


def board_for(request: HttpRequest, publication: Publication, *, past: bool = True) -> Board:
    """The board that the address asks for; read once for all addresses, until the next is published."""
    at = as_of(request)
    name = f"board-{at:%Y-%m-%d}-{past}" if at else f"board-newest-{past}"
    return held_per_generation(publication.generation, name, lambda: board(at, past=past))


def as_of(request: HttpRequest) -> datetime | None:
    """The end of the day that the address asks for, UTC. None is the newest there is."""
    return point_of(request).at


def point_of(request: HttpRequest) -> PointInTime:
    """Read off the address once per request."""
    kept: PointInTime | None = getattr(request, "point_in_time", None)
    if kept is None:
        kept = asked_of(request)
        request.point_in_time = kept  # type: ignore[attr-defined]  # lives as long as the request
    return kept


def frame_for(
    request: HttpRequest, publication: Publication, board: Board | None = None, *, observed_at: datetime | None = None
) -> Frame:
    """`observed_at`: when the page's amounts were true, if not when the board's were; dollars are of that time."""
    theme = request.GET.get("theme", "")
    return Frame(
        publication=publication,
        board=board,
        theme=theme if theme in THEMES else "",
        canonical=request.build_absolute_uri(request.path),
        route=(request.resolver_match.url_name or "") if request.resolver_match else "",
        origin_of_site=request.build_absolute_uri("/").rstrip("/"),
        point=point_of(request),
        money=money_of(request.GET.get(_CURRENCY, ""), board, observed_at),
        asked=rest_of_address(request, PARAMETER),
        days=recorded_days(publication.generation) if board and board.network else RecordedDays(),
    )


def rest_of_address(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    """What a form carries on that asks for `without`: no control characters, which could turn the page's text about."""
    found = [(clean(name, _LONGEST_NAME), value) for name, values in request.GET.lists() for value in values]
    return [(name, clean(value, _LONGEST_VALUE)) for name, value in found[:_MOST_ASKED] if name not in without]


def render_page(
    request: HttpRequest, page: str, context: Mapping[str, Any], *, frame: Frame, fragments: Sequence[str] = ()
) -> HttpResponse:
    """The page, or for htmx one of its `fragments`, if it has any: the one whose id is the target, else the first."""
    template, wanted = f"pages/{page}.html", fragment_of(request)
    if wanted and fragments:
        template += f"#{wanted if wanted in fragments else fragments[0]}"
    response = render(request, template, {**context, "frame": frame})
    if fragments:
        patch_vary_headers(response, FRAGMENT_HEADERS)
    return response
