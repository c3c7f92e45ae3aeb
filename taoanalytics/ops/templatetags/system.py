"""Lengths of time as the engine room's pages show them."""

from datetime import timedelta

from django import template

register = template.Library()


@register.filter
def span(length: timedelta | None) -> str:
    """Two parts at most: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min, 4 d 1 h; a dash for a length not known."""
    if length is None:
        return "—"
    seconds = length.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f} s"
    for unit, size, smaller, smaller_size in (("d", 86_400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if seconds >= size:
            rest = int(seconds % size // smaller_size)
            return f"{int(seconds // size)} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{seconds:.0f} s"
