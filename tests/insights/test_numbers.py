"""Numbers as people read them."""

from types import SimpleNamespace

import pytest

from insights.numbers import compact, direction, dollars, exact, in_detail, in_table, round_compact, signed, significant
from insights.registry import BY_KEY
from subnets.metrics import MARKET_CAP, POOL_TAO, PRICE
from taoanalytics.lib.metric import Metric, Unit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.84, "+3.8%"),
        (-22.81, "−22.8%"),
        (0.04, "0.0%"),
        (-0.04, "0.0%"),
        (0, "0.0%"),
        (1234.5, "+1,234.5%"),
        (None, "—"),
    ],
)
def test_a_change_carries_its_sign_unless_it_rounds_to_zero(value: float | None, text: str) -> None:
    assert signed(value) == text
    assert direction(value) == {"+": "up", "−": "dn"}.get(text[0], "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9_999, "9,999"),
        (12_345, "12.3k"),
        (389_510, "390k"),
        (3_870_000, "3.87M"),
        (2e9, "2.00B"),
        (0.2, "<1"),
        (0, "0"),
    ],
)
def test_large_amounts_are_short(value: float, text: str) -> None:
    assert compact(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.5, "0.5"), (18, "18"), (10_000, "10k"), (12_500, "12.5k"), (200_000, "200k"), (2_500_000, "2.5M")],
)
def test_a_round_number_on_an_axis_has_no_decimals_that_say_nothing(value: float, text: str) -> None:
    assert round_compact(value) == text


@pytest.mark.parametrize(
    ("value", "table", "detail"),
    [
        (0.0889391, "0.08894", "0.088939"),
        (12.5, "12.50000", "12.500"),
        (0.0000421, "0.0421 mτ", "0.0421 mτ"),
        (0.0, "0", "0"),
        (None, "—", "—"),
    ],
)
def test_a_price_has_five_decimals_in_a_column_and_five_digits_alone(
    value: float | None, table: str, detail: str
) -> None:
    assert (in_table(PRICE, value), in_detail(PRICE, value)) == (table, detail)


@pytest.mark.parametrize(("value", "text"), [(389_509.7, "389,510"), (0.3, "<1"), (0.0, "0"), (0.5, "<1"), (None, "—")])
def test_amounts_are_whole_in_a_column_and_little_is_not_nothing(value: float | None, text: str) -> None:
    assert in_table(POOL_TAO, value) == text


def test_digits_are_counted_from_the_first_that_is_not_zero() -> None:
    assert [significant(v, 4) for v in (0.088939, 12.3456, 123456.7, 0)] == ["0.08894", "12.35", "123,457", "0"]


def test_dollars() -> None:
    assert [dollars(v) for v in (22.164, 0.012346, 0, None)] == ["$22.16", "$0.01235", "$0.00", "—"]


def test_what_the_chain_counts_is_exact_to_the_rao() -> None:
    facts = SimpleNamespace(tao_in_rao=20_999_999_123_456_789)
    assert exact(POOL_TAO, facts.tao_in_rao / 10**9, facts) == "20,999,999.123456789 τ"
    assert exact(POOL_TAO, None, facts) == POOL_TAO.unknown
    assert exact(MARKET_CAP, 1.5, facts) == "1.500000000 τ"


@pytest.mark.parametrize("metric", BY_KEY.values(), ids=BY_KEY.keys())
def test_every_declared_metric_can_be_shown(metric: Metric) -> None:
    assert metric.about.endswith(".")
    assert metric.unknown.endswith(".")
    assert metric.inputs
    assert in_table(metric, 0.25 if metric.unit is not Unit.YES_NO else True)
    assert in_detail(metric, None) == "—"
