"""How the signal of a subnet came about, as the API tells it: the same words as on its page."""

from insights.api import schemas
from insights.board import board
from insights.explaining.shown import Explanation, explanation
from insights.generation import held_per_generation
from insights.models import Insight
from taoanalytics.jobs.models import Generation


def insight_of(netuid: int) -> schemas.Insight | None:
    """Of a living subnet, today; None for one that was not measured.

    The board is the one that pages hold, read once per generation.
    """
    generation = Generation.objects.current()
    now = held_per_generation(generation, "board-newest-False", lambda: board(past=False))
    told = explanation(now, netuid)
    return None if told is None else _insight(told)


def _insight(told: Explanation) -> schemas.Insight:
    by_model = told.by_model
    return schemas.Insight(
        level=told.inputs.level,
        text=told.text,
        kind=Insight.Kind.MODEL if by_model else Insight.Kind.TEMPLATE,
        as_of=told.as_of,
        made_at=by_model.made_at if by_model else None,
        model=by_model.model_served if by_model else "",
        prompt_version=by_model.prompt_version if by_model else "",
        reason=told.reason,
        moved=list(told.moved),
        inputs=dict(told.made_from),
    )
