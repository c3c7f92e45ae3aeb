"""The living subnets as curation sees them: the most doubtful first, each with why it is doubtful."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When

from enrichment.models.runs import LOW_CONFIDENCE, EnrichmentRun
from subnets.models import CategoryAssignment, NetworkSnapshot, Subnet

DOUBTS = {
    "doubt_flagged": (32, "its pages try to instruct the reader"),
    "doubt_disagrees": (16, "rules and model disagree"),
    "doubt_low": (8, "low confidence"),
    "doubt_suggests": (8, "the model suggests another category"),
    "doubt_unclassified": (4, "unclassified"),
    "doubt_never": (2, "never enriched"),
}
"""{what is doubtful: (its weight in the order of the queue, in words)}"""


class CurationQuerySet(models.QuerySet["Curation"]):
    def living(self) -> Self:
        """The tenants that the newest complete snapshot lists; root is not classified."""
        network = NetworkSnapshot.objects.newest_complete()
        return self.filter(netuid__gt=0, snapshots__network=network) if network else self.none()

    def with_doubts(self) -> Self:
        """Each with `confidence`, who decided its category, one boolean per doubt, and the sum of their weights.

        A category that a person decided is beyond doubt, a flagged text is not.
        """
        runs = EnrichmentRun.objects.filter(subnet=OuterRef("pk")).order_by("-started_at", "-pk")
        model, rules = runs.by_model(), runs.by_rules()
        decided = CategoryAssignment.objects.filter(subnet=OuterRef("pk")).order_by("-assigned_at", "-pk")
        found: Any = self.annotate(
            model_run=Subquery(model.values("pk")[:1]),
            rules_run=Subquery(rules.values("pk")[:1]),
            model_category=Subquery(model.values("category")[:1]),
            rules_category=Subquery(rules.values("category")[:1]),
            confidence=Subquery(runs.accepted().values("confidence")[:1]),
            decided_by=Subquery(decided.values("source")[:1]),
        )
        either = EnrichmentRun.objects.filter(Q(pk=OuterRef("model_run")) | Q(pk=OuterRef("rules_run")))
        suggesting = (
            EnrichmentRun.objects.filter(pk=OuterRef("model_run"), payload__has_key="category_suggestion")
            .exclude(payload__category_suggestion="")
            .exclude(payload__category_suggestion=None)
        )
        open_ = ~Q(decided_by=CategoryAssignment.Source.CURATED) | Q(decided_by__isnull=True)
        conditions: dict[str, Any] = {
            "doubt_flagged": Exists(either.exclude(flags=[])),
            "doubt_disagrees": open_
            & Q(model_category__isnull=False, rules_category__isnull=False)
            & ~Q(model_category=F("rules_category")),
            "doubt_low": open_ & Q(confidence__lt=LOW_CONFIDENCE),
            "doubt_suggests": open_ & Q(Exists(suggesting)),
            "doubt_unclassified": open_ & Q(category__isnull=True),
            "doubt_never": Q(model_run__isnull=True, rules_run__isnull=True),
        }
        doubts: dict[str, Any] = {
            name: Case(When(condition, then=Value(DOUBTS[name][0])), default=Value(0), output_field=IntegerField())
            for name, condition in conditions.items()
        }
        doubt: Any = sum((F(each) for each in DOUBTS), start=Value(0))
        doubted: Self = found.annotate(**doubts).annotate(doubt=doubt)
        return doubted


class Curation(Subnet):
    """A subnet in the curation queue."""

    queue = CurationQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = "subnet to curate"
        verbose_name_plural = "curation queue"

    @property
    def doubts(self) -> list[str]:
        """In words; only on rows of `with_doubts`."""
        return [words for name, (_, words) in DOUBTS.items() if getattr(self, name, 0)]
