import pytest

from subnets import regimes
from subnets.metrics import Span, compute, emission_tao_per_day
from taoanalytics.lib.units import RAO
from tests.subnets.given import golden, needs_real_data, observation, subnet

PAID = {"tao_in_emission_rao": 3_000_000, "chain_buy_rao": 1_000_000}
ALPHA = {"alpha_in_emission_rao": RAO // 2, "alpha_out_emission_rao": RAO}
SUPPLY = {"price_rao": 20_000_000, "alpha_in_rao": 1_500_000 * RAO, "alpha_out_rao": 2_000_000 * RAO}


def test_emission_is_what_the_chain_injects_and_what_it_buys_in_a_day() -> None:
    assert compute(subnet(observation(**PAID)))["emission_tao_per_day"] == pytest.approx(0.004 * 7200)


def test_a_subnet_that_is_paid_nothing_has_an_emission_of_zero() -> None:
    assert compute(subnet(observation(tao_in_emission_rao=0, chain_buy_rao=0)))["emission_tao_per_day"] == 0


def test_chain_buys_that_could_not_be_read_leave_the_injection() -> None:
    assert emission_tao_per_day(observation(tao_in_emission_rao=1_000_000)) == pytest.approx(7.2)


def test_without_the_injection_emission_is_unknown() -> None:
    values = compute(subnet(observation(chain_buy_rao=1_000_000)))
    assert values["emission_tao_per_day"] is None
    assert values["emission_to_market_cap_pct"] is None


def test_emission_against_the_cap_is_in_percent_a_day() -> None:
    values = compute(subnet(observation(**PAID, **SUPPLY)))
    assert values["emission_to_market_cap_pct"] == pytest.approx(100 * 28.8 / 70_000)


def test_alpha_inflation_is_what_a_year_at_this_rate_adds_to_the_supply() -> None:
    values = compute(subnet(observation(**ALPHA, **SUPPLY)))
    assert values["alpha_emitted_per_day"] == pytest.approx(10_800)
    assert values["alpha_inflation_annual_pct"] == pytest.approx(100 * 10_800 * 365 / 3_500_000)


@pytest.mark.parametrize("missing", ALPHA)
def test_alpha_inflation_needs_both_streams_of_alpha(missing: str) -> None:
    values = compute(subnet(observation(**ALPHA | {missing: None}, **SUPPLY)))
    assert values["alpha_emitted_per_day"] is None
    assert values["alpha_inflation_annual_pct"] is None


def test_a_subnet_without_any_alpha_has_no_inflation() -> None:
    empty = observation(**ALPHA, alpha_in_rao=0, alpha_out_rao=0)
    assert compute(subnet(empty))["alpha_inflation_annual_pct"] is None


def test_supply_growth_is_the_dilution_that_happened() -> None:
    before = observation(30, alpha_in_rao=1_000_000 * RAO, alpha_out_rao=1_500_000 * RAO)
    values = compute(subnet(observation(**SUPPLY), earlier={Span.MONTH: before}))
    assert values["alpha_supply_growth_30d_pct"] == pytest.approx(40)
    assert compute(subnet(observation(**SUPPLY)))["alpha_supply_growth_30d_pct"] is None


def test_alpha_is_split_by_the_protocols_shares() -> None:
    values = compute(subnet(observation(**ALPHA)))
    owner, miners, validators = (values[f"{who}_alpha_per_day"] for who in ("owner", "miner", "validator"))
    assert owner == pytest.approx(7200 * 11_796 / 65_535)
    assert miners == validators == pytest.approx((7200 - owner) / 2)


def test_without_owner_cut_miners_and_validators_share_in_halves() -> None:
    values = compute(subnet(observation(**ALPHA), owner_cut_enabled=False))
    assert values["owner_alpha_per_day"] == 0
    assert values["miner_alpha_per_day"] == values["validator_alpha_per_day"] == 3600


def test_before_alpha_existed_nothing_is_split() -> None:
    early = observation(**ALPHA, block=regimes.DTAO_BLOCK - 1)
    values = compute(subnet(early))
    assert values["owner_alpha_per_day"] is None
    assert values["fdv_tao"] is None


@pytest.mark.parametrize(
    ("burn", "shown"), [(0.0, 0.0), (0.25, 0.25), (1.0, 1.0), (None, None), (1.5, None), (-1, None)]
)
def test_burned_incentive_is_a_share(burn: float | None, shown: float | None) -> None:
    assert compute(subnet(observation(miner_burn=burn)))["miner_burn"] == shown


@needs_real_data
@pytest.mark.real_data
def test_emission_of_a_day_is_what_the_predecessor_took_from_two_totals() -> None:
    for (before, now), expected in golden("daily_emission_tao(prev_rao,now_rao)"):
        rate = None if before is None or now is None else (now - before) / 7200
        ours = emission_tao_per_day(observation(tao_in_emission_rao=rate))
        assert ours == (None if expected is None else pytest.approx(expected))


def test_the_recorded_emission_of_subnet_1_comes_out_at_the_authors_figure() -> None:
    assert emission_tao_per_day(observation(tao_in_emission_rao=19_137_000)) == pytest.approx(137.79, abs=0.005)
