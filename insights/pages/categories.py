"""/categories/: every kind of subnet, and /categories/<slug>/: one of them with its members."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from enrichment import llm
from insights import exports
from insights.categories import standings
from insights.figures import CHANGE_7D, VOLUME_1D
from insights.pages.caching import Publication, published
from insights.pages.explorer import COLUMNS, FIGURES
from insights.pages.rendering import board_for, frame_for, render_page
from insights.pages.tables import Column, Sort, heads
from insights.selection import ordered
from insights.tables.categories import categories_table
from subnets.metrics import MARKET_CAP, POOL_TAO
from subnets.models import Category

_LEFT_OUT = ("category", POOL_TAO.key, VOLUME_1D.key)  # for the words on what each member does
_COLUMNS = tuple(column for column in COLUMNS if column.key not in _LEFT_OUT)
_SORTABLE = (*_COLUMNS, Column("name", "Name"))
_DEFAULT_SORT = Sort(MARKET_CAP.key, descending=True)


@published
def categories(request: HttpRequest, publication: Publication) -> HttpResponseBase:
    now = board_for(request, publication)
    found = standings(now, Category.objects.in_use())
    if export := exports.asked_for(request):
        return export(f"categories-{now.network.block if now.network else 0}", categories_table(now, found))
    context = {
        "board": now,
        "standings": found,
        "week": CHANGE_7D,
        "no_model": bool(llm.available()),
    }
    frame = frame_for(request, publication, now)
    return render_page(request, "categories", context, frame=frame)


@published
def category(request: HttpRequest, publication: Publication, slug: str) -> HttpResponseBase:
    """One that was merged into another leads there, unless it had members at the time that is asked for."""
    now = board_for(request, publication)
    known = list(Category.objects.select_related("merged_into"))
    found = next((each for each in standings(now, known) if each.slug == slug), None)
    if found is None:
        raise Http404(f"no category is called {slug}")
    frame = frame_for(request, publication, now)
    if found.category and found.category.merged_into and not found.rows:
        return redirect(frame.address("category", found.category.merged_into.slug))
    sort = Sort.parse(request.GET.get("sort"), _SORTABLE, _DEFAULT_SORT)
    rows = ordered(found.rows, sort.key, descending=sort.descending)
    if export := exports.asked_for(request):
        name = f"{slug}-{now.network.block if now.network else 0}"
        return export(name, exports.board_table(rows, FIGURES, now.tao_price))
    context = {
        "board": now,
        "standing": found,
        "rows": rows,
        "heads": heads(_COLUMNS, sort),
        "week": CHANGE_7D,
        "no_model": bool(llm.available()),
        "others": [each for each in standings(now, ()) if each.slug != slug],
    }
    return render_page(request, "category", context, frame=frame, fragments=["members"])
