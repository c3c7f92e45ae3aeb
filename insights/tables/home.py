"""/ as files: its lists, the price of TAO, and the figures of the whole network."""

from collections.abc import Iterator, Mapping, Sequence

from insights.board import Board, Row
from insights.exports import BLOCK, NETUID, OBSERVED_AT, SOURCE, TENANT, Cell, Column, Table, observation_cells
from insights.network import TAO_PRICE, KeyFigure
from insights.overview import CategoryEntry, Entry, Listing
from markets.models import TaoPrice
from taoanalytics.lib.downsampling import Point
from taoanalytics.lib.metric import Metric

METHOD_ROUTE = "/methodology/ and the key lead to how it is made"
_LIST = (
    Column("list", "list", "Which list of the page"),
    Column("title", "title", "What the page calls it"),
    Column("place", "place", "In that list, 1 first"),
    NETUID,
    Column("name", "name", "What the subnet calls itself, or the name of the category"),
    TENANT,
    Column("metric", "metric", f"Key of the number that orders the list, empty if it has none: {METHOD_ROUTE}"),
    Column("version", "version", "Of its formula"),
    Column("value", "value", "That number; of outliers the robust deviations from the median, of the rest a score"),
    Column("made_of", "made of", "What it was made of: points that add up to it, or of an outlier its own value"),
    Column("why", "why", "What the page says of it"),
    OBSERVED_AT,
    BLOCK,
    SOURCE,
)


def lists_table(now: Board, listings: Sequence[Listing], movers: Sequence[tuple[str, str, Metric, list[Row]]]) -> Table:
    """One line per entry of each list, all of one observation."""
    return Table(_LIST, _entries(now, listings, movers))


def _entries(
    now: Board, listings: Sequence[Listing], movers: Sequence[tuple[str, str, Metric, list[Row]]]
) -> Iterator[list[Cell]]:
    if now.network is None:
        return
    observed = observation_cells(now.network)
    for title, _, metric, rows in movers:
        for place, row in enumerate(rows, start=1):
            named: list[Cell] = ["movers", title, place, *_subnet(row), metric.key, metric.version]
            yield [*named, row.amount(metric), None, None, *observed]
    for listing in listings:
        declared: list[Cell] = [listing.metric.key, listing.metric.version] if listing.metric else [None, None]
        for place, entry in enumerate(listing.entries, start=1):
            made_of = " ".join(f"{field}={value!r}" for field, value in entry.made_of)
            about: list[Cell] = [entry.value, made_of, entry.why]
            yield [listing.key, listing.title, place, *_whose(entry), *declared, *about, *observed]


def _whose(entry: Entry | CategoryEntry) -> list[Cell]:
    if isinstance(entry, Entry):
        return _subnet(entry.row)
    kind = next((row.category for row in entry.rows), None)
    return [None, kind.name if kind else None, None]


def _subnet(row: Row) -> list[Cell]:
    return [row.netuid, row.name, row.snapshot.subnet.registered_at_block]


def prices_table(points: Sequence[Point]) -> Table:
    """One line per price that is drawn, with who told it. One query."""
    known = {at: price for at, price in points if price is not None}
    told = TaoPrice.objects.filter(observed_at__in=known).values_list("observed_at", "source", "price_usd")
    sources = {at: source for at, source, price in told if price == known[at]}
    about = "coingecko: read by this site; import: a daily candle; simulated: made up"
    return Table(
        [OBSERVED_AT, TAO_PRICE, Column("source", "source", about)],
        ([at.isoformat(), price, sources.get(at)] for at, price in known.items()),
    )


def figures_table(figures: Mapping[str, KeyFigure]) -> Table:
    """One line per figure of the whole network."""
    columns = [
        Column("metric", "metric", f"Key of the figure: {METHOD_ROUTE}"),
        Column("label", "label", "What it is called on the page"),
        Column("value", "value", "In its unit; empty is unknown"),
        Column("unit", "unit", "What one of it is"),
        Column("formula", "formula", "How it is computed, empty for what is observed"),
        Column("version", "version", "Of its formula"),
        OBSERVED_AT,
        Column("block", "block", "Block at which it was true, empty for what is no figure of the chain"),
        Column("source", "source", "From where this very figure came"),
    ]
    return Table(columns, (_figure(each) for each in figures.values()))


def _figure(each: KeyFigure) -> list[Cell]:
    metric = each.metric
    declared: list[Cell] = [str(metric.unit), metric.formula or None, metric.version]
    at = each.at.isoformat() if each.at else None
    return [metric.key, metric.label, each.value, *declared, at, each.block or None, each.source]
