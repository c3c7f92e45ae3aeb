"""The landing page's lists: the predecessor's golden numbers, or ours beside them where a deviation is named."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.landing import (
    DEVIATIONS,
    METRICS,
    LandingRow,
    farming_scores,
    hot_categories,
    hot_scores,
    hot_subnets,
    main_reasons,
    outliers,
    price_momentum,
    red_flags,
    watch_list,
)
from insights.landing.rows import standardised
from insights.statistics import winsorised
from taoanalytics.lib.units import BLOCKS_PER_DAY

Array = npt.NDArray[np.float64]

FIELDS = {
    "tao_score": "tao_score",
    "stake_quality": "stake_quality",
    "change_7d_pct": "price_7d_change",
    "change_30d_pct": "price_30d_change",
    "organic_flow_1d_tao": "flow_24h",
    "market_cap_tao": "market_cap_tao",
    "active_validator_count": "active_validators",
    "max_validators": "max_validators",
    "validator_utilisation_pct": "validator_util_pct",
    "stake_hhi": "stake_hhi",
}
# What each deviation changes in the golden file; the others have a test of their own by hand.
IN_GOLDEN = {
    "landing.shown-values",
    "landing.tails-once",
    "hot-score.weights",
    "momentum.rising",
    "outliers.order",
    "hot-categories.units",
    "farming.emission",
    "landing.words",
}
BY_HAND = {"landing.unknown", "farming.contributions", "farming.red-flags"}


def subnets(count: int = 12, **fields: Sequence[float | None]) -> list[LandingRow]:
    """`count` rows that rise evenly in everything; `fields` gives other values for some fields."""
    return [
        LandingRow(
            netuid=n + 1,
            category="ABC"[n % 3],
            **{
                "tao_score": 40.0 + n,
                "stake_quality": 50.0 + n,
                "change_7d_pct": 1.0 + n,
                "change_30d_pct": 1.0 + n,
                "organic_flow_1d_tao": 10.0 + n,
                "market_cap_tao": 1000.0,
                "active_validator_count": 10.0 + n,
                "max_validators": 64.0,
                "validator_utilisation_pct": 10.0 + n,
                "stake_hhi": 3000.0 - n,
                "emission_to_market_cap_pct": 0.01,
            }
            | {field: values[n] for field, values in fields.items()},
        )
        for n in range(count)
    ]


# -- by hand ----------------------------------------------------------------------------------


def test_the_subnet_that_is_first_in_everything_is_hottest_and_its_parts_add_up() -> None:
    hot = hot_subnets(subnets())
    assert [listed.row.netuid for listed in hot] == [12, 11, 10]
    assert hot[0].blend.value == sum(points for _, points in hot[0].blend.contributions)
    z = (11 - 0.11 - 5.5) / np.std(np.clip(np.arange(12.0), 0.11, 10.89), ddof=1)
    assert hot[0].blend.value == pytest.approx(z)


def test_unknown_is_not_zero_but_hands_its_weight_on() -> None:
    changes = [None, *(5.0 + n for n in range(11))]
    rows = subnets(change_7d_pct=changes)
    scores = hot_scores(rows)
    as_zero = hot_scores(subnets(change_7d_pct=[0.0, *changes[1:]]))
    assert "change_7d_pct" not in dict(scores[1].contributions)
    assert scores[1].value != pytest.approx(as_zero[1].value)
    assert all(row.netuid != 1 for row in (listed.row for listed in price_momentum(rows, 12)))


def test_under_half_of_the_weight_there_is_no_score() -> None:
    rows = subnets(tao_score=[None, *[50.0] * 11], stake_quality=[None, *[50.0] * 11])
    assert 1 not in hot_scores(rows)
    assert 2 in hot_scores(rows)


def test_nothing_is_listed_of_seven_subnets() -> None:
    rows = subnets(7)
    assert hot_subnets(rows) == price_momentum(rows) == watch_list(rows) == []
    assert outliers(rows) == []


def test_momentum_needs_a_rising_price_and_an_inflow() -> None:
    falling = subnets(change_7d_pct=[-1.0 * n for n in range(12)])
    draining = subnets(organic_flow_1d_tao=[-5.0] * 12)
    assert price_momentum(falling) == price_momentum(draining) == []
    assert [listed.row.netuid for listed in price_momentum(subnets())] == [12, 11, 10]


def test_outliers_come_farthest_first_with_their_own_value_and_direction() -> None:
    caps = [1000.0 + n for n in range(10)]
    found = outliers(subnets(market_cap_tao=[*caps, 9e9, 9e12]))
    top = [(outlier.row.netuid, outlier.field, outlier.value) for outlier in found[:2]]
    assert top == [(12, "market_cap_tao", 9e12), (11, "market_cap_tao", 9e9)]
    assert found[0].robust_z > found[1].robust_z > 8
    low = outliers(subnets(tao_score=[-500.0, *(40.0 + n for n in range(11))]), top=1)
    assert (low[0].field, low[0].robust_z < 0) == ("tao_score", True)


def test_turnover_alone_can_make_a_category_hot() -> None:
    """Two categories are alike in all but turnover, which was drowned by the units of the rest."""
    flows = [60.0 if n % 3 == 1 else 10.0 for n in range(12)]
    found = hot_categories(subnets(organic_flow_1d_tao=flows, tao_score=[50.0] * 12, change_7d_pct=[2.0] * 12))
    assert found[0].name == "B"
    assert found[0].mean_flow_turnover == pytest.approx(0.06)
    assert found[0].blend.value > 0 > found[1].blend.value


def test_categories_are_compared_from_three_on_and_the_unclassified_are_none() -> None:
    two = [row for row in subnets() if row.category != "C"]
    unclassified = [LandingRow(netuid=99, category="", tao_score=99.0)]
    assert hot_categories(two + unclassified) == []
    assert {category.name for category in hot_categories(subnets() + unclassified)} == {"A", "B", "C"}


def farm(emission: float | None = 1.0) -> list[LandingRow]:
    """One subnet that stands out in all six signs among eleven ordinary ones."""
    ordinary = [10.0 + n / 10 for n in range(11)]
    return subnets(
        stake_quality=[1.0, *ordinary],
        validator_utilisation_pct=[1.0, *ordinary],
        organic_flow_1d_tao=[-90.0, *ordinary],
        stake_hhi=[9000.0, *ordinary],
        change_30d_pct=[-90.0, *ordinary],
        emission_to_market_cap_pct=[emission, *(0.01 if emission else None for _ in ordinary)],
    )


def test_a_red_flag_is_not_on_the_watch_list_as_well() -> None:
    assert [listed.row.netuid for listed in red_flags(farm())] == [1]
    assert watch_list(farm()) == []


def test_without_emission_figures_the_reasons_are_those_of_the_score_that_is_shown() -> None:
    listed = red_flags(farm(emission=None))[0]
    contributions = dict(listed.blend.contributions)
    assert "emission_to_market_cap_pct" not in contributions
    assert sum(contributions.values()) == pytest.approx(listed.blend.value)
    assert contributions["stake_hhi"] / 0.25 == pytest.approx(standardised([row.stake_hhi for row in farm()])[0])
    assert main_reasons(listed)[0] == ("stake_hhi", contributions["stake_hhi"])
    assert len(main_reasons(listed)) == 3


@given(st.permutations(range(12)), st.floats(0.001, 1000))
def test_lists_depend_neither_on_the_order_of_the_rows_nor_on_the_unit_of_a_field(
    order: list[int], scale: float
) -> None:
    rows = subnets(stake_hhi=[100.0 * ((7 * n) % 12) for n in range(12)])
    scaled = subnets(stake_hhi=[scale * 100.0 * ((7 * n) % 12) for n in range(12)])
    base = [(listed.row.netuid, listed.blend.value) for listed in farming_scores(rows)]
    shuffled = [(listed.row.netuid, listed.blend.value) for listed in farming_scores([scaled[i] for i in order])]
    assert [netuid for netuid, _ in shuffled] == [netuid for netuid, _ in base]
    assert [value for _, value in shuffled] == pytest.approx([value for _, value in base])


def test_the_lists_numbers_are_declared() -> None:
    assert [metric.key for metric in METRICS] == ["hot_score", "momentum_score", "farming_score"]
    assert all(metric.formula and metric.mathml and metric.unknown and metric.inputs for metric in METRICS)


# -- golden values ----------------------------------------------------------------------------


@pytest.fixture
def golden(real_data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((real_data / "golden" / "golden_landing.json").read_text())
    return found


@pytest.fixture
def theirs(golden: dict[str, Any]) -> list[LandingRow]:
    """The golden rows, with the predecessor's emission ratio in the place of ours."""
    return [
        LandingRow(
            netuid=row["netuid"],
            category=row["primary_category"],
            emission_to_market_cap_pct=row["tao_in_emission"] * BLOCKS_PER_DAY / row["total_stake_tao"],
            **{ours: row[name] for ours, name in FIELDS.items()},
        )
        for row in golden["inputs"]
    ]


def of(rows: Sequence[LandingRow], field: str) -> list[float | None]:
    return [getattr(row, field) for row in rows]


def array(rows: Sequence[LandingRow], field: str) -> Array:
    return np.array(of(rows, field), dtype=float)


def pulled(values: Array, times: int = 1) -> Array:
    for _ in range(times):
        values = np.clip(values, np.quantile(values, 0.01), np.quantile(values, 0.99))
    return values


def z(values: Array) -> Array:
    found: Array = (values - values.mean()) / values.std(ddof=1)
    return found


def z_of(rows: Sequence[LandingRow], field: str, times: int = 1) -> Array:
    return z(pulled(array(rows, field), times))


def per_subnet(golden: dict[str, Any], key: str) -> list[Any]:
    return [pytest.approx(row[key], abs=1e-8) for row in golden["outputs"]["per_subnet"]]


@pytest.mark.real_data
def test_the_columns_and_their_z_scores_are_the_predecessors(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    covered = {"netuid"}
    logs = [math.copysign(math.log1p(abs(turnover)), turnover) for turnover in array(theirs, "flow_turnover")]
    columns: dict[str, list[float | None]] = {
        "tao_score": of(theirs, "tao_score"),
        "price_7d_change": of(theirs, "change_7d_pct"),
        "price_30d_change": of(theirs, "change_30d_pct"),
        "flow_turnover": of(theirs, "flow_turnover"),
        "flow_turnover_log1p": list(logs),
        "validator_ratio": of(theirs, "validator_ratio"),
        "emission_roi": of(theirs, "emission_to_market_cap_pct"),
        "validator_util_pct": of(theirs, "validator_utilisation_pct"),
        "stake_hhi": of(theirs, "stake_hhi"),
    }
    for key, values in columns.items():
        assert standardised(values) == per_subnet(golden, f"{key}_z"), key
        covered.add(f"{key}_z")
    for key in ("flow_turnover", "flow_turnover_log1p", "validator_ratio", "emission_roi"):
        assert winsorised(columns[key]) == per_subnet(golden, key), key
        covered.add(key)
    emission = [row["tao_in_emission"] * BLOCKS_PER_DAY for row in golden["inputs"]]
    assert emission == per_subnet(golden, "daily_emission_tao")
    for row in golden["outputs"]["per_subnet"]:
        for key in ("stake_quality_z", "validator_util_pct_z", "flow_turnover_z", "price_30d_change_z"):
            assert row[f"{key}_neg"] == pytest.approx(-row[key], abs=1e-8)
            covered.add(f"{key}_neg")
    covered |= {"daily_emission_tao", "stake_quality_z", "farmer_score"}  # the latter two in the tests below
    assert {key for row in golden["outputs"]["per_subnet"] for key in row} == covered


@pytest.mark.real_data
def test_deviation_tails_once(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    assert list(z_of(theirs, "stake_quality", times=2)) == per_subnet(golden, "stake_quality_z")
    ours = standardised(of(theirs, "stake_quality"))
    assert ours == pytest.approx(list(z_of(theirs, "stake_quality")))
    assert ours != per_subnet(golden, "stake_quality_z")


@pytest.mark.real_data
def test_deviation_hot_score(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    rest = (
        0.30 * z_of(theirs, "tao_score")
        + 0.20 * z_of(theirs, "change_7d_pct")
        + 0.15 * z_of(theirs, "flow_turnover")
        + 0.05 * z_of(theirs, "validator_ratio")
    )
    expected = list(golden["outputs"]["hot_score"].values())
    assert len(expected) == 12
    assert list(rest + 0.20 * z_of(theirs, "stake_quality", times=2)) == pytest.approx(expected, abs=1e-8)
    ours = [blend.value for blend in hot_scores(theirs).values()]
    assert ours == pytest.approx(list((rest + 0.20 * z_of(theirs, "stake_quality")) / 0.9))


@pytest.mark.real_data
def test_hot_subnets_are_the_same_with_their_real_values(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    cases = golden["outputs"]["hot_subnets"]
    ours = hot_subnets(theirs)
    assert [one.row.netuid for one in ours] == [case["netuid"] for case in cases] == [6, 8, 2]
    assert [one.row.category for one in ours] == [case["category"] for case in cases]
    assert [round(one.row.organic_flow_1d_tao or 0) for one in ours] == [case["flow_24h"] for case in cases]
    assert [round(one.row.change_7d_pct or 0, 1) for one in ours] == [case["price_change_7d"] for case in cases]
    assert [case["tao_score"] for case in cases] == [55.6, 53.7, 56.3]
    assert [one.row.tao_score for one in ours] == [55.6, 53.7, 56.4]
    assert [case["hot_score"] for case in cases] == [0.7, 0.6, 0.5]
    assert [round(one.blend.value, 2) for one in ours] == [0.75, 0.71, 0.51]


@pytest.mark.real_data
def test_deviation_momentum(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    cases = golden["outputs"]["price_momentum"]
    scores = 0.5 * z_of(theirs, "change_7d_pct") + 0.5 * z_of(theirs, "flow_turnover")
    assert [case["netuid"] for case in cases] == [11, 3, 2]
    assert [case["momentum_score"] for case in cases] == [round(scores[case["netuid"] - 1], 1) for case in cases]
    assert [case["price_change_7d"] for case in cases] == [11.5, -28.9, -2.2]
    ours = price_momentum(theirs)
    assert [one.row.netuid for one in ours] == [11, 6]
    assert [one.row.change_7d_pct for one in ours] == [12.73, 1.36]
    assert [one.blend.value for one in ours] == pytest.approx([scores[10], scores[5]])
    leader = (ours[0].row.organic_flow_1d_tao, ours[0].row.market_cap_tao, ours[0].row.category)
    assert (round(leader[0] or 0), *leader[1:]) == (cases[0]["flow_24h"], cases[0]["market_cap"], cases[0]["category"])


@pytest.mark.real_data
def test_deviation_outliers(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    cases = golden["outputs"]["outliers"]
    ours = outliers(theirs)
    names = {"Market Cap": "market_cap_tao", "Flow Turnover": "flow_turnover"}
    assert [(one.row.netuid, one.field, one.row.category) for one in ours] == [
        (case["netuid"], names[case["metric"]], case["category"]) for case in cases
    ]
    assert [case["z_score"] for case in cases] == [8.0, 8.0, -5.19]
    assert [round(one.robust_z, 2) for one in ours] == [75.14, 20.86, -5.31]
    assert [case["value"] for case in cases] == [900_000, 0.54, -0.14]
    assert [round(one.value, 2) for one in ours] == [900_000, 0.59, -0.15]
    said_high = [case["reason"].startswith("High") for case in cases]
    assert [one.robust_z > 0 for one in ours] == said_high


@pytest.mark.real_data
def test_deviation_hot_categories(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    cases = golden["outputs"]["hot_categories"]
    assert [(case["name"], case["hot_score"]) for case in cases] == [("A", 15.3), ("C", 10.2), ("B", 9.1)]
    assert [case["avg_flow_turnover"] for case in cases] == [0.03, -0.04, 0.12]
    assert {case["description"] for case in cases} == {"A subnets", "B subnets", "C subnets"}
    member = np.array([row.category for row in theirs])
    weights = {"tao_score": 0.3, "change_7d_pct": 0.3, "flow_turnover": 0.2}
    compared = {
        field: z(np.array([pulled(array(theirs, field))[member == name].mean() for name in "ABC"])) for field in weights
    }
    expected: Array = np.sum([weight * compared[field] for field, weight in weights.items()], axis=0)
    ours = hot_categories(theirs)
    found = {one.name: one.blend.value for one in ours}
    assert [found[name] for name in "ABC"] == pytest.approx(list(expected))
    assert [one.name for one in ours] == ["A", "B", "C"]
    assert [one.subnet_count for one in ours] == [4, 4, 4]
    real = {one.name: (one.mean_tao_score, one.mean_change_7d_pct, one.mean_flow_turnover) for one in ours}
    for name in "ABC":
        fields = ("tao_score", "change_7d_pct", "flow_turnover")
        assert list(real[name]) == pytest.approx([array(theirs, field)[member == name].mean() for field in fields])
    assert [round(real[name][1] or 0, 1) for name in "ACB"] == [1.7, -9.6, -11.7]
    assert [case["avg_price_change_7d"] for case in cases] == [1.4, -9.6, -11.4]
    assert [case["avg_tao_score"] for case in cases] == [48.1, 42.3, 40.5]


@pytest.mark.real_data
def test_deviation_farming(golden: dict[str, Any], theirs: list[LandingRow]) -> None:
    def score(rows: list[LandingRow], times: int) -> Array:
        found: Array = (
            0.20 * z_of(rows, "emission_to_market_cap_pct")
            + 0.20 * z_of(rows, "stake_hhi")
            - 0.15 * z_of(rows, "stake_quality", times)
            - 0.15 * z_of(rows, "validator_utilisation_pct")
            - 0.15 * z_of(rows, "flow_turnover")
            - 0.15 * z_of(rows, "change_30d_pct")
        )
        return found

    assert list(score(theirs, times=2)) == per_subnet(golden, "farmer_score")
    ours = {one.row.netuid: one.blend.value for one in farming_scores(theirs)}
    assert [ours[n] for n in range(1, 13)] == pytest.approx(list(score(theirs, times=1)))

    case = golden["outputs"]["farmer_watchlist"][0]
    assert golden["outputs"]["farmer_redflags"] == red_flags(theirs) == []
    watched = watch_list(theirs)
    assert [one.row.netuid for one in watched] == [case["netuid"]] == [10]
    assert (case["farmer_score"], round(watched[0].blend.value, 2)) == (1.18, 1.17)
    names = {"Emission ROI": "emission_to_market_cap_pct", "Stake HHI": "stake_hhi", "Price 30d": "change_30d_pct"}
    assert [(names[reason["metric"]], reason["contribution"]) for reason in case["worst_metrics"]] == [
        (field, round(points, 2)) for field, points in main_reasons(watched[0])
    ]

    in_tao = [
        LandingRow(
            **{field: getattr(row, field) for field in (*FIELDS, "netuid", "category")}, emission_to_market_cap_pct=r
        )
        for row, r in zip(theirs, _emission_per_market_cap(golden), strict=True)
    ]
    found = {one.row.netuid: one.blend.value for one in farming_scores(in_tao)}
    assert found[10] == pytest.approx(score(in_tao, times=1)[9])
    assert round(found[10], 2) == 0.98
    assert watch_list(in_tao) == []


def _emission_per_market_cap(golden: dict[str, Any]) -> list[float]:
    return [row["tao_in_emission"] * BLOCKS_PER_DAY / row["market_cap_tao"] for row in golden["inputs"]]


@pytest.mark.real_data
def test_no_golden_case_is_left_out(golden: dict[str, Any]) -> None:
    assert {key: len(found) for key, found in golden["outputs"].items()} == {
        "per_subnet": 12,
        "hot_subnets": 3,
        "outliers": 3,
        "price_momentum": 3,
        "hot_categories": 3,
        "farmer_watchlist": 1,
        "farmer_redflags": 0,
        "hot_score": 12,
    }


def test_every_deviation_is_named_once_says_why_and_has_its_test() -> None:
    keys = [deviation.key for deviation in DEVIATIONS]
    assert len(keys) == len(set(keys))
    assert set(keys) == IN_GOLDEN | BY_HAND
    assert all(d.before and d.now and d.why for d in DEVIATIONS)
