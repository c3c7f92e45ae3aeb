"""The market map: a squarified treemap in which every tile is a link.

Positions are in percent, so that it fills any width while its text keeps its size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from insights.charts.marks import class_attribute, tint
from insights.html import format_html, format_html_join

Rectangle = tuple[float, float, float, float]
"""x, y, width, height."""

_STEPS = (1, 4, 9, 16)  # percent of change at which the tint grows
_NARROW = 0.72  # labels must fit when the map is drawn at 70 % of its reference width
_HEAD = 18
_NOTHING = 1e-9  # what rounding may leave of a side when the last tiles are tiny
_LETTER, _BOLD_LETTER = 6.4, 7.2


@dataclass(frozen=True, slots=True)
class Tile:
    """`size` must be positive; `change_pct` tints; `note` is the tooltip's second line."""

    name: str
    netuid: int
    address: str
    size: float
    change_pct: float | None
    change: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    name: str
    tiles: Sequence[Tile]

    @property
    def size(self) -> float:
        return sum(tile.size for tile in self.tiles)


def squarified(sizes: Sequence[float], area: Rectangle) -> list[Rectangle]:
    """Rectangles that fill `area` in proportion to positive `sizes`, largest first (Bruls, Huizing and van Wijk)."""
    x, y, w, h = area
    total = sum(sizes)
    if not total or w <= 0 or h <= 0:
        return []
    areas, rectangles, i = [size * w * h / total for size in sizes], [], 0
    while i < len(areas):
        side, row = max(min(w, h), _NOTHING), [areas[i]]
        while i + len(row) < len(areas) and _worst([*row, areas[i + len(row)]], side) <= _worst(row, side):
            row.append(areas[i + len(row)])
        thickness, offset = sum(row) / side, 0.0
        for part in row:
            length = part / thickness
            rectangles.append((x, y + offset, thickness, length) if w >= h else (x + offset, y, length, thickness))
            offset += length
        if w >= h:
            x, w = x + thickness, w - thickness
        else:
            y, h = y + thickness, h - thickness
        i += len(row)
    return rectangles


def _worst(row: Sequence[float], side: float) -> float:
    """The most elongated rectangle's proportion if `row` is laid along `side`."""
    total = sum(row)
    return max(max(side * side * a / total**2, total**2 / (side * side * a)) for a in row)


def treemap(groups: Sequence[Group], size: tuple[int, int], form: str, label: str) -> SafeString:
    """`size` is the reference in pixels; `form` is the class of the wide or the narrow version."""
    w, h = size
    ranked = sorted(groups, key=lambda group: -group.size)
    areas = squarified([group.size for group in ranked], (0, 0, w, h))
    body = format_html_join(
        "",
        '<svg x="{}" y="{}" width="{}" height="{}">{}</svg>',
        (
            (_pct(x, w), _pct(y, h), _pct(gw, w), _pct(gh, h), _group(group, gw, gh))
            for group, (x, y, gw, gh) in zip(ranked, areas, strict=False)
        ),
    )
    return format_html('<svg class="tm {}" role="group" aria-label="{}">{}</svg>', form, label, body)


def _pct(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}%".replace(".00%", "%")


def _group(group: Group, w: float, h: float) -> SafeString:
    head = _HEAD if w > 60 and h > 44 else 0
    tiles = sorted(group.tiles, key=lambda tile: -tile.size)
    areas = squarified([tile.size for tile in tiles], (0, head, w, h - head))
    drawn = (
        (_tile(tile, rw, rh, (_pct(x, w), _pct(y, h), _pct(rw, w), _pct(rh, h))),)
        for tile, (x, y, rw, rh) in zip(tiles, areas, strict=False)
    )
    return format_html("{}{}", _heading(group, w) if head else "", format_html_join("", "{}", drawn))


def _heading(group: Group, w: float) -> SafeString:
    text = '<text class="gh{}" x="2" y="13">{}</text>'
    needed = len(group.name) * _LETTER
    if needed < w * _NARROW:
        return format_html(text, "", group.name)
    if needed < w:
        return format_html(text + text, " x2", group.name, " x3", group.code)
    return format_html(text, "", group.code)


def _tile(tile: Tile, w: float, h: float, place: tuple[str, str, str, str]) -> SafeString:
    kind = tint(tile.change_pct, _STEPS, "m", "n")
    return format_html(
        '<a href="{}"><title>{} · {}\n{}</title><svg x="{}" y="{}" width="{}" height="{}">'
        '<rect{} width="100%" height="100%"/>{}</svg></a>',
        tile.address,
        tile.name,
        tile.netuid,
        tile.note,
        *place,
        class_attribute(kind),
        format_html_join("", '<text{} x="5" y="{}">{}</text>', _labels(tile, w, h)),
    )


def _labels(tile: Tile, w: float, h: float) -> Iterator[tuple[SafeString | str, int, str]]:
    """(class attribute, y, text) of what fits: the name, shortened, or else the netuid, and below it the change."""
    if h < 17 or w < 30:
        return
    wide, narrow = _fitted(tile, w), _fitted(tile, w * _NARROW)
    if wide == narrow:
        yield _class(narrow), 14, narrow or str(tile.netuid)
    else:
        yield _class(wide, "x2"), 14, wide or str(tile.netuid)
        yield _class(narrow, "x3"), 14, narrow or str(tile.netuid)
    needed = len(tile.change) * _LETTER
    if h >= 33 and needed < w - 9:
        yield "" if needed < w * _NARROW - 9 else _class("", "x2"), 29, tile.change


def _fitted(tile: Tile, w: float) -> str:
    room = w - 9
    if len(tile.name) * _BOLD_LETTER < room:
        return tile.name
    return tile.name[: int(room / _BOLD_LETTER) - 1].rstrip() + "…" if room > 40 else ""


def _class(name: str, when: str = "") -> SafeString | str:
    return class_attribute(" ".join(filter(None, ("b" if name else "", when))))
