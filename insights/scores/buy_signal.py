"""Buy signal v1: a relative reading of trend and calm in five levels. No advice, no forecast, and set by no model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights.scores.parts import Part, Score, Term, not_scored, summed
from insights.scores.quality import percentiles_of
from insights.scores.rows import ScoreInput, reasons_against
from taoanalytics.lib.metric import Better, Unit

VERSION = "buy-signal-1.0"
MIN_INPUTS = 3
WORDS = {1: "weakest", 2: "weaker", 3: "middle", 4: "stronger", 5: "strongest"}
THRESHOLDS = {2: 24.0, 3: 40.0, 4: 62.0, 5: 73.0}
"""Level → the least composite for it. Fixed with the version."""
_NOISE_DECIMALS = 9


def _term(key: str, label: str, unit: Unit, better: Better = Better.HIGHER) -> Term:
    return Term(key=key, label=label, group="", weight=20, unit=unit, better=better)


TERMS = (
    _term("organic_flow_30d_pct", "Net flow to market cap over 30 days", Unit.PERCENT),
    _term("drawdown_60d_pct", "Distance to the 60-day high", Unit.PERCENT),
    _term("max_drawdown_30d_pct", "Drawdown within 30 days", Unit.PERCENT),
    _term("volatility_30d_pct", "Volatility over 30 days", Unit.PERCENT, Better.LOWER),
    _term("alpha_supply_growth_30d_pct", "Alpha supply growth over 30 days", Unit.PERCENT, Better.LOWER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """`level` 1 to 5 with the `composite` that it was read from, 0 to 100 with its parts; both None together."""

    level: int | None
    composite: Score

    @property
    def word(self) -> str:
        return "" if self.level is None else WORDS[self.level]

    @property
    def points_to_next(self) -> float | None:
        """How much the composite lacks for the next level up; None at the top or without a level."""
        if self.level is None or self.level == 5 or self.composite.value is None:
            return None
        return THRESHOLDS[self.level + 1] - self.composite.value

    @property
    def points_above_threshold(self) -> float | None:
        """How far the composite is above what its level asks for; None at the bottom or without a level."""
        if self.level is None or self.level == 1 or self.composite.value is None:
            return None
        return self.composite.value - THRESHOLDS[self.level]


def buy_signals(rows: Sequence[ScoreInput]) -> dict[int, Signal]:
    """netuid → signal, for every row: eligible ones among each other, the others say why they have none.

    ValueError where a netuid comes twice.
    """
    against = reasons_against(rows)
    ranked = percentiles_of([row for row in rows if not against[row.netuid]], TERMS)
    return {
        row.netuid: Signal(level=None, composite=not_scored(VERSION, reason))
        if (reason := against[row.netuid])
        else signal_of_percentiles(ranked[row.netuid], row.values)
        for row in rows
    }


def signal_of_percentiles(ranked: Mapping[str, float | None], raw: Mapping[str, float | None] | None = None) -> Signal:
    """The signal from percentiles (metric key → 0 to 100, better is higher); `raw` are the values behind them.

    The composite is the plain mean of those known; none under three of the five.
    """
    present = [(term, percentile) for term in TERMS if (percentile := ranked.get(term.key)) is not None]
    unknown = [term.key for term in TERMS if ranked.get(term.key) is None]
    covered = len(present) / len(TERMS)
    if len(present) < MIN_INPUTS:
        return Signal(level=None, composite=not_scored(VERSION, "Too little known.", coverage=covered, unknown=unknown))
    parts = [
        Part(
            label=term.label,
            group="",
            inputs=((term.key, (raw or {}).get(term.key)),),
            rating=percentile,
            weight=1 / len(present),
            points=percentile / len(present),
        )
        for term, percentile in present
    ]
    composite = summed(VERSION, parts, coverage=covered, unknown=unknown)
    return Signal(level=_level(composite.value), composite=composite)


def _level(composite: float | None) -> int | None:
    if composite is None:
        return None
    reached = round(composite, _NOISE_DECIMALS)
    return 1 + sum(reached >= least for least in THRESHOLDS.values())
