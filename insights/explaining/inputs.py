"""What an explanation is made from: the figures of one subnet as they are shown, and when they count as moved.

The JSON of it is all that a model sees: declared figures, a category, a tagline that staff wrote. Neither names nor any
text that a subnet says of itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

VERSION = "signal-inputs-1"
LEVELS = 5
SPANS = (1, 7, 30, 60)
"""Days that figures look back over; those of an unknown one may be named too."""
_HASH_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that may be said.

    `value` is rounded to what is shown, in `unit` ("%", "points", "percentile", "τ", "τ per alpha", "rank", "count");
    `shown` is the same as people read it, with sign and unit. `signed`: it can go either way. `days` is the span it
    looks back over. `size_tao` is the trade that a cost is of.
    """

    key: str
    label: str
    group: str
    value: float
    unit: str
    shown: str
    signed: bool = False
    days: int | None = None
    size_tao: float | None = None

    def as_json(self) -> dict[str, Any]:
        told = {"key": self.key, "label": self.label, "group": self.group, "value": self.value, "unit": self.unit}
        return told | {"shown": self.shown} | ({"days": self.days} if self.days else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """`level` is None where there is no signal, and then `reason` says why. `unknown` are labels of unknown parts."""

    observed_at: datetime
    level: int | None
    word: str = ""
    reason: str = ""
    category_slug: str = ""
    category: str = ""
    tagline: str = ""
    unknown: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()

    def of(self, group: str) -> list[Figure]:
        return [figure for figure in self.figures if figure.group == group]

    def figure(self, key: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.key == key), None)

    @property
    def parts(self) -> list[tuple[Figure, Figure | None]]:
        """(percentile, the figure behind it) of each known part of the composite."""
        percentiles = [figure for figure in self.of("part") if figure.unit == "percentile"]
        return [(each, self.figure(each.key.removesuffix(PERCENTILE))) for each in percentiles]

    def as_json(self) -> dict[str, Any]:
        """As it is stored and as a model gets it."""
        return {
            "inputs": VERSION,
            "as_of": self.observed_at.isoformat(timespec="seconds"),
            "signal": {"level": self.level, "of": LEVELS, "word": self.word, "reason": self.reason},
            "category": self.category or None,
            "category_slug": self.category_slug,
            "tagline": self.tagline,
            "unknown": list(self.unknown),
            "figures": [figure.as_json() for figure in self.figures],
        }


PERCENTILE = ":percentile"
"""Behind the key of a part: the key of its percentile."""

_DRIFTS: Mapping[str, tuple[float, float]] = {
    "buy_signal_composite": (3, 0),
    "change_1d_pct": (5, 0),
    "change_7d_pct": (5, 0),
    "change_30d_pct": (10, 0),
    "peers_rank": (2, 0),
    "peers_count": (0, 0),
}
"""{key: (how far a figure may move, how far as a share of itself) without the explanation having to be made anew}"""
_GROUP_DRIFTS: Mapping[str, tuple[float, float]] = {"cost": (1, 0.25), "standing": (0, 0.25)}
_PERCENTILE_DRIFT = (5.0, 0.0)
_UNCOUNTED = (inf, 0.0)  # it follows from others, or its percentile stands for it

DRIFT_WORDS = (
    "It counts as moved when the level, the category, the tagline, the number of peers or what is known changes; when "
    "a percentile moves by more than 5, the composite by more than 3, the rank among peers by more than 2, a change "
    "over 1 or 7 days by more than 5 points or over 30 days by more than 10, a cost by more than a quarter and "
    "1 point, any other figure by more than a quarter."
)
"""The rule of `moved` for readers."""


def input_hash(inputs: Mapping[str, Any], since: Mapping[str, Any] | None = None) -> str:
    """32 hex digits over what an explanation hangs on; `inputs` and `since` as from `Inputs.as_json`.

    A figure that has not drifted from what it was in `since` counts as that, so the hash is the same as that of
    `since` exactly while nothing has moved.
    """
    kept = _counted(since) if since and since.get("inputs") == inputs.get("inputs") else {}
    figures = {
        key: kept[key] if key in kept and not _drifted(key, group, kept[key], value) else value
        for key, (group, value) in _figures(inputs).items()
        if _drift(key, group) != _UNCOUNTED
    }
    written = [(key, f"{value + 0.0:.9g}") for key, value in sorted(figures.items())]  # no database keeps −0 and 1.0
    told = [inputs.get("inputs"), _said(inputs), written]
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=_HASH_BYTES).hexdigest()


def moved(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What has moved since, in words, the weightiest first; empty exactly where the hashes of both are the same."""
    if was.get("inputs") != now.get("inputs"):
        return ["the choice of figures"]
    told = zip(
        ("signal", "category", "tagline", "unknown"), _said(was), _said(now), _words(was), _words(now), strict=True
    )
    said = [f"{name} {before or 'none'} → {after or 'none'}" for name, a, b, before, after in told if a != b]
    before, after = _shown(was), _shown(now)
    old, new = _figures(was), _figures(now)
    for key in dict.fromkeys([*old, *new]):
        group = (old.get(key) or new[key])[0]
        if _drift(key, group) == _UNCOUNTED:
            continue
        if key not in old or key not in new or _drifted(key, group, old[key][1], new[key][1]):
            label = (after.get(key) or before[key])[0]
            said.append(f"{label} {before.get(key, ('', 'unknown'))[1]} → {after.get(key, ('', 'unknown'))[1]}")
    return said


def _figures(inputs: Mapping[str, Any]) -> dict[str, tuple[str, float]]:
    return {each["key"]: (each["group"], each["value"]) for each in inputs.get("figures", ())}


def _counted(inputs: Mapping[str, Any]) -> dict[str, float]:
    return {key: value for key, (_, value) in _figures(inputs).items()}


def _shown(inputs: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["key"]: (each["label"], each["shown"]) for each in inputs.get("figures", ())}


def _said(inputs: Mapping[str, Any]) -> list[Any]:
    return [inputs["signal"]["level"], inputs.get("category_slug"), inputs.get("tagline"), inputs.get("unknown")]


def _words(inputs: Mapping[str, Any]) -> list[str]:
    level = inputs["signal"]["level"]
    unknown = ", ".join(inputs.get("unknown") or ())
    return [str(level or ""), str(inputs.get("category") or ""), str(inputs.get("tagline") or ""), unknown]


def _drift(key: str, group: str) -> tuple[float, float]:
    if key.endswith(PERCENTILE):
        return _PERCENTILE_DRIFT
    return _DRIFTS.get(key) or _GROUP_DRIFTS.get(group) or _UNCOUNTED


def _drifted(key: str, group: str, was: float, now: float) -> bool:
    absolute, share = _drift(key, group)
    return abs(now - was) > max(absolute, share * abs(was))
