"""Which explanation a page shows of a subnet at a time. Reads only: no page ever has one made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from enrichment import llm
from insights.board import Board
from insights.explaining.inputs import PERCENTILE, Figure, Inputs, moved
from insights.explaining.making import NO_MODEL
from insights.explaining.reading import inputs_on
from insights.explaining.template import closing, template
from insights.models import Insight
from insights.registry import BY_KEY
from taoanalytics.lib.metric import Metric

_COST, _ROUND_TRIP = "cost", "round_trip_100_pct"
_GROUPS = {
    "signal": "Signal",
    "part": "Its parts",
    "momentum": "Momentum",
    "peers": "Peers of its category",
    "cost": "Cost, at most",
    "standing": "Standing",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """`text` as it is shown, made from `inputs`, or from those of `by_model` where that is what is shown.

    `last` is the newest saved one at that time. `moved`: what has moved since a model's text, which then is not `text`.
    `reason`: why the text is not a model's.
    """

    inputs: Inputs
    text: str
    last: Insight | None = None
    moved: tuple[str, ...] = ()
    reason: str = ""

    @property
    def by_model(self) -> Insight | None:
        """The saved text of a model that is shown."""
        return self.last if self.last and self.last.kind == Insight.Kind.MODEL and not self.moved else None

    @property
    def composite(self) -> Figure | None:
        return self.inputs.figure("buy_signal_composite")

    @property
    def costs(self) -> list[Figure]:
        """Of round trips."""
        return self.inputs.of(_COST)

    @property
    def made_from(self) -> Mapping[str, Any]:
        """The figures behind `text`, as they are stored."""
        by_model = self.by_model
        return by_model.inputs if by_model else self.inputs.as_json()

    @property
    def as_of(self) -> datetime:
        """When those figures were true."""
        by_model = self.by_model
        return by_model.observed_at if by_model else self.inputs.observed_at

    @property
    def passport(self) -> list[tuple[str, str, str, Metric | None]]:
        """(group, label, as shown, the metric it is or is made of) of every figure behind `text`."""
        found = []
        for figure in self.made_from["figures"]:
            key = str(figure["key"]).removesuffix(PERCENTILE)
            label = figure["label"] + (", percentile" if figure["unit"] == "percentile" else "")
            metric = BY_KEY.get(_ROUND_TRIP if figure["group"] == _COST else key)
            found.append((_GROUPS.get(figure["group"], ""), label, figure["shown"], metric))
        return found

    @property
    def outdated(self) -> Insight | None:
        """A model's text from before the figures moved."""
        return self.last if self.last and self.moved else None


def explanation(board: Board, netuid: int) -> Explanation | None:
    """What is shown of one living subnet; None for one that was not measured, and for root.

    One query, and those of `inputs_on`.
    """
    row = next((row for row in board.rows if row.netuid == netuid), None)
    inputs = inputs_on(board, [netuid]).get(netuid)
    if row is None or inputs is None:
        return None
    saved = Insight.objects.newest_of([row.snapshot.subnet_id], board.at)
    return _shown(inputs, saved.get(row.snapshot.subnet_id), past=board.at is not None)


def _shown(inputs: Inputs, last: Insight | None, *, past: bool) -> Explanation:
    composed = f"{template(inputs)} {closing(inputs)}"
    if last is None:
        return Explanation(inputs, composed, reason=_none_yet(inputs, past=past))
    if last.kind != Insight.Kind.MODEL:
        return Explanation(inputs, composed, last, reason=last.reason)
    since = tuple(moved(last.inputs, inputs.as_json()))
    if not since:
        return Explanation(inputs, last.text, last)
    return Explanation(inputs, composed, last, since, "The figures have moved since a language model explained them.")


def _none_yet(inputs: Inputs, *, past: bool) -> str:
    if inputs.level is None:
        return "There is no signal that a language model could explain."
    if past:
        return "No language model had explained it by then."
    if llm.available():
        return NO_MODEL
    return f"{settings.LLM_MODEL} has not been asked to explain it yet."
