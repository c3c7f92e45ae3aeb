"""How long the present tenant has held its netuid."""

from insights.board import Row
from subnets.regimes import blocks_per_day_at
from taoanalytics.lib.metric import Layer, Metric, Unit

NEW_TENANT_DAYS = 30
TENANT_AGE = Metric(
    key="tenant_age_days",
    label="Age of tenant",
    unit=Unit.DAYS,
    layer=Layer.DERIVED,
    source="Bittensor chain",
    about="Days since the present tenant registered the netuid. Whoever held it before is somebody else.",
    unknown="The block of its registration is later than the observation.",
    formula="(block − block of registration) ÷ blocks a day",
    inputs=("block", "registered_at_block", "blocks_per_day"),
    lower=0,
    group="risk",
)


def tenant_age_days(row: Row, block: int) -> float | None:
    blocks = block - row.snapshot.subnet.registered_at_block
    return blocks / blocks_per_day_at(block) if blocks >= 0 else None
