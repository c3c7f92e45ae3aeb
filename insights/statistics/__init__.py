"""Statistics on plain sequences, in which None is unknown: it is left out, counted, and never taken for zero."""

from insights.statistics.association import Association, pearson, spearman
from insights.statistics.deviations import DEVIATIONS, Deviation
from insights.statistics.discovery import benjamini_hochberg
from insights.statistics.matrix import (
    FEWEST_OBSERVATIONS,
    Cell,
    CorrelationMatrix,
    Method,
    correlation_matrix,
    tied_by_formula,
)
from insights.statistics.ranks import is_known, known, midranks, percentile_among, percentiles, places
from insights.statistics.spread import (
    Summary,
    mad_outliers,
    quantile,
    robust_z,
    summary,
    winsorised,
    z_scores,
)
from insights.statistics.student import regularised_incomplete_beta, student_t_cdf, two_sided_p

__all__ = [
    "DEVIATIONS",
    "FEWEST_OBSERVATIONS",
    "Association",
    "Cell",
    "CorrelationMatrix",
    "Deviation",
    "Method",
    "Summary",
    "benjamini_hochberg",
    "correlation_matrix",
    "is_known",
    "known",
    "mad_outliers",
    "midranks",
    "pearson",
    "percentile_among",
    "percentiles",
    "places",
    "quantile",
    "regularised_incomplete_beta",
    "robust_z",
    "spearman",
    "student_t_cdf",
    "summary",
    "tied_by_formula",
    "two_sided_p",
    "winsorised",
    "z_scores",
]
