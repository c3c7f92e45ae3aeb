"""The numbers of the whole network that head the home page: declared like any other, each with its passport."""

from dataclasses import dataclass
from datetime import datetime

from insights import overview
from insights.board import Board
from insights.figures import Value
from insights.numbers import exact
from taoanalytics.lib.metric import Layer, Metric, Unit

_CHAIN = "Bittensor chain"
_NOT_RECORDED = "The network has not been recorded by then."


def _declared(
    key: str,
    label: str,
    unit: Unit,
    about: str,
    *,
    layer: Layer = Layer.DERIVED,
    source: str = _CHAIN,
    unknown: str = _NOT_RECORDED,
    formula: str = "",
    inputs: tuple[str, ...] = (),
) -> Metric:
    return Metric(
        key=key,
        label=label,
        unit=unit,
        layer=layer,
        source=source,
        about=about,
        unknown=unknown,
        formula=formula,
        inputs=inputs,
        lower=None if unit is Unit.PERCENT else 0,
        group="market",
    )


MARKET_CAP_OF_ALL = _declared(
    "network_market_cap_tao",
    "Market cap of all subnets",
    Unit.TAO,
    "What all alpha of all living subnets is worth at each one's price; root is not among them.",
    unknown="Of no subnet are price and alpha known.",
    formula="Σ market cap of each subnet whose own is known",
    inputs=("market_cap_tao",),
)
TAO_PRICE = _declared(
    "network_tao_price_usd",
    "TAO price",
    Unit.USD,
    "The newest price of TAO in US dollars at or before the observation.",
    layer=Layer.OBSERVED,
    source="CoinGecko, or imported daily candles; which of them is said beside the price",
    unknown="None was recorded by then.",
)
EMISSION_OF_ALL = _declared(
    "network_emission_tao_per_day",
    "Emission a day",
    Unit.TAO_PER_DAY,
    "TAO that the chain spends on all living subnets in a day, at the rate of that block.",
    unknown="The chain did not report it at that block.",
    formula="Σ emission of each subnet whose own is known",
    inputs=("emission_tao_per_day",),
)
MEDIAN_CHANGE = _declared(
    "network_median_change_7d_pct",
    "Median change 7d",
    Unit.PERCENT,
    "Half of the subnets rose by more than this in seven days, half by less or fell; each counts once, however small.",
    unknown="Of no subnet is a price of a week before known.",
    formula="median of the known changes of 7 days",
    inputs=("change_7d_pct",),
)
SUBNETS = _declared(
    "network_subnet_count",
    "Subnets",
    Unit.COUNT,
    "Subnets that were registered at that block; root is not counted.",
    layer=Layer.OBSERVED,
)
BLOCK = _declared(
    "network_block",
    "Block",
    Unit.BLOCKS,
    "The finalized block that was read: every figure of the chain on this page was true at it.",
    layer=Layer.OBSERVED,
    inputs=("block",),
)
METRICS = (MARKET_CAP_OF_ALL, TAO_PRICE, EMISSION_OF_ALL, MEDIAN_CHANGE, SUBNETS, BLOCK)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number of the network with what its passport tells. `at`: when it was true, None if it is unknown.

    `block` is 0 for what is no figure of the chain; `source` says from where this very one came.
    """

    metric: Metric
    value: Value
    source: str
    at: datetime | None
    block: int = 0

    @property
    def exact(self) -> str:
        return exact(self.metric, self.value, None)


def key_figures(now: Board) -> dict[str, KeyFigure]:
    """{key without "network_": figure}; {} before anything was recorded."""
    network, price = now.network, now.tao_price
    if network is None:
        return {}
    values: dict[Metric, Value] = {
        MARKET_CAP_OF_ALL: now.market_cap_tao,
        EMISSION_OF_ALL: overview.emission_tao_per_day(now),
        MEDIAN_CHANGE: overview.mood(now).median_pct,
        SUBNETS: len(now.rows),
        BLOCK: network.block,
    }
    source = str(network.get_source_display())
    found = [KeyFigure(metric, value, source, network.observed_at, network.block) for metric, value in values.items()]
    if price is None:
        found.append(KeyFigure(TAO_PRICE, None, TAO_PRICE.source, None))
    else:
        found.append(KeyFigure(TAO_PRICE, price.price_usd, str(price.get_source_display()), price.observed_at))
    return {figure.metric.key.removeprefix("network_"): figure for figure in found}
