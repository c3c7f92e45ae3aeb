"""What the home page says of the whole network: key figures, the price of TAO, movers, and why a subnet is listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from insights import landing, numbers
from insights.board import Board, Row
from insights.figures import CHANGE_1D, CHANGE_7D
from insights.landing import LandingRow
from insights.landing.declarations import FARMING_SCORE, HOT_SCORE, MOMENTUM_SCORE
from insights.money import Money
from insights.registry import SCORE
from insights.selection import ordered
from markets.models import TaoPrice
from subnets.metrics import BY_KEY, EMISSION, POOL_TAO
from taoanalytics.lib.downsampling import LONGEST_STEP, Point, broken_at, gaps, thinned
from taoanalytics.lib.metric import Metric

LISTED = 5
MOVERS = 5
MOVERS_POOL_TAO = 1000
"""TAO: a smaller pool moves by tens of percent on one trade, and does not lead the page."""
PRICE_DAYS = 90
_MOST_POINTS = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: whom it leads to, by what it is ordered, and why it stands there.

    `score` is the `value` as it is written; `made_of` are (field, points that add up to it), or an outlier's own value.
    """

    row: Row
    score: str
    why: str
    value: float
    made_of: Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class CategoryEntry:
    """One line of the list of categories; `rows` are its members."""

    rows: Sequence[Row]
    score: str
    why: str
    value: float
    made_of: Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the lists: its `method` in a sentence, its declaration, and in words why it has no `entries`, if so."""

    key: str
    title: str
    method: str
    metric: Metric | None
    entries: Sequence[Entry | CategoryEntry]
    nothing: str


@dataclass(frozen=True, slots=True)
class Mood:
    """Over the subnets whose change of seven days is known: its median in percent, how many rose and fell."""

    median_pct: float | None
    up: int
    down: int


def mood(board: Board) -> Mood:
    changes = [change for row in board.rows if (change := row.amount(CHANGE_7D)) is not None]
    return Mood(median(changes) if changes else None, sum(c > 0 for c in changes), sum(c < 0 for c in changes))


def emission_tao_per_day(board: Board) -> float | None:
    """Of all subnets whose own is known; None if there is no such subnet."""
    known = [each for row in board.rows if (each := row.amount(EMISSION)) is not None]
    return sum(known) if known else None


def tao_prices(board: Board) -> list[Point]:
    """Dollars per TAO over 90 days before the observation, holes left open, at the end as well. One query."""
    if board.network is None:
        return []
    end = board.network.observed_at
    prices = TaoPrice.objects.filter(observed_at__range=(end - timedelta(days=PRICE_DAYS), end)).order_by("observed_at")
    points: list[Point] = list(prices.values_list("observed_at", "price_usd"))
    drawn = broken_at(thinned(points, _MOST_POINTS), gaps([at for at, _ in points]))
    if points and end - points[-1][0] > LONGEST_STEP:
        drawn.append((end, None))
    return drawn


def movers(board: Board) -> list[tuple[str, str, Metric, list[Row]]]:
    """(title, words for the span, metric, rows) of the largest rises and falls."""
    large = [row for row in board.rows if (row.amount(POOL_TAO) or 0) >= MOVERS_POOL_TAO]
    found = []
    for words, metric in (("1d", CHANGE_1D), ("7d", CHANGE_7D)):
        for title, sign in (("Up", 1), ("Down", -1)):
            moved = [row for row in large if sign * (row.amount(metric) or 0) > 0]
            found.append((f"{title}, {words}", words, metric, ordered(moved, metric.key, descending=sign > 0)[:MOVERS]))
    return found


def listings(board: Board, rows: Sequence[LandingRow], money: Money) -> list[Listing]:
    """The six lists, each with the rows of the board that it names; amounts in `money`."""
    of_netuid = {row.netuid: row for row in board.rows}

    def entries(listed: Sequence[landing.Listed]) -> list[Entry]:
        return [_entry(of_netuid[each.row.netuid], each) for each in listed]

    return [
        Listing(
            "hot",
            "Hot subnets",
            "Score, stake quality, price and inflow together, in standard deviations above the average subnet.",
            HOT_SCORE,
            entries(landing.hot_subnets(rows, LISTED)),
            _silent(rows, landing.hot_scores(rows), "none stands out"),
        ),
        Listing(
            "outliers",
            "Outliers",
            "More than two robust deviations from the median in score, stake quality, market cap or turnover.",
            None,
            [_outlier(of_netuid[each.row.netuid], each, money) for each in landing.outliers(rows, LISTED)],
            "No value lies far enough from the median, or fewer than eight subnets have one.",
        ),
        Listing(
            "momentum",
            "Price momentum",
            "Price up over 7 days while traders put TAO in; the mean of both in standard deviations.",
            MOMENTUM_SCORE,
            entries(landing.price_momentum(rows, LISTED)),
            "No subnet has both a rising price and an inflow, or the organic flow is not known.",
        ),
        Listing(
            "categories",
            "Hot categories",
            "Mean score, 7-day change, turnover and size of each category, on one scale.",
            None,
            _categories(board, rows),
            "Fewer than three categories have a subnet: most subnets are still unclassified.",
        ),
        Listing(
            "farming",
            "Emission-farming watch-list",
            f"Much emission for little market, idle seats, concentrated stake, TAO leaving: "
            f"{landing.farming.WATCH_ABOVE:.2f} to {landing.farming.RED_FLAG_ABOVE:.2f}. A reason to look, no verdict.",
            FARMING_SCORE,
            entries(landing.watch_list(rows, LISTED)),
            _silent(rows, landing.farming_scores(rows), "none reads between these bounds"),
        ),
        Listing(
            "flags",
            "Red flags",
            f"The same reading above {landing.farming.RED_FLAG_ABOVE:.2f}. A pause or a launch looks the same.",
            FARMING_SCORE,
            entries(landing.red_flags(rows, LISTED)),
            _silent(rows, landing.farming_scores(rows), "none reads above that"),
        ),
    ]


def _entry(row: Row, listed: landing.Listed) -> Entry:
    value = listed.blend.value
    return Entry(row, _points(value), _reasons(listed), value, listed.blend.contributions)


def _silent(rows: Sequence[LandingRow], scored: object, otherwise: str) -> str:
    if rows and not scored:
        return "Under half of what this list weighs is known: neurons or trades were not recorded."
    return f"Of {len(rows)} subnets {otherwise}." if rows else "No subnet was recorded."


def _reasons(listed: landing.Listed) -> str:
    """The inputs that raised the score most, with the subnet's own values."""
    return " · ".join(_said(field, getattr(listed.row, field)) for field, _ in landing.main_reasons(listed))


def _outlier(row: Row, found: landing.Outlier, money: Money) -> Entry:
    side = "above" if found.robust_z > 0 else "below"
    said = _said(found.field, found.value, money)
    why = f"{said}, {abs(found.robust_z):.1f} robust deviations {side} the median"
    return Entry(row, _points(found.robust_z, 1), why, found.robust_z, [(found.field, found.value)])


def _points(value: float, places: int = 2) -> str:
    return f"{value:+.{places}f}".replace("-", numbers.MINUS)


def _categories(board: Board, rows: Sequence[LandingRow]) -> list[CategoryEntry]:
    found = []
    for each in landing.hot_categories(rows, LISTED):
        members = [row for row in board.rows if row.category and row.category.name == each.name]
        known = (
            ("mean score", each.mean_tao_score, lambda v: numbers.fixed(v, 1)),
            ("mean 7-day change", each.mean_change_7d_pct, numbers.signed),
            ("mean turnover", each.mean_flow_turnover, lambda v: numbers.signed(100 * v, 2)),
        )
        why = [f"{words} {text(value)}" for words, value, text in known if value is not None]
        size = f"{each.subnet_count} subnet{'' if each.subnet_count == 1 else 's'}"
        value, made_of = each.blend.value, each.blend.contributions
        found.append(CategoryEntry(members, _points(value), " · ".join([size, *why]), value, made_of))
    return found


def _said(field: str, value: float, money: Money | None = None) -> str:
    """A field of a landing row as a reader understands it, with its value."""
    match field:
        case "flow_turnover":
            return f"net flow of a day {numbers.signed(100 * value, 2)} of market cap"
        case "validator_ratio":
            return f"{numbers.fixed(100 * value)}% of validator seats active"
        case "validator_utilisation_pct":
            return f"{numbers.fixed(value)}% of validator seats active"
        case "emission_to_market_cap_pct":
            return f"emission of a day {numbers.fixed(value, 2)}% of market cap"
        case "market_cap_tao":
            return f"market cap {(money or Money()).amount(value)}"
    metric = SCORE if field == "tao_score" else BY_KEY[field]
    return f"{_WORDS.get(field, metric.label)} {numbers.in_table(metric, value)}"


_WORDS: Mapping[str, str] = {
    "tao_score": "score",
    "stake_quality": "stake quality",
    "change_7d_pct": "7-day change",
    "change_30d_pct": "30-day change",
    "stake_hhi": "stake concentration (HHI)",
}
