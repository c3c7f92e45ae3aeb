"""One tenant of a netuid with all that is known of it."""

from collections.abc import Mapping, Sequence

from insights.api import schemas
from insights.api.explained import insight_of
from insights.api.told import told_of
from insights.board import display_name, figures_of, scores_of
from insights.judge import score_inputs
from insights.models import ScoreRow
from insights.registry import BY_KEY
from insights.scores import DECLARATIONS, SIGNAL_VERSION, Part, ScoreInput, buy_signals, judge_of
from insights.scores import Score as Judged
from insights.scores.declarations import BUY_SIGNAL_COMPOSITE
from markets.models import TaoPrice
from subnets.facts import ROOT_NETUID
from subnets.models import NetworkSnapshot, Subnet, SubnetIdentity, SubnetSnapshot


def one_subnet(tenant: Subnet, tenants: Sequence[Subnet]) -> schemas.OneSubnet:
    """In the newest complete state of the network, or where it was last observed.

    Ten queries, whatever the past, and those of the board and its scores where this process does not hold them yet.
    """
    newest = NetworkSnapshot.objects.newest_complete()
    observed = SubnetSnapshot.objects.of(tenant).select_related("subnet", "identity", "network", "metrics")
    snapshot = observed.filter(network=newest).first() or observed.last()
    network = snapshot.network if snapshot else None
    identity = snapshot.identity if snapshot else tenant.identity
    price = TaoPrice.objects.at(snapshot.observed_at) if snapshot else None
    judged = scores_of(network).get(snapshot.pk, {}) if network and snapshot else {}
    values = figures_of(snapshot, judged, price.price_usd if price else None) if snapshot else {}
    inputs = list(score_inputs(network).values()) if network and tenant.netuid != ROOT_NETUID else []
    return schemas.OneSubnet(
        netuid=tenant.netuid,
        registered_at_block=tenant.registered_at_block,
        name=display_name(identity, tenant.netuid),
        symbol=identity.symbol if identity else "",
        category=tenant.category.slug if tenant.category else None,
        **told_of(tenant),
        figures=schemas.figures(values, BY_KEY),
        observation=schemas.Observation(block=network.block, observed_at=network.observed_at, source=network.source)
        if network
        else None,
        tao_price_usd=price.price_usd if price else None,
        tao_price_at=price.observed_at if price else None,
        tao_price_source=price.source if price else None,
        living=_living(tenant, newest),
        description=identity.description if identity else "",
        owner_coldkey=identity.owner_coldkey if identity else "",
        owner_hotkey=identity.owner_hotkey if identity else "",
        links=_links(identity),
        scores=_scores(snapshot, inputs) if snapshot and tenant.netuid != ROOT_NETUID else [],
        insight=insight_of(tenant.netuid) if inputs and _living(tenant, newest) else None,
        tenants=[
            schemas.Tenant(
                registered_at_block=each.registered_at_block,
                name=display_name(each.identity, each.netuid),
                first_seen_at=each.first_seen_at,
                last_seen_at=each.last_seen_at,
                living=_living(each, newest),
            )
            for each in tenants
        ],
    )


def _living(tenant: Subnet, newest: NetworkSnapshot | None) -> bool:
    return newest is not None and tenant.last_seen_block >= newest.block


def _links(identity: SubnetIdentity | None) -> list[schemas.Link]:
    return [schemas.Link(label=label, address=address) for label, address in identity.links] if identity else []


def _scores(snapshot: SubnetSnapshot, inputs: Sequence[ScoreInput]) -> list[schemas.Score]:
    """Each stored score with its parts, which follow from the metrics of the same snapshot."""
    stored = {row.version: row for row in ScoreRow.objects.filter(snapshot=snapshot)}
    return [
        _told(key, version, stored[version], _parted(version, inputs, snapshot.subnet.netuid))
        for version, key in _KEYS.items()
        if version in stored
    ]


_KEYS: Mapping[str, str] = {version: metric.key for version, metric in DECLARATIONS.items()} | {
    SIGNAL_VERSION: BUY_SIGNAL_COMPOSITE.key
}


def _parted(version: str, inputs: Sequence[ScoreInput], netuid: int) -> Judged | None:
    if version == SIGNAL_VERSION:
        signal = buy_signals(inputs).get(netuid)
        return signal.composite if signal else None
    return judge_of(version)(inputs).get(netuid)


def _told(key: str, version: str, row: ScoreRow, judged: Judged | None) -> schemas.Score:
    """Parts only where they add up to what is stored: metrics can have been calculated anew since."""
    agrees = judged is not None and judged.shown == row.shown
    return schemas.Score(
        metric=key,
        version=version,
        value=row.value,
        shown=row.shown,
        level=row.level,
        coverage=row.coverage,
        reason=row.reason,
        rank=row.rank,
        ranked=row.ranked,
        best_rank=row.best_rank,
        worst_rank=row.worst_rank,
        parts=[_part(part) for part in judged.parts] if judged and agrees else [],
        unknown=list(judged.unknown) if judged and agrees else [],
    )


def _part(part: Part) -> schemas.ScorePart:
    return schemas.ScorePart(
        metric=part.key,
        label=part.label,
        group=part.group,
        value=part.raw,
        rating=part.rating,
        weight=part.weight,
        points=part.points,
        shown=part.shown,
    )
