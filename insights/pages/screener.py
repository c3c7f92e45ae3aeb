"""/screener/: the power table over everything that is declared, and pictures of any part of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from insights import exports, registry
from insights.board import Board, Row
from insights.money import Money
from insights.pages.caching import Publication, published
from insights.pages.rendering import board_for, frame_for, path_of, render_page
from insights.scores.buy_signal import WORDS
from insights.screening.cells import writer_of
from insights.screening.classified import CONFIDENCE, category_confidence
from insights.screening.columns import PRESETS, TREND, Column, groups_of, starts_of_groups
from insights.screening.conditions import FLAGS, Passed, Range, passing
from insights.screening.heads import chips_of, heads_of, sort_words, text_heads
from insights.screening.heat import company_of, tint_of
from insights.screening.picture import picture_of
from insights.screening.request import DENSITIES, HEATS, Request, read
from insights.screening.sorting import sorted_rows
from insights.screening.tenure import TENANT_AGE, tenant_age_days
from insights.screening.trade import DEFAULT_TRADE_TAO, TRADE_GROUP, trade_figures, trade_metrics
from insights.screening.views import PICTURES, VIEWS
from insights.selection import matching, shares_of
from insights.standing import places_of
from markets.models import TaoPrice
from subnets.metrics import PRICE
from taoanalytics.lib.metric import Metric

SITE_PARAMETERS = ("as_of", "currency", "theme")
"""What a link within the page keeps besides the page's own."""


@published
def screener(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    asked = read(request.GET, kept=SITE_PARAMETERS)
    now = board_for(request, publication, past=any(column.drawn for column in asked.columns))
    frame = frame_for(request, publication, now)
    everyone = _enriched(now, asked)
    passed = _passed(everyone, asked)
    rows = sorted_rows(passed.rows, asked.sorts)
    if export := exports.asked_for(request):
        return export(f"screener-{now.network.block if now.network else 0}", _file(rows, asked.columns, now.tao_price))
    context = {
        "board": now,
        "asked": asked,
        "passed": passed,
        "categories": shares_of(now),
        **_table(rows, everyone, asked, frame.money),
        **_choices(asked),
        "row_route": row_route(asked),
        "levels": list(WORDS.items()),
        "picture": picture_of(asked, rows, lambda netuid: frame.address(row_route(asked), netuid)),
        "chips": list(chips_of(asked, {share.slug: str(share.category or "Unclassified") for share in shares_of(now)})),
    }
    return render_page(request, "screener", context, frame=frame, fragments=["results", "view"])


def row_route(asked: Request) -> str:
    """Where rows and marks lead: of signals to how each came about."""
    return "insight" if asked.view == "signals" else "subnet"


def _enriched(now: Board, asked: Request) -> list[Row]:
    """The board's rows with what is reckoned for this visitor: cost of the trade, age of the tenant, confidence."""
    if asked.trade == DEFAULT_TRADE_TAO:
        return now.once("screened", lambda: _reckoned(now, asked.trade))
    return _reckoned(now, asked.trade)


def _reckoned(now: Board, trade_tao: float) -> list[Row]:
    if now.network is None:
        return []
    block = now.network.block
    return [
        replace(
            row,
            figures={
                **row.figures,
                TENANT_AGE.key: tenant_age_days(row, block),
                CONFIDENCE.key: category_confidence(row),
                **trade_figures(row, trade_tao, block),
            },
        )
        for row in now.rows
    ]


def _passed(rows: Sequence[Row], asked: Request) -> Passed:
    return passing(
        matching(rows, asked.query, ""),
        tests=[*(each.test for each in asked.ranges), *(flag.test for flag in asked.flags)],
        categories=asked.categories,
        only=asked.only,
    )


def _table(rows: Sequence[Row], everyone: Sequence[Row], asked: Request, money: Money) -> dict[str, Any]:
    company = company_of(everyone, asked.columns) if asked.heat == "category" else {}
    ranked = _ranked(asked) if asked.percentile else None
    places = places_of(everyone, ranked) if ranked else {}
    return {
        "rows": [(row, places.get(row.netuid)) for row in rows],
        "writers": [
            writer_of(column, start=start, tint=tint_of(column, heat=asked.heat, company=company), money=money)
            for column, start in zip(asked.columns, starts_of_groups(asked.columns), strict=True)
        ],
        "ranked": ranked,
        "groups": groups_of(asked.columns),
        "text_heads": text_heads(asked),
        "heads": heads_of(asked),
        "sorted_by": sort_words(asked),
    }


def _ranked(asked: Request) -> Metric | None:
    """What the percentile is of: the first number that the table is sorted by."""
    return next((asked.metrics[sort.key] for sort in asked.sorts if sort.key in asked.metrics), None)


def _choices(asked: Request) -> dict[str, Any]:
    """What the controls offer; `hidden` is what each form carries along."""
    trade = list(trade_metrics(asked.trade))
    offered = {TRADE_GROUP: trade, **registry.grouped()}
    offered["Score"] = [*offered.get("Score", []), CONFIDENCE]
    offered["Risk and trade"] = [*offered.get("Risk and trade", []), TENANT_AGE]
    set_already = {each.metric.key: each for each in asked.ranges}
    fields = dict.fromkeys([*set_already, *(column.key for column in asked.columns if column.key != TREND)])
    flags = {each.flag.key: str(each) for each in asked.flags}
    return {
        "views": [
            (view.label, asked.address("x", "y", "size", "log", view=key), key == asked.view)
            for key, view in VIEWS.items()
        ],
        "presets": [
            (
                name,
                asked.address(
                    "preset", "col", "view", "x", "y", "size", "log", preset="" if key == "overview" else key
                ),
                key == asked.preset and not asked.chosen and not asked.view,
            )
            for key, (name, _) in PRESETS.items()
        ],
        "pictures": [
            (name, asked.address("x", "y", "size", "log", "col", **{"view": view, **parameters}))
            for view, name, parameters in PICTURES
            if view == asked.view
        ],
        "offered": offered,
        "shown_keys": {column.key for column in asked.columns},
        "fields": [set_already.get(key) or Range(asked.metrics[key]) for key in fields],
        "flags": [(flag, flags.get(key, "")) for key, flag in FLAGS.items()],
        "heats": [(label, asked.address(heat=key), key == asked.heat) for key, label in HEATS.items()],
        "densities": [(label, asked.address(density=key), key == asked.density) for key, label in DENSITIES.items()],
        "percentile_address": asked.address(pctl="" if asked.percentile else "1"),
        "csv_address": path_of("screener-csv") + asked.address(),
        "json_address": path_of("screener-json") + asked.address(),
        "hidden": {
            "filters": asked.hidden("min_", "max_", "category", "flag", "only", "q"),
            "columns": asked.hidden("col"),
            "trade": asked.hidden("trade"),
            "axes": asked.hidden("x", "y", "size", "log"),
            "name": asked.hidden("name"),
            "only": asked.hidden("only"),
        },
        "reset_address": asked.address(
            *(f"{end}_{key}" for key in set_already for end in ("min", "max")), "category", "flag", "only", "q"
        ),
    }


def _file(rows: Sequence[Row], columns: Sequence[Column], tao_price: TaoPrice | None) -> exports.Table:
    """The table as it is shown; the line over 30 days as its prices, oldest first."""
    numbers = [column.metric for column in columns if not column.drawn]
    table = exports.board_table(rows, numbers, tao_price)
    if len(numbers) == len(columns):
        return table
    heading = "Price, TAO per alpha, one a day over 30 days, oldest first"
    about = "Of the observation nearest to each day before that of the line, within half a day; - where there is none"
    trend = exports.Column("prices_30d", heading, about, of=PRICE)
    drawn = [" ".join("-" if price is None else repr(price) for price in row.prices) for row in rows]
    return exports.Table(
        [*table.columns, trend], ([*cells, prices] for cells, prices in zip(table.rows, drawn, strict=True))
    )
