"""What the landing page's own numbers say of themselves."""

from collections.abc import Mapping

from insights.landing import farming, lists
from insights.scores.declarations import TAO_SCORE_V3
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

_SOURCE = "Judged by this site from its own metrics"
_RELATIVE = "In standard deviations from the average subnet, after both 1% tails are pulled in. No forecast."
_TOO_LITTLE = "Under half of its weight is known, or fewer than eight subnets are."
_WEIGHTED_MEAN = (
    "<mrow><mi>s</mi><mo>=</mo><mfrac>"
    "<mrow><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>w</mi><mi>i</mi></msub><msub><mi>z</mi><mi>i</mi></msub></mrow>"
    "<mrow><munder><mo>∑</mo><mi>i</mi></munder><mo>|</mo><msub><mi>w</mi><mi>i</mi></msub><mo>|</mo></mrow>"
    "</mfrac></mrow>"
)


_MADE_OF = {
    "tao_score": (TAO_SCORE_V3.key,),
    "flow_turnover": ("organic_flow_1d_tao", "market_cap_tao"),
    "validator_ratio": ("active_validator_count", "max_validators"),
}
"""Fields of a row that are not themselves keys of metrics, and the keys behind them."""


def _weighted_mean(weights: Mapping[str, float]) -> str:
    terms = " ".join(f"{'−' if weight < 0 else '+'} {abs(weight):.2f} z({field})" for field, weight in weights.items())
    return f"({terms.removeprefix('+ ')}) ÷ {sum(map(abs, weights.values())):.2f}"


def _blend(key: str, label: str, about: str, weights: Mapping[str, float], better: Better) -> Metric:
    return Metric(
        key=key,
        label=label,
        unit=Unit.INDEX,
        layer=Layer.JUDGED,
        source=_SOURCE,
        about=f"{about} {_RELATIVE}",
        unknown=_TOO_LITTLE,
        formula=_weighted_mean(weights),
        mathml=_WEIGHTED_MEAN,
        inputs=tuple(key for field in weights for key in _MADE_OF.get(field, (field,))),
        better=better,
        group="landing",
    )


HOT_SCORE = _blend(
    "hot_score",
    "Hot score",
    "How far a subnet stands out by quality, price and inflow together.",
    lists.HOT_WEIGHTS,
    Better.HIGHER,
)
MOMENTUM_SCORE = _blend(
    "momentum_score",
    "Momentum score",
    "Price and inflow of subnets that have both rising.",
    lists.MOMENTUM_WEIGHTS,
    Better.HIGHER,
)
FARMING_SCORE = _blend(
    "farming_score",
    "Emission-farming score",
    "Much emission for little market, idle seats, concentrated stake and TAO leaving: a reason to look, no verdict.",
    farming.WEIGHTS,
    Better.LOWER,
)

METRICS = (HOT_SCORE, MOMENTUM_SCORE, FARMING_SCORE)
