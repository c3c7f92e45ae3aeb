"""What a subnet does, as lists and pages show it: whose words they are, and how far they are believed."""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString

from enrichment.models import Profile
from insights.board import Row
from insights.html import format_html
from insights.pages.rendering import path_of
from insights.templatetags.figures import initials
from subnets.models import Category

register = template.Library()

WHOSE = {
    "curated": ("curated", "Decided by the staff of this site."),
    "model": ("model", "Found by a language model in the subnet's own pages."),
    "quoted": ("own words", "Quoted from the subnet's own words, not checked."),
    "rules": ("rules", "Found by keyword rules in the subnet's own pages."),
    "simulated": ("simulated", "Made up with the simulated network."),
}
"""{source: (on the badge, in a sentence)}"""


@register.simple_tag
def whose(source: str) -> SafeString | str:
    """A badge that says whose word it is; nothing where nobody has said anything."""
    if source not in WHOSE:
        return ""
    word, sentence = WHOSE[source]
    return format_html('<span class="bdg src" title="{}">{}</span>', sentence, word)


@register.simple_tag
def believed(profile: Profile | None, category_source: str = "") -> SafeString | str:
    """How far a run's finding is believed, in a word with the number beside it; a person's word needs none."""
    if profile is None or profile.confidence is None or category_source not in ("model", "rules"):
        return ""
    return format_html(
        '<span class="bdg cf {}" title="Confidence {} of 100, computed">{}<span class="vh"> confidence</span></span>',
        profile.level,
        profile.confidence,
        profile.level.title(),
    )


@register.simple_tag
def placed(row: Row) -> SafeString | str:
    """The same two in the little room that a cell of a table has; only of a finding, not of a person's word."""
    if row.category is None or row.category_source not in WHOSE:
        return ""
    level = row.profile.level if row.profile and row.category_source in ("model", "rules") else ""
    return _placed(WHOSE[row.category_source][0], level.title(), WHOSE[row.category_source][1])


@lru_cache(maxsize=50)
def _placed(word: str, level: str, sentence: str) -> SafeString:
    title = f"{sentence} {level} confidence." if level else sentence
    return format_html(
        ' <small class="mut" title="{}">{}</small>', title, f"{word}, {level.lower()}" if level else word
    )


@register.simple_tag
def subnet_tile(name: str, netuid: int, digest: str, category: Category | None) -> SafeString:
    """Its icon as we serve it, or two letters in a tile."""
    family = category.family if category else "none"
    if digest:
        return format_html(
            '<img class="tile {}" src="{}" alt="" width="32" height="32" loading="lazy" decoding="async">',
            family,
            path_of("icon", netuid, digest),
        )
    return format_html('<span class="tile {}" aria-hidden="true">{}</span>', family, initials(name))


@register.filter
def field_source(sources: Any, field: str) -> str:
    return str(sources.get(field, "")) if isinstance(sources, dict) else ""
