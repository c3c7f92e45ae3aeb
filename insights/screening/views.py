"""The four ways of looking: table, scatter, distribution, signals; and the ready-made pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.http import QueryDict

from insights.pages.tables import Sort
from insights.registry import SCORE
from taoanalytics.lib.metric import Metric

SIZE = "market_cap_tao"
"""What the area of a mark shows unless another is asked for."""
ALL_ALIKE = "none"


@dataclass(frozen=True, slots=True)
class View:
    """`columns` are its own, () where the preset decides; `sorts` its order unless another is asked for.

    `x` and `y` are what its picture draws unless another is asked for, "" where it has none; marks have both, bars
    one. `colour` is the figure that colours a mark, "" where its category does.
    """

    label: str
    columns: tuple[str, ...] = ()
    sorts: tuple[Sort, ...] = (Sort("market_cap_tao", descending=True),)
    x: str = ""
    y: str = ""
    colour: str = ""


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "": View("Table"),
        "scatter": View("Scatter", columns=(SIZE,), x="change_30d_pct", y="change_7d_pct"),
        "histogram": View("Distribution", columns=(SIZE,), x=SCORE.key),
        "signals": View(
            "Signals",
            (
                "buy_signal",
                "buy_signal_composite",
                "change_30d_pct",
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
            x="change_30d_pct",
            y="buy_signal_composite",
            colour="buy_signal",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Axes:
    """What a picture draws: keys of metrics, "" for what the view draws anyway. `logs` is among ("x", "y")."""

    view: View
    x: str = ""
    y: str = ""
    size: str = ""
    logs: tuple[str, ...] = ()

    @classmethod
    def read(cls, asked: QueryDict, metrics: Mapping[str, Metric], view: View) -> "Axes":
        def other(name: str, usual: str, *beside: str) -> str:
            key = asked.get(name, "")
            return key if key != usual and (key in metrics or key in beside) else ""

        logs = ",".join(asked.getlist("log")[:4])[:20].split(",")
        return cls(
            view,
            x=other("x", view.x) if view.x else "",
            y=other("y", view.y) if view.y else "",
            size=other("size", SIZE, ALL_ALIKE) if view.y else "",
            logs=tuple(name for name, usual in (("x", view.x), ("y", view.y)) if usual and name in logs),
        )

    def items(self) -> list[tuple[str, str]]:
        return [("x", self.x), ("y", self.y), ("size", self.size), ("log", ",".join(self.logs))]

    @property
    def across(self) -> str:
        return self.x or self.view.x

    @property
    def upwards(self) -> str:
        return self.y or self.view.y

    @property
    def area(self) -> str:
        """ "" where all marks are alike, or where there are none."""
        return "" if not self.view.y or self.size == ALL_ALIKE else self.size or SIZE

    @property
    def drawn(self) -> tuple[str, ...]:
        """Every figure that the picture shows."""
        return tuple(dict.fromkeys(key for key in (self.across, self.upwards, self.area, self.view.colour) if key))


NOTHING_DRAWN = Axes(VIEWS[""])

PICTURES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("scatter", "Week against month", {}),
    ("scatter", "Emission and size", {"x": "market_cap_tao", "y": "emission_share_pct", "log": "x,y"}),
    ("scatter", "Flow and price", {"x": "organic_flow_7d_pct"}),
    ("scatter", "Bought and sold", {"x": "sold_1d_tao", "y": "bought_1d_tao", "log": "x,y"}),
    ("scatter", "Concentration", {"x": "alpha_stake_coldkey_hhi", "y": "alpha_stake_coldkey_gini"}),
    ("scatter", "Validators and places taken", {"x": "validator_count", "y": "uid_utilisation_pct"}),
    ("scatter", "Score and places taken", {"x": "uid_utilisation_pct", "y": SCORE.key}),
    ("scatter", "Cost and size", {"x": "market_cap_tao", "y": "trade_round_trip_pct", "log": "x,y"}),
    ("histogram", "Score", {}),
    ("histogram", "Concentration of stake", {"x": "alpha_stake_coldkey_hhi"}),
    ("histogram", "Concentration of incentive", {"x": "incentive_hhi"}),
    ("histogram", "Month", {"x": "change_30d_pct"}),
)
"""(view, name, what it draws other than the view does anyway)"""
