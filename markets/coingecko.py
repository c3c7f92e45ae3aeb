"""CoinGecko: TAO in US dollars, now and before.

Three doors: `public` without a key, `demo` and `pro` with one. Errors come in three shapes, some with status 200.
History without a paid plan reaches 365 days back. The steps of a chart follow from its length: 2 to 90 days are hourly,
more are daily at midnight UTC; its last point is the moment of asking.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from markets.facts import PricePoint, PriceSeries
from markets.reading import UnreadableError, amount, moment, number
from markets.service import Complaint, Service, uncounted
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.lib import clock
from taoanalytics.lib.http import Reply

NAME = "CoinGecko"
PRICE = "/simple/price"
COIN = "bittensor"
ROOTS = {
    "public": "https://api.coingecko.com/api/v3",
    "demo": "https://api.coingecko.com/api/v3",
    "pro": "https://pro-api.coingecko.com/api/v3",
}
KEY_HEADERS = {"demo": "x-cg-demo-api-key", "pro": "x-cg-pro-api-key"}
FREE_HISTORY = timedelta(days=365)
LONGEST_HOURLY = timedelta(days=90)
SHORTEST_DAILY = timedelta(days=91)
_CLOCKS_DIFFER = timedelta(minutes=10)


def missing() -> str:
    """What keeps CoinGecko from being asked, or ""."""
    plan = settings.COINGECKO_PLAN
    if plan not in ROOTS:
        return f"{NAME} left out: COINGECKO_PLAN is none of {', '.join(ROOTS)}"
    if plan in KEY_HEADERS and not settings.COINGECKO_API_KEY:
        return f"{NAME} left out: COINGECKO_PLAN is {plan} and COINGECKO_API_KEY is not set"
    return ""


def coingecko(before_call: Callable[[], None] = uncounted) -> "CoinGecko":
    """CoinGecko as the settings name it."""
    plan = settings.COINGECKO_PLAN
    header = KEY_HEADERS.get(plan, "")
    return CoinGecko(
        Service(
            name=NAME,
            root=settings.COINGECKO_URL or ROOTS[plan],
            complaint=_complaint,
            key_header=header,
            key=settings.COINGECKO_API_KEY if header else "",
            before_call=before_call,
        ),
        oldest=None if plan == "pro" else FREE_HISTORY,
    )


class CoinGecko:
    """Questions to CoinGecko; all raise Transient or Permanent. `oldest`: how far back the plan reaches (None: all)."""

    def __init__(self, service: Service, oldest: timedelta | None) -> None:
        self._service, self.oldest = service, oldest

    def price(self) -> Reply:
        """The price as received; `read_price` reads it. One call."""
        wanted = ("include_market_cap", "include_24hr_vol", "include_last_updated_at")
        return self._service.get(
            PRICE, {"ids": COIN, "vs_currencies": "usd", "precision": "full"} | dict.fromkeys(wanted, "true")
        )

    def daily(self, start: datetime) -> PriceSeries:
        """A price each midnight UTC from `start` to today. One call, however long."""
        length = max(clock.now() - start, SHORTEST_DAILY)
        days = length // timedelta(days=1) + 1
        if self.oldest is not None:
            days = min(days, self.oldest // timedelta(days=1))
        return self._chart(f"/coins/{COIN}/market_chart", {"days": str(days)})

    def hourly(self, start: datetime, end: datetime) -> PriceSeries:
        """A price each hour from `start` to `end`, at most LONGEST_HOURLY apart. One call."""
        if end - start > LONGEST_HOURLY:
            raise ValueError("longer charts are not hourly")
        if end - start < timedelta(days=2):
            start = end - timedelta(days=2)  # shorter charts may be finer
        return self._chart(
            f"/coins/{COIN}/market_chart/range",
            {"from": str(int(start.timestamp())), "to": str(int(end.timestamp()))},
        )

    def _chart(self, path: str, parameters: Mapping[str, str]) -> PriceSeries:
        return read_chart(self._service.get(path, {"vs_currency": "usd", "precision": "full", **parameters}).value)


def read_price(value: Any, received_at: datetime) -> PricePoint:
    """The price in a reply. Raises Transient where it says nothing of TAO, Permanent where what it says cannot be."""
    said = value.get(COIN) if isinstance(value, Mapping) else None
    if not isinstance(said, Mapping) or said.get("usd") is None:
        raise Transient(f"{NAME} says nothing of {COIN}")
    try:
        dated = said.get("last_updated_at")
        observed_at = received_at if dated is None else moment(dated, "last_updated_at")
        if observed_at > received_at + _CLOCKS_DIFFER:
            raise UnreadableError(f"last_updated_at is {observed_at:%Y-%m-%d %H:%M} UTC, which is yet to come")
        return _point(min(observed_at, received_at), said["usd"], said.get("usd_market_cap"), said.get("usd_24h_vol"))
    except UnreadableError as problem:
        raise Permanent(f"{NAME}: {problem}") from None


def read_chart(value: Any) -> PriceSeries:
    """The points of a chart, in order. Raises Transient for an empty one, Permanent for another shape."""
    if not isinstance(value, Mapping) or not isinstance(value.get("prices"), list):
        raise Permanent(f"{NAME} sent no chart")
    caps, volumes = _by_time(value.get("market_caps")), _by_time(value.get("total_volumes"))
    points: dict[datetime, PricePoint] = {}
    problems = []
    for pair in value["prices"]:
        try:
            if not isinstance(pair, list) or len(pair) != 2:
                raise UnreadableError(f"a point is {pair!r:.40}, which is no time with a price")
            at = moment(pair[0], "time")
            if pair[1] is not None:
                points.setdefault(at, _point(at, pair[1], caps.get(pair[0]), volumes.get(pair[0])))
        except UnreadableError as problem:
            problems.append(str(problem))
    if not points and not problems:
        raise Transient(f"{NAME} sent an empty chart")
    return PriceSeries(points=[points[at] for at in sorted(points)], problems=problems)


def _by_time(pairs: Any) -> dict[Any, Any]:
    """{milliseconds: value} of those pairs that are pairs."""
    if not isinstance(pairs, list):
        return {}
    return {p[0]: p[1] for p in pairs if isinstance(p, list) and len(p) == 2 and isinstance(p[0], int | float)}


def _point(at: datetime, price: Any, market_cap: Any, volume: Any) -> PricePoint:
    price_usd = number(price, "the price")
    if price_usd is None or price_usd <= 0:
        raise UnreadableError(f"the price is {price!r:.40} at {at:%Y-%m-%d %H:%M} UTC, which cannot be")
    return PricePoint(
        observed_at=at,
        price_usd=price_usd,
        market_cap_usd=amount(market_cap, "the market cap") or None,  # with a price above zero, 0 means untold
        volume_24h_usd=amount(volume, "the volume"),
    )


def _complaint(value: Any) -> Complaint | None:
    """`{"status": {…}}`, `{"error": {"status": {…}}}` or `{"error": "text"}`."""
    if not isinstance(value, Mapping):
        return None
    error = value.get("error")
    if isinstance(error, str):
        return Complaint(error)
    status = error.get("status", error) if isinstance(error, Mapping) else value.get("status")
    if not isinstance(status, Mapping) or not {"error_code", "error_message"} & status.keys():
        return None
    code = status.get("error_code")
    return Complaint(str(status.get("error_message", "")), code if isinstance(code, int) else None)
