"""TAO Score v3: who is compared, how an unknown input is borne, and how sure a rank is."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from insights.scores.parts import Place
from insights.scores.play import rank_intervals, weightings
from insights.scores.quality import TERMS, score_of_percentiles, score_v3
from insights.scores.rows import ScoreInput, ineligible_because
from insights.scores.weights import effective_weights

KEYS = [term.key for term in TERMS]
GOLDEN_NAMES = {
    "pool_depth_tao": "pool_tao",
    "depth_to_market_cap": "depth_to_market_cap_pct",
    "net_flow_7d": "organic_flow_7d_pct",
    "net_flow_30d": "organic_flow_30d_pct",
    "alpha_supply_growth_30d": "alpha_supply_growth_30d_pct",
    "incentive_burn": "miner_burn",
    "stake_nakamoto": "validator_stake_coldkey_nakamoto",
    "earning_miners": "effective_miners",
    "active_validators": "active_validator_count",
    "validator_trust": "validator_trust_ratio",
    "volatility_30d": "volatility_30d_pct",
    "drawdown_30d": "max_drawdown_30d_pct",
}
GROUPS = {"liquidity": 20, "demand": 20, "fundamentals": 20, "participation": 25, "risk": 15}
FIT = ScoreInput(
    netuid=1,
    values={},
    block=9_000_000,
    registered_at_block=5_000_000,
    price_tao=0.01,
    moving_price_tao=0.009,
    pool_tao=1_000,
    pool_alpha=100_000,
    days_since_start=30,
)


def row(netuid: int, value: float | None, **values: float | None) -> ScoreInput:
    return replace(FIT, netuid=netuid, values=dict.fromkeys(KEYS, value) | values)


def test_less_is_better_where_declared_and_more_elsewhere() -> None:
    scores = score_v3([row(1, 1.0), row(2, 2.0), row(3, 3.0), row(4, 4.0)])
    best = {part.key: part.rating for part in scores[4].parts}
    lower_is_better = {"alpha_supply_growth_30d_pct", "miner_burn", "volatility_30d_pct"}
    assert {key for key, rating in best.items() if rating == 12.5} == lower_is_better
    assert {rating for key, rating in best.items() if key not in lower_is_better} == {87.5}
    assert scores[4].value == pytest.approx(0.27 * 12.5 + 0.73 * 87.5)


def test_equal_subnets_score_50_and_share_the_first_place() -> None:
    scores = score_v3([row(1, 5.0), row(2, 5.0)])
    assert [score.shown for score in scores.values()] == [50.0, 50.0]
    assert scores[1].place == scores[2].place == Place(rank=1, of=2, best=1, worst=1)


def test_an_unknown_input_hands_its_weight_to_its_group_and_an_unknown_group_to_the_others() -> None:
    within_group = effective_weights(TERMS, [key for key in KEYS if key != "organic_flow_7d_pct"])
    assert within_group["organic_flow_30d_pct"] == pytest.approx(0.20)
    assert within_group["max_drawdown_30d_pct"] == pytest.approx(0.08)
    group_gone = effective_weights(TERMS, [key for key in KEYS if not key.startswith("organic_flow")])
    assert group_gone["max_drawdown_30d_pct"] == pytest.approx(0.10)
    assert sum(group_gone.values()) == pytest.approx(1)
    assert effective_weights(TERMS, []) == {}


def test_no_score_under_60_percent_of_the_weight() -> None:
    liquidity_demand_risk = (
        "pool_tao",
        "depth_to_market_cap_pct",
        "organic_flow_7d_pct",
        "organic_flow_30d_pct",
        "volatility_30d_pct",
    )
    too_little = score_of_percentiles(dict.fromkeys(liquidity_demand_risk, 50.0))
    assert (too_little.value, too_little.coverage) == (None, 0.47)
    assert too_little.reason == "Too little known."
    enough = score_of_percentiles(
        dict.fromkeys((*liquidity_demand_risk, "max_drawdown_30d_pct", "active_validator_count"), 50.0)
    )
    assert (enough.shown, enough.coverage) == (50.0, 0.60)
    assert "miner_burn" in enough.unknown


def test_60_percent_cannot_come_from_fewer_than_three_groups() -> None:
    groups = {term.group for term in TERMS}
    for pair in combinations(groups, 2):
        known = [term.key for term in TERMS if term.group in pair]
        assert score_of_percentiles(dict.fromkeys(known, 50.0)).value is None


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"registered_at_block": None}, "registration is unknown"),
        ({"registered_at_block": 0}, "registration is unknown"),
        ({"registered_at_block": 9_000_001}, "registered after"),
        ({"price_tao": None}, "price is unknown"),
        ({"price_tao": 0.0}, "price is unknown"),
        ({"price_tao": float("nan")}, "price is unknown"),
        ({"pool_tao": 0}, "pool is unknown or empty"),
        ({"pool_alpha": None}, "pool is unknown or empty"),
        ({"pool_tao_weight": 1.0}, "weights of its pool"),
        ({"price_tao": 0.0126}, "25 % away"),
        ({"price_tao": 0.0074}, "25 % away"),
        ({"moving_price_tao": None}, "Whether it has started"),
        ({"moving_price_tao": 0.0}, "has not started"),
        ({"days_since_start": None}, "How long ago"),
        ({"days_since_start": 6.9}, "less than 7 days"),
        ({"pool_tao": 99.9, "pool_alpha": 9_990}, "less than 100 TAO"),
    ],
)
def test_who_is_not_compared_and_why(changed: dict[str, Any], word: str) -> None:
    unfit = replace(row(2, 1.0), **changed)
    assert word in ineligible_because(unfit)
    scores = score_v3([row(1, 5.0), unfit])
    assert word in scores[2].reason
    assert scores[2].value is None
    assert scores[1].place is not None
    assert scores[1].place.of == 1


@pytest.mark.parametrize("changed", [{"price_tao": 0.0124}, {"price_tao": 0.0076}, {"days_since_start": 7.0}])
def test_at_the_edge_a_subnet_is_compared(changed: dict[str, Any]) -> None:
    assert ineligible_because(replace(FIT, **changed)) == ""


def test_the_reserve_price_heeds_the_weights_of_the_pool() -> None:
    assert ineligible_because(replace(FIT, price_tao=0.015, pool_tao_weight=0.4)) == ""


def test_an_ineligible_subnet_does_not_move_the_others() -> None:
    rows = [row(netuid, float(netuid)) for netuid in range(1, 6)]
    stranger = replace(row(9, 1e9), moving_price_tao=0.0)
    with_stranger = score_v3([*rows, stranger])
    assert with_stranger.pop(9).value is None
    assert with_stranger == score_v3(rows)


def test_a_netuid_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        score_v3([row(1, 1.0), row(1, 2.0)])


@pytest.mark.parametrize("transform", [lambda v: 1000 * v, lambda v: v**3, lambda v: v - 7])
def test_only_the_order_of_an_input_counts(transform: Callable[[float], float]) -> None:
    def scores(change: Callable[[float], float]) -> list[float | None]:
        rows = [row(n, float(n), pool_tao=change(float((7 * n) % 11))) for n in range(1, 11)]
        return [score.value for score in score_v3(rows).values()]

    assert scores(transform) == scores(lambda value: value)


def test_the_rank_interval_holds_the_rank_and_is_the_same_each_time() -> None:
    rows = [
        replace(FIT, netuid=n, values={key: float((n * (7 + 2 * i)) % 41) for i, key in enumerate(KEYS)})
        for n in range(1, 41)
    ]
    first, second = score_v3(rows), score_v3(rows)
    assert first == second
    places = [score.place for score in first.values() if score.place]
    assert len(places) == 40
    assert all(p.best is not None and p.worst is not None and 1 <= p.best <= p.rank <= p.worst <= 40 for p in places)
    widths = [(p.worst or 0) - (p.best or 0) for p in places]
    assert 0 < sum(widths) / 40 < 20


def test_a_subnet_best_in_everything_is_first_under_any_weights() -> None:
    ranked = {n: dict.fromkeys(KEYS, 10.0 * n) for n in range(1, 6)}
    assert rank_intervals(TERMS, ranked) == {n: (6 - n, 6 - n) for n in range(1, 6)}
    assert rank_intervals(TERMS, {}) == {}


def test_a_draw_gives_each_group_its_weight_within_a_fifth() -> None:
    drawn = weightings(TERMS, 200)
    of_group = {group: [sum(draw[t.key] for t in TERMS if t.group == group) for draw in drawn] for group in GROUPS}
    for group, declared in GROUPS.items():
        assert 0.8 * declared <= min(of_group[group]) < 0.82 * declared
        assert 1.18 * declared < max(of_group[group]) <= 1.2 * declared
    alone = [draw["pool_tao"] / draw["depth_to_market_cap_pct"] for draw in drawn]
    assert 0.8 / 1.2 / 3 <= min(alone) < 0.9 / 3 < 1.1 / 3 < max(alone) <= 1.2 / 0.8 / 3


def test_the_interval_can_be_left_out() -> None:
    place = score_v3([row(1, 1.0)], draws=0)[1].place
    assert place == Place(rank=1, of=1)


def test_the_whole_network_is_scored_in_a_blink() -> None:
    """Generous by a factor of ten: it guards against work that grows with the square of the subnets."""
    rows = [row(n, float(n % 17), organic_flow_7d_pct=None if n % 5 else 1.0) for n in range(1, 513)]
    before = time.process_time()
    score_v3(rows)
    assert time.process_time() - before < 5


@pytest.mark.real_data
def test_every_golden_case_is_reproduced_to_the_digit(real_data: Path) -> None:
    golden = json.loads((real_data / "golden" / "golden_signals.json").read_text())
    cases = golden["tao_score_v3(percentiles already direction-adjusted)"]
    assert len(cases) == 6
    for case in cases:
        expected = case["out"]
        score = score_of_percentiles({GOLDEN_NAMES[name]: value for name, value in case["in"].items()})
        assert (score.shown, score.coverage) == (expected["score"], expected["coverage"])
        found = [
            {
                "input": part.key,
                "effective_weight": pytest.approx(part.weight, rel=1e-9),
                "percentile": part.rating,
                "contribution_exact": pytest.approx(part.points, rel=1e-9),
                "shown": part.shown,
            }
            for part in score.parts
        ]
        assert found == [part | {"input": GOLDEN_NAMES[part["input"]]} for part in expected.get("parts", [])]
