"""What the arithmetic of a subnet's metrics is given: observations of one tenant, plain and dated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Protocol, Self

from subnets.facts import NeuronColumns

Value = float | int | None
Values = dict[str, Value]


class Span(Enum):
    """How far back a metric looks. The value is the length."""

    HOUR = timedelta(hours=1)
    DAY = timedelta(days=1)
    WEEK = timedelta(days=7)
    MONTH = timedelta(days=30)

    @property
    def days(self) -> float:
        return self.value / timedelta(days=1)

    @property
    def short(self) -> str:
        """As in keys and labels: "1h", "7d"."""
        return "1h" if self is Span.HOUR else f"{self.value.days}d"


TOLERANCES: Mapping[Span, timedelta] = MappingProxyType(
    {
        Span.HOUR: timedelta(minutes=20),
        Span.DAY: timedelta(hours=2),
        Span.WEEK: timedelta(hours=12),
        Span.MONTH: timedelta(days=1),
    }
)
"""How far from "one span ago", earlier or later, an observation may lie and still stand for it.

Wide enough for one missed hourly run over a day and one missed daily run over a month, narrow enough that the window
is never off by more than a twelfth of its length (a third for the hour). Differences are not scaled to the exact span.
"""

DAYS_KEPT = 60
"""Days that `SubnetInputs.daily` covers."""


class Reported(Protocol):
    """What a `SubnetSnapshot` or `SubnetFacts` reports of a subnet at one block; amounts in rao, None unknown."""

    @property
    def price_rao(self) -> int | None: ...
    @property
    def moving_price_rao(self) -> int | None: ...
    @property
    def tao_in_rao(self) -> int | None: ...
    @property
    def alpha_in_rao(self) -> int | None: ...
    @property
    def alpha_out_rao(self) -> int | None: ...
    @property
    def tao_in_emission_rao(self) -> int | None: ...
    @property
    def chain_buy_rao(self) -> int | None: ...
    @property
    def alpha_in_emission_rao(self) -> int | None: ...
    @property
    def alpha_out_emission_rao(self) -> int | None: ...
    @property
    def volume_rao(self) -> int | None: ...
    @property
    def pool_tao_weight(self) -> float | None: ...
    @property
    def pool_fee(self) -> float | None: ...
    @property
    def miner_burn(self) -> float | None: ...
    @property
    def tempo(self) -> int | None: ...
    @property
    def max_uids(self) -> int | None: ...
    @property
    def neuron_count(self) -> int | None: ...
    @property
    def validator_count(self) -> int | None: ...
    @property
    def active_validator_count(self) -> int | None: ...
    @property
    def active_miner_count(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Observation:
    """One subnet at one block. Fields are named as `SubnetSnapshot`'s; amounts in rao, None is unknown."""

    block: int
    observed_at: datetime
    price_rao: int | None = None
    moving_price_rao: int | None = None
    tao_in_rao: int | None = None
    alpha_in_rao: int | None = None
    alpha_out_rao: int | None = None
    tao_in_emission_rao: int | None = None
    chain_buy_rao: int | None = None
    alpha_in_emission_rao: int | None = None
    alpha_out_emission_rao: int | None = None
    volume_rao: int | None = None
    pool_tao_weight: float | None = None
    pool_fee: float | None = None
    miner_burn: float | None = None
    tempo: int | None = None
    max_uids: int | None = None
    neuron_count: int | None = None
    validator_count: int | None = None
    active_validator_count: int | None = None
    active_miner_count: int | None = None

    @classmethod
    def of(cls, reported: Reported, *, block: int, observed_at: datetime) -> Self:
        values = {name: getattr(reported, name) for name in REPORTED_FIELDS}
        return cls(block=block, observed_at=observed_at, **values)

    @property
    def day(self) -> date:
        return self.observed_at.date()


REPORTED_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Observation) if f.name not in {"block", "observed_at"})
"""Columns of `SubnetSnapshot` that the current observation and the earlier ones need."""


@dataclass(frozen=True, slots=True)
class DailyPoint:
    """One day of a subnet's recent past; amounts in rao, None is unknown."""

    block: int
    observed_at: datetime
    price_rao: int | None = None
    tao_in_emission_rao: int | None = None
    chain_buy_rao: int | None = None

    @classmethod
    def of(cls, observed: Observation) -> Self:
        return cls(
            observed.block,
            observed.observed_at,
            observed.price_rao,
            observed.tao_in_emission_rao,
            observed.chain_buy_rao,
        )


DAILY_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(DailyPoint) if f.name not in {"block", "observed_at"})
"""Columns of `SubnetSnapshot` that the daily series needs."""


@dataclass(frozen=True, slots=True)
class NeuronsAt:
    """The neurons of a subnet as they were at a block."""

    block: int
    observed_at: datetime
    columns: NeuronColumns


@dataclass(frozen=True, slots=True)
class EarlierReturn:
    """A stored `validator_return_1d_pct`, for its means."""

    observed_at: datetime
    percent: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetInputs:
    """Everything that is known of one tenant of a netuid; nothing in it may come from another tenant.

    now: the observation that the metrics are of. earlier: for each span the observation nearest to that long before
    now, absent where none lies within `TOLERANCES`. daily: one point a day of the last
    `DAYS_KEPT` days, in any order, holes left out. neurons: at `now`'s block or the newest before it; those of one day
    and of seven days before for the turnover, under `Span.DAY` and `Span.WEEK`. activity_cutoff_blocks and
    owner_cut_enabled: the subnet's own hyperparameters, None if unknown.
    """

    netuid: int
    registered_at_block: int
    now: Observation
    earlier: Mapping[Span, Observation] = field(default_factory=dict)
    daily: Sequence[DailyPoint] = ()
    neurons: NeuronsAt | None = None
    earlier_neurons: Mapping[Span, NeuronColumns] = field(default_factory=dict)
    earlier_returns: Sequence[EarlierReturn] = ()
    owner_coldkey: str = ""
    owner_hotkey: str = ""
    activity_cutoff_blocks: int | None = None
    owner_cut_enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRow:
    """One subnet of a network snapshot, with what `compute` made of it: input of what compares subnets."""

    netuid: int
    registered_at_block: int
    values: Mapping[str, Value]
