"""What a subnet does: the words it was read from, what was made of them, who corrected it, and what it cost."""

from enrichment.models.context import ContextSource, SubnetIcon
from enrichment.models.curation import Curation
from enrichment.models.evaluations import Evaluation
from enrichment.models.ledger import LedgerEntry, ModelPrice
from enrichment.models.profiles import Correction, Profile
from enrichment.models.runs import EnrichmentRun

__all__ = [
    "ContextSource",
    "Correction",
    "Curation",
    "EnrichmentRun",
    "Evaluation",
    "LedgerEntry",
    "ModelPrice",
    "Profile",
    "SubnetIcon",
]
