"""Where the continued scores knowingly differ from what the predecessor showed."""

from insights.statistics.deviations import Deviation

DEVIATIONS = (
    Deviation(
        key="tao-score-2.1.unknown",
        before="Unknown flow and volume counted as 0, price and root changes as a neutral 50, emission as best.",
        now="The score is unknown and names what is missing; the old filling is on request (fill_unknown).",
        why="A subnet whose source was not collected is not a neutral one: unknown is not a number.",
    ),
)
