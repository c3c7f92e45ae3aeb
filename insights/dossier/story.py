"""What changed about one tenant, in words: its name and what it says of itself, its hyperparameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from subnets.models import HyperparameterSet, SubnetIdentity

_FIELDS = (
    ("symbol", "Symbol"),
    ("description", "Description"),
    ("url", "Website"),
    ("github", "Repository"),
    ("discord", "Discord"),
    ("contact", "Contact"),
    ("logo_url", "Logo"),
    ("additional", "Other words"),
    ("owner_coldkey", "Owner coldkey"),
    ("owner_hotkey", "Owner hotkey"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One hyperparameter took another value, first seen `at`."""

    at: datetime
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Turn:
    """Something about the identity changed, first seen `at`: `what` in words, from `before` to `after` where short.

    `until` is when a change that was taken back was last seen.
    """

    at: datetime
    what: str
    before: str = ""
    after: str = ""
    until: datetime | None = None


def changes_between(sets: Sequence[HyperparameterSet]) -> list[Change]:
    """What differs from each set to the next, `sets` oldest first; the newest change comes first."""
    found = []
    for before, after in pairwise(sets):
        names = sorted({*before.values, *after.values})
        found += [
            Change(after.first_seen_at, name, before.values.get(name), after.values.get(name))
            for name in names
            if before.values.get(name) != after.values.get(name)
        ]
    return found[::-1]


def turns_of(identities: Sequence[SubnetIdentity]) -> list[Turn]:
    """What changed from version to version, the newest first.

    A version that was seen both before and after another one is one version: what lay between is told as an
    interlude and not as two changes.
    """
    in_order = sorted(identities, key=lambda each: (each.first_seen_at, each.last_seen_at))
    turns: list[Turn] = []
    standing: SubnetIdentity | None = None
    for version in in_order:
        if standing is None:
            standing = version
        elif version.last_seen_at < standing.last_seen_at:
            turns += _differences(standing, version, until=version.last_seen_at)
        else:
            turns += _differences(standing, version)
            standing = version
    return sorted(turns, key=lambda turn: turn.at, reverse=True)


def _differences(before: SubnetIdentity, after: SubnetIdentity, until: datetime | None = None) -> list[Turn]:
    at, turns = after.first_seen_at, []
    if before.name != after.name:
        turns.append(Turn(at, "Renamed", before.name or "(no name)", after.name or "(no name)", until))
    for field, words in _FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        verb = "was added" if not old else "was taken away" if not new else "changed"
        turns.append(Turn(at, f"{words} {verb}", until=until))
    return turns
