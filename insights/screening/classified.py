"""How sure the classification of a subnet is: a figure of its texts, beside those of the chain."""

from enrichment.confidence import PARTS
from insights.board import Row
from subnets.models import CategoryAssignment
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

_BY_RUN = (CategoryAssignment.Source.MODEL, CategoryAssignment.Source.RULES)

CONFIDENCE = Metric(
    key="category_confidence",
    label="Category confidence",
    unit=Unit.POINTS,
    layer=Layer.JUDGED,
    source="Judged by this site from the texts that were read of the subnet",
    about="How well the texts carry the category that a language model or keyword rules found. Not calibrated.",
    unknown="No run has decided the category: it is unclassified, or staff or the network itself put it there.",
    formula=" + ".join(f"{points} × {part}" for part, (points, _) in PARTS.items()) + ", each 0 to 1, then capped",
    lower=0,
    upper=100,
    better=Better.HIGHER,
    group="scores",
)


def category_confidence(row: Row) -> float | None:
    if row.profile is None or row.category_source not in _BY_RUN:
        return None
    return row.profile.confidence
