"""The tint of a cell: by the size of a change, or by where the value stands within its category."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from insights.board import Row
from insights.charts.marks import tint
from insights.screening.columns import Column
from insights.selection import slug_of
from insights.statistics import percentile_among

LEAST_COMPANY = 5
"""Known values that a category needs before its members are compared."""

_FROM_MIDDLE = (15.0, 25.0, 35.0, 45.0)  # percentile points away from the category's middle

Tint = Callable[[Row, float], str]
"""(row, its value in the column) → a class: "u1" to "u4" above, "d1" to "d4" below; "" for neither."""

Company = Mapping[tuple[str, str], Sequence[float]]
"""{(metric, category): its known values, ascending}"""


def company_of(rows: Iterable[Row], columns: Iterable[Column]) -> Company:
    keys = {column.key for column in columns if not column.drawn}
    found: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        slug = slug_of(row.category)
        for key in keys:
            value = row.figures.get(key)
            if value is not None:
                found.setdefault((key, slug), []).append(float(value))
    return {place: sorted(values) for place, values in found.items()}


def deepest(columns: Iterable[Column]) -> str:
    """ "1d ±8%, 7d ±16%": from where on a change of each column is tinted no deeper."""
    return ", ".join(f"{column.heading} ±{column.tints[-1]:g}%" for column in columns if column.tints)


def tint_of(column: Column, *, heat: str, company: Company) -> Tint | None:
    """How the cells of a column are tinted; None if none of them is."""
    if column.drawn or heat == "off" or not (column.tints or heat == "category"):
        return None
    if heat != "category":
        return lambda row, value: tint(value, column.tints, "u", "d")

    def against_category(row: Row, value: float) -> str:
        values = company.get((column.key, slug_of(row.category)), ())
        if len(values) < LEAST_COMPANY:
            return ""
        return tint(percentile_among(values, value) - 50, _FROM_MIDDLE, "u", "d")

    return against_category
