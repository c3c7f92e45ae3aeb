"""Every number that the site may show of a subnet, in the order in which it is shown. Nothing else can be shown."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.conf import settings

from insights import figures, scores
from subnets import metrics
from taoanalytics.lib.metric import Metric

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "market": "Market",
        "emission": "Emission",
        "stake": "Stake",
        "health": "Health",
        "network": "Network",
        "yield": "Yield",
        "risk": "Risk and trade",
        "scores": "Score",
        "rank": "Rank",
    }
)
"""{group: its name}"""


def _in_order(declared: Sequence[Metric]) -> dict[str, Metric]:
    order = list(GROUPS)
    ranked = sorted(declared, key=lambda metric: order.index(metric.group))
    return {metric.key: metric for metric in ranked}


BY_KEY: Mapping[str, Metric] = MappingProxyType(
    _in_order((*metrics.METRICS, *figures.FACTS, figures.PRICE_USD, *scores.METRICS))
)
METRICS: tuple[Metric, ...] = tuple(BY_KEY.values())

SCORE_VERSION = (
    settings.TAO_SCORE_VERSION if settings.TAO_SCORE_VERSION in scores.DECLARATIONS else next(iter(scores.DECLARATIONS))
)
SCORE = scores.DECLARATIONS[SCORE_VERSION]
"""The version of the score that pages lead with."""


def grouped() -> dict[str, list[Metric]]:
    """{name of the group: its metrics}, both in order."""
    found: dict[str, list[Metric]] = {name: [] for name in GROUPS.values()}
    for metric in METRICS:
        found[GROUPS[metric.group]].append(metric)
    return {name: members for name, members in found.items() if members}
