"""The bars below a subnet's charts as a file."""

from collections.abc import Sequence

from insights.days import Day
from insights.exports import NETUID, TENANT, Column, Table
from insights.figures import VOLUME_1D
from insights.tables.spans import SPAN, span_cells
from subnets.metrics import BY_KEY
from subnets.models import Subnet

_FLOW_1D = BY_KEY["organic_flow_1d_tao"]
_COLUMNS = (
    Column("day", "day, UTC", "Whose trades these are: from its first observation to that of the next day"),
    Column(
        "day_volume_tao",
        f"volume of the day, {VOLUME_1D.unit}",
        "TAO that was traded, bought and sold together",
        of=VOLUME_1D,
        formula="volume since start at the last of the two observations − at the first",
    ),
    Column(
        "day_organic_flow_tao",
        f"organic flow of the day, {_FLOW_1D.unit}",
        "TAO that traders put into the pool less what they took out",
        of=_FLOW_1D,
    ),
)


def days_table(subnet: Subnet, days: Sequence[Day]) -> Table:
    """One line per UTC day that is drawn, with the two observations that it lies between."""
    tenant = (subnet.netuid, subnet.registered_at_block)
    return Table(
        [NETUID, TENANT, *_COLUMNS, *SPAN],
        (
            [*tenant, each.day.isoformat(), each.volume_tao, each.organic_flow_tao, *span_cells(each.steps)]
            for each in days
        ),
    )
