"""The landing page's lists as functions from the rows of one snapshot."""

from insights.landing.categories import HotCategory, hot_categories
from insights.landing.declarations import METRICS
from insights.landing.deviations import DEVIATIONS
from insights.landing.farming import farming_scores, main_reasons, red_flags, watch_list
from insights.landing.lists import Listed, Outlier, hot_scores, hot_subnets, outliers, price_momentum
from insights.landing.rows import Blend, LandingRow

__all__ = [
    "DEVIATIONS",
    "METRICS",
    "Blend",
    "HotCategory",
    "LandingRow",
    "Listed",
    "Outlier",
    "farming_scores",
    "hot_categories",
    "hot_scores",
    "hot_subnets",
    "main_reasons",
    "outliers",
    "price_momentum",
    "red_flags",
    "watch_list",
]
