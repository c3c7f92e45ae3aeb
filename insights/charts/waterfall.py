"""One part of a sum as a bar that starts where the part above it ended."""

from django.utils.safestring import SafeString

from insights.html import format_html


def step(start: float, points: float, weight: float) -> SafeString:
    """All of 100: the light bar is what the part could give, the dark one what it gave."""
    return format_html(
        '<svg class="hb" aria-hidden="true"><rect x="{0}%" width="{1}%" height="100%" opacity=".4"/>'
        '<rect class="f" x="{0}%" width="{2}%" height="100%"/></svg>',
        f"{start:.1f}",
        f"{max(0.0, min(weight, 100 - start)):.1f}",
        f"{points:.1f}",
    )


def total(points: float) -> SafeString:
    return format_html(
        '<svg class="hb" aria-hidden="true"><rect width="100%" height="100%" opacity=".35"/>'
        '<rect class="a" width="{}%" height="100%"/></svg>',
        f"{points:.1f}",
    )
