"""Score and signal of every subnet in a network snapshot, with the parts that are not stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from insights.board import Board
from insights.judge import score_inputs
from insights.registry import SCORE_VERSION
from insights.scores import Score, Signal, buy_signals, judge_of
from subnets.models import NetworkSnapshot, SubnetSnapshot


@dataclass(frozen=True, slots=True)
class Judged:
    """{netuid: what was found} of the measured subnets, root left out; scores are of the version that pages lead with.

    The interval of a rank is not among it, and is stored.
    """

    scores: Mapping[int, Score]
    signals: Mapping[int, Signal]


def judged(network: NetworkSnapshot, now: Board) -> Judged:
    """One query and once for the network snapshot that is on the board, else two."""
    if now.network == network:
        return now.once("judged", lambda: _judged(network, [row.snapshot for row in now.rows]))
    return _judged(network)


def _judged(network: NetworkSnapshot, snapshots: Iterable[SubnetSnapshot] | None = None) -> Judged:
    rows = list(score_inputs(network, snapshots).values())
    return Judged(scores=judge_of(SCORE_VERSION)(rows), signals=buy_signals(rows))
