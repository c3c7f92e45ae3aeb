"""The time ruler: a tick for each day that was recorded, a mark for each that was not, a pointer at the day shown."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.safestring import SafeString

from insights.html import format_html, format_html_join

_HEIGHT, _MONTH, _DAY = 14, 10, 4
_POINTER = 3.5  # half of its width


def ruler(recorded: Sequence[date], shown: date, *, days: int, width: int) -> SafeString | str:
    """The last `days` up to the newest of the ascending `recorded`, in `width` pixels; "" if nothing was recorded."""
    if not recorded:
        return ""
    have, newest = set(recorded), recorded[-1]
    first = max(recorded[0], newest - timedelta(days=days - 1))
    count = (newest - first).days + 1
    step = width / max(count, 2)
    places = [(first + timedelta(days=i), i * step + 0.5) for i in range(count)]
    ticks = "".join(f"M{x:.1f} {_HEIGHT}v-{_MONTH if day.day == 1 else _DAY}" for day, x in places if day in have)
    holes = format_html_join(
        "",
        '<rect class="hole" x="{}" y="11" width="2" height="3"/>',
        ((f"{x - 1:.1f}",) for day, x in places if day not in have),
    )
    at = (min(max(shown, first), newest) - first).days * step + 0.5
    at = min(max(at, _POINTER), width - _POINTER)
    return format_html(
        '<svg class="ruler" viewBox="0 0 {} {h}" aria-hidden="true"><path d="{}"/>{}'
        '<path class="now" d="M{} 0h7l-3.5 5v9h0v-9z"/></svg>',
        width,
        ticks,
        holes,
        f"{at - _POINTER:.1f}",
        h=_HEIGHT,
    )
