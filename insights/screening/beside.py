"""What the power table knows beside the board: costs of the visitor's trade, trades, tenant, classification."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from insights import registry
from insights.board import Board, Row
from insights.figures import Value
from insights.screening.classified import CONFIDENCE, category_confidence
from insights.screening.tenure import TENANT_AGE, tenant_age_days
from insights.screening.trade import DEFAULT_TRADE_TAO, TRADE_GROUP, trade_figures, trade_metrics
from insights.screening.traded import BOUGHT, SOLD, bought_and_sold
from taoanalytics.lib.metric import Metric

_WHATEVER_THE_TRADE = (BOUGHT, SOLD, TENANT_AGE, CONFIDENCE)


def metrics_of(trade_tao: float) -> dict[str, Metric]:
    """{key: metric} of everything that can be a column, a condition or an axis."""
    beside = (*_WHATEVER_THE_TRADE, *trade_metrics(trade_tao))
    return {**registry.BY_KEY, **{metric.key: metric for metric in beside}}


def offered(trade_tao: float) -> Mapping[str, Sequence[Metric]]:
    """{name of a group: its metrics}, in the order in which they are offered."""
    found = {TRADE_GROUP: list(trade_metrics(trade_tao)), **registry.grouped()}
    for metric in _WHATEVER_THE_TRADE:
        found.setdefault(registry.GROUPS[metric.group], []).append(metric)
    return found


def rows_of(now: Board, trade_tao: float) -> list[Row]:
    """The board's rows with the figures of `metrics_of`; of the usual trade reckoned once."""
    if trade_tao == DEFAULT_TRADE_TAO:
        return now.once("screened", lambda: _reckoned(now, trade_tao))
    return _reckoned(now, trade_tao)


def _reckoned(now: Board, trade_tao: float) -> list[Row]:
    if now.network is None:
        return []
    block = now.network.block
    return [replace(row, figures={**row.figures, **_figures(row, trade_tao, block)}) for row in now.rows]


def _figures(row: Row, trade_tao: float, block: int) -> dict[str, Value]:
    bought, sold = bought_and_sold(row)
    return {
        BOUGHT.key: bought,
        SOLD.key: sold,
        TENANT_AGE.key: tenant_age_days(row, block),
        CONFIDENCE.key: category_confidence(row),
        **trade_figures(row, trade_tao, block),
    }
