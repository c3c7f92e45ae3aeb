"""What the controls of the screener offer: for each choice its words, the address it leads to, whether it is made."""

from collections.abc import Iterator
from typing import Any

from insights.screening.beside import offered
from insights.screening.columns import PRESETS, TREND
from insights.screening.conditions import FLAGS, Flag, Range
from insights.screening.request import DEFAULT_PRESET, DENSITIES, HEATS, Request
from insights.screening.views import PICTURES, VIEWS

Link = tuple[str, str, bool]
"""(words, address, whether it is what is shown)"""

_AXES = ("x", "y", "size", "log")
_CONDITIONS = ("category", "flag", "only", "q")


def choices(asked: Request) -> dict[str, Any]:
    """Everything that the forms and tabs of the page are made of."""
    return {
        "views": list(_views(asked)),
        "presets": list(_presets(asked)),
        "pictures": list(_pictures(asked)),
        "heats": [(label, asked.address(heat=key), key == asked.heat) for key, label in HEATS.items()],
        "densities": [(label, asked.address(density=key), key == asked.density) for key, label in DENSITIES.items()],
        "percentile_address": asked.address(pctl="" if asked.percentile else "1"),
        "reset_address": asked.address(*(name for name, _ in asked.items() if _is_range(name)), *_CONDITIONS),
        "offered": offered(asked.trade),
        "shown_keys": {column.key for column in asked.columns},
        "fields": _fields(asked),
        "flags": _flags(asked),
        "hidden": _hidden(asked),
    }


def _views(asked: Request) -> Iterator[Link]:
    for key, view in VIEWS.items():
        yield view.label, asked.address(*_AXES, view=key), key == asked.view


def _presets(asked: Request) -> Iterator[Link]:
    for key, (name, _) in PRESETS.items():
        address = asked.address("col", "view", *_AXES, preset="" if key == DEFAULT_PRESET else key)
        yield name, address, key == asked.preset and not asked.chosen and not asked.view


def _pictures(asked: Request) -> Iterator[Link]:
    """The ready-made ones of this way of looking."""
    drawn = {name: value for name, value in asked.axes.items() if value}
    for view, name, parameters in PICTURES:
        if view == asked.view:
            yield name, asked.address(*_AXES, "col", **{"view": view, **parameters}), parameters == drawn


def _fields(asked: Request) -> list[Range]:
    """A range to fill in for each figure that is asked about or shown."""
    ranges = {each.metric.key: each for each in asked.ranges}
    keys = dict.fromkeys([*ranges, *(column.key for column in asked.columns if column.key != TREND)])
    return [ranges.get(key) or Range(asked.metrics[key]) for key in keys]


def _flags(asked: Request) -> list[tuple[Flag, str]]:
    """(flag, what is chosen of it: itself, "-" and itself, or "")"""
    chosen = {each.flag.key: str(each) for each in asked.flags}
    return [(flag, chosen.get(key, "")) for key, flag in FLAGS.items()]


def _hidden(asked: Request) -> dict[str, list[tuple[str, str]]]:
    """{form: what it carries along}"""
    return {
        "filters": asked.hidden("min_", "max_", *_CONDITIONS),
        "columns": asked.hidden("col"),
        "trade": asked.hidden("trade"),
        "axes": asked.hidden(*_AXES),
        "name": asked.hidden("name"),
    }


def _is_range(name: str) -> bool:
    return name.startswith(("min_", "max_"))
