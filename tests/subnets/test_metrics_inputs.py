"""What the metrics are given; also the makers of such inputs for the other tests of metrics."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from subnets.facts import IdentityFacts, NeuronColumns, SubnetFacts
from subnets.metrics import (
    DAILY_FIELDS,
    REPORTED_FIELDS,
    TOLERANCES,
    DailyPoint,
    NeuronsAt,
    Observation,
    Span,
    SubnetInputs,
    nearest,
)
from taoanalytics.lib.units import RAO

BLOCK = 9_400_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)
needs_real_data = pytest.mark.skipif("REAL_DATA_DIR" not in os.environ, reason="REAL_DATA_DIR is not set")


def real_data(path: str) -> Path:
    return Path(os.environ["REAL_DATA_DIR"]) / path


def golden(case: str) -> list[tuple[list[Any], Any]]:
    """[(arguments, what the predecessor computed)] of one of its functions."""
    cases = json.loads(real_data("golden/golden_calc.json").read_text())
    return [(each["in"], each["out"]) for each in cases[case]]


def observation(days_ago: float = 0.0, **reported: Any) -> Observation:
    """At BLOCK and NOW, or so many days before; amounts as given, in rao."""
    at = {"block": BLOCK - round(days_ago * 7200), "observed_at": NOW - timedelta(days=days_ago)}
    return Observation(**at | reported)


def day(days_ago: float, price: float | None = None, **reported: Any) -> DailyPoint:
    """One point of the daily series; the price in TAO."""
    price_rao = None if price is None else round(price * RAO)
    return DailyPoint(
        block=BLOCK - round(days_ago * 7200),
        observed_at=NOW - timedelta(days=days_ago),
        price_rao=price_rao,
        **reported,
    )


def subnet(now: Observation | None = None, **given: Any) -> SubnetInputs:
    return SubnetInputs(**{"netuid": 7, "registered_at_block": 5_000_000, "now": now or observation()} | given)


def neurons(count: int, **columns: Sequence[Any] | None) -> NeuronColumns:
    """So many neurons with keys of their own and nothing else, but for the given columns."""
    blank: dict[str, Any] = {
        "hotkeys": [f"hot{uid}" for uid in range(count)],
        "coldkeys": [f"cold{uid}" for uid in range(count)],
        "active": [True] * count,
        "validator_permit": [False] * count,
        "last_update": [BLOCK] * count,
        "block_at_registration": [BLOCK - 10_000] * count,
        "validator_trust": [0] * count,
    }
    for name in ("emission", "dividends", "incentives", "consensus", "alpha_stake", "tao_stake", "total_stake"):
        blank[name] = [0] * count
    return NeuronColumns(**blank | columns)


def at_now(columns: NeuronColumns) -> NeuronsAt:
    return NeuronsAt(block=BLOCK, observed_at=NOW, columns=columns)


def test_an_observation_takes_over_what_a_reading_of_the_chain_reports() -> None:
    facts = SubnetFacts(
        netuid=7, registered_at_block=1, identity=IdentityFacts(), price_rao=5, tao_in_rao=0, tempo=360, miner_burn=0.5
    )
    taken = Observation.of(facts, block=9, observed_at=NOW)
    assert (taken.block, taken.observed_at, taken.price_rao) == (9, NOW, 5)
    assert (taken.tao_in_rao, taken.alpha_in_rao) == (0, None)
    assert (taken.tempo, taken.miner_burn) == (360, 0.5)


def test_the_fields_to_read_are_columns_of_the_snapshot_table() -> None:
    from subnets.models import SubnetSnapshot

    columns = {field.name for field in SubnetSnapshot._meta.get_fields()}
    assert set(REPORTED_FIELDS) <= columns
    assert set(DAILY_FIELDS) <= columns


@pytest.mark.parametrize("span", list(Span))
def test_the_nearest_observation_stands_for_one_span_ago(span: Span) -> None:
    at = NOW - span.value
    far = Observation(block=2, observed_at=at + TOLERANCES[span])
    near = Observation(block=1, observed_at=at - TOLERANCES[span] / 2)
    assert nearest([far, near], NOW, span) is near
    assert nearest([far], NOW, span) is far


@pytest.mark.parametrize("span", list(Span))
def test_nothing_stands_for_one_span_ago_beyond_the_tolerance(span: Span) -> None:
    beyond = TOLERANCES[span] + timedelta(seconds=1)
    around = [Observation(block=1, observed_at=NOW - span.value + sign * beyond) for sign in (-1, 1)]
    assert nearest(around, NOW, span) is None
    assert nearest([], NOW, span) is None


def test_of_two_equally_near_the_earlier_is_taken() -> None:
    wanted = NOW - Span.DAY.value
    hour = timedelta(hours=1)
    later = DailyPoint(block=2, observed_at=wanted + hour)
    earlier = DailyPoint(block=1, observed_at=wanted - hour)
    assert nearest([later, earlier], NOW, Span.DAY) is earlier


def test_each_tolerance_is_shorter_than_its_span() -> None:
    assert set(TOLERANCES) == set(Span)
    assert all(2 * TOLERANCES[span] < span.value for span in Span)
