"""The one read model: every living subnet as of a time, one row each, with all figures joined."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import F

from enrichment.models import Profile
from insights.figures import FACTS, PRICE_USD, Value, figure_of
from insights.models import ScoreRow
from insights.scores import DECLARATIONS, SIGNAL_VERSION
from insights.scores import METRICS as SCORES
from markets.models import TaoPrice
from subnets.metrics import MARKET_CAP, PRICE
from subnets.models import Category, CategoryAssignment, NetworkSnapshot, SubnetIdentity, SubnetSnapshot
from subnets.models.metrics import METRIC_COLUMNS
from taoanalytics.lib.metric import Metric
from taoanalytics.lib.text import clean
from taoanalytics.lib.units import from_rao

T = TypeVar("T")

SPARKLINE_DAYS = 30
_DAY = timedelta(days=1)
_HALF_DAY = timedelta(hours=12)


def display_name(identity: SubnetIdentity | None, netuid: int) -> str:
    """What a subnet calls itself, fit to be shown among other text, or "Subnet 7"."""
    return (_fit(identity.name) if identity else "") or f"Subnet {netuid}"


@lru_cache(maxsize=1024)
def _fit(name: str) -> str:
    """Kept, for a page may name every subnet several times."""
    return clean(name, 80)


@dataclass(frozen=True, slots=True)
class Row:
    """One living subnet. `figures` is keyed by metric; `prices` has one a day in TAO, oldest first, None if unknown.

    `category_source`: who decided the category, of `CategoryAssignment.Source`, or ""; `icon`: the digest of its own.
    """

    snapshot: SubnetSnapshot
    category: Category | None
    figures: Mapping[str, Value]
    prices: tuple[float | None, ...] = ()
    profile: Profile | None = None
    category_source: str = ""
    icon: str = ""

    @property
    def netuid(self) -> int:
        return self.snapshot.subnet.netuid

    @property
    def name(self) -> str:
        """As the chain gave it at that block."""
        return display_name(self.snapshot.identity, self.netuid)

    @property
    def symbol(self) -> str:
        return self.snapshot.identity.symbol if self.snapshot.identity else ""

    @property
    def description(self) -> str:
        return self.snapshot.identity.description if self.snapshot.identity else ""

    @property
    def tagline(self) -> str:
        return self.profile.tagline if self.profile else ""

    @property
    def tagline_source(self) -> str:
        """Whose words the tagline is: one of `Profile.Source`, or "" without one."""
        return str(self.profile.sources.get("tagline", "")) if self.profile else ""

    @property
    def tags(self) -> Sequence[str]:
        return self.profile.tags if self.profile else ()

    @property
    def about(self) -> str:
        """All that is said of what it does: on the chain, by a run or by staff."""
        told = self.profile
        if told is None:
            return self.description
        return "\n".join((self.description, told.tagline, told.what_it_does, told.primary_use, *told.tags))

    def amount(self, metric: Metric) -> float | None:
        value = self.figures.get(metric.key)
        return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Board:
    """`at`: the time that was asked for; None is the newest there is, and nothing later than it may be shown."""

    network: NetworkSnapshot | None
    tao_price: TaoPrice | None = None
    rows: tuple[Row, ...] = ()
    at: datetime | None = None
    _made: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of this board, made once and kept as long as the board is, which is never changed.

        `name` says all that it depends on besides the board, and may take a few values only: a currency, a subnet.
        """
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    @property
    def market_cap_tao(self) -> float | None:
        """Of all subnets whose own is known; None if there is no such subnet."""
        known = [cap for row in self.rows if (cap := row.amount(MARKET_CAP)) is not None]
        return sum(known) if known else None

    @property
    def tao_price_usd(self) -> float | None:
        return self.tao_price.price_usd if self.tao_price else None


def board(at: datetime | None = None, *, past: bool = True) -> Board:
    """The newest complete observation at or before `at` (None: the newest there is); root is not on it.

    Six queries at most, seven for a past time, however long the history is; two fewer without the `past`, which is
    the daily prices.
    """
    network = NetworkSnapshot.objects.newest_complete(at)
    if network is None:
        return Board(network=None, at=at)
    snapshots = _snapshots(network)
    tao_price = TaoPrice.objects.at(network.observed_at)
    categories = _categories(snapshots, at)
    scores = scores_of(network)
    prices = _daily_prices(network) if past else {}
    rows = tuple(
        Row(
            snapshot,
            categories.get(snapshot.subnet_id, (None, ""))[0],
            figures_of(snapshot, scores.get(snapshot.pk, {}), tao_price.price_usd if tao_price else None),
            tuple(prices.get(snapshot.subnet_id, ())),
            profile=_profile(snapshot, at),
            category_source=categories.get(snapshot.subnet_id, (None, ""))[1],
            icon=getattr(snapshot, "icon_digest", None) or "",
        )
        for snapshot in snapshots
    )
    return Board(network=network, tao_price=tao_price, rows=rows, at=at)


def figures_of(snapshot: SubnetSnapshot, scores: Mapping[str, Value], tao_price_usd: float | None) -> dict[str, Value]:
    """{key: value} of every number that is declared: facts, stored metrics, scores, dollars."""
    measured = getattr(snapshot, "metrics", None)
    figures: dict[str, Value] = {metric.key: figure_of(metric, snapshot) for metric in FACTS}
    figures |= measured.values if measured else dict.fromkeys(METRIC_COLUMNS)
    figures |= {metric.key: scores.get(metric.key) for metric in SCORES}
    price = figures[PRICE.key]
    figures[PRICE_USD.key] = None if price is None or tao_price_usd is None else float(price) * tao_price_usd
    return figures


def scores_of(network: NetworkSnapshot) -> dict[int, dict[str, Value]]:
    """{primary key of the snapshot: {metric key: score as shown}}"""
    found: dict[int, dict[str, Value]] = {}
    rows = ScoreRow.objects.filter(snapshot__network=network)
    for snapshot, version, shown, level in rows.values_list("snapshot_id", "version", "shown", "level"):
        scores = found.setdefault(snapshot, {})
        if version == SIGNAL_VERSION:
            scores |= {"buy_signal": level, "buy_signal_composite": shown}
        else:
            scores[DECLARATIONS[version].key] = shown
    return found


def _snapshots(network: NetworkSnapshot) -> list[SubnetSnapshot]:
    """Of the profile without what only the subnet's own page shows, of the icon its digest alone."""
    rows = SubnetSnapshot.objects.explorer_rows(network).select_related("subnet__profile")
    only_on_its_page = [f"subnet__profile__{name}" for name in ("evidence", "provenance", "key_features")]
    return list(rows.defer(*only_on_its_page).annotate(icon_digest=F("subnet__icon__digest")))


def _profile(snapshot: SubnetSnapshot, at: datetime | None) -> Profile | None:
    """What was published by then."""
    profile: Profile | None = getattr(snapshot.subnet, "profile", None)
    return None if profile is None or (at is not None and profile.published_at > at) else profile


def _categories(snapshots: Iterable[SubnetSnapshot], at: datetime | None) -> dict[int, tuple[Category | None, str]]:
    """{subnet row: (its category, who decided it)}: today's, or the one that held at `at`."""
    if at is None:
        return {
            each.subnet_id: (each.subnet.category, getattr(each, "category_source", "") or "") for each in snapshots
        }
    assignments = CategoryAssignment.objects.filter(
        subnet__in=[snapshot.subnet_id for snapshot in snapshots], assigned_at__lte=at
    ).select_related("category")
    return {each.subnet_id: (each.category, each.source) for each in assignments.order_by("assigned_at", "pk")}


def _daily_prices(network: NetworkSnapshot) -> dict[int, list[float | None]]:
    """{subnet row: one price a day in TAO, oldest first}: two queries, of the few snapshots nearest to each day."""
    now = network.observed_at
    oldest = now - SPARKLINE_DAYS * _DAY - _HALF_DAY
    snapshots = NetworkSnapshot.objects.complete_between(oldest, now).values_list("observed_at", "pk")
    times, keys = zip(*snapshots, strict=True)
    days = [_nearest(times, keys, now - back * _DAY) for back in range(SPARKLINE_DAYS, -1, -1)]
    place = {key: index for index, key in enumerate(days) if key is not None}
    prices: dict[int, list[float | None]] = {}
    rows = SubnetSnapshot.objects.filter(network__in=place)
    for subnet, snapshot, price in rows.values_list("subnet_id", "network_id", "price_rao"):
        prices.setdefault(subnet, [None] * len(days))[place[snapshot]] = from_rao(price)
    return prices


def _nearest(times: Sequence[datetime], keys: Sequence[int], wanted: datetime) -> int | None:
    """The key of that of the ascending `times` which is nearest to `wanted`, if it is within half a day."""
    right = bisect_left(times, wanted)
    around = [(abs(times[i] - wanted), keys[i]) for i in (right - 1, right) if 0 <= i < len(times)]
    distance, key = min(around, default=(timedelta.max, 0))
    return key if distance <= _HALF_DAY else None
