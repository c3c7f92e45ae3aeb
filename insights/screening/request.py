"""What the address of the screener asks for, and the address for asking something else.

preset=…            ready-made columns; col=a,b,c (or repeated) chooses one's own, at most 40
min_KEY=, max_KEY=  a range of any metric, both ends included (shares in percent; 10k, 1.5M), at most 12 metrics
metric=KEY&least=&most=   the same for one more metric, as a form without script must ask for it
category=SLUG       repeated: any of these; flag=KEY or flag=-KEY repeated: with it, or without
only=1,64,8         netuids; q=text
sort=-a,b           largest a first, then smallest b; up to four
trade=250           TAO, for the columns of "My trade"
view=scatter&x=&y=&size=&log=x,y   view=signals, the same   view=histogram&x=&log=x
heat=category|off   pctl=1   density=compact|comfortable   name=text   format=csv|json
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import QueryDict

from insights.pages.tables import Sort
from insights.screening.beside import metrics_of
from insights.screening.columns import MOST_COLUMNS, PRESETS, Column, columns_of, preset_keys
from insights.screening.conditions import FLAGS, FlagChoice, Range, number, number_text
from insights.screening.sorting import parse_sorts, sorts_text
from insights.screening.trade import DEFAULT_TRADE_TAO, LEAST_TRADE_TAO, MOST_TRADE_TAO
from insights.screening.views import NOTHING_DRAWN, VIEWS, Axes
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.text import clean

MOST_RANGES, MOST_CATEGORIES, MOST_NETUIDS = 12, 30, 256
HEATS: Mapping[str, str] = MappingProxyType(
    {"": "By size of change", "category": "Against its category", "off": "None"}
)
DENSITIES: Mapping[str, str] = MappingProxyType({"compact": "Compact", "": "Default", "comfortable": "Comfortable"})
DEFAULT_PRESET = "overview"
_LONGEST = {"q": 100, "name": 60, "slug": 50, "keys": 4000, "sort": 300, "foreign": 40}
_MOST_FOREIGN = 8
_OWN = {*"preset col metric least most category flag only q sort trade".split()}
_OWN |= {*"view x y size log heat pctl density name format".split()}


@dataclass(frozen=True, slots=True)
class Request:
    """An address, read: whatever it says that means nothing is left out, and never an error."""

    metrics: Mapping[str, Metric]
    preset: str = DEFAULT_PRESET
    chosen: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()
    categories: tuple[str, ...] = ()
    flags: tuple[FlagChoice, ...] = ()
    only: tuple[int, ...] = ()
    query: str = ""
    sorts: tuple[Sort, ...] = VIEWS[""].sorts
    trade: float = DEFAULT_TRADE_TAO
    view: str = ""
    axes: Axes = NOTHING_DRAWN
    heat: str = ""
    percentile: bool = False
    density: str = ""
    name: str = ""
    foreign: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The chosen ones, else those of the view, else those of the preset; and always what the picture draws."""
        wanted = self.chosen or VIEWS[self.view].columns or preset_keys(self.preset)
        return columns_of((*(key for key in self.axes.drawn if key not in wanted), *wanted), self.metrics)

    @property
    def trade_text(self) -> str:
        return number_text(self.trade)

    @property
    def filtered(self) -> int:
        """How many conditions are set."""
        return len(self.ranges) + len(self.categories) + len(self.flags) + bool(self.only) + bool(self.query)

    def items(self) -> list[tuple[str, str]]:
        """The address again, shortest: what is as always is left out."""
        conditions = [item for each in self.ranges for item in _bounds(each)]
        conditions += [("category", slug) for slug in self.categories]
        conditions += [("flag", str(flag)) for flag in self.flags]
        said = [
            ("view", self.view),
            *self.axes.items(),
            ("preset", "" if self.preset == DEFAULT_PRESET else self.preset),
            ("col", ",".join(self.chosen)),
            *conditions,
            ("only", ",".join(map(str, self.only))),
            ("q", self.query),
            ("sort", "" if self.sorts == VIEWS[self.view].sorts else sorts_text(self.sorts)),
            ("trade", "" if self.trade == DEFAULT_TRADE_TAO else self.trade_text),
            ("heat", self.heat),
            ("pctl", "1" if self.percentile else ""),
            ("density", self.density),
            ("name", self.name),
        ]
        return [(name, value) for name, value in said if value] + list(self.foreign)

    def address(self, *without: str, **other: str) -> str:
        """`?…` of this view with some parameters left out and others set ("" leaves out too)."""
        items = [(name, other.get(name, value)) for name, value in self.items() if name not in without]
        present = {name for name, _ in items}
        items += [(name, value) for name, value in other.items() if name not in present]
        return "?" + urlencode([(name, value) for name, value in items if value], safe=",:")

    def address_without(self, name: str, value: str) -> str:
        """`?…` without one of several values of a parameter."""
        return "?" + urlencode([item for item in self.items() if item != (name, value)], safe=",:")

    def hidden(self, *owned: str) -> list[tuple[str, str]]:
        """What a form must carry along that asks for `owned` itself, of which "min_" stands for all that begin so."""
        prefixes = tuple(name for name in owned if name.endswith("_")) or ("\0",)
        return [item for item in self.items() if item[0] not in owned and not item[0].startswith(prefixes)]


def _bounds(each: Range) -> list[tuple[str, str]]:
    return [(f"min_{each.metric.key}", each.low_text), (f"max_{each.metric.key}", each.high_text)]


def read(asked: QueryDict, *, kept: Iterable[str] = ()) -> Request:
    """`kept` names parameters of the whole site that every link carries along."""
    trade = _trade(asked.get("trade", ""))
    metrics = metrics_of(trade)
    preset, view = asked.get("preset", ""), asked.get("view", "")
    view = view if view in VIEWS else ""
    keys = ",".join(asked.getlist("col")[:MOST_COLUMNS])[: _LONGEST["keys"]].split(",")
    flags = dict.fromkeys(asked.getlist("flag")[: 4 * len(FLAGS)])
    return Request(
        metrics=metrics,
        preset=preset if preset in PRESETS else DEFAULT_PRESET,
        chosen=tuple(column.key for column in columns_of(keys, metrics))[:MOST_COLUMNS],
        ranges=_ranges(asked, metrics),
        categories=tuple(
            dict.fromkeys(
                slug for raw in asked.getlist("category")[:MOST_CATEGORIES] if (slug := clean(raw, _LONGEST["slug"]))
            )
        ),
        flags=tuple(
            FlagChoice(FLAGS[flag.removeprefix("-")], flag.startswith("-"))
            for flag in flags
            if flag.removeprefix("-") in FLAGS
        ),
        only=_netuids(asked.get("only", "")),
        query=clean(asked.get("q", ""), _LONGEST["q"]),
        sorts=parse_sorts(asked.get("sort", "")[: _LONGEST["sort"]], metrics, VIEWS[view].sorts),
        trade=trade,
        view=view,
        axes=Axes.read(asked, metrics, VIEWS[view]),
        heat=_one_of(asked, "heat", HEATS),
        percentile=asked.get("pctl") == "1",
        density=_one_of(asked, "density", DENSITIES),
        name=clean(asked.get("name", ""), _LONGEST["name"]),
        foreign=_foreign(asked, kept),
    )


def _one_of(asked: QueryDict, name: str, known: Mapping[str, str]) -> str:
    value = asked.get(name, "")
    return value if value in known else ""


def _trade(text: str) -> float:
    value = number(text)
    return value if value is not None and LEAST_TRADE_TAO <= value <= MOST_TRADE_TAO else DEFAULT_TRADE_TAO


def _netuids(text: str) -> tuple[int, ...]:
    parts = text[:2000].replace(" ", ",").split(",")
    found = dict.fromkeys(int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) <= 5)
    return tuple(found)[:MOST_NETUIDS]


def _ranges(asked: QueryDict, metrics: Mapping[str, Metric]) -> tuple[Range, ...]:
    """In the order of the address; a range that says nothing is none."""
    sought: dict[str, None] = {}
    for name in asked:
        if name.startswith(("min_", "max_")) and name[4:] in metrics:
            sought[name[4:]] = None
    found = [_range(asked, metrics[key], f"min_{key}", f"max_{key}") for key in sought]
    if (extra := asked.get("metric", "")) in metrics:
        found.append(_range(asked, metrics[extra], "least", "most"))
    said = {each.metric.key: each for each in found if each.low is not None or each.high is not None}
    return tuple(said.values())[:MOST_RANGES]


def _range(asked: QueryDict, metric: Metric, low: str, high: str) -> Range:
    return Range(metric, number(asked.get(low, "")), number(asked.get(high, "")))


def _foreign(asked: QueryDict, kept: Iterable[str]) -> tuple[tuple[str, str], ...]:
    names = [name for name in kept if name not in _OWN][:_MOST_FOREIGN]
    return tuple((name, value) for name in names if (value := clean(asked.get(name, ""), _LONGEST["foreign"])))
