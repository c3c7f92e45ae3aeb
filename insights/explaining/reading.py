"""What an explanation of each subnet would be made from, as of one time: read, in a handful of queries for all."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from enrichment.models import Correction, Profile
from enrichment.models.profiles import Field
from insights.board import Board, Row
from insights.dossier.trade import ROUND_TRIPS
from insights.explaining.figures import inputs_of
from insights.explaining.inputs import Inputs
from insights.judged import judged
from insights.scores.declarations import BUY_SIGNAL_COMPOSITE
from insights.selection import slug_of
from subnets.metrics.pool import Pool, round_trip_cost_pct
from taoanalytics.lib.text import clean

_LONGEST_TAGLINE = 160


def inputs_on(board: Board, netuids: Collection[int] | None = None) -> dict[int, Inputs]:
    """{netuid: inputs} of the living subnets on `board` (`netuids`: of these only).

    One query once for each board, and one for a board of the past.
    """
    network = board.network
    if network is None:
        return {}
    signals = judged(network, board).signals
    asked = [row for row in board.rows if row.netuid in signals and (netuids is None or row.netuid in netuids)]
    taglines, peers = _taglines(asked, board.at), board.once("composites", lambda: _composites(board))
    compared = board.once("compared", lambda: sum(row.amount(BUY_SIGNAL_COMPOSITE) is not None for row in board.rows))
    return {
        row.netuid: inputs_of(
            signals[row.netuid],
            row.figures,
            observed_at=network.observed_at,
            compared=compared,
            peers=peers.get(slug_of(row.category), ()),
            costs=list(_costs(row, network.block)),
            category=(row.category.slug, row.category.name) if row.category else ("", ""),
            tagline=taglines.get(row.snapshot.subnet_id, ""),
        )
        for row in asked
    }


def names_on(board: Board) -> list[str]:
    """What the living subnets call themselves: no explanation may."""
    return [row.name for row in board.rows]


def _composites(board: Board) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in board.rows:
        composite = row.amount(BUY_SIGNAL_COMPOSITE)
        if composite is not None and row.category is not None:
            found.setdefault(slug_of(row.category), []).append(composite)
    return found


def _costs(row: Row, block: int) -> Iterator[tuple[float, float]]:
    pool = Pool.of(row.snapshot, block)
    for size in ROUND_TRIPS:
        cost = round_trip_cost_pct(pool, size)
        if cost is not None:
            yield size, cost


def _taglines(rows: Collection[Row], at: datetime | None) -> Mapping[int, str]:
    """{subnet row: tagline} of those whose tagline staff wrote: today's, or the one that held at `at`."""
    if at is None:
        curated = [row for row in rows if row.tagline_source == Profile.Source.CURATED]
        return {row.snapshot.subnet_id: clean(row.tagline, _LONGEST_TAGLINE) for row in curated}
    subnets = [row.snapshot.subnet_id for row in rows]
    by_then = Correction.objects.filter(subnet__in=subnets, field=Field.TAGLINE, at__lte=at).order_by("at", "pk")
    newest = {each.subnet_id: each for each in by_then}
    return {
        subnet: clean(str(each.value or ""), _LONGEST_TAGLINE) for subnet, each in newest.items() if not each.released
    }
