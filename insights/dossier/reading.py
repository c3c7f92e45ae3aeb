"""Everything that the site says of one tenant of a netuid, and of nobody else who held it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet

from insights.board import Board, display_name, figures_of, scores_of
from insights.dossier.facts import Fact, Group, grouped_facts
from insights.dossier.holders import Holder, stakes_by_coldkey, top_holders
from insights.dossier.judgement import Judgement, judgement
from insights.dossier.profile import Told, told_of
from insights.dossier.removal import Removal, removal
from insights.dossier.story import Change, Turn, changes_between, turns_of
from insights.figures import Value
from insights.history import CHART_POINTS, Series, price_series
from insights.validators import Validator, permit_holders
from subnets.metrics import Observation
from subnets.metrics.yields import epochs_per_day
from subnets.models import (
    Category,
    ColdkeyName,
    CurrentNeurons,
    HyperparameterSet,
    NeuronFrame,
    Subnet,
    SubnetIdentity,
    SubnetSnapshot,
)
from subnets.models.neurons import PackedNeurons

M = TypeVar("M", SubnetIdentity, HyperparameterSet)


@dataclass(frozen=True, slots=True)
class Neurons:
    """Who is registered, as of one block: permit holders in uid order, and the largest owners of staked alpha."""

    block: int
    observed_at: datetime
    validators: Sequence[Validator]
    holders: Sequence[Holder]
    owners: int


@dataclass(frozen=True, slots=True)
class Dossier:
    subnet: Subnet
    snapshot: SubnetSnapshot | None
    living: bool
    category: Category | None = None
    category_source: str = ""
    told: Told = field(default_factory=Told)
    figures: Mapping[str, Value] = field(default_factory=dict)
    groups: Sequence[Group] = ()
    judgement: Judgement | None = None
    removal: Removal | None = None
    series: Series = field(default_factory=Series)
    neurons: Neurons | None = None
    identities: Sequence[SubnetIdentity] = ()
    turns: Sequence[Turn] = ()
    hyperparameters: HyperparameterSet | None = None
    changes: Sequence[Change] = ()

    @property
    def identity(self) -> SubnetIdentity | None:
        return self.snapshot.identity if self.snapshot else self.subnet.identity

    @property
    def icon(self) -> str:
        """The digest of its own icon, "" without one."""
        return str(getattr(self.snapshot, "icon_digest", None) or "")

    @property
    def name(self) -> str:
        return display_name(self.identity, self.subnet.netuid)

    def fact(self, key: str) -> Fact | None:
        """One of the registry's numbers."""
        facts = (fact for group in self.groups for fact in (*group.main, *group.more))
        return next((fact for fact in facts if fact.metric.key == key), None)

    @property
    def ranked(self) -> bool:
        """Whether it is one of the subnets that are compared."""
        return self.living and self.subnet.netuid != 0


def dossier(
    subnet: Subnet,
    now: Board,
    span: timedelta | None,
    at: datetime | None = None,
    *,
    most_points: int = CHART_POINTS,
) -> Dossier:
    """What is known of `subnet` at `at` (None: now), with the `span` before its newest observation.

    Thirteen queries at most. `now` is the board of the same time.
    """
    row = next((row for row in now.rows if row.snapshot.subnet_id == subnet.pk), None)
    snapshot = row.snapshot if row else _newest_of(subnet, at)
    identities = list(_by(SubnetIdentity.objects.filter(subnet=subnet), at))
    sets = list(_by(HyperparameterSet.objects.filter(subnet=subnet), at).order_by("first_seen_at"))
    known: dict[str, Any] = {
        "subnet": subnet,
        "snapshot": snapshot,
        "identities": identities,
        "turns": turns_of(identities),
        "hyperparameters": sets[-1] if sets else None,
        "changes": changes_between(sets),
    }
    category, source = (row.category, row.category_source) if row else _decided(subnet, at)
    known |= {"category": category, "category_source": source, "told": told_of(subnet, at, source)}
    if snapshot is None:
        return Dossier(**known, living=False)
    living = now.network is not None and snapshot.network_id == now.network.pk
    if living and now.network is not None:
        snapshot.network = now.network  # the same row, not read again
    figures = row.figures if row else _figures(snapshot)
    return Dossier(
        **known,
        living=living,
        figures=figures,
        groups=grouped_facts(snapshot, figures, now, row),
        judgement=judgement(snapshot, figures, now) if subnet.netuid else None,
        removal=removal(snapshot, figures, now) if row else None,
        series=price_series(subnet, snapshot.observed_at, span, most_points),
        neurons=_neurons(subnet, snapshot, at),
    )


def _by(rows: QuerySet[M], at: datetime | None) -> QuerySet[M]:
    """Those that had been seen by then."""
    return rows if at is None else rows.filter(first_seen_at__lte=at)


def _decided(subnet: Subnet, at: datetime | None) -> tuple[Category | None, str]:
    """The category of one who is not on the board, and who decided it: today's, or the one that held at `at`."""
    decided = subnet.category_assignments.select_related("category")
    newest = (decided if at is None else decided.filter(assigned_at__lte=at)).first()
    if newest is None:
        return (subnet.category if at is None else None), ""
    return newest.category, newest.source


def _newest_of(subnet: Subnet, at: datetime | None) -> SubnetSnapshot | None:
    rows = SubnetSnapshot.objects.of(subnet).select_related("identity", "network", "metrics")
    return (rows if at is None else rows.filter(observed_at__lte=at)).last()


def _figures(snapshot: SubnetSnapshot) -> dict[str, Value]:
    """Of a tenant that has left, or of root: as of its last observation, without dollars of another day."""
    return figures_of(snapshot, scores_of(snapshot.network).get(snapshot.pk, {}), None)


def _neurons(subnet: Subnet, snapshot: SubnetSnapshot, at: datetime | None) -> Neurons | None:
    """The current ones, or those of the day that is shown."""
    packed: PackedNeurons | None
    if at is None:
        packed = CurrentNeurons.objects.filter(subnet=subnet).select_related("keys__base").first()
    else:
        days = NeuronFrame.objects.filter(subnet=subnet, observed_at__lte=at).select_related("keys__base")
        packed = days.order_by("-day").first()
    if packed is None:
        return None
    columns = packed.columns()
    stakes = stakes_by_coldkey(columns)
    permits = zip(columns.coldkeys, columns.validator_permit, strict=True)
    wanted = {*list(stakes)[:10], *(coldkey for coldkey, permit in permits if permit)}
    names = dict(ColdkeyName.objects.filter(pk__in=wanted).values_list("coldkey", "name"))
    epochs = epochs_per_day(Observation(block=packed.block, observed_at=packed.observed_at, tempo=snapshot.tempo))
    return Neurons(
        block=packed.block,
        observed_at=packed.observed_at,
        validators=permit_holders(columns, packed.block, names, epochs),
        holders=top_holders(stakes, names),
        owners=len(stakes),
    )
