"""/screener/: the power table over everything that is declared, and pictures of any part of it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from insights import exports
from insights.board import Row
from insights.money import Money
from insights.pages.caching import Publication, fragment_of, published
from insights.pages.rendering import board_for, frame_for, path_of, render_page
from insights.scores.buy_signal import WORDS
from insights.screening.beside import rows_of
from insights.screening.cells import writer_of
from insights.screening.choices import choices
from insights.screening.columns import groups_of, starts_of_groups
from insights.screening.conditions import Passed, passing
from insights.screening.heads import chips_of, heads_of, sort_words, text_heads
from insights.screening.heat import company_of, deepest, tint_of
from insights.screening.picture import picture_of
from insights.screening.request import Request, read
from insights.screening.sorting import figure_key, sorted_rows
from insights.selection import matching, shares_of
from insights.standing import places_of
from insights.tables.screener import screener_table
from taoanalytics.lib.metric import Metric

SITE_PARAMETERS = ("as_of", "currency", "theme")
"""What a link within the page keeps besides the page's own."""

_WHOLE, _ROWS_ONLY = "results", "view"


@published
def screener(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    asked = read(request.GET, kept=SITE_PARAMETERS)
    now = board_for(request, publication, past=any(column.drawn for column in asked.columns))
    frame = frame_for(request, publication, now)
    everyone = rows_of(now, asked.trade)
    passed = _passed(everyone, asked)
    rows = sorted_rows(passed.rows, asked.sorts)
    if export := exports.asked_for(request):
        block = now.network.block if now.network else 0
        return export(f"screener-{block}", screener_table(rows, asked.columns, now.tao_price))
    route, shares = row_route(asked), shares_of(now)
    context = {
        "board": now,
        "asked": asked,
        "passed": passed,
        "categories": shares,
        **_table(rows, everyone, asked, frame.money),
        **choices(asked),
        "csv_address": path_of("screener-csv") + asked.address(),
        "json_address": path_of("screener-json") + asked.address(),
        "row_route": route,
        "levels": list(WORDS.items()),
        "picture": picture_of(asked, rows, lambda netuid: frame.address(route, netuid)),
        "chips": list(chips_of(asked, {share.slug: str(share.category or "Unclassified") for share in shares})),
        "keeps_pickers": fragment_of(request) == _ROWS_ONLY,
    }
    return render_page(request, "screener", context, frame=frame, fragments=[_WHOLE, _ROWS_ONLY])


def row_route(asked: Request) -> str:
    """Where rows and marks lead: of signals to how each came about."""
    return "insight" if asked.view == "signals" else "subnet"


def _passed(rows: Sequence[Row], asked: Request) -> Passed:
    return passing(
        matching(rows, asked.query, ""),
        tests=[*(each.test for each in asked.ranges), *(flag.test for flag in asked.flags)],
        categories=asked.categories,
        only=asked.only,
    )


def _table(rows: Sequence[Row], everyone: Sequence[Row], asked: Request, money: Money) -> dict[str, Any]:
    company = company_of(everyone, asked.columns) if asked.heat == "category" else {}
    tints = [tint_of(column, heat=asked.heat, company=company) for column in asked.columns]
    ranked = _ranked(asked) if asked.percentile else None
    places = places_of(everyone, ranked) if ranked else {}
    return {
        "rows": [(row, places.get(row.netuid)) for row in rows],
        "writers": [
            writer_of(column, start=start, tint=tint, money=money)
            for column, start, tint in zip(asked.columns, starts_of_groups(asked.columns), tints, strict=True)
        ],
        "tinted": any(tints),
        "deepest": deepest(asked.columns),
        "ranked": ranked,
        "groups": groups_of(asked.columns),
        "text_heads": text_heads(asked),
        "heads": heads_of(asked),
        "sorted_by": sort_words(asked),
    }


def _ranked(asked: Request) -> Metric | None:
    """What the percentile is of: the first number that the table is sorted by."""
    return next((asked.metrics[key] for key in map(figure_key, asked.sorts) if key in asked.metrics), None)
