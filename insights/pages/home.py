"""/: what the network is worth, what moved, and what stands out."""

from datetime import datetime

from django.http import HttpRequest, HttpResponseBase

from insights import exports, network, overview
from insights.board import Board
from insights.charts.line import line_chart
from insights.landing_rows import landing_rows, validator_seats
from insights.money import Money
from insights.numbers import dollars, fixed
from insights.pages.caching import Publication, published
from insights.pages.market_map import market_maps
from insights.pages.rendering import as_of as day_asked_for
from insights.pages.rendering import board_for, frame_for, render_page
from insights.tables.home import figures_table, lists_table, prices_table
from taoanalytics.lib.downsampling import Point


@published
def home(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    at = day_asked_for(request)
    now = board_for(request, publication)
    frame = frame_for(request, publication, now)
    prices = now.once("tao-prices", lambda: overview.tao_prices(now))
    listings = now.once(("listings", frame.money.asked), lambda: _listings(now, at, frame.money))
    movers = now.once("movers", lambda: overview.movers(now))
    figures = now.once("key-figures", lambda: network.key_figures(now))
    if export := exports.asked_for(request):
        match exports.table_asked_for(request, ("lists", "prices", "figures")):
            case "prices":
                return export(f"tao-price-{_block(now)}", prices_table(prices))
            case "figures":
                return export(f"network-{_block(now)}", figures_table(figures))
        return export(f"lists-{_block(now)}", lists_table(now, listings, movers))
    context = {
        "board": now,
        "figures": figures,
        "mood": now.once("mood", lambda: overview.mood(now)),
        "emission": overview.emission_tao_per_day(now),
        "maps": market_maps(frame),
        "price_drawing": now.once("tao-drawing", lambda: _drawing(prices)),
        "price_change": _change_pct(prices),
        "price_since": next((at for at, value in prices if value is not None), None),
        "market_cap_usd": _dollars(now),
        "listings": listings,
        "movers": movers,
        "movers_pool_tao": overview.MOVERS_POOL_TAO,
    }
    return render_page(request, "home", context, frame=frame)


def _block(now: Board) -> int:
    return now.network.block if now.network else 0


def _listings(now: Board, at: datetime | None, money: Money) -> list[overview.Listing]:
    return overview.listings(now, landing_rows(now, validator_seats(at)), money)


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
