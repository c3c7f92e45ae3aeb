"""The signals page's statistics: information, significance, what following would have paid, and the word."""

import json
import math
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from insights.signals import (
    CrossSection,
    Evidence,
    LastPool,
    Tag,
    Verdict,
    Word,
    exceeded_at,
    fifth_of,
    fifth_record,
    forward_return,
    halves_agree,
    injected_tao,
    median_t_of_offsets,
    newey_west,
    organic_flow_tao,
    q_values,
    rank_ic,
    record,
    size_neutral,
    tags,
    turnovers,
    verdict,
    within,
)
from insights.signals.record import evidence
from insights.statistics import benjamini_hochberg, percentiles
from taoanalytics.lib.metric import Better

DAY = date(2026, 1, 1)
whole = st.integers(-1000, 1000).map(float)
STRONG = Evidence(names=120, n=320, windows=45, t=4.0, q=0.001, halves_agree=True, t_neutral=4.0, live=True)


def near(value: float | None, tolerance: float = 1e-9) -> Any:
    return None if value is None else pytest.approx(value, rel=tolerance, abs=1e-12)


def section(offset: int, signal: list[float | None], returns: list[float | None]) -> CrossSection:
    return CrossSection(
        day=DAY + timedelta(days=offset),
        names=tuple(range(len(signal))),
        signal=tuple(signal),
        forward_return=tuple(returns),
        market_cap_tao=tuple(100.0 + (7 * n) % 23 for n in range(len(signal))),
    )


def sections(days: int, names: int = 25) -> list[CrossSection]:
    """A signal that ranks the returns rightly but for a few names that change from day to day."""
    found = []
    for day in range(days):
        returns: list[float | None] = [((n * 3 + day) % names) / 100 for n in range(names)]
        signal = [None if r is None else r + ((n * day * day) % 11) / 20 for n, r in enumerate(returns)]
        found.append(section(day, signal, returns))
    return found


# -- information ------------------------------------------------------------------------------


def test_ic_by_hand_and_its_least_number_of_names() -> None:
    assert rank_ic([1, 2, 3, 4, 5], [2, 1, 4, 3, 5], min_names=5).coefficient == pytest.approx(0.8)
    assert rank_ic([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]).coefficient is None
    assert rank_ic([1, 1, 1], [1, 2, 3], min_names=3).coefficient is None


@given(st.lists(st.tuples(whole, whole), min_size=3, max_size=20))
def test_ic_lies_in_bounds_turns_with_the_sign_and_sees_ranks_only(rows: list[tuple[float, float]]) -> None:
    signal, returns = [a for a, _ in rows], [b for _, b in rows]
    ic = rank_ic(signal, returns, min_names=3).coefficient
    assume(ic is not None)
    assert ic is not None
    assert -1 <= ic <= 1
    assert rank_ic([-a for a in signal], returns, min_names=3).coefficient == pytest.approx(-ic)
    assert rank_ic([math.atan(a) for a in signal], [b**3 for b in returns], min_names=3).coefficient == pytest.approx(
        ic
    )


@given(st.lists(st.tuples(whole, whole), min_size=5, max_size=20))
def test_what_is_left_after_size_is_unrelated_to_the_ranks_of_size(rows: list[tuple[float, float]]) -> None:
    signal, caps = [a for a, _ in rows], [b for _, b in rows]
    left = size_neutral(signal, caps)
    sizes = percentiles(caps)
    assert sum((a or 0) * (b or 0) for a, b in zip(left, sizes, strict=True)) == pytest.approx(0, abs=1e-3)
    assert all(value is not None for value in left)


def test_under_five_names_nothing_can_be_neutralised() -> None:
    assert size_neutral([1, 2, 3, 4, None], [1, 2, 3, 4, 5]) == [None] * 5


# -- significance -----------------------------------------------------------------------------


def test_without_lag_newey_west_is_the_plain_standard_error() -> None:
    values = [0.1, 0.05, -0.02, 0.08]
    test = newey_west(values, horizon_days=1, lag=0)
    assert test.se == pytest.approx(float(np.std(values)) / 2)
    assert test.hit_rate == 0.75


def test_newey_west_agrees_with_numpy() -> None:
    values = [0.2, 0.1, 0.15, -0.1, -0.05, 0.02, 0.07, 0.11]
    errors = np.array(values) - np.mean(values)
    covariance = [float(errors[lag:] @ errors[: 8 - lag]) / 8 for lag in range(3)]
    variance = covariance[0] + 2 * (2 / 3 * covariance[1] + 1 / 3 * covariance[2])
    assert newey_west(values, 3).se == pytest.approx(math.sqrt(variance / 8))


def test_only_windows_side_by_side_count_as_degrees_of_freedom() -> None:
    values = [0.1 * (n % 3) for n in range(30)]
    assert [(newey_west(values, horizon).windows, newey_west(values, horizon).df) for horizon in (1, 7, 30)] == [
        (30, 29),
        (4, 3),
        (1, 1),
    ]


def test_unknown_days_are_skipped_and_no_days_say_nothing() -> None:
    assert newey_west([0.1, None, 0.3, math.nan, 0.2], 1) == newey_west([0.1, 0.3, 0.2], 1)
    empty = newey_west([None], 7)
    assert (empty.n, empty.mean, empty.t, empty.p) == (0, None, None, None)
    with pytest.raises(ValueError, match="at least a day"):
        newey_west([0.1], 0)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=60), st.sampled_from([1, 7, 30]))
def test_t_and_p_belong_together_and_turn_with_the_sign(values: list[float], horizon: int) -> None:
    test, turned = newey_west(values, horizon), newey_west([-v for v in values], horizon)
    assert (test.t is None) == (test.p is None) == (turned.t is None)
    if test.t is not None and test.p is not None and turned.t is not None:
        assert 0 <= test.p <= 1
        assert turned.t == pytest.approx(-test.t)
        assert turned.p == pytest.approx(test.p)


def test_the_overlap_check_takes_every_hth_day() -> None:
    values = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0]
    assert median_t_of_offsets(values, 2) == pytest.approx(2 * math.sqrt(3))
    assert median_t_of_offsets([1.0, 1.0], 2) is None


def test_halves_agree_only_with_one_sign_throughout() -> None:
    assert halves_agree([0.1, 0.2, None, 0.1, 0.3])
    assert halves_agree([-0.1, -0.2])
    assert not halves_agree([0.5, 0.5, -0.1, -0.1])
    assert not halves_agree([0.1])


# -- a row of the page ------------------------------------------------------------------------


def test_a_row_holds_what_its_days_say() -> None:
    row = record(sections(60), 7)
    assert (row.test.n, row.test.windows, row.median_names) == (60, 8, 25)
    assert row.test.mean is not None
    assert 0 < row.test.mean < 1
    assert row.overlap_t is not None
    assert row.halves_agree
    assert row.p == row.test.p
    assert record(sections(60), 1).overlap_t is None


def test_a_row_with_too_little_data_shows_no_p_and_does_not_count_among_the_tests() -> None:
    enough, few_days, few_names = record(sections(40), 1), record(sections(20), 1), record(sections(40, names=15), 1)
    assert few_days.p is None
    assert (few_names.p, few_names.median_names) == (None, 0)
    assert q_values([enough, few_days, few_names]) == [enough.p, None, None]
    rests_on = evidence(few_days, None, t_neutral=None, live=False)
    assert verdict(rests_on).word is Word.INSUFFICIENT


def test_the_overlap_check_heeds_missing_days() -> None:
    days = [one for one in sections(60) if (one.day - DAY).days != 30]
    values = [ic.value for ic in record(days, 7).ics]
    assert record(days, 7).overlap_t == median_t_of_offsets([*values[:30], None, *values[30:]], 7)
    assert record(days, 7).overlap_t != median_t_of_offsets(values, 7)


def test_a_regime_holds_only_windows_that_end_inside_it() -> None:
    days = sections(30)
    inside = within(days, DAY + timedelta(days=5), DAY + timedelta(days=20), horizon_days=7)
    assert [(one.day - DAY).days for one in inside] == list(range(5, 12))


# -- following the signal ---------------------------------------------------------------------


def test_the_top_fifth_by_hand() -> None:
    signal: list[float | None] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, None]
    returns: list[float | None] = [*(n / 10 for n in range(10)), 9.0]
    day = fifth_of(section(0, signal, returns), min_names=5)
    assert day is not None
    assert day.held == {8, 9}
    assert [day.top, day.equal_weight] == pytest.approx([0.85, 0.45])
    assert day.excess == pytest.approx(0.4)
    assert fifth_of(section(0, signal, returns)) is None


def test_only_what_changed_is_turned_over_and_charged() -> None:
    first = [float(n) for n in range(20)]
    second = [*first[:16], 0.5, *first[17:]]
    days = [fifth_of(section(offset, [*signal], [*first])) for offset, signal in ((0, first), (7, second))]
    held = [day for day in days if day is not None]
    assert turnovers(held, 7) == {DAY + timedelta(days=7): 0.25}
    assert turnovers(held, 1) == {}
    followed = fifth_record(held, 7, {DAY: 0.9, DAY + timedelta(days=7): 0.04})
    assert followed.median_net == pytest.approx(held[1].excess - 0.25 * 0.04)
    assert followed.gross.n == 2
    assert followed.mean_turnover == 0.25
    assert fifth_record(held, 7).net is None


# -- returns ----------------------------------------------------------------------------------


def test_a_dead_tenant_pays_out_its_pool_and_a_gap_pays_nothing() -> None:
    prices = {DAY: 0.01, DAY + timedelta(days=6): 0.02}
    assert forward_return(prices, DAY, 7) is None
    assert forward_return(prices, DAY, 6) == pytest.approx(1.0)
    assert forward_return(prices | {DAY + timedelta(days=6): 0.0}, DAY, 6) is None
    assert forward_return(prices, DAY, 7, gone=LastPool(4800, 600_000)) == pytest.approx(-0.2)
    assert forward_return(prices, DAY, 7, gone=LastPool(0, 600_000)) == -1
    assert forward_return(prices, DAY, 7, gone=LastPool(4800, 0)) is None
    assert forward_return(prices, DAY, 7, gone=LastPool(4800, 600_000), network_has_exit_day=False) is None


def test_flow_is_unknown_where_an_end_is() -> None:
    assert organic_flow_tao([10.0, 12.0, None], [0.0, 0.0, 0.0], [1, 1]) == [2.0, None]
    assert organic_flow_tao([10.0, 12.0], [None, 0.0], [1]) == [None]


# -- the word ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "promising"),
        ({"live": False}, "weak"),
        ({"windows": 9}, "weak"),
        ({"windows": 4}, "insufficient data"),
        ({"n": 29}, "insufficient data"),
        ({"names": 19.5}, "insufficient data"),
        ({"t": None}, "insufficient data"),
        ({"q": None}, "no evidence"),
        ({"q": 0.1001}, "no evidence"),
        ({"q": 0.06}, "weak"),
        ({"t": 2.99}, "weak"),
        ({"t": 1.99}, "no evidence"),
        ({"t_neutral": None}, "weak"),
        ({"t_neutral": -4.0}, "weak"),
        ({"t": -4.0, "t_neutral": -4.0}, "promising, opposite direction"),
        ({"t": -1.0}, "no evidence"),
    ],
)
def test_the_first_word_that_applies(changed: dict[str, Any], said: str) -> None:
    assert str(verdict(replace(STRONG, **changed))) == said


def test_tags_say_what_the_word_leaves_out() -> None:
    weak = Verdict(Word.WEAK)
    assert tags(weak, t_neutral=0.4, mean_ic=0.1, mean_excess=-0.02, t_by_regime=[2.5, None, -3.0]) == list(Tag)
    clean = tags(weak, t_neutral=3.0, mean_ic=0.1, mean_excess=0.02, t_by_regime=[2.5, -1.0], total_return_known=True)
    assert clean == []
    nothing = tags(Verdict(Word.NO_EVIDENCE), t_neutral=0.1, mean_ic=None, mean_excess=None)
    assert nothing == [Tag.PRICE_ONLY]


def test_cost_exceeds_a_result_at_the_smallest_amount_that_takes_it_all() -> None:
    assert exceeded_at(0.05, {10: 0.04, 100: -0.01, 1000: -0.3}) == 100
    assert exceeded_at(0.05, {10: 0.04, 100: None}) is None
    assert exceeded_at(-0.01, {10: -0.02}) is None


# -- golden values ----------------------------------------------------------------------------

COUNTS = {
    "spearman_ic": 7,
    "newey_west": 8,
    "percentile_midrank": 9,
    "size_neutral": 4,
    "pool_cost": 10,
    "capacity": 4,
    "pool_cost_undefined": 5,
    "benjamini_hochberg": 4,
    "tao_score_v3": 6,
    "buy_signal_v1": 10,
    "verdict": 12,
    "forward_return": 4,
    "organic_flow": 1,
}


@pytest.fixture
def golden(real_data: Path) -> dict[str, Any]:
    """Section → its cases, by the first word of the section's title."""
    found = json.loads((real_data / "golden" / "golden_signals.json").read_text())
    return {title.split("(")[0].split(" ")[0]: cases for title, cases in found.items()}


@pytest.mark.real_data
def test_no_section_and_no_case_is_left_out(golden: dict[str, Any]) -> None:
    assert {name: len(cases) for name, cases in golden.items() if isinstance(cases, list)} == COUNTS
    assert set(golden) - set(COUNTS) == {"note", "version", "constants", "size_neutral_note"}
    assert golden["constants"] == {"fee": "33/65535", "cost_levels_tao": [10, 100, 1000]}


@pytest.mark.real_data
def test_golden_ic(golden: dict[str, Any]) -> None:
    for case in golden["spearman_ic"]:
        found = rank_ic(case["in"]["x"], case["in"]["y"], min_names=3)
        assert (found.coefficient, found.n) == (near(case["out"]), case["n"])


@pytest.mark.real_data
def test_golden_newey_west(golden: dict[str, Any]) -> None:
    for case in golden["newey_west"]:
        found = newey_west(case["in"]["ic"], case["in"]["horizon_days"], case["in"]["lag"])
        expected = case["out"]
        whole_numbers = (found.n, found.lag, found.df, found.windows)
        assert whole_numbers == tuple(expected[key] for key in ("n", "lag_used", "df", "windows"))
        assert [found.mean, found.se, found.t, found.p, found.hit_rate] == [
            near(expected[key]) for key in ("mean", "se", "t", "p", "hit_rate")
        ]


@pytest.mark.real_data
def test_golden_percentiles_and_q_values(golden: dict[str, Any]) -> None:
    for case in golden["percentile_midrank"]:
        better = Better.HIGHER if case["in"]["direction"] == 1 else Better.LOWER
        assert percentiles(case["in"]["values"], better) == [near(value) for value in case["out"]]
    for case in golden["benjamini_hochberg"]:
        assert benjamini_hochberg(case["in"]) == [near(value) for value in case["out"]]


@pytest.mark.real_data
def test_golden_size_neutral(golden: dict[str, Any]) -> None:
    for case in golden["size_neutral"]:
        signal, returns = case["in"]["x"], case["in"]["forward_return"]
        left = size_neutral(signal, case["in"]["market_cap_tao"])
        assert left == [near(value) for value in case["residual_rank"]]
        assert rank_ic(left, returns, min_names=3).coefficient == near(case["ic_size_neutral"])
        assert rank_ic(signal, returns, min_names=3).coefficient == near(case["ic_raw"])


@pytest.mark.real_data
def test_golden_verdicts(golden: dict[str, Any]) -> None:
    for case in golden["verdict"]:
        given_ = {"halves_agree" if key == "halves_same_sign" else key: value for key, value in case["in"].items()}
        assert str(verdict(Evidence(**given_))) == case["out"]


@pytest.mark.real_data
def test_golden_forward_returns(golden: dict[str, Any]) -> None:
    for case in golden["forward_return"]:
        gone = LastPool(case["last_tao_in"], case["last_alpha_out"]) if "last_tao_in" in case else None
        found = forward_return(
            {date.fromisoformat(day): price for day, price in case["prices"].items()},
            date.fromisoformat(case["entry"]),
            case["horizon"],
            network_has_exit_day=case.get("network_has_exit_day", True),
            gone=gone,
        )
        assert found == near(case["out"]), case["why"]


@pytest.mark.real_data
def test_golden_organic_flow(golden: dict[str, Any]) -> None:
    for case in golden["organic_flow"]:
        given_, expected = case["in"], case["out"]
        emission, blocks = given_["tao_in_emission"], given_["blocks"]
        assert injected_tao(emission, blocks) == [near(value) for value in expected["injected"]]
        flow = organic_flow_tao(given_["tao_in"], emission, blocks)
        assert flow == [near(value) for value in expected["flow_per_day"]]
        assert sum(value or 0 for value in flow) == near(expected["flow_3d"])
