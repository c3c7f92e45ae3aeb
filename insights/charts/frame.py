"""What every drawing of lines over time has: its coordinates, its axes, its gaps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from insights.charts.axes import time_ticks, value_ticks
from insights.charts.marks import class_attribute
from insights.html import format_html, format_html_join

Points = Sequence[tuple[datetime, float | None]]
Gap = tuple[datetime, datetime]

HEIGHT, WIDTH, HEAD, FOOT = 348, 1000, 8, 22
_FEW_TICKS = 3
_NEAR_LEFT = 80  # thousandths of the width, within which half a label would stand outside


@dataclass(frozen=True, slots=True)
class Frame:
    """From times and values to the coordinates of the drawing; `floor` is where the lowest value lies."""

    start: datetime
    end: datetime
    low: float
    high: float
    floor: float = HEIGHT - FOOT
    height: int = HEIGHT

    def x(self, at: datetime) -> float:
        return WIDTH * (at - self.start) / (self.end - self.start)

    def percent(self, at: datetime) -> str:
        return f"{self.x(at) * 100 / WIDTH:.2f}%"

    def y(self, value: float) -> float:
        return HEAD + (self.floor - HEAD) * (self.high - value) / (self.high - self.low)


def value_axis(frame: Frame, text: Callable[[float], str], *, whole: bool = False) -> SafeString:
    steps = value_ticks(frame.low, frame.high, 5 if frame.height == HEIGHT else 2, whole=whole)
    ticks = [(f"{frame.y(tick):.0f}", f"{frame.y(tick) + 4:.0f}", text(tick)) for tick in steps]
    return format_html_join(
        "",
        '<line class="gr" x2="100%" y1="{0}.5" y2="{0}.5"/><text x="100%" dx="6" y="{1}">{2}</text>',
        ticks,
    )


def time_axis(frame: Frame) -> SafeString:
    """Every other label gives way where the chart is narrow; a low chart has a few only."""
    every = time_ticks(frame.start, frame.end)
    few = every[:: max(1, -(-len(every) // _FEW_TICKS))] if frame.height < HEIGHT else every
    ticks = [(at, text) for at, text in few if frame.x(at) < 970]
    return format_html_join(
        "",
        '<text{} x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (
                class_attribute("x2" if i % 2 else ""),
                frame.percent(at),
                frame.height - 6,
                "start" if frame.x(at) < _NEAR_LEFT else "middle",
                text,
            )
            for i, (at, text) in enumerate(ticks)
        ),
    )


def shades(frame: Frame, gaps: Sequence[Gap]) -> SafeString:
    return format_html_join(
        "",
        '<rect class="gap" x="{}" y="{}" width="{}" height="{}"/>',
        ((f"{frame.x(a):.1f}", HEAD, f"{max(frame.x(b) - frame.x(a), 1):.1f}", frame.floor - HEAD) for a, b in gaps),
    )


def gap_words(frame: Frame, gaps: Sequence[Gap]) -> SafeString:
    return format_html_join(
        "",
        '<text class="x2" x="{}" dx="5" y="18">no data</text>',
        ((frame.percent(b),) for _, b in gaps[:6]),
    )


def stretched(frame: Frame, content: SafeString) -> SafeString:
    """Drawn in thousandths of the width, which is whatever room there is."""
    return format_html(
        '<svg width="100%" height="{h}" viewBox="0 0 {w} {h}" preserveAspectRatio="none">{}</svg>',
        content,
        h=frame.height,
        w=WIDTH,
    )
