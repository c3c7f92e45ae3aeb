"""Buy signal v1: five levels from declared percentiles, with the distance to the next one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.scores import buy_signals
from insights.scores.buy_signal import TERMS, signal_of_percentiles
from insights.scores.rows import ScoreInput

KEYS = [term.key for term in TERMS]
percentile = st.none() | st.floats(0, 100)


def ranked(*values: float | None) -> dict[str, float | None]:
    return dict(zip(KEYS, values, strict=True))


@pytest.mark.parametrize(
    ("composite", "level", "word"),
    [
        (0.0, 1, "weakest"),
        (23.9, 1, "weakest"),
        (24.0, 2, "weaker"),
        (39.9, 2, "weaker"),
        (40.0, 3, "middle"),
        (61.9, 3, "middle"),
        (62.0, 4, "stronger"),
        (72.9, 4, "stronger"),
        (73.0, 5, "strongest"),
        (100.0, 5, "strongest"),
    ],
)
def test_a_level_begins_at_its_threshold(composite: float, level: int, word: str) -> None:
    signal = signal_of_percentiles(ranked(*[composite] * 5))
    assert (signal.level, signal.word) == (level, word)


def test_the_composite_is_the_mean_of_what_is_known() -> None:
    signal = signal_of_percentiles(ranked(90, 80, 70, None, None))
    assert signal.composite.value == pytest.approx(80)
    assert signal.composite.coverage == 0.6
    assert signal.composite.unknown == ("volatility_30d_pct", "alpha_supply_growth_30d_pct")
    assert [part.points for part in signal.composite.parts] == pytest.approx([30, 80 / 3, 70 / 3])


def test_two_of_five_are_too_little() -> None:
    signal = signal_of_percentiles(ranked(90, 80, None, None, None))
    assert (signal.level, signal.word, signal.points_to_next) == (None, "", None)
    assert signal.composite.reason == "Too little known."


def test_the_way_to_the_next_level_is_shown() -> None:
    middle = signal_of_percentiles(ranked(*[50.0] * 5))
    assert middle.points_to_next == pytest.approx(12)
    assert middle.points_above_threshold == pytest.approx(10)
    assert signal_of_percentiles(ranked(*[90.0] * 5)).points_to_next is None
    assert signal_of_percentiles(ranked(*[10.0] * 5)).points_above_threshold is None


def test_a_calm_rising_subnet_signals_more_than_a_falling_one_and_a_fresh_one_nothing() -> None:
    def row(netuid: int, value: float, days: float = 100) -> ScoreInput:
        values = dict.fromkeys(KEYS, value) | {"volatility_30d_pct": -value, "alpha_supply_growth_30d_pct": -value}
        return ScoreInput(
            netuid=netuid,
            values=values,
            block=9,
            registered_at_block=1,
            price_tao=0.01,
            moving_price_tao=0.01,
            pool_tao=1_000,
            pool_alpha=100_000,
            days_since_start=days,
        )

    signals = buy_signals([*(row(netuid, float(netuid)) for netuid in range(1, 6)), row(6, 99.0, days=2)])
    assert [signals[netuid].level for netuid in range(1, 7)] == [1, 2, 3, 4, 5, None]
    assert "less than 7 days" in signals[6].composite.reason


@given(st.lists(percentile, min_size=5, max_size=5))
def test_the_parts_add_up_exactly_and_more_of_anything_never_lowers_the_level(values: list[float | None]) -> None:
    signal = signal_of_percentiles(ranked(*values))
    assert (signal.level is None) == (signal.composite.value is None) == (values.count(None) > 2)
    if signal.level is None:
        return
    assert sum(part.tenths for part in signal.composite.parts) == signal.composite.tenths
    better = signal_of_percentiles(ranked(*[None if v is None else min(100.0, v + 1) for v in values]))
    assert better.level is not None
    assert better.level >= signal.level


@pytest.mark.real_data
def test_every_golden_case_is_reproduced(real_data: Path) -> None:
    golden = json.loads((real_data / "golden" / "golden_signals.json").read_text())
    cases = next(found for key, found in golden.items() if key.startswith("buy_signal_v1"))
    assert len(cases) == 10
    for case in cases:
        signal = signal_of_percentiles(ranked(*case["in"]))
        expected = case["out"]
        assert signal.level == expected["signal"]
        assert signal.composite.value == (
            None if expected["composite"] is None else pytest.approx(expected["composite"], rel=1e-9)
        )
        points = {part.key: part.points for part in signal.composite.parts}
        for key, part in zip(KEYS, expected.get("parts_sum_to_composite", []), strict=False):
            assert points.get(key) == (None if part is None else pytest.approx(part, rel=1e-9))
