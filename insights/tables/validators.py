"""The validators of a subnet as a file."""

from collections.abc import Sequence

from insights.dossier.reading import Neurons
from insights.exports import BLOCK, NETUID, OBSERVED_AT, TENANT, Column, Table
from insights.validators import METRICS, Validator
from subnets.models import Subnet


def validators_table(subnet: Subnet, neurons: Neurons | None, listed: Sequence[Validator]) -> Table:
    """One line per permit holder, in the order of `listed`, each with the block at which the neurons were read."""
    return Table(
        [
            NETUID,
            TENANT,
            Column("uid", "uid", "Its place among the neurons of the subnet"),
            Column("name", "name", "What its coldkey calls itself, empty if it says nothing"),
            Column("hotkey", "hotkey", "The key that it works with"),
            Column("coldkey", "coldkey", "The account that owns it"),
            OBSERVED_AT,
            BLOCK,
            *METRICS,
        ],
        (
            [
                subnet.netuid,
                subnet.registered_at_block,
                each.uid,
                each.name,
                each.hotkey,
                each.coldkey,
                neurons.observed_at.isoformat(),
                neurons.block,
                *(each.figures[metric.key] for metric in METRICS),
            ]
            for each in listed
            if neurons is not None
        ),
    )
