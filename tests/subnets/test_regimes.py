from datetime import date, timedelta
from functools import partial

import pytest

from subnets import regimes
from subnets.regimes import DTAO_BLOCK, HALVING_BLOCK, REGIMES, Topic
from taoanalytics.lib.units import RAO

TODAY = 9_500_000


def test_every_regime_says_what_changed_and_who_says_so() -> None:
    for regime in REGIMES:
        assert regime.name
        assert regime.what.endswith(".")
        assert regime.source
    assert len({(regime.topic, regime.name) for regime in REGIMES}) == len(REGIMES)
    assert {regime.topic for regime in REGIMES} == set(Topic)


@pytest.mark.parametrize("topic", list(Topic))
def test_the_regimes_of_a_topic_follow_one_another_in_time(topic: Topic) -> None:
    line = [regime for regime in regimes.timeline(topic) if regime.dated]
    days = [
        regimes.estimated_day(regime.from_block or 0) if regime.from_day is None else regime.from_day for regime in line
    ]
    assert days == sorted(days)
    assert [regimes.successor(regime) for regime in line] == [*line[1:], None]


def test_the_block_emission_halves_at_the_halving() -> None:
    rao_per_block = partial(regimes.parameter, Topic.BLOCK_EMISSION, "block_emission_rao")
    assert rao_per_block(HALVING_BLOCK - 1) == RAO
    assert rao_per_block(HALVING_BLOCK) == RAO // 2
    assert rao_per_block(HALVING_BLOCK) * 7200 == 3600 * RAO


def test_alpha_is_split_18_41_41_since_dtao_unless_the_owner_takes_nothing() -> None:
    split = regimes.split_at(TODAY)
    assert (split.owner, split.miners, split.validators) == pytest.approx((0.18, 0.41, 0.41), abs=1e-4)
    assert split.owner + split.miners + split.validators == pytest.approx(1)
    assert split.owner == 11_796 / 65_535
    without = regimes.split_at(TODAY, owner_cut_enabled=False)
    assert (without.owner, without.miners, without.validators) == (0, 0.5, 0.5)
    assert regimes.split_at(DTAO_BLOCK - 1) is None


def test_there_was_no_alpha_before_dtao() -> None:
    assert regimes.alpha_cap_at(DTAO_BLOCK - 1) is None
    assert regimes.alpha_cap_at(DTAO_BLOCK) == 21_000_000
    assert regimes.swap_fee_at(DTAO_BLOCK - 1) is None
    assert regimes.swap_fee_at(TODAY) == pytest.approx(0.0005, abs=1e-5)


def test_subnets_can_be_removed_from_september_2025_on() -> None:
    changed = date(2025, 9, 24)
    assert regimes.subnet_immunity_blocks_at(1, changed - timedelta(days=1)) is None
    assert regimes.subnet_immunity_blocks_at(1, changed) == 1_296_000
    assert regimes.subnet_immunity_blocks_at(TODAY) == 1_296_000
    assert regimes.subnet_immunity_blocks_at(6_000_000) is None


def test_the_length_of_an_epoch_follows_the_rule_of_its_day() -> None:
    changed = date(2026, 6, 24)
    assert regimes.epoch_blocks_at(360, TODAY, changed - timedelta(days=1)) == 361
    assert regimes.epoch_blocks_at(360, TODAY, changed) == 360
    assert regimes.epoch_blocks_at(0, TODAY) is None


def test_a_known_day_goes_before_the_one_estimated_from_the_block() -> None:
    flow = regimes.in_force(Topic.EMISSION_SHARE, HALVING_BLOCK)
    assert flow is not None
    assert flow.name == "By TAO flow"
    earlier = regimes.in_force(Topic.EMISSION_SHARE, HALVING_BLOCK, date(2025, 11, 3))
    assert earlier is not None
    assert earlier.name == "By price"


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2025, 3, 1), "By price"),
        (date(2025, 11, 4), "By TAO flow"),
        (date(2026, 6, 22), "By price, less burned incentive"),
        (date(2026, 7, 27), "Hill gate"),
        (date(2026, 8, 6), "Hill gate, burn not counted"),
        (date(2026, 8, 11), "Hill gate, burn counted again"),
        (date(2026, 10, 19), "etao"),
    ],
)
def test_the_rule_that_shares_out_emission_is_known_for_each_day(day: date, rule: str) -> None:
    regime = regimes.in_force(Topic.EMISSION_SHARE, TODAY, day)
    assert regime is not None
    assert regime.name == rule


def test_a_rule_without_a_date_is_listed_and_never_in_force() -> None:
    undated = [regime for regime in REGIMES if not regime.dated]
    assert [regime.name for regime in undated] == ["Superellipse"]
    pool = regimes.in_force(Topic.POOL, 10**9)
    assert pool is not None
    assert pool.name == "Weighted pool"
    assert regimes.timeline(Topic.POOL)[-1] is undated[0]


def test_before_the_first_regime_of_a_topic_none_is_in_force() -> None:
    assert regimes.in_force(Topic.POOL, 1) is None
    assert regimes.parameter(Topic.POOL, "least_pool_weight", 1) is None


@pytest.mark.parametrize(
    ("block", "day"),
    [(HALVING_BLOCK, date(2025, 12, 15)), (4_924_601, date(2025, 2, 16)), (6_852_690, date(2025, 11, 10))],
)
def test_a_block_is_placed_on_the_calendar_to_about_a_day(block: int, day: date) -> None:
    assert abs(regimes.estimated_day(block) - day) <= timedelta(days=2)


def test_blocks_of_twelve_seconds_make_7200_a_day() -> None:
    assert regimes.blocks_per_day_at(TODAY) == 7200


def test_a_published_parameter_is_one_of_some_regime_or_follows_from_one() -> None:
    declared = {name for regime in REGIMES for name in regime.parameters} | {"blocks_per_day"}
    assert set(regimes.PARAMETERS) <= declared
