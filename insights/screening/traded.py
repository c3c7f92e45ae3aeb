"""What traders bought and what they sold within a day, told apart by what the trades left in the pool."""

from insights.board import Row
from insights.figures import CHAIN_BUYS, VOLUME_1D
from subnets.metrics import BY_KEY
from subnets.metrics.words import OWN_HISTORY
from taoanalytics.lib.metric import Layer, Metric, Unit

_FLOW_1D = BY_KEY["organic_flow_1d_tao"]
_ROUNDING = 0.001  # of the volume: so far below zero is no contradiction


def _declared(key: str, label: str, about: str, sign: str) -> Metric:
    return Metric(
        key=key,
        label=label,
        unit=Unit.TAO,
        layer=Layer.DERIVED,
        source=OWN_HISTORY,
        about=about,
        unknown="Volume or organic flow of a day is unknown, or the two contradict each other.",
        formula=f"(volume − chain buys {sign} organic flow) ÷ 2",
        inputs=(VOLUME_1D.key, CHAIN_BUYS.key, _FLOW_1D.key),
        lower=0,
        group="market",
        note="The chain's own buys are no trader's: they are left out, a day of them at the rate of the newest block.",
    )


BOUGHT = _declared("bought_1d_tao", "Bought 1d", "TAO for which traders bought alpha in the last 24 hours.", "+")
SOLD = _declared("sold_1d_tao", "Sold 1d", "TAO that traders got for the alpha they sold in the last 24 hours.", "−")


def bought_and_sold(row: Row) -> tuple[float | None, float | None]:
    """TAO of BOUGHT and of SOLD: their sum is the volume, their difference the flow. None where either is unknown."""
    volume, flow, by_chain = row.amount(VOLUME_1D), row.amount(_FLOW_1D), row.amount(CHAIN_BUYS) or 0.0
    if volume is None or flow is None:
        return None, None
    by_traders = volume - by_chain
    bought, sold = (by_traders + flow) / 2, (by_traders - flow) / 2
    if min(bought, sold) < -_ROUNDING * volume:
        return None, None
    return max(bought, 0.0), max(sold, 0.0)
