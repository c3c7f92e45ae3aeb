"""Ranks, spread, association, many tests at once: by hand, by numpy, by property and by the golden values."""

import json
import math
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from insights.statistics import (
    DEVIATIONS,
    Method,
    benjamini_hochberg,
    correlation_matrix,
    mad_outliers,
    midranks,
    pearson,
    percentiles,
    places,
    quantile,
    regularised_incomplete_beta,
    robust_z,
    spearman,
    student_t_cdf,
    summary,
    tied_by_formula,
    two_sided_p,
    winsorised,
    z_scores,
)
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

whole = st.integers(-1000, 1000).map(float)
column = st.lists(st.none() | whole, max_size=30)
full_column = st.lists(whole, min_size=1, max_size=30)
pairs = st.lists(st.tuples(whole, whole), min_size=3, max_size=25)


def approx(values: Sequence[float | None], tolerance: float = 1e-9) -> list[Any]:
    return [None if value is None else pytest.approx(value, rel=tolerance, abs=1e-12) for value in values]


# -- ranks ------------------------------------------------------------------------------------


def test_ties_share_the_mean_of_their_ranks_and_unknown_has_none() -> None:
    assert midranks([3.0, None, 1.0, 3.0]) == [2.5, None, 1.0, 2.5]


def test_a_percentile_never_claims_the_top_or_the_bottom() -> None:
    assert percentiles([10, 20, 30, 40]) == [12.5, 37.5, 62.5, 87.5]
    assert percentiles([10, 20, 30, 40], Better.LOWER) == [87.5, 62.5, 37.5, 12.5]
    assert percentiles([7.0, None]) == [50.0, None]


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_unknown(broken: float) -> None:
    assert percentiles([broken, 1.0, 2.0]) == [None, 25.0, 75.0]


def test_places_count_from_the_largest_and_ties_share_the_better() -> None:
    assert places([5.0, 9.0, None, 5.0, 1.0]) == [2, 1, None, 2, 4]


@given(column)
def test_percentiles_lie_between_0_and_100_average_50_and_keep_the_unknown_unknown(values: list[float | None]) -> None:
    found = percentiles(values)
    present = [p for p in found if p is not None]
    assert [p is None for p in found] == [v is None for v in values]
    assert all(0 < p < 100 for p in present)
    if present:
        assert math.fsum(present) / len(present) == pytest.approx(50)


@given(column)
def test_percentiles_do_not_change_under_a_monotone_transform_and_turn_under_a_falling_one(
    values: list[float | None],
) -> None:
    cubed = [None if v is None else v**3 + 7 for v in values]
    negated = [None if v is None else -v for v in values]
    assert percentiles(cubed) == percentiles(values)
    assert percentiles(negated) == approx(percentiles(values, Better.LOWER))


@given(st.lists(st.tuples(whole, st.integers()), min_size=2, max_size=20, unique_by=lambda pair: pair[1]))
def test_percentiles_do_not_depend_on_the_order_of_the_rows(rows: list[tuple[float, int]]) -> None:
    def by_name(ordered: list[tuple[float, int]]) -> dict[int, float | None]:
        found = percentiles([value for value, _ in ordered])
        return {name: percentile for (_, name), percentile in zip(ordered, found, strict=True)}

    assert by_name(rows) == by_name(rows[::-1])


# -- Student ----------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [-40.0, -2.5, -0.3, 0.0, 0.7, 1.96, 12.0])
def test_student_agrees_with_its_closed_forms_for_one_and_two_degrees(t: float) -> None:
    assert student_t_cdf(t, 1) == pytest.approx(0.5 + math.atan(t) / math.pi, abs=1e-13)
    assert student_t_cdf(t, 2) == pytest.approx(0.5 + t / (2 * math.sqrt(2 + t * t)), abs=1e-13)


@pytest.mark.parametrize(("t", "df"), [(12.706204736, 1), (2.228138852, 10), (2.042272456, 30)])
def test_student_agrees_with_the_printed_five_percent_table(t: float, df: float) -> None:
    assert two_sided_p(t, df) == pytest.approx(0.05, abs=1e-9)


def test_with_many_degrees_student_is_normal() -> None:
    assert two_sided_p(1.959963985, 1e6) == pytest.approx(0.05, abs=1e-6)


def test_far_tails_keep_their_digits() -> None:
    assert two_sided_p(40.0, 2) == pytest.approx(1 - 40 / math.sqrt(2 + 1600), rel=1e-9)
    assert two_sided_p(math.inf, 5) == 0


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0, 1))
def test_the_incomplete_beta_is_bounded_and_symmetric(a: float, b: float, x: float) -> None:
    found = regularised_incomplete_beta(a, b, x)
    assert 0 <= found <= 1 + 1e-12
    if 1e-6 < x < 1 - 1e-6:
        assert found == pytest.approx(1 - regularised_incomplete_beta(b, a, 1 - x), abs=1e-10)


@pytest.mark.parametrize(("a", "b", "x"), [(0, 1, 0.5), (1, -1, 0.5), (1, 1, 1.5), (1, 1, -0.1)])
def test_the_incomplete_beta_refuses_what_it_is_not_defined_for(a: float, b: float, x: float) -> None:
    with pytest.raises(ValueError, match="needs a, b > 0"):
        regularised_incomplete_beta(a, b, x)


# -- spread -----------------------------------------------------------------------------------


@given(full_column, st.floats(0, 1))
def test_a_quantile_is_numpys(values: list[float], share: float) -> None:
    assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)), abs=1e-9)


@given(st.lists(whole, min_size=2, max_size=30))
def test_z_scores_are_numpys_or_unknown_without_spread(values: list[float]) -> None:
    if min(values) == max(values):
        assert z_scores(values) == [None] * len(values)
        return
    array = np.array(values)
    assert z_scores(values) == approx(list((array - array.mean()) / array.std(ddof=1)))
    assert z_scores(values, whole_population=True) == approx(list((array - array.mean()) / array.std()))


def test_winsorising_pulls_in_the_tails_and_leaves_unknown_unknown() -> None:
    assert winsorised([0.0, 50.0, None, 100.0], tail=0.25) == [25.0, 50.0, None, 75.0]
    assert winsorised([None]) == [None]


def test_a_giant_cannot_hide_from_the_median() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 1e6]
    assert mad_outliers(values) == [7]
    assert robust_z(values)[7] == pytest.approx(0.6745 * (1e6 - 4.5) / 2)


def test_no_outliers_under_eight_values_or_where_most_are_equal() -> None:
    assert mad_outliers([1.0, 2.0, 3.0, 1e6]) == []
    assert robust_z([5.0] * 8 + [9.0]) == [None] * 9


@given(st.lists(whole, min_size=8, max_size=20), st.floats(0.01, 100), whole)
def test_robust_z_does_not_change_with_scale_and_origin(values: list[float], scale: float, origin: float) -> None:
    assert robust_z([scale * v + origin for v in values]) == approx(robust_z(values), 1e-6)


def test_a_summary_knows_what_it_does_not_know() -> None:
    assert summary([None]) is None
    only = summary([4.0, None])
    assert only is not None
    assert (only.count, only.mean, only.sd) == (1, 4.0, None)


# -- association ------------------------------------------------------------------------------


@given(pairs)
def test_pearson_is_numpys(rows: list[tuple[float, float]]) -> None:
    x, y = [a for a, _ in rows], [b for _, b in rows]
    found = pearson(x, y)
    if min(x) == max(x) or min(y) == max(y):
        assert found.coefficient is None
        assert found.p is None
        return
    assert found.coefficient == pytest.approx(float(np.corrcoef(x, y)[0, 1]), abs=1e-9)
    assert found.n == len(rows)


@given(pairs)
def test_spearman_lies_in_bounds_and_does_not_change_under_monotone_transforms(rows: list[tuple[float, float]]) -> None:
    x, y = [a for a, _ in rows], [b for _, b in rows]
    found = spearman(x, y)
    assert spearman([math.atan(a / 100) for a in x], [b**3 for b in y]) == found
    assume(found.coefficient is not None)
    assert found.coefficient is not None
    assert found.p is not None
    assert -1 <= found.coefficient <= 1
    assert 0 <= found.p <= 1
    assert spearman(y, x).coefficient == pytest.approx(found.coefficient)


def test_pearsons_p_is_students() -> None:
    found = pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    assert found.coefficient == pytest.approx(0.8)
    assert found.p == pytest.approx(0.1040880, abs=1e-7)


def test_spearmans_p_counts_orders_while_they_can_be_counted() -> None:
    assert spearman([1, 2, 3], [1, 2, 3]).p == pytest.approx(2 / 6)
    assert spearman([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]).p == pytest.approx(2 / 120)
    assert spearman([1, 2, 3, 4], [1, 2, 4, 3]).p == pytest.approx(8 / 24)


def test_a_pair_unknown_on_one_side_does_not_count_and_too_few_are_no_correlation() -> None:
    assert pearson([1, None, 3, 4], [2, 9, None, 5]).n == 2
    assert pearson([1, None, 3, 4], [2, 9, None, 5]).coefficient is None
    assert spearman([1, 2], [2, 1]).coefficient is None


# -- many tests -------------------------------------------------------------------------------


@given(st.lists(st.none() | st.floats(0, 1), max_size=30))
def test_q_is_at_least_p_at_most_1_and_keeps_the_order(p_values: list[float | None]) -> None:
    q_values = benjamini_hochberg(p_values)
    tested = sorted((p, q) for p, q in zip(p_values, q_values, strict=True) if p is not None and q is not None)
    assert [q is None for q in q_values] == [p is None for p in p_values]
    assert all(p <= q * (1 + 1e-12) <= 1 + 1e-9 for p, q in tested)
    assert [q for _, q in tested] == sorted(q for _, q in tested)


def test_of_twenty_tests_one_at_five_percent_is_not_enough() -> None:
    assert benjamini_hochberg([0.05, *([0.9] * 19)])[0] == pytest.approx(0.9)


# -- the matrix -------------------------------------------------------------------------------


def metric(key: str, *inputs: str, unit: Unit = Unit.TAO) -> Metric:
    return Metric(key=key, label=key, unit=unit, layer=Layer.DERIVED, source="s", about="a", unknown="u", inputs=inputs)


def tied(*metrics: Metric, apart_from: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    return {tuple(sorted(pair)) for pair in tied_by_formula(metrics, apart_from=apart_from)}


def test_metrics_made_of_each_other_are_tied_by_formula() -> None:
    price, change = metric("price", "price_rao"), metric("change", "price", unit=Unit.PERCENT)
    cap, share = metric("cap", "price", "supply"), metric("share", "cap", unit=Unit.PERCENT)
    made = tied(price, change, cap, share, metric("age"))
    assert made == {("change", "price"), ("cap", "price"), ("price", "share"), ("cap", "share")}


def test_one_quantity_in_two_units_is_tied_by_formula() -> None:
    assert tied(metric("tao", "price_rao"), metric("usd", "price_rao", unit=Unit.USD)) == {("tao", "usd")}
    owner, miner = metric("owner", "paid_rao", "owner_cut"), metric("miner", "paid_rao", "miner_cut")
    assert tied(owner, miner) == set()
    assert tied(owner, miner, apart_from=("owner_cut", "miner_cut")) == {("miner", "owner")}


def test_a_part_and_its_whole_are_tied_by_formula() -> None:
    part, rest, whole = metric("part", "in"), metric("rest", "out"), metric("whole", "in", "out")
    assert tied(part, rest, whole) == {("part", "whole"), ("rest", "whole")}
    some, all_ = metric("some", "permit", "active", unit=Unit.COUNT), metric("all", "permit", unit=Unit.COUNT)
    assert tied(some, all_) == {("all", "some")}


def test_a_change_is_no_part_of_an_amount_that_has_the_same_price_in_it() -> None:
    change = metric("change", "price_rao", unit=Unit.PERCENT)
    assert tied(change, metric("cap", "price_rao", "supply")) == set()


def test_what_is_observed_under_its_own_name_is_a_fact() -> None:
    held, room = metric("held", "held", unit=Unit.COUNT), metric("room", "room", unit=Unit.COUNT)
    used = metric("used", "held", "room", unit=Unit.PERCENT)
    assert tied(held, room, used) == {("held", "used"), ("room", "used")}


def test_a_matrix_states_n_per_pair_and_tests_no_tautology() -> None:
    x = [float(i) for i in range(12)]
    columns: dict[str, list[float | None]] = {
        "a": [*x],
        "b": [2 * v for v in x],
        "c": [None if v > 6 else -v for v in x],
        "d": [(v * 5) % 7 for v in x],
    }
    matrix = correlation_matrix(columns, tied={frozenset("ab")})
    assert matrix.cell("b", "a") == matrix.cell("a", "b")
    assert matrix.cell("a", "b").by_formula
    assert matrix.cell("a", "b").coefficient == pytest.approx(1)
    assert matrix.cell("a", "b").q is None
    assert (matrix.cell("a", "c").n, matrix.cell("a", "c").coefficient) == (7, None)
    assert matrix.cell("a", "a").coefficient == pytest.approx(1)
    assert matrix.cell("a", "d").q is not None
    assert matrix.strongest() == []


def test_the_strongest_pairs_come_first() -> None:
    x = [float(i) for i in range(30)]
    near = [v + (3 if i % 2 else 0) for i, v in enumerate(x)]
    found = correlation_matrix({"x": x, "near": near, "same": [v**3 for v in x]}).strongest()
    assert found[0][:2] == ("x", "same")
    assert len(found) == 3


# -- golden values ----------------------------------------------------------------------------

CORRELATED = (
    "tao_score stake_quality price_7d_change price_30d_change flow_24h market_cap_tao active_validators "
    "validator_util_pct stake_hhi total_stake_tao tao_in_emission"
).split()


@pytest.fixture
def recorded(real_data: Path) -> dict[str, Any]:
    """The golden correlation file, with the rows that it was made from."""
    folder = real_data / "golden"
    found = json.loads((folder / "golden_correlation.json").read_text())
    rows = json.loads((folder / "golden_landing.json").read_text())["inputs"]
    return {**found, "columns": {key: [row[key] for row in rows] for key in CORRELATED}}


@pytest.mark.real_data
def test_the_predecessors_significant_pairs_are_found_and_none_survives_correction(recorded: dict[str, Any]) -> None:
    columns = recorded["columns"]
    found = {(a, b): pearson(columns[a], columns[b]) for a, b in combinations(CORRELATED, 2)}
    significant: list[dict[str, Any]] = [
        {"metrics": {a, b}, "correlation": round(one.coefficient, 3), "p_value": round(one.p, 4), "sample_size": one.n}
        for (a, b), one in found.items()
        if one.coefficient is not None and one.p is not None and abs(one.coefficient) >= 0.3 and one.p <= 0.05
    ]
    expected = [
        {"metrics": {case["metric1"], case["metric2"]}} | {key: case[key] for key in significant[0] if key != "metrics"}
        for case in recorded["significant"]
    ]
    assert sorted(significant, key=lambda one: one["p_value"]) == expected
    assert [case["strength"] for case in recorded["significant"]] == ["Moderate", "Moderate"]
    matrix = correlation_matrix(columns, method=Method.PEARSON)
    assert matrix.strongest() == []
    corrected = [matrix.cell(case["metric1"], case["metric2"]).q for case in recorded["significant"]]
    assert all(q is not None and q > 0.7 for q in corrected)


@pytest.mark.real_data
def test_the_predecessors_outlier_is_reproduced_and_its_real_distance_shown(recorded: dict[str, Any]) -> None:
    found = []
    for key in ("tao_score", "stake_quality", "market_cap_tao", "total_stake_tao", "active_validators"):
        values = recorded["columns"][key]
        described = summary(values)
        for position, z in enumerate(z_scores(values, whole_population=True)):
            if z is not None and abs(z) > 2 and described is not None and described.sd is not None:
                found.append(
                    {
                        "subnet_name": f"S{position + 1}",
                        "netuid": str(position + 1),
                        "metric": key,
                        "value": values[position],
                        "z_score": round(z, 2),
                        "mean": round(described.mean, 2),
                        "std": round(described.sd, 2),
                    }
                )
    assert found == recorded["outliers"]
    assert mad_outliers(recorded["columns"]["market_cap_tao"]) == [5]
    assert robust_z(recorded["columns"]["market_cap_tao"])[5] == pytest.approx(75.136, abs=1e-3)


@pytest.mark.real_data
def test_the_predecessors_summaries_are_reproduced(recorded: dict[str, Any]) -> None:
    expected = dict(recorded["summary"])
    assert expected.pop("total_subnets") == expected.pop("unique_subnets") == len(recorded["columns"]["tao_score"])
    assert set(expected.pop("date_range")) == {"start", "end"}
    assert len(expected) == 4
    for key, case in expected.items():
        found = summary(recorded["columns"][key])
        assert found is not None
        assert found.sd is not None
        values = (found.mean, found.median, found.sd, found.lowest, found.highest, found.count)
        assert [pytest.approx(value, abs=0.00501) for value in values] == list(case.values())


@pytest.mark.real_data
def test_the_rank_percentage_is_the_predecessors_or_the_named_deviation(real_data: Path) -> None:
    cases = json.loads((real_data / "golden" / "golden_calc.json").read_text())["rank_pct(value,values)"]
    theirs = [case["out"] for case in cases]
    ours = []
    for value, values in (case["in"] for case in cases):
        found = dict(zip(values, percentiles(values), strict=True))
        ours.append(None if value is None else found.get(value))
    assert theirs == [0, 25, 50, 75, 0, 0, None, 50, None]
    assert ours == [12.5, 37.5, 62.5, 87.5, 50.0, 50.0, None, 75.0, None]


@pytest.mark.real_data
def test_no_correlation_case_is_left_out(recorded: dict[str, Any]) -> None:
    assert {key: len(recorded[key]) for key in ("significant", "outliers", "summary")} == {
        "significant": 2,
        "outliers": 1,
        "summary": 7,
    }
    assert set(recorded) == {"note", "significant", "outliers", "summary", "columns"}


def test_every_deviation_is_named_once_and_says_why() -> None:
    assert [deviation.key for deviation in DEVIATIONS] == [
        "rank-percentile",
        "correlation.multiple-testing",
        "correlation.tautologies",
        "correlation.outliers",
        "correlation.dates",
    ]
    assert all(d.before and d.now and d.why for d in DEVIATIONS)
