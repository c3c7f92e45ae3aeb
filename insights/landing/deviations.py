"""Where the landing page's lists knowingly differ from the predecessor's."""

from insights.statistics.deviations import Deviation

DEVIATIONS = (
    Deviation(
        key="landing.unknown",
        before="A missing number was read as 0 and ranked as such.",
        now="It is left out: its weight goes to the known inputs, and under half of the weight there is no score.",
        why="An unreported price change is not a flat price.",
    ),
    Deviation(
        key="landing.shown-values",
        before="Score, price change and turnover were shown after their tails had been pulled in.",
        now="Tails are pulled in for comparing only: the real values are shown.",
        why="A fall of 30.2% stood on the page as 28.9%.",
    ),
    Deviation(
        key="landing.tails-once",
        before="Stake quality, which two lists use, had its tails pulled in twice.",
        now="Each list starts from the real values.",
        why="A list must not depend on which other list was made before it.",
    ),
    Deviation(
        key="hot-score.weights",
        before="The five weights added up to 0.90.",
        now="The weighted sum is divided by the weights: a mean of z-scores. The order is the same.",
        why="So that a subnet with an unknown input can be compared with one that has all.",
    ),
    Deviation(
        key="momentum.rising",
        before="Any subnet with an inflow could lead the price momentum list, also at −30% in 7 days.",
        now="The price must have risen as well.",
        why="A falling price is no price momentum.",
    ),
    Deviation(
        key="outliers.order",
        before="Robust z was cut off at ±8 before sorting, so that outliers beyond were tied.",
        now="It is neither cut off nor computed from pulled-in values.",
        why="A value 75 deviations out is another thing than one 21 out.",
    ),
    Deviation(
        key="hot-categories.units",
        before="Points, percent, a fraction and a root of a count were added up as they stood.",
        now="Each is put on one scale across the categories before it is weighted.",
        why="Turnover, about 0.03, had no effect beside a score of 48, whatever its weight said.",
    ),
    Deviation(
        key="farming.emission",
        before="TAO put into the pool per unit of stake weight, a mix of alpha and TAO, and called a return.",
        now="TAO that the network spends on the subnet in a day, per TAO of market cap.",
        why="Both sides of the ratio are TAO, and what enters the pool is nobody's income.",
    ),
    Deviation(
        key="farming.contributions",
        before="Without an emission figure the score used five weights, the reasons beside it six.",
        now="The reasons are the terms of the sum that was shown.",
        why="Parts must add up to the whole.",
    ),
    Deviation(
        key="farming.red-flags",
        before="A red flag stood on the watch-list as well.",
        now="It stands in one list.",
        why="The same three names twice hid the next three.",
    ),
    Deviation(
        key="landing.words",
        before="Names, reasons and descriptions came with the numbers as finished sentences.",
        now="Field, value and direction are given; the page has the words.",
        why="Words belong to the page, numbers to their declaration.",
    ),
)
