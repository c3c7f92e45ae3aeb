"""Where this site knowingly gives another number than its predecessor did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One deliberate difference: `key` names it, `before` is what the predecessor did, `now` what we do."""

    key: str
    before: str
    now: str
    why: str


DEVIATIONS = (
    Deviation(
        key="rank-percentile",
        before="100 × (values below) ÷ n, rounded to a whole number: best of four 75, ties took the lowest.",
        now="100 × (midrank − ½) ÷ n: the best of four has 87.5, the worst 12.5, ties share.",
        why="The best subnet could never reach the top, and equal subnets were told that they were all the worst.",
    ),
    Deviation(
        key="correlation.multiple-testing",
        before="A pair counted as significant at p ≤ 0.05, whatever the number of pairs tested.",
        now="A pair counts at q ≤ 0.05 after Benjamini and Hochberg over all pairs shown; p is still printed.",
        why="Among 1,711 pairs about 85 pass at 0.05 by luck alone.",
    ),
    Deviation(
        key="correlation.tautologies",
        before="Pairs that are bound by their formulas were ranked as findings.",
        now="They keep their coefficient, are marked, and are not tested.",
        why="That a price correlates with itself times a constant is no finding.",
    ),
    Deviation(
        key="correlation.outliers",
        before="|value − mean| above two population standard deviations.",
        now="|robust z| above 3.5, from median and median absolute deviation, with at least eight values.",
        why="With n values a population z cannot exceed √(n − 1): a giant among twelve, 75 deviations out, read 3.31.",
    ),
    Deviation(
        key="correlation.dates",
        before="One date range stood over rows of different age.",
        now="The statistics carry no date: each row's own observation time travels with the row.",
        why="A number is dated by when it was true, and rows of one table can differ.",
    ),
)
