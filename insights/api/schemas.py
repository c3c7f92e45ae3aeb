"""What the API answers: models that are made from the declarations of the numbers, so that they cannot drift."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, get_type_hints

from django.urls import reverse
from pydantic import BaseModel, ConfigDict, Field, create_model

from insights.figures import Value
from insights.registry import METRICS
from taoanalytics.lib.metric import Metric, Unit

_WHOLE = {Unit.COUNT, Unit.RANK, Unit.BLOCKS}


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def kind_of(metric: Metric) -> Any:
    if metric.unit is Unit.YES_NO:
        return bool | None
    return int | None if metric.unit in _WHOLE else float | None


def _figure(metric: Metric) -> Any:
    told: Any = {
        "unit": str(metric.unit),
        "layer": str(metric.layer),
        "source": metric.source,
        "formula": metric.formula or None,
        "unknown": metric.unknown,
        "version": metric.version,
    }
    description = f"{metric.about} Null: {metric.unknown}"
    return kind_of(metric), Field(default=None, title=metric.label, description=description, json_schema_extra=told)


Figures: type[BaseModel] = create_model(
    "Figures", __base__=Answer, **{metric.key: _figure(metric) for metric in METRICS}
)
"""One optional field per declared metric, in its unit; what was not asked for is left out, what is unknown is null."""

_TEXTS = {
    "key": "Its name in storage, files, the API and addresses.",
    "label": "What it is called on pages.",
    "unit": "What one of it is.",
    "layer": "observed, derived or judged.",
    "source": "Where it comes from.",
    "about": "What it says.",
    "unknown": "What null means.",
    "formula": "How it is computed, as text; empty for what is observed.",
    "mathml": "The same typeset, where the declaration has it so.",
    "inputs": "Keys of other metrics, names of observed fields or of chain parameters.",
    "lower": "The least it can be.",
    "upper": "The most it can be.",
    "better": "Which direction a holder would wish for.",
    "version": "Raised when the formula changes.",
    "group": "Where it stands among the others.",
    "note": "What it approximates or takes for granted.",
}
_TYPES = get_type_hints(Metric)

_FIELDS: dict[str, Any] = {
    "method": (str, Field(description="Its page in the methodology.")),
    **{each.name: (_TYPES[each.name], Field(description=_TEXTS[each.name])) for each in fields(Metric)},
}

Declaration: type[BaseModel] = create_model("Declaration", __base__=Answer, **_FIELDS)
"""A metric as it is declared, field by field."""


def method_of(metric: Metric) -> str:
    """The address of its page, on this site."""
    return reverse("method", args=[metric.key])


def declaration(metric: Metric) -> BaseModel:
    told = {each.name: getattr(metric, each.name) for each in fields(Metric)}
    return Declaration(**told, method=method_of(metric))


def figures(values: Mapping[str, Value], keys: Collection[str]) -> BaseModel:
    """Those of the declared numbers that are among `keys`."""
    return Figures(**{metric.key: values.get(metric.key) for metric in METRICS if metric.key in keys})


class Observation(Answer):
    """What a number was read from."""

    block: int
    observed_at: datetime = Field(description="When the block was made, UTC.")
    source: str = Field(description="chain: read by this site; import: from recorded history.")


class Subnet(Answer):
    netuid: int
    registered_at_block: int = Field(description="With the netuid it names a tenant: netuids are reused.")
    name: str
    symbol: str
    category: str | None = Field(description="Slug; null is unclassified.")
    category_source: str | None = Field(
        description="Whose word that is: curated (staff), model, rules or simulated; null where nobody has looked."
    )
    tagline: str = Field(description="What it does, in a sentence; empty where nothing is published.")
    tagline_source: str | None = Field(description="Whose words: curated (staff), model or quoted (its own).")
    tags: list[str] = Field(description="At most six.")
    confidence: int | None = Field(description="In what a run found, 0 to 100, computed; null is unknown.")
    figures: Figures  # type: ignore[valid-type]


class Board(Answer):
    """Living subnets at one block. `total` counts those that match, of which `subnets` has the first `limit`."""

    observation: Observation | None = Field(description="Of every number below; null where nothing has been recorded.")
    tao_price_usd: float | None = Field(description="Newest price of TAO at or before the observation.")
    tao_price_at: datetime | None = Field(description="When that price was true.")
    tao_price_source: str | None = Field(description="Who told it.")
    total: int
    subnets: list[Subnet]


class ScorePart(Answer):
    """Points add up to the score, exactly."""

    metric: str = Field(description="Key of the input that it is named for.")
    label: str
    group: str
    value: float | None = Field(description="Of that input, in its unit.")
    rating: float = Field(description="0 to 100, better is higher.")
    weight: float = Field(description="Effective share of the score, 0 to 1.")
    points: float = Field(description="weight × rating")
    shown: float = Field(description="As shown: these add up to the score as shown.")


class Score(Answer):
    """A judgement: a quality score and no forecast."""

    metric: str
    version: str
    value: float | None
    shown: float | None
    level: int | None = Field(description="Of the signal: 1 to 5.")
    coverage: float = Field(description="Share of the declared weight whose inputs were known.")
    reason: str = Field(description="Why there is none.")
    rank: int | None
    ranked: int | None
    best_rank: int | None
    worst_rank: int | None
    parts: list[ScorePart]
    unknown: list[str] = Field(description="Keys of the inputs that were not known.")


class Insight(Answer):
    """The computed signal in words: an explanation, no forecast and no advice."""

    level: int | None = Field(description="The computed signal, 1 to 5; null is none.")
    text: str
    kind: str = Field(
        description="model: written by a language model and checked; template: composed from the figures."
    )
    as_of: datetime = Field(description="When its figures were true.")
    made_at: datetime | None = Field(description="When a model's text was made; null for one composed just now.")
    model: str = Field(description="Which wrote it; empty for none.")
    prompt_version: str
    reason: str = Field(description="Why it is not a model's.")
    moved: list[str] = Field(description="What has moved since a model's text, which then is not this one.")
    inputs: dict[str, Any] = Field(description="All that it was made from: figures as shown, category, signal.")


class Link(Answer):
    label: str
    address: str


class Tenant(Answer):
    registered_at_block: int
    name: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    living: bool


class OneSubnet(Subnet):
    """One tenant of a netuid: what it says of itself, its numbers, scores with their parts, who was there before."""

    observation: Observation | None
    tao_price_usd: float | None = Field(description="Newest price of TAO at or before the observation.")
    tao_price_at: datetime | None = Field(description="When that price was true.")
    tao_price_source: str | None = Field(description="Who told it.")
    living: bool
    description: str
    owner_coldkey: str
    owner_hotkey: str
    links: list[Link]
    scores: list[Score]
    insight: Insight | None = Field(description="The signal in words; null for who is not living, and for root.")
    tenants: list[Tenant]


class HistoryPoint(Observation):
    value: float | bool | None = Field(description="In the metric's unit; null is unknown.")
    tao_price_at: datetime | None = Field(
        description="Of dollars: when the price of TAO was true that they rest on; null for what is no dollars."
    )


class History(Answer):
    """The last observation of each stretch. A stretch without one has no point: holes stay holes."""

    netuid: int
    registered_at_block: int
    metric: str
    label: str
    unit: str
    layer: str = Field(description="observed, derived or judged.")
    source: str = Field(description="Where it comes from.")
    formula: str | None = Field(description="How it is computed; null for what is observed.")
    version: int = Field(description="Raised when the formula changes.")
    method: str = Field(description="Its page in the methodology.")
    every: str
    points: list[HistoryPoint]


class Day(Answer):
    """Trades of one UTC day: from its first observation to that of the next. Null is unknown."""

    day: date
    volume_tao: float | None = Field(description="TAO that was traded, bought and sold together.")
    organic_flow_tao: float | None = Field(
        description="TAO that traders put into the pool less what they took out; below zero is an outflow."
    )
    first: Observation
    last: Observation | None = Field(description="Null where the next day was not observed.")


class Days(Answer):
    """One line per day that was observed, without the newest, which is not over. Holes stay holes."""

    netuid: int
    registered_at_block: int
    days: list[Day]


class Totals(Observation):
    """Sums over the living subnets but root, of what is known; null where nothing is."""

    subnets: int
    market_cap_tao: float | None
    pool_tao: float | None
    emission_tao_per_day: float | None


NO_TOTALS: dict[str, Any] = {
    "subnets": 0,
    "market_cap_tao": None,
    "pool_tao": None,
    "emission_tao_per_day": None,
}
"""Of a network without a subnet."""


class Network(Totals):
    spec_version: int | None = Field(description="Version of the chain's runtime.")
    total_issuance_tao: float | None
    total_stake_tao: float | None
    block_emission_tao: float | None = Field(description="TAO minted per block.")
    tao_weight: float | None
    tao_price_usd: float | None
    tao_price_at: datetime | None
    tao_price_source: str | None


class NetworkHistory(Answer):
    every: str
    points: list[Totals]


class Problem(Answer):
    detail: str | list[Any]
