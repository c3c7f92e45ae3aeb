"""/subnets/<netuid>/: one subnet, and /subnets/<netuid>/<block>/: one who held the netuid before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from insights import exports, validators
from insights.board import Board, display_name
from insights.days import days_of
from insights.dossier import Dossier, declared, dossier, linked_data, market, trade_of
from insights.explaining.inputs import DRIFT_WORDS
from insights.explaining.shown import explanation
from insights.figures import CHANGE_1D, CHANGE_7D, CHANGE_30D
from insights.history import CHART_POINTS, FILE_POINTS, RANGES
from insights.pages.caching import Publication, published
from insights.pages.rendering import METHOD_ROUTE, as_of, board_for, frame_for, render_page, rest_of_address
from insights.pages.tables import Column, Sort, heads, unsorted_heads
from insights.registry import SCORE
from insights.tables.days import days_table
from insights.tables.validators import validators_table
from subnets.metrics import PRICE
from subnets.models import Subnet

VALIDATOR_COLUMNS = (
    Column("uid", "Uid", text=True, css="l"),
    Column("name", "Validator", text=True, css="l"),
    *(Column(metric.key, validators.heading(metric), metric) for metric in validators.METRICS),
)
_QUOTE_HEADINGS = (
    *("Avg. price, τ", "Impact, %", "Alpha out"),
    *("Avg. price, τ", "Impact, %", "TAO out"),
    "There and back, %",
)
_HOLDER_HEADINGS = ("Hotkeys", "Stake, α", "Share, %", "Together, %")
_HEADS = {
    "quote_heads": unsorted_heads(declared.QUOTE, _QUOTE_HEADINGS),
    "holder_heads": unsorted_heads(declared.HOLDER, _HOLDER_HEADINGS),
}
_DEFAULT_RANGE = "90d"
_CHANGES = (("1d", CHANGE_1D), ("7d", CHANGE_7D), ("30d", CHANGE_30D))
_TABLE_ROWS = 100
_METHODS = {
    "score": SCORE.key,
    "signal": "buy_signal",
    "trade": "round_trip_100_pct",
    "removal": "deregistration_rank",
}


@published
def subnet(request: HttpRequest, publication: Publication, netuid: int) -> HttpResponseBase:
    tenants = _tenants(netuid, as_of(request))
    return _page(request, publication, tenants[0], tenants)


@published
def former_subnet(request: HttpRequest, publication: Publication, netuid: int, block: int) -> HttpResponseBase:
    tenants = _tenants(netuid, as_of(request))
    tenant = next((each for each in tenants if each.registered_at_block == block), None)
    if tenant is None:
        raise Http404(f"no tenant of subnet {netuid} was registered at block {block}")
    if tenant == tenants[0]:
        return redirect(f"{reverse('subnet', args=[netuid])}?{request.GET.urlencode()}".rstrip("?"))
    return _page(request, publication, tenant, tenants)


def _tenants(netuid: int, at: datetime | None) -> list[Subnet]:
    """Everyone seen to hold the netuid by `at`, newest first, as far as was known by then."""
    tenants = list(Subnet.objects.tenants_of(netuid) if at is None else Subnet.objects.tenants_by(netuid, at))
    if not tenants:
        raise Http404(f"no subnet {netuid} had been seen")
    return tenants


def _page(request: HttpRequest, publication: Publication, tenant: Subnet, tenants: list[Subnet]) -> HttpResponseBase:
    at = as_of(request)
    now = board_for(request, publication, past=False)
    shown = _choice(request, "range", RANGES, _DEFAULT_RANGE)
    export = exports.asked_for(request)
    known = dossier(tenant, now, RANGES[shown], at, most_points=FILE_POINTS if export else CHART_POINTS)
    if export:
        return export(*_file(request, known, shown))
    context = {
        "dossier": known,
        "tenants": [(each, display_name(each.identity, each.netuid)) for each in tenants],
        "former": tenant != tenants[0],
        "neighbours": _neighbours(now, tenant.netuid),
        "price": PRICE,
        **_HEADS,
        "changes": [(words, metric, known.figures.get(metric.key)) for words, metric in _CHANGES],
        "trade": trade_of(known.snapshot, request.GET.get("trade")) if known.snapshot and tenant.netuid else None,
        "rest_of_address": rest_of_address(request, "trade", "format"),
        "insight": explanation(now, tenant.netuid) if known.living and known.judgement else None,
        "drift": DRIFT_WORDS,
        **_market(request, known, shown, tenants),
        **_validators(request, known),
    }
    frame = frame_for(request, publication, now, observed_at=None if known.living else _observed_at(known))
    context["methods"] = {name: frame.address(METHOD_ROUTE, key) for name, key in _METHODS.items()}
    context["summary"] = linked_data.summary(known)
    context["linked_data"] = linked_data.data_block(linked_data.dataset(known, frame.canonical))
    return render_page(request, "subnet", context, frame=frame, fragments=["market", "quotes", "validators"])


def _market(request: HttpRequest, known: Dossier, shown: str, tenants: list[Subnet]) -> dict[str, Any]:
    later = tenants[: tenants.index(known.subnet)]
    chart = _choice(request, "chart", market.PANES, "price")
    return {
        "ranges": list(RANGES),
        "range": shown,
        "panes": market.PANES,
        "pane": market.pane(
            known, chart, ended_block=later[-1].registered_at_block if later else None, rows=_TABLE_ROWS
        ),
        "multiples": market.multiples(known.series, rows=_TABLE_ROWS),
    }


def _file(request: HttpRequest, known: Dossier, shown: str) -> tuple[str, exports.Table]:
    """(name, table) of what the address asks for."""
    name = f"subnet-{known.subnet.netuid}-{known.subnet.registered_at_block}"
    match exports.table_asked_for(request, ("history", "days", "validators")):
        case "days":
            return f"{name}-{shown}-days", days_table(known.subnet, days_of(known.series))
        case "validators":
            listed = _validators(request, known)["validators"]
            return f"{name}-validators", validators_table(known.subnet, known.neurons, listed)
    return f"{name}-{shown}", exports.series_table(known.subnet, known.series)


def _validators(request: HttpRequest, known: Dossier) -> dict[str, Any]:
    sort = Sort.parse(request.GET.get("vsort"), VALIDATOR_COLUMNS, Sort(validators.STAKE_WEIGHT.key, descending=True))
    listed = known.neurons.validators if known.neurons else []
    return {
        "validators": validators.ordered(listed, sort.key, descending=sort.descending),
        "heads": heads(VALIDATOR_COLUMNS, sort),
    }


def _choice(request: HttpRequest, name: str, known: Iterable[str], default: str) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in known else default


def _observed_at(known: Dossier) -> datetime | None:
    return known.snapshot.observed_at if known.snapshot else None


def _neighbours(now: Board, netuid: int) -> dict[str, int | None]:
    netuids = [row.netuid for row in now.rows]
    return {
        "before": max((n for n in netuids if n < netuid), default=None),
        "after": min((n for n in netuids if n > netuid), default=None),
    }
