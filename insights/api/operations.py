"""The questions that the API answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from insights.api import schemas, series
from insights.api.asked import (
    MOST_POINTS,
    MOST_STATES,
    SPANS,
    AsOf,
    Category,
    DeclaredKey,
    Fields,
    From,
    Limit,
    MetricKey,
    Netuid,
    Sort,
    Step,
    Tenancy,
    To,
    end_of,
    keys_of,
    metric_of,
    order_of,
    refused,
    stretch_of,
)
from insights.api.one_subnet import one_subnet
from insights.api.told import told
from insights.board import Board, board
from insights.catalogue import EXPLAINED
from insights.selection import UNCLASSIFIED, matching, ordered
from subnets import models
from taoanalytics.lib import clock

DESCRIPTION = """Every number of the site for other programs: read-only, without key or cookie, readable from any page.

Amounts are whole tokens as their unit says, TAO and alpha never mixed; null is unknown and 0 is zero; times are UTC.
Each number is declared under `/metrics` with its formula, inputs and source, and `/methodology/` explains it in words.
A matching `If-None-Match` is answered with 304 until new data has been published."""

api = NinjaAPI(title="TAO Analytics", version="1", description=DESCRIPTION, docs_url=None, urls_namespace="api")

_PROBLEMS: dict[Any, Any] = {400: schemas.Problem, 404: schemas.Problem}


@api.exception_handler(ValidationError)
def refused_as_everywhere(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """A parameter that cannot be is 400 on the whole site; ninja would say 422."""
    return api.create_response(request, {"detail": problem.errors}, status=400)


@api.get("/subnets", response={200: schemas.Board, 400: schemas.Problem}, exclude_unset=True, url_name="subnets")
def subnets(
    request: HttpRequest,
    category: Category = None,
    fields: Fields = None,
    sort: Sort = "netuid",
    limit: Limit = 500,
    as_of: AsOf = None,
) -> schemas.Board:
    """The board: every living subnet with the numbers asked for, root left out."""
    keys, (key, descending) = set(keys_of(fields)), order_of(sort)
    now = board(end_of(as_of), past=False)
    rows = matching(now.rows, "", category or "")
    if category and not rows and not _known(category):
        raise refused(f"There is no category {category!r}.")
    rows = ordered(rows, key, descending=descending)
    return schemas.Board(
        observation=observation_of(now.network) if now.network else None,
        tao_price_usd=now.tao_price_usd,
        tao_price_at=now.tao_price.observed_at if now.tao_price else None,
        tao_price_source=now.tao_price.source if now.tao_price else None,
        total=len(rows),
        subnets=[
            schemas.Subnet(
                netuid=row.netuid,
                registered_at_block=row.snapshot.subnet.registered_at_block,
                name=row.name,
                symbol=row.symbol,
                category=row.category.slug if row.category else None,
                **told(row.profile, row.category_source),
                figures=schemas.figures(row.figures, keys),
            )
            for row in rows[:limit]
        ],
    )


def _known(category: str) -> bool:
    return category == UNCLASSIFIED or models.Category.objects.filter(slug=category).exists()


def observation_of(network: models.NetworkSnapshot) -> schemas.Observation:
    return schemas.Observation(block=network.block, observed_at=network.observed_at, source=network.source)


def tenant_of(netuid: int, registered_at_block: int | None) -> tuple[models.Subnet, list[models.Subnet]]:
    """(the tenant asked for, all there have been): one query. Refuses with 404."""
    tenants = list(models.Subnet.objects.tenants_of(netuid))
    if not tenants:
        raise HttpError(404, f"No subnet {netuid} has been seen.")
    wanted = [each for each in tenants if registered_at_block in (None, each.registered_at_block)]
    if not wanted:
        raise HttpError(404, f"No tenant of subnet {netuid} was registered at block {registered_at_block}.")
    return wanted[0], tenants


@api.get("/subnets/{netuid}", response={200: schemas.OneSubnet, **_PROBLEMS}, exclude_unset=True, url_name="subnet")
def subnet(request: HttpRequest, netuid: Netuid, registered_at_block: Tenancy = None) -> schemas.OneSubnet:
    """One tenant of a netuid, as it was last observed."""
    tenant, tenants = tenant_of(netuid, registered_at_block)
    return one_subnet(tenant, tenants)


@api.get("/subnets/{netuid}/history", response={200: schemas.History, **_PROBLEMS}, url_name="subnet-history")
def subnet_history(
    request: HttpRequest,
    netuid: Netuid,
    metric: MetricKey,
    start: From = None,
    end: To = None,
    every: Step = "1d",
    registered_at_block: Tenancy = None,
) -> schemas.History:
    """One number of one tenant over time. Another tenant's observations are never among them."""
    declared = metric_of(metric)
    tenant, _ = tenant_of(netuid, registered_at_block)
    newest = tenant.last_seen_at or clock.now()
    first, last = stretch_of(start, end, every, most=MOST_POINTS, newest=newest)
    return schemas.History(
        netuid=netuid,
        registered_at_block=tenant.registered_at_block,
        metric=declared.key,
        label=declared.label,
        unit=str(declared.unit),
        layer=str(declared.layer),
        source=declared.source,
        formula=declared.formula or None,
        version=declared.version,
        method=schemas.method_of(declared),
        every=every,
        points=series.history_of(tenant, declared, first, last, SPANS[every]),
    )


@api.get("/subnets/{netuid}/days", response={200: schemas.Days, **_PROBLEMS}, url_name="subnet-days")
def subnet_days(
    request: HttpRequest,
    netuid: Netuid,
    start: From = None,
    end: To = None,
    registered_at_block: Tenancy = None,
) -> schemas.Days:
    """TAO that was traded of one tenant on each UTC day, and what came into its pool or went out of it."""
    tenant, _ = tenant_of(netuid, registered_at_block)
    newest = tenant.last_seen_at or clock.now()
    first, last = stretch_of(start, end, "1d", most=MOST_POINTS, newest=newest)
    return schemas.Days(
        netuid=netuid,
        registered_at_block=tenant.registered_at_block,
        days=series.days_between(tenant, first, last),
    )


@api.get("/metrics", response=list[schemas.Declaration], url_name="metrics")  # type: ignore[valid-type]
def metrics(request: HttpRequest) -> list[Any]:
    """Every declared number: unit, layer, source, formula, inputs, bounds and what null means."""
    return [schemas.declaration(metric) for metric in EXPLAINED.values()]


@api.get("/metrics/{key}", response={200: schemas.Declaration, **_PROBLEMS}, url_name="metric")
def metric(request: HttpRequest, key: DeclaredKey) -> Any:
    """One declaration."""
    if key not in EXPLAINED:
        raise HttpError(404, f"No metric is called {key!r:.60}; /api/v1/metrics lists them all.")
    return schemas.declaration(EXPLAINED[key])


@api.get("/network", response={200: schemas.Network, **_PROBLEMS}, url_name="network")
def network(request: HttpRequest, as_of: AsOf = None) -> schemas.Network:
    """The newest complete state of the network, or that of a past day."""
    now = board(end_of(as_of), past=False)
    if now.network is None:
        raise HttpError(
            404, "The network has not been recorded by then." if as_of else "Nothing has been recorded yet."
        )
    return _network(now, now.network)


def _network(now: Board, newest: models.NetworkSnapshot) -> schemas.Network:
    found = series.totals_of(models.NetworkSnapshot.objects.filter(pk=newest.pk))
    totals = found[0].model_dump() if found else observation_of(newest).model_dump() | schemas.NO_TOTALS
    return schemas.Network(
        **totals,
        spec_version=newest.spec_version,
        total_issuance_tao=series.tokens(newest.total_issuance_rao),
        total_stake_tao=series.tokens(newest.total_stake_rao),
        block_emission_tao=series.tokens(newest.block_emission_rao),
        tao_weight=newest.tao_weight,
        tao_price_usd=now.tao_price_usd,
        tao_price_at=now.tao_price.observed_at if now.tao_price else None,
        tao_price_source=now.tao_price.source if now.tao_price else None,
    )


@api.get("/network/history", response={200: schemas.NetworkHistory, 400: schemas.Problem}, url_name="network-history")
def network_history(
    request: HttpRequest, start: From = None, end: To = None, every: Step = "1d"
) -> schemas.NetworkHistory:
    """Totals of the network over time, from complete states alone."""
    newest = models.NetworkSnapshot.objects.newest_complete()
    if newest is None:
        return schemas.NetworkHistory(every=every, points=[])
    first, last = stretch_of(start, end, every, most=MOST_STATES, newest=newest.observed_at)
    return schemas.NetworkHistory(every=every, points=series.totals_of(series.states(first, last, SPANS[every])))
