"""Small marks drawn on the server: sparkline, bar, percentile. Values in, SVG out.

Geometry is in attributes, since the content security policy forbids inline style; colour is in classes.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from insights import numbers
from insights.html import format_html

_STEP, _HEIGHT = 2, 20  # alike between any two days, which packs well; the drawing is stretched to its room


def class_attribute(names: str) -> SafeString | str:
    """The attribute with its leading space, or nothing for no names."""
    return format_html(' class="{}"', names) if names else ""


def sparkline(values: Sequence[float | None], label: str) -> SafeString | None:
    """A line of one value a day on its own scale; a missing day breaks it. None for fewer than two values."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)

    def y(value: float) -> int:
        return _HEIGHT // 2 if high == low else round(1 + (_HEIGHT - 2) * (high - value) / (high - low))

    points = [None if value is None else (i * _STEP, y(value)) for i, value in enumerate(values)]
    return format_html(
        '<svg class="sl {}" viewBox="0 0 {w} {h}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<line x2="{w}" y1="{y0}" y2="{y0}"/><path d="{}"/></svg>',
        "p" if known[-1] > known[0] else "m" if known[-1] < known[0] else "z",
        label,
        _path(points),
        w=_STEP * (len(values) - 1),
        h=_HEIGHT,
        y0=y(known[0]),
    )


def month_line(prices: Sequence[float | None], change_pct: float | None) -> SafeString:
    """A sparkline of one price a day over 30 days, or a dash that says why there is none."""
    label = f"30 days: {numbers.signed(change_pct)}" if change_pct is not None else "30 days"
    return sparkline(prices, label) or format_html(
        '<span class="na" title="Fewer than two days were recorded">{}</span>', numbers.DASH
    )


def _path(points: Sequence[tuple[int, int] | None]) -> str:
    """Relative integers, repeated commands without their letter: about 120 bytes for 31 points."""
    path, previous, last_command = "", (0, 0), ""
    pen_down = False
    for point in points:
        if point is None:
            pen_down = False
            continue
        command = "l" if pen_down else "M"
        dx, dy = (point[0] - previous[0], point[1] - previous[1]) if pen_down else point
        lead = command if command != last_command or command == "M" else "" if dx < 0 else " "
        path += f"{lead}{dx}{'' if dy < 0 else ' '}{dy}"
        previous, last_command, pen_down = point, command, True
    return path


def tint(change_pct: float | None, steps: Sequence[float], rise: str, fall: str) -> str:
    """Class of a diverging scale clipped at the last step: "u1"… or "d1"…; "" inside the first step or if unknown."""
    step = sum(abs(change_pct or 0) >= bound for bound in steps)
    return f"{rise if (change_pct or 0) > 0 else fall}{step}" if step else ""


def bar(width_pct: float) -> SafeString:
    """A share as a bar on its track."""
    return format_html(
        '<svg class="hb" aria-hidden="true"><rect width="100%" height="100%" opacity=".35"/>'
        '<rect class="f" width="{}%" height="100%"/></svg>',
        f"{min(100, max(width_pct, 0.4)):.1f}",
    )


def percentile_bar(network: int, category: int | None) -> SafeString:
    """The network percentile as a filled mark, the category's as a ring, a tick at the median."""
    ring = (
        format_html('<circle class="o" cx="{}%" cy="50%" r="3.5" stroke-width="1.5"/>', min(97, max(3, category)))
        if category is not None
        else ""
    )
    return format_html(
        '<svg class="pc w" aria-hidden="true"><rect y="5" width="100%" height="2"/>'
        '<rect x="50%" y="2" width="1" height="8"/>{}<rect class="k" x="{}%" y="1" width="3" height="10"/></svg>',
        ring,
        min(98, max(1, network)),
    )
