"""/: what the network is worth, what moved, and what stands out."""

from django.http import HttpRequest, HttpResponse

from insights import network, overview
from insights.board import Board
from insights.charts.line import line_chart
from insights.figures import CHANGE_7D
from insights.generation import once_per_generation
from insights.landing_rows import landing_rows, validator_seats
from insights.numbers import dollars, fixed
from insights.pages.caching import Publication, published
from insights.pages.market_map import market_maps
from insights.pages.rendering import as_of as day_asked_for
from insights.pages.rendering import board_for, frame_for, render_page
from insights.selection import breakdown
from taoanalytics.lib.downsampling import Point


@published
def home(request: HttpRequest, publication: Publication) -> HttpResponse:
    at = day_asked_for(request)
    now = board_for(request, publication)
    frame = frame_for(request, publication, now)
    kept_as = f"{at:%Y-%m-%d}" if at else "newest"
    seats = once_per_generation(publication.generation, f"seats-{kept_as}", lambda: validator_seats(at))
    prices = once_per_generation(publication.generation, f"tao-prices-{kept_as}", lambda: overview.tao_prices(now))
    context = {
        "board": now,
        "figures": network.key_figures(now),
        "mood": overview.mood(now),
        "emission": overview.emission_tao_per_day(now),
        "week": CHANGE_7D,
        "maps": market_maps(frame, breakdown(now.rows)),
        "prices": prices,
        "price_drawing": _drawing(prices),
        "price_change": _change_pct(prices),
        "market_cap_usd": _dollars(now),
        "listings": overview.listings(now, landing_rows(now, seats), frame.money),
        "movers": overview.movers(now),
        "movers_pool_tao": overview.MOVERS_POOL_TAO,
    }
    return render_page(request, "home", context, frame=frame)


def _dollars(now: Board) -> float | None:
    cap, price = now.market_cap_tao, now.tao_price_usd
    return None if cap is None or price is None else cap * price


def _drawing(prices: list[Point]) -> str | None:
    return line_chart(
        prices,
        label=f"Price of TAO in US dollars over {overview.PRICE_DAYS} days",
        value_text=_tick,
        bar_text=dollars,
    )


def _tick(value: float) -> str:
    return f"${fixed(value)}" if value >= 100 or value == 0 else dollars(value)


def _change_pct(prices: list[Point]) -> float | None:
    known = [value for _, value in prices if value is not None]
    return 100 * (known[-1] / known[0] - 1) if len(known) > 1 and known[0] else None
