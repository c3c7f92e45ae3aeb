"""/trends/ as files: the lines over time, and where each subnet stands."""

from collections.abc import Mapping, Sequence

from insights.exports import (
    BLOCK,
    NETUID,
    OBSERVED_AT,
    SOURCE,
    TAO_PRICE,
    TENANT,
    Cell,
    Column,
    Table,
    tao_price_cells,
)
from insights.tables.spans import SPAN, span_cells
from insights.traced import Step, tao_prices
from insights.trends import Aggregate, Line, Standing
from markets.models import TaoPrice
from taoanalytics.lib.metric import Metric, Unit


def trend_table(metric: Metric, how: Aggregate, lines: Sequence[Line], steps: Sequence[Step]) -> Table:
    """One line per step, each of one observation of the whole network. Two queries for dollars, else none."""
    in_dollars = metric.unit is Unit.USD
    rates: Mapping[int, TaoPrice] = tao_prices(steps) if in_dollars else {}
    columns = [column for line in lines for column in _columns(metric, how, line)]
    return Table(
        [OBSERVED_AT, *columns, BLOCK, SOURCE, *(TAO_PRICE if in_dollars else ())],
        (
            [
                step.observed_at.isoformat(),
                *(cell for line in lines for cell in (line.values[position], line.counts[position])),
                step.block,
                step.source,
                *(tao_price_cells(rates.get(step.network)) if in_dollars else ()),
            ]
            for position, step in enumerate(steps)
        ),
    )


def _columns(metric: Metric, how: Aggregate, line: Line) -> tuple[Column, Column]:
    about, formula = metric.about, ""
    if line.row:
        about += f" Of the tenant registered at block {line.row.snapshot.subnet.registered_at_block} alone."
    else:
        whose = "living subnets" if line.key == "network" else f"subnets that were in {line.name} then"
        about += f" The {how} over those {whose} of which it was known at that block; n says how many."
        formula = f"{how} of {metric.label}" + (f" = {metric.formula}" if metric.formula else "")
    return (
        Column(line.key, f"{line.name}: {metric.label}, {metric.unit}", about, of=metric, formula=formula),
        Column(f"{line.key}_n", f"{line.name}: n", "Number of subnets of which it was known"),
    )


def standings_table(metric: Metric, found: Sequence[Standing], steps: Sequence[Step]) -> Table:
    """One line per living subnet whose value is known now, in the order of `found`."""
    unit = f"{metric.label}, {metric.unit}"
    return Table(
        [
            NETUID,
            Column("name", "name", "What it calls itself"),
            TENANT,
            Column("now", f"{unit}: now", f"{metric.about} At the last block.", of=metric),
            Column("before", f"{unit}: before", f"{metric.about} At the first block, of the same tenant.", of=metric),
            Column("difference", f"{unit}: difference", "Now less before, in the same unit", metric, "now − before"),
            Column("change_pct", "change, %", "Of an amount above zero", metric, "100 × (now ÷ before − 1)", "%"),
            *SPAN,
        ],
        (_standing(each, steps) for each in found),
    )


def _standing(each: Standing, steps: Sequence[Step]) -> list[Cell]:
    """What was not known at the start rests on the last observation alone."""
    rests_on = [steps[-1]] if each.before is None else [steps[0], steps[-1]]
    return [
        each.row.netuid,
        each.row.name,
        each.row.snapshot.subnet.registered_at_block,
        each.now,
        each.before,
        each.difference,
        each.change_pct,
        *span_cells(rests_on),
    ]
