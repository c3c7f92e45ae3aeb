"""Judgements of subnets: TAO Score in three versions and the buy signal, each with the parts that add up to it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from insights.scores import buy_signal, predecessor, quality
from insights.scores.buy_signal import Signal, buy_signals
from insights.scores.declarations import METRICS, TAO_SCORE_V3, TAO_SCORE_V11, TAO_SCORE_V21
from insights.scores.deviations import DEVIATIONS
from insights.scores.parts import Part, Place, Score
from insights.scores.predecessor import score_v11, score_v21
from insights.scores.quality import score_v3
from insights.scores.rows import ScoreInput, ineligible_because
from taoanalytics.lib.metric import Metric

VERSIONS: Mapping[str, Callable[[Sequence[ScoreInput]], dict[int, Score]]] = {
    quality.VERSION: score_v3,
    predecessor.V21: score_v21,
    predecessor.V11: score_v11,
}
"""Name, as in the setting TAO_SCORE_VERSION → function from the rows of one snapshot to netuid → score."""


def judge_of(version: str) -> Callable[[Sequence[ScoreInput]], dict[int, Score]]:
    """The function of that version without the interval of each rank, which takes longer than all the rest."""
    return partial(score_v3, draws=0) if version == quality.VERSION else VERSIONS[version]


DECLARATIONS: Mapping[str, Metric] = {
    quality.VERSION: TAO_SCORE_V3,
    predecessor.V21: TAO_SCORE_V21,
    predecessor.V11: TAO_SCORE_V11,
}
"""The declaration of each version."""

SIGNAL_VERSION = buy_signal.VERSION

INPUTS = frozenset(
    {term.key for term in (*quality.TERMS, *buy_signal.TERMS)} | {*predecessor.INPUTS_V11, *predecessor.INPUTS_V21}
)
"""The metric keys that any of them reads."""

__all__ = [
    "DECLARATIONS",
    "DEVIATIONS",
    "INPUTS",
    "METRICS",
    "SIGNAL_VERSION",
    "VERSIONS",
    "Part",
    "Place",
    "Score",
    "ScoreInput",
    "Signal",
    "buy_signals",
    "ineligible_because",
    "judge_of",
    "score_v3",
    "score_v11",
    "score_v21",
]
