"""TAO Score v1.1 and v2.1: the predecessor's numbers, to the digit."""

import json
from pathlib import Path
from typing import Any

import pytest

from insights.scores.predecessor import score_v11, score_v21, tao_score_v11, tao_score_v21
from insights.scores.rows import ScoreInput

V11_BASE: dict[str, float | None] = {
    "stake_quality": 80,
    "consensus_near_mean_pct": 85,
    "permit_stake_pct": 75,
    "validator_count": 154,
    "emission_share_pct": 8,
    "change_7d_pct": 0,
}
V21_BASE: dict[str, float | None] = {
    "stake_quality": 70,
    "validator_count": 12,
    "stake_hhi": 3000,
    "market_cap_tao": 40_000,
    "emission_share_pct": 1.2,
    "net_volume_1d_tao": 150,
    "root_share": 0.30,
    "root_share_previous_day": 0.31,
    "change_30d_pct": 10,
    "price_tao": 0.02,
    "volume_1d_tao": 900,
    "fdv_tao": 250_000,
    "alpha_circulating": 2_000_000,
}
KEYS_BY_NAME = {
    "inflation_pct": "emission_share_pct",
    "validator_util_pct": "validator_count",
    "consensus_alignment": "consensus_near_mean_pct",
    "active_stake_ratio": "permit_stake_pct",
    "emission_pct": "emission_share_pct",
    "price_7d_change": "change_7d_pct",
    "active_validators": "validator_count",
    "flow_24h": "net_volume_1d_tao",
    "alpha_circ": "alpha_circulating",
    "root_prop": "root_share",
    "root_prop_prev": "root_share_previous_day",
    "price_30d_change": "change_30d_pct",
    "total_volume_tao_1d": "volume_1d_tao",
}
OURS = {
    "tao_score_v11",
    "tao_score_v21",
    "rank_pct(value,values)",
}
OF_OTHERS = {
    "stake_quality(hhi)": "metrics of a subnet",
    "stake_hhi(stakes)": "metrics of a subnet",
    "emission_roi(daily,stake)": "metrics of a subnet",
    "daily_emission_tao(prev_rao,now_rao)": "metrics of a subnet",
    "reserve_momentum(today,yesterday,mcap)": "metrics of a subnet",
    "consensus_alignment_2sigma(consensus,stakes)": "metrics of a subnet",
    "trust_score(trust,stakes)": "metrics of a subnet",
    "active_stake_ratio(stakes,permit)": "metrics of a subnet",
    "validator_utilization(active,possible=256)": "metrics of a subnet",
    "buy_sell_ratio(buy,sell)": "metrics of the market",
    "validate(metrics)": "collection",
    "normalize_tags": "enrichment",
    "extract_buy_signal": "enrichment",
}


@pytest.fixture
def recorded(real_data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((real_data / "golden" / "golden_calc.json").read_text())
    return found


def inputs(case: dict[str, Any], base: dict[str, Any]) -> dict[str, float | None]:
    """The case under our keys; the golden utilisation was already a percentage of 256 seats."""
    named = base | case["override"]
    if (percent := named.get("validator_util_pct")) is not None:
        named["validator_util_pct"] = round(percent * 2.56)
    return {KEYS_BY_NAME.get(name, name): value for name, value in named.items()}


def test_v11_by_hand() -> None:
    score = tao_score_v11(V11_BASE)
    assert score.shown == 76.5
    assert [part.shown for part in score.parts] == [28.0, 12.0, 12.8, 11.2, 10.0, 2.5]
    assert [part.key for part in score.parts] == [
        "stake_quality",
        "validator_count",
        "consensus_near_mean_pct",
        "permit_stake_pct",
        "emission_share_pct",
        "change_7d_pct",
    ]
    assert score.coverage == 1


def test_v11_gives_the_weight_of_an_unknown_input_to_the_three_core_ones_and_says_so() -> None:
    score = tao_score_v11(V11_BASE | {"emission_share_pct": None, "change_7d_pct": None, "validator_count": None})
    assert score.shown == 80.0
    assert score.coverage == pytest.approx(0.65)
    assert score.unknown == ("validator_count", "emission_share_pct", "change_7d_pct")
    assert [part.weight for part in score.parts] == pytest.approx([35 / 65, 15 / 65, 15 / 65])


@pytest.mark.parametrize("core", ["stake_quality", "consensus_near_mean_pct", "permit_stake_pct"])
def test_v11_needs_its_core(core: str) -> None:
    score = tao_score_v11(V11_BASE | {core: None})
    assert score.value is None
    assert score.unknown == (core,)
    assert "not known" in score.reason


def test_v21_by_hand() -> None:
    score = tao_score_v21(V21_BASE)
    assert score.shown == 43.1
    rated = {part.key: part.rating for part in score.parts}
    assert rated["validator_count"] == pytest.approx(100 * 12 / 256)
    assert rated["stake_hhi"] == pytest.approx(100 - 100 * 2 / 6)
    assert rated["market_cap_tao"] == pytest.approx(20)
    assert rated["root_share"] == pytest.approx(100 - 100 * 2.9 / 6)
    assert rated["change_30d_pct"] == pytest.approx(100 * 3.5 / 6)
    assert rated["volume_1d_tao"] == pytest.approx(0.3)


@pytest.mark.parametrize("unknown", V21_BASE)
def test_v21_is_unknown_where_an_input_is(unknown: str) -> None:
    score = tao_score_v21(V21_BASE | {unknown: None})
    assert score.value is None
    assert score.unknown == (unknown,)
    assert 0.8 < score.coverage < 1


def test_v21_fills_in_what_is_unknown_as_the_predecessor_did_only_on_request() -> None:
    without_root = V21_BASE | {"root_share_previous_day": None}
    assert tao_score_v21(without_root).value is None
    filled = tao_score_v21(without_root, fill_unknown=True)
    assert filled.shown == 42.9
    assert filled.unknown == ("root_share_previous_day",)
    assert tao_score_v21(V21_BASE | {"stake_hhi": None}, fill_unknown=True).value is None


def test_zero_is_a_number_and_not_unknown() -> None:
    assert tao_score_v21(V21_BASE | {"net_volume_1d_tao": 0.0}).shown == 42.9
    assert tao_score_v11(dict.fromkeys(V11_BASE, 0.0)).value is not None


def test_a_row_is_judged_by_itself_and_ranked_among_those_scored() -> None:
    rows = [
        ScoreInput(netuid=7, values=V11_BASE),
        ScoreInput(netuid=8, values=V11_BASE | {"stake_quality": 90}),
        ScoreInput(netuid=9, values=V11_BASE | {"stake_quality": None}),
    ]
    scores = score_v11(rows)
    places = [scores[netuid].place for netuid in (7, 8, 9)]
    assert [(place.rank, place.of) if place else None for place in places] == [(2, 2), (1, 2), None]
    assert score_v21([ScoreInput(netuid=1, values=V21_BASE)])[1].shown == 43.1


@pytest.mark.real_data
def test_every_v11_case_is_reproduced(recorded: dict[str, Any]) -> None:
    golden = recorded["tao_score_v11"]
    assert len(golden["cases"]) == 20
    for case in golden["cases"]:
        assert tao_score_v11(inputs(case, golden["base"])).shown == case["out"], case


@pytest.mark.real_data
def test_every_v21_case_is_reproduced_or_unknown_where_the_predecessor_filled_in(recorded: dict[str, Any]) -> None:
    golden = recorded["tao_score_v21"]
    assert len(golden["cases"]) == 28
    deviating = []
    for case in golden["cases"]:
        values = inputs(case, golden["base"])
        assert tao_score_v21(values, fill_unknown=True).shown == case["out"], case
        ours = tao_score_v21(values).shown
        if ours != case["out"]:
            deviating.append((*map(KEYS_BY_NAME.get, case["override"], case["override"]), case["out"], ours))
    assert deviating == [
        ("root_share_previous_day", 42.9, None),
        ("change_30d_pct", 41.8, None),
        ("net_volume_1d_tao", 42.9, None),
        ("alpha_circulating", 42.9, None),
        ("emission_share_pct", 43.3, None),
        ("fdv_tao", 43.3, None),
        ("price_tao", 41.8, None),
        ("volume_1d_tao", 43.0, None),
    ]


@pytest.mark.real_data
def test_every_section_of_the_golden_file_has_an_owner(recorded: dict[str, Any]) -> None:
    assert set(recorded) - {"note"} == OURS | set(OF_OTHERS)
