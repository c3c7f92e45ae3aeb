"""/explorer/: every living subnet at a glance."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from enrichment import llm
from insights import exports
from insights.figures import CHANGE_1D, CHANGE_7D, CHANGE_30D, VOLUME_1D
from insights.pages.caching import Publication, published
from insights.pages.market_map import market_maps
from insights.pages.rendering import board_for, frame_for, render_page
from insights.pages.tables import Column, Sort, heads
from insights.selection import matching, ordered, shares_of
from subnets.metrics import EMISSION, MARKET_CAP, POOL_TAO, PRICE
from taoanalytics.lib.text import clean

FIGURES = (PRICE, CHANGE_1D, CHANGE_7D, CHANGE_30D, MARKET_CAP, POOL_TAO, VOLUME_1D, EMISSION)
COLUMNS = (
    Column("netuid", "Subnet", text=True),
    Column("category", "Cat.", text=True, css="l hm"),
    Column(PRICE.key, PRICE.heading, PRICE, css="g1"),
    Column(CHANGE_1D.key, "1d", CHANGE_1D, tints=(0.5, 1.5, 4, 8)),
    Column(CHANGE_7D.key, "7d", CHANGE_7D, tints=(1, 4, 9, 16)),
    Column(CHANGE_30D.key, "30 days", CHANGE_30D, drawn=True),
    Column(MARKET_CAP.key, MARKET_CAP.heading, MARKET_CAP, css="g1"),
    Column(POOL_TAO.key, POOL_TAO.heading, POOL_TAO),
    Column(VOLUME_1D.key, VOLUME_1D.heading, VOLUME_1D),
    Column(EMISSION.key, EMISSION.heading, EMISSION, css="g1"),
)
SORTABLE = (*COLUMNS, Column("name", "Name"))
_DEFAULT_SORT = Sort(MARKET_CAP.key, descending=True)
_ORDERS = (
    ("-market_cap_tao", "Market cap"),
    ("-change_7d_pct", "7-day change"),
    ("-emission_tao_per_day", "Emission"),
    ("name", "Name"),
    ("netuid", "Netuid"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for."""

    query: str
    category: str
    sort: Sort
    cards: bool

    @property
    def order(self) -> str:
        return str(self.sort)

    @property
    def reordered(self) -> bool:
        return self.sort != _DEFAULT_SORT

    @classmethod
    def of(cls, request: HttpRequest) -> "Choice":
        return cls(
            query=clean(request.GET.get("q", ""), 100),
            category=clean(request.GET.get("category", ""), 50),
            sort=Sort.parse(request.GET.get("sort"), SORTABLE, _DEFAULT_SORT),
            cards=request.GET.get("view") == "cards",
        )


@published
def explorer(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    now, choice = board_for(request, publication), Choice.of(request)
    frame = frame_for(request, publication, now)
    rows = ordered(
        matching(now.rows, choice.query, choice.category), choice.sort.key, descending=choice.sort.descending
    )
    if export := exports.asked_for(request):
        return export(
            f"subnets-{now.network.block if now.network else 0}", exports.board_table(rows, FIGURES, now.tao_price)
        )
    shares = shares_of(now)
    context = {
        "board": now,
        "rows": rows,
        "shares": shares,
        "choice": choice,
        "chosen": next((share for share in shares if share.slug == choice.category), None),
        "heads": heads(COLUMNS, choice.sort),
        "orders": _ORDERS,
        "no_model": bool(llm.available()),
        "maps": market_maps(frame),
    }
    return render_page(request, "explorer", context, frame=frame, fragments=["results"])
