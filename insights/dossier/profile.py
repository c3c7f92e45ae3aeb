"""What a subnet does, as published: each text with whose it is, the quotes behind it, and how far it is believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from enrichment import llm
from enrichment.confidence import CAPS, PARTS
from enrichment.models import ContextSource, EnrichmentRun, Profile
from enrichment.models.profiles import Field
from enrichment.resolving import CATEGORY
from subnets.models import CategoryAssignment, Subnet
from taoanalytics.lib.text import clean, web_link

_BY_RUN = (CategoryAssignment.Source.MODEL, CategoryAssignment.Source.RULES)
_RULES_PART = (100, "The score of the keyword rules, which is no probability.")


@dataclass(frozen=True, slots=True)
class Quote:
    """Verified: it stands where it is said to. `address` is fit to be followed, or ""."""

    field: str
    text: str
    source: str
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """Of the confidence: so many points of at most `of`."""

    name: str
    points: float
    of: int
    about: str


@dataclass(frozen=True, slots=True)
class Told:
    """`profile` is what had been published by then; `later`, when there was none yet, is when it was."""

    profile: Profile | None = None
    later: datetime | None = None
    quotes: Sequence[Quote] = ()
    parts: Sequence[Part] = ()
    caps: Sequence[str] = ()
    run: EnrichmentRun | None = None
    no_model: bool = False
    quoted_address: str = ""

    @property
    def sources(self) -> Mapping[str, str]:
        return self.profile.sources if self.profile else {}

    @property
    def model(self) -> str:
        """Who answered, as the service names it."""
        return clean(self.run.model_served, 80) if self.run else ""

    @property
    def quoted_from(self) -> str:
        """Which of the subnet's own texts the tagline was taken from."""
        kind = self.profile.quoted_from if self.profile else ""
        return str(ContextSource.Kind(kind).label) if kind in ContextSource.Kind else ""


def told_of(subnet: Subnet, at: datetime | None, category_source: str) -> Told:
    """As of `at` (None: now). Two queries at most."""
    no_model = bool(llm.available())
    profile = Profile.objects.filter(subnet=subnet).select_related("run").defer("run__context").first()
    if profile is None:
        return Told(no_model=no_model)
    if at is not None and profile.published_at > at:
        return Told(later=profile.published_at, no_model=no_model)
    by_run = category_source in _BY_RUN
    claims = [claim for claim in profile.evidence if by_run or claim.get("field") != CATEGORY]
    addresses = _addresses(subnet) if claims or profile.quoted_from else {}
    parts = profile.run.confidence_parts if profile.run and isinstance(profile.run.confidence_parts, dict) else {}
    return Told(
        profile=profile,
        quotes=[_quote(claim, addresses) for claim in claims],
        parts=_parts(parts),
        caps=[CAPS[cap][1] for cap in parts.get("caps", ()) if cap in CAPS],
        run=profile.run,
        no_model=no_model,
        quoted_address=addresses.get(profile.quoted_from, ""),
    )


def _addresses(subnet: Subnet) -> dict[str, str]:
    """{kind of source: where it was read}"""
    looked = ContextSource.objects.filter(subnet=subnet).values_list("kind", "final_address", "address")
    return {kind: web_link(final or asked) or "" for kind, final, asked in looked}


def _quote(claim: Mapping[str, Any], addresses: Mapping[str, str]) -> Quote:
    field, kind = str(claim.get("field")), str(claim.get("source"))
    return Quote(
        field=str(Field(field).label) if field in Field else field,
        text=str(claim.get("quote")),
        source=str(ContextSource.Kind(kind).label) if kind in ContextSource.Kind else kind,
        address=addresses.get(kind, ""),
    )


def _parts(parts: Mapping[str, Any]) -> list[Part]:
    known = {**PARTS, "rules": _RULES_PART}
    return [
        Part(name, float(points), *known[name])
        for name, points in parts.items()
        if name in known and isinstance(points, int | float)
    ]
