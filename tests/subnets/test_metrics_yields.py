from datetime import timedelta

import pytest

from subnets.metrics import EarlierReturn, Span, compute
from subnets.metrics.yields import alpha_holder_return_pct, dividends_rao, return_in_tao_pct, validator_return_pct
from taoanalytics.lib.units import RAO
from tests.subnets.given import NOW, at_now, neurons, observation, subnet

# Two validators with 3:1 of the dividends, two miners with equal incentive; 295.2 alpha for 360 blocks.
TEMPO_PAY = 295.2 * RAO
COLUMNS = neurons(
    4,
    validator_permit=[True, True, False, False],
    dividends=[49_151, 16_384, 0, 0],
    incentives=[0, 0, 32_767, 32_768],
    emission=[round(TEMPO_PAY * share) for share in (3 / 8, 1 / 8, 1 / 4, 1 / 4)],
    alpha_stake=[200_000 * RAO, 100_000 * RAO, 5 * RAO, 0],
    total_stake=[200_000 * RAO, 400_000 * RAO, 5 * RAO, 0],
)


def returns(days: int, percent: float | None = 0.2) -> list[EarlierReturn]:
    return [EarlierReturn(NOW - timedelta(days=d), percent) for d in range(1, days + 1)]


def test_the_return_is_a_days_dividends_over_the_alpha_stake_of_permit_holders() -> None:
    values = compute(subnet(observation(tempo=360), neurons=at_now(COLUMNS)))
    dividends_a_day = 147.6 * 20
    assert values["validator_return_1d_pct"] == pytest.approx(100 * dividends_a_day / 300_000)


def test_alpha_holders_leave_stakers_on_root_their_part() -> None:
    values = compute(subnet(observation(tempo=360), neurons=at_now(COLUMNS)))
    kept_a_day = (110.7 * 1 + 36.9 / 4) * 20
    assert values["alpha_holder_return_1d_pct"] == pytest.approx(100 * kept_a_day / 300_000)
    assert alpha_holder_return_pct(COLUMNS, 20) < validator_return_pct(COLUMNS, 20)


def test_an_epoch_took_one_block_longer_until_owners_could_set_the_tempo() -> None:
    early = observation(tempo=360, block=8_000_000, observed_at=NOW - timedelta(days=200))
    new, old = (
        compute(subnet(o, neurons=at_now(COLUMNS)))["validator_return_1d_pct"] for o in (observation(tempo=360), early)
    )
    assert old == pytest.approx(new * 360 / 361)


def test_a_longer_tempo_means_fewer_epochs_a_day() -> None:
    short, long = (
        compute(subnet(observation(tempo=tempo), neurons=at_now(COLUMNS)))["validator_return_1d_pct"]
        for tempo in (360, 3600)
    )
    assert short == pytest.approx(10 * long)


@pytest.mark.parametrize("tempo", [None, 0])
def test_without_epochs_there_is_no_return(tempo: int | None) -> None:
    assert compute(subnet(observation(tempo=tempo), neurons=at_now(COLUMNS)))["validator_return_1d_pct"] is None


def test_without_alpha_at_stake_there_is_no_return() -> None:
    unstaked = neurons(2, validator_permit=[True, False], dividends=[1, 0], emission=[RAO, 0], alpha_stake=[0, RAO])
    values = compute(subnet(observation(tempo=360), neurons=at_now(unstaked)))
    assert values["validator_return_1d_pct"] is None
    assert values["alpha_holder_return_1d_pct"] is None


def test_validators_that_were_paid_nothing_returned_zero() -> None:
    idle = neurons(1, validator_permit=[True], alpha_stake=[RAO], total_stake=[RAO])
    assert compute(subnet(observation(tempo=360), neurons=at_now(idle)))["validator_return_1d_pct"] == 0


def test_only_the_dividends_of_a_validator_that_also_mines_count() -> None:
    both = neurons(2, validator_permit=[True, False], dividends=[100, 0], incentives=[50, 50], emission=[900, 300])
    assert dividends_rao(both) == [pytest.approx(600), 0]


def test_without_incentive_validators_are_paid_everything() -> None:
    alone = neurons(2, validator_permit=[True, True], dividends=[3, 1], emission=[600, 200])
    assert dividends_rao(alone) == [600, 200]


def test_pay_by_stake_without_any_score_counts_as_dividends() -> None:
    by_stake = neurons(2, validator_permit=[True, False], emission=[600, 200])
    assert dividends_rao(by_stake) == [600, 0]


def test_the_mean_takes_one_return_a_day_with_todays_and_needs_enough_days() -> None:
    def mean_of(days: int) -> float | None:
        inputs = subnet(observation(tempo=360), neurons=at_now(COLUMNS), earlier_returns=returns(days))
        return compute(inputs)["validator_return_7d_mean_pct"]

    today = 0.984
    assert mean_of(3) is None
    assert mean_of(4) == pytest.approx((4 * 0.2 + today) / 5)
    assert mean_of(40) == pytest.approx((6 * 0.2 + today) / 7)


def test_of_several_returns_of_a_day_the_last_counts_and_unknown_ones_do_not() -> None:
    noise = [EarlierReturn(NOW - timedelta(days=d, hours=-1), 0.3) for d in range(1, 7)]
    inputs = subnet(
        observation(tempo=360), neurons=at_now(COLUMNS), earlier_returns=[*noise, *returns(6), *returns(30, None)]
    )
    assert compute(inputs)["validator_return_7d_mean_pct"] == pytest.approx((6 * 0.3 + 0.984) / 7)


def test_only_a_mean_of_seven_days_is_annualised() -> None:
    one = compute(subnet(observation(tempo=360), neurons=at_now(COLUMNS)))
    assert one["validator_return_1d_pct"] is not None
    assert one["validator_return_annual_pct"] is None
    week = compute(subnet(observation(tempo=360), neurons=at_now(COLUMNS), earlier_returns=returns(6)))
    assert week["validator_return_annual_pct"] == pytest.approx(week["validator_return_7d_mean_pct"] * 365)


def test_in_tao_the_change_of_price_is_added() -> None:
    earlier = {Span.DAY: observation(1, price_rao=100), Span.WEEK: observation(7, price_rao=80)}
    values = compute(
        subnet(
            observation(tempo=360, price_rao=100),
            neurons=at_now(COLUMNS),
            earlier=earlier,
            earlier_returns=returns(6, 0.984),
        )
    )
    assert values["validator_return_tao_1d_pct"] == pytest.approx(0.984)
    assert values["validator_return_tao_7d_pct"] == pytest.approx(100 * (1.06888 * 1.25 - 1))
    assert values["validator_return_tao_30d_pct"] is None


@pytest.mark.parametrize("unknown", [(None, 1.0), (1.0, None)])
def test_a_return_in_tao_needs_both_parts(unknown: tuple[float | None, float | None]) -> None:
    assert return_in_tao_pct(unknown[0], 1, unknown[1]) is None
