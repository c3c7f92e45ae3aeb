"""What visitors ask for: every kind of public page, and of each a long supply of addresses that nobody asked for yet.

Each of these is a question of its own: another filter, sort, subnet, metric, range, day, currency or theme. None is
told apart by a parameter that means nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from urllib.parse import urlencode

from insights import traced
from insights.dossier.market import PANES
from insights.recorded_days import recorded_days
from insights.registry import BY_KEY
from insights.screening.columns import PRESETS
from subnets.models import Category, NetworkSnapshot, SubnetSnapshot
from taoanalytics.jobs.models import Generation

WEIGHTS = {
    "home": 2,
    "explorer": 3,
    "screener": 3,
    "subnet": 4,
    "insight": 1,
    "categories": 1,
    "category": 1,
    "trends": 1,
    "correlation": 1,
    "compare": 1,
    "methodology": 1,
    "method": 1,
    "classification": 1,
    "about": 1,
}
"""{kind of page: its share of all requests}"""

_RANGES = ("7d", "30d", "90d", "1y", "all")
_THEMES, _CURRENCIES = ("", "light", "dark"), ("", "usd")
_SORTS = ("-price_tao", "change_1d_pct", "-change_7d_pct", "-change_30d_pct", "market_cap_tao", "-pool_tao", "name")
_WORDS = ("", "a", "e", "in", "data", "ai", "net", "o", "tr", "st", "co", "mo", "1", "2")


def popular() -> dict[str, list[str]]:
    """{kind of page: addresses that a reader finds kept}"""
    netuids, slugs = _netuids(), _slugs()
    return {
        "home": ["/"],
        "explorer": ["/explorer/", "/explorer/?view=cards", f"/explorer/?category={slugs[0]}"],
        "screener": ["/screener/", "/screener/?preset=risk", "/screener/?view=scatter"],
        "subnet": [f"/subnets/{netuid}/" for netuid in netuids[:12]],
        "insight": [f"/subnets/{netuid}/insight/" for netuid in netuids[:3]],
        "categories": ["/categories/"],
        "category": [f"/categories/{slug}/" for slug in slugs[:3]],
        "trends": ["/trends/"],
        "correlation": ["/correlation/"],
        "compare": ["/compare/"],
        "methodology": ["/methodology/"],
        "method": ["/methodology/price_tao/", "/methodology/market_cap_tao/"],
        "classification": ["/methodology/classification/"],
        "about": ["/about/"],
    }


def never_asked() -> dict[str, Iterator[str]]:
    """{kind of page: addresses of it, each but once and none of the popular ones}"""
    netuids, slugs, metrics = _netuids(), _slugs(), list(traced.TRACED)
    looks = {"as_of": ["", *_days()], "currency": _CURRENCIES, "theme": _THEMES}
    in_two = {"currency": _CURRENCIES, "theme": _THEMES}
    found = {
        "home": _addresses(["/"], **looks),
        "explorer": _addresses(["/explorer/"], q=_WORDS, sort=_SORTS, view=("", "cards"), category=["", *slugs]),
        "screener": _addresses(["/screener/"], min_pool_tao=map(str, range(1000)), sort=_SORTS, preset=PRESETS),
        "subnet": _addresses(_each("/subnets/{}/", netuids), range=_RANGES, chart=PANES, **in_two),
        "insight": _addresses(_each("/subnets/{}/insight/", netuids), **in_two),
        "categories": _addresses(["/categories/"], **looks),
        "category": _addresses(_each("/categories/{}/", slugs), sort=_SORTS, **in_two),
        "trends": _addresses(["/trends/"], range=_RANGES, by=("", "category"), metric=metrics),
        "correlation": _addresses(["/correlation/"], method=("", "pearson"), m=combinations(metrics[:12], 8)),
        "compare": _addresses(["/compare/"], range=("", "7d"), netuid=combinations(netuids, 3)),
        "methodology": _addresses(["/methodology/"], **looks),
        "method": _addresses(_each("/methodology/{}/", BY_KEY), **in_two),
        "classification": _addresses(["/methodology/classification/"], **looks),
        "about": _addresses(["/about/"], **looks),
    }
    asked = {address for addresses in popular().values() for address in addresses}
    return {kind: (each for each in addresses if each not in asked) for kind, addresses in found.items()}


def _addresses(pages: Sequence[str], **choices: Iterable[str | Sequence[str]]) -> Iterator[str]:
    """Every page with every combination of the choices, "" leaving one out; the pages change fastest."""
    for values in product(*choices.values()):
        said = {name: value for name, value in zip(choices, values, strict=True) if value}
        query = urlencode(said, doseq=True)
        yield from (f"{page}?{query}" if query else page for page in pages)


def _each(form: str, values: Iterable[object]) -> list[str]:
    return [form.format(value) for value in values]


def _netuids() -> list[int]:
    rows = SubnetSnapshot.objects.filter(network=NetworkSnapshot.objects.newest_complete(), subnet__netuid__gt=0)
    return sorted(rows.values_list("subnet__netuid", flat=True))


def _slugs() -> list[str]:
    return sorted(Category.objects.in_use().values_list("slug", flat=True))


def _days() -> list[str]:
    """Recorded before the newest, the newest of them first."""
    return [day.isoformat() for day in recorded_days(Generation.objects.current()).days[-2::-1]]
