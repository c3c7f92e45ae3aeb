"""The parts of a dossier, without a page around them."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from insights.dossier import changes_between, turns_of
from insights.dossier.holders import stakes_by_coldkey, top_holders
from insights.dossier.judgement import steps_of
from insights.dossier.linked_data import data_block
from insights.dossier.trade import asked_size, quote
from insights.scores.parts import Part
from subnets.metrics.pool import Pool
from subnets.models import SubnetIdentity
from taoanalytics.lib.units import RAO
from tests.factories import T0, some_neurons

DAY = timedelta(days=1)


def version(first: int, last: int, **said: str) -> SubnetIdentity:
    """Seen from day `first` to day `last` after T0."""
    return SubnetIdentity(first_seen_at=T0 + first * DAY, last_seen_at=T0 + last * DAY, **said)


def test_each_change_of_identity_is_told_once_newest_first() -> None:
    found = turns_of([version(0, 3, name="A", url="x"), version(4, 9, name="B", url="y", symbol="β")])
    assert [(turn.what, turn.before, turn.after) for turn in found] == [
        ("Renamed", "A", "B"),
        ("Symbol was added", "", ""),
        ("Website changed", "", ""),
    ]
    assert turns_of([version(0, 3, name="A")]) == turns_of([]) == []


def test_what_was_taken_back_is_an_interlude() -> None:
    (turn,) = turns_of([version(0, 9, name="A"), version(3, 4, name="B")])
    assert (turn.before, turn.after, turn.at, turn.until) == ("A", "B", T0 + 3 * DAY, T0 + 4 * DAY)


def test_a_name_that_goes_is_said_to_be_none() -> None:
    (turn,) = turns_of([version(0, 3, name="A"), version(4, 9, name="")])
    assert turn.after == "(no name)"


def test_hyperparameters_that_come_and_go_are_changes() -> None:
    sets: list[Any] = [
        SimpleNamespace(values={"a": 1, "b": 2}, first_seen_at=T0),
        SimpleNamespace(values={"a": 1, "c": 3}, first_seen_at=T0 + DAY),
    ]
    assert [(c.name, c.before, c.after) for c in changes_between(sets)] == [("c", None, 3), ("b", 2, None)]


def test_holders_are_the_owners_of_keys_largest_first() -> None:
    neurons = some_neurons(
        5, coldkeys=["a", "b", "a", "c", "d"], alpha_stake=[3 * RAO, 4 * RAO, 2 * RAO, RAO, 0], hotkeys=list("vwxyz")
    )
    holders = top_holders(stakes_by_coldkey(neurons), {"b": "Bee"})
    assert [(each.coldkey, each.hotkeys, each.alpha) for each in holders] == [("a", 2, 5), ("b", 1, 4), ("c", 1, 1)]
    assert [each.share_pct for each in holders] == [50, 40, 10]
    assert [each.together_pct for each in holders] == [50, 90, 100]
    assert [each.name for each in holders] == ["", "Bee", ""]


def test_nobody_with_stake_is_no_holder() -> None:
    assert top_holders(stakes_by_coldkey(some_neurons(2, alpha_stake=[0, 0])), {}) == []


def test_each_step_starts_where_the_last_ended() -> None:
    parts = [
        Part(label="", group="", inputs=(("pool_tao", 5.0),), rating=50, weight=0.4, points=tenths / 10, tenths=tenths)
        for tenths in (123, 45, 200)
    ]
    assert [step.start for step in steps_of(parts)] == [0, 12.3, 16.8]


@pytest.mark.parametrize(
    ("raw", "size"),
    [("250", 250), ("1,000", 1_000), ("0.5", 0.5), ("", None), (None, None), ("-1", None), ("1e9", None)],
)
def test_a_trade_is_a_positive_number_of_tao(raw: str | None, size: float | None) -> None:
    asked, refused = asked_size(raw)
    assert asked == size
    assert bool(refused) is (asked is None and bool(raw))


def test_a_sale_is_of_alpha_worth_the_trade_at_spot() -> None:
    found = quote(Pool(tao=1_000, alpha=10_000), 100)
    assert found.alpha_sold == pytest.approx(1_000)
    assert found.tao_out == pytest.approx(1_000 * 1_000 / 11_000)
    assert found.alpha_out == pytest.approx(10_000 * 100 / 1_100)
    assert found.round_trip_pct == pytest.approx(100 * 200 / 1_200)


def test_text_cannot_leave_a_data_block() -> None:
    block = data_block({"name": "</script><script>alert(1)</script> application/json"})
    assert block.startswith('<script type="application/ld+json">')
    assert block.count("<") == 2
    assert "application/json" in block
