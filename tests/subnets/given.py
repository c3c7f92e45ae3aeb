"""What tests of metrics are given: inputs in which nothing is known but what a test says, and golden cases."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from subnets.facts import NeuronColumns
from subnets.metrics import (
    DailyPoint,
    NeuronsAt,
    Observation,
    SubnetInputs,
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
