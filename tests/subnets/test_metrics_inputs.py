"""What the metrics are given."""

from subnets.facts import IdentityFacts, SubnetFacts
from subnets.metrics import (
    DAILY_FIELDS,
    REPORTED_FIELDS,
    TOLERANCES,
    Observation,
    Span,
)
from tests.subnets.given import NOW


def test_an_observation_takes_over_what_a_reading_of_the_chain_reports() -> None:
    facts = SubnetFacts(
        netuid=7, registered_at_block=1, identity=IdentityFacts(), price_rao=5, tao_in_rao=0, tempo=360, miner_burn=0.5
    )
    taken = Observation.of(facts, block=9, observed_at=NOW)
    assert (taken.block, taken.observed_at, taken.price_rao) == (9, NOW, 5)
    assert (taken.tao_in_rao, taken.alpha_in_rao) == (0, None)
    assert (taken.tempo, taken.miner_burn) == (360, 0.5)


def test_the_fields_to_read_are_columns_of_the_snapshot_table() -> None:
    from subnets.models import SubnetSnapshot

    columns = {field.name for field in SubnetSnapshot._meta.get_fields()}
    assert set(REPORTED_FIELDS) <= columns
    assert set(DAILY_FIELDS) <= columns


def test_each_tolerance_is_shorter_than_its_span() -> None:
    assert set(TOLERANCES) == set(Span)
    assert all(2 * TOLERANCES[span] < span.value for span in Span)
