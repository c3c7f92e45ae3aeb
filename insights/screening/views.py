"""The four ways of looking: table, scatter, distribution, signals; and the ready-made pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.http import QueryDict

from insights.pages.tables import Sort
from insights.registry import SCORE
from taoanalytics.lib.metric import Metric

DEFAULT_X, DEFAULT_Y, DEFAULT_SIZE = "change_30d_pct", "change_7d_pct", "market_cap_tao"
DEFAULT_DISTRIBUTION = SCORE.key

AXES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"scatter": (DEFAULT_X, DEFAULT_Y), "signals": (DEFAULT_X, "buy_signal_composite")}
)
"""{view with marks: what it draws across and upwards unless another is asked for}"""


@dataclass(frozen=True, slots=True)
class Axes:
    """Keys of metrics; "" is the default. `logs` is among ("x", "y")."""

    x: str = ""
    y: str = ""
    size: str = ""
    logs: tuple[str, ...] = ()

    @classmethod
    def read(cls, asked: QueryDict, metrics: Mapping[str, Metric]) -> "Axes":
        x, y, size = (asked.get(name, "") for name in ("x", "y", "size"))
        logs = ",".join(asked.getlist("log")[:4])[:20].split(",")
        return cls(
            x=x if x in metrics else "",
            y=y if y in metrics else "",
            size=size if size in metrics or size == "none" else "",
            logs=tuple(name for name in ("x", "y") if name in logs),
        )

    def items(self) -> list[tuple[str, str]]:
        return [("x", self.x), ("y", self.y), ("size", self.size), ("log", ",".join(self.logs))]


@dataclass(frozen=True, slots=True)
class View:
    """`columns` are its own, () where the preset decides; `sorts` its order unless another is asked for."""

    label: str
    columns: tuple[str, ...] = ()
    sorts: tuple[Sort, ...] = (Sort("market_cap_tao", descending=True),)

    def keys(self, axes: Axes) -> tuple[str, ...]:
        """What stands beside the picture in the table."""
        if self.label == "Scatter":
            shown = (axes.x or DEFAULT_X, axes.y or DEFAULT_Y, axes.size or DEFAULT_SIZE, DEFAULT_SIZE)
            return tuple(key for key in dict.fromkeys(shown) if key != "none")
        if self.label == "Distribution":
            return (axes.x or DEFAULT_DISTRIBUTION, DEFAULT_SIZE)
        return self.columns


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "": View("Table"),
        "scatter": View("Scatter"),
        "histogram": View("Distribution"),
        "signals": View(
            "Signals",
            (
                "buy_signal",
                "buy_signal_composite",
                "organic_flow_30d_pct",
                "drawdown_60d_pct",
                "max_drawdown_30d_pct",
                "volatility_30d_pct",
                "alpha_supply_growth_30d_pct",
                "trade_round_trip_pct",
                SCORE.key,
                "market_cap_tao",
            ),
            (Sort("buy_signal", descending=True), Sort("buy_signal_composite", descending=True)),
        ),
    }
)

PICTURES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("scatter", "Week against month", {}),
    ("scatter", "Emission and size", {"x": "market_cap_tao", "y": "emission_share_pct", "log": "x,y"}),
    ("scatter", "Flow and price", {"x": "organic_flow_7d_pct", "y": "change_7d_pct"}),
    ("scatter", "Validators and places taken", {"x": "validator_count", "y": "uid_utilisation_pct"}),
    ("scatter", "Cost and size", {"x": "market_cap_tao", "y": "trade_round_trip_pct", "log": "x,y"}),
    ("histogram", "Score", {}),
    ("histogram", "Concentration of stake", {"x": "alpha_stake_coldkey_hhi"}),
    ("histogram", "Concentration of incentive", {"x": "incentive_hhi"}),
    ("histogram", "Month", {"x": "change_30d_pct"}),
)
"""(view, name, its parameters)"""
