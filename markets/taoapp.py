"""TAO.app: what its screener says of every subnet, and what its aggregates say of the past.

Contract: `X-API-Key`; lists come bare or as `{"data": […]}`; numbers may be strings or null. Percentages of price and
volume are percent points. Of shares the scale is not documented: see `_scales`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from markets.facts import MarketTable, SubnetMarket
from markets.reading import Read, UnreadableError, amount, line, moment, netuid, number, records
from markets.service import Complaint, Service, uncounted
from subnets.facts import ROOT_NETUID
from taoanalytics.jobs.errors import Permanent, Transient
from taoanalytics.lib.http import Reply

NAME = "TAO.app"
SCREENER = "/api/beta/subnet_screener"
HISTORY = "/api/beta/analytics/dynamic-info/aggregated"
LONGEST_NAME = 128
_ROWS_PER_PAGE = 1000
_MOST_PAGES = 1000

_AMOUNTS = {
    "price_tao": "price",
    "market_cap_tao": "market_cap_tao",
    "fdv_tao": "fdv_tao",
    "pool_tao": "tao_in",
    "pool_alpha": "alpha_in",
    "outside_alpha": "alpha_out",
    "circulating_alpha": "alpha_circ",
    "buy_volume_1d_tao": "buy_volume_tao_1d",
    "sell_volume_1d_tao": "sell_volume_tao_1d",
    "total_volume_1d_tao": "total_volume_tao_1d",
    "highest_60d_tao": "ath_60d",
    "lowest_60d_tao": "atl_60d",
    "gini_top_100": "gini_coeff_top_100",
}
_SIGNED = {
    "price_change_1h_pct": "price_1h_pct_change",
    "price_change_1d_pct": "price_1d_pct_change",
    "price_change_7d_pct": "price_7d_pct_change",
    "price_change_30d_pct": "price_1m_pct_change",
    "net_volume_1h_tao": "net_volume_tao_1h",
    "net_volume_1d_tao": "net_volume_tao_24h",
    "net_volume_7d_tao": "net_volume_tao_7d",
    "buy_volume_change_pct": "buy_volume_pct_change",
    "sell_volume_change_pct": "sell_volume_pct_change",
    "total_volume_change_pct": "total_volume_pct_change",
    "realized_pnl_tao": "realized_pnl_tao",
    "unrealized_pnl_tao": "unrealized_pnl_tao",
}
_SHARES = {
    "alpha_share": "alpha_prop",
    "root_share": "root_prop",
    "emission_share": "emission_pct",
    "emitted_alpha_share": "alpha_emitted_pct",
}
_READERS: dict[str, Read] = {**dict.fromkeys(_AMOUNTS, amount), **dict.fromkeys(_SIGNED, number)}
_IN_HISTORY = ("price_tao", "pool_tao", "pool_alpha", "outside_alpha")


def missing() -> str:
    """What keeps TAO.app from being asked, or ""."""
    return "" if settings.TAO_APP_API_KEY else f"{NAME} left out: TAO_APP_API_KEY is not set"


def taoapp(before_call: Callable[[], None] = uncounted) -> "TaoApp":
    """TAO.app as the settings name it."""
    return TaoApp(
        Service(
            name=NAME,
            root=settings.TAO_APP_URL,
            complaint=_complaint,
            key_header="X-API-Key",
            key=settings.TAO_APP_API_KEY,
            before_call=before_call,
        )
    )


class TaoApp:
    """Questions to TAO.app. All raise Transient or Permanent."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def screener(self) -> Reply:
        """The screener as received; `read_screener` reads it. One call."""
        return self._service.get(SCREENER)

    def history(self, start: datetime, end: datetime, interval: str, netuids: Sequence[int]) -> Iterator[MarketTable]:
        """Price and reserves of each `interval` (1day, 1hour, …) that begins from `start` to `end`, a call a page."""
        page: int | None = 1
        for _ in range(_MOST_PAGES):
            parameters = {
                "interval": interval,
                "netuid": ",".join(map(str, netuids)),
                "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "end": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "page": str(page),
                "page_size": str(_ROWS_PER_PAGE),
            }
            value = self._service.get(HISTORY, parameters).value
            yield _read_history(value)
            page = _next_page(value, page or 1)
            if page is None:
                return
        raise Permanent(f"{NAME} sends more than {_MOST_PAGES:,} pages; ask for a shorter time")


def read_screener(value: Any) -> MarketTable:
    """Every subnet of a screener's reply but root. Raises Permanent for another shape, Transient for an empty one."""
    found = _records(value)
    scales = _scales(found)
    return _table(found, lambda record: _market(record, scales))


def _complaint(value: Any) -> Complaint | None:
    """`{"detail": …}` as FastAPI writes it, or the like."""
    if not isinstance(value, Mapping) or "data" in value:
        return None
    text = next((value[word] for word in ("detail", "error", "message") if value.get(word)), None)
    return None if text is None else Complaint(str(text))


def _records(value: Any) -> list[Any]:
    found = records(value)
    if found is None:
        raise Permanent(f"{NAME} sent neither a list nor data with a list")
    if not found:
        raise Transient(f"{NAME} lists no subnet; an empty answer is not an empty network")
    return found


def _table(found: Sequence[Any], read: Callable[[Mapping[str, Any]], SubnetMarket]) -> MarketTable:
    """One bad row costs itself only; of two rows for the same subnet and time the first holds."""
    rows: dict[tuple[int, datetime | None], SubnetMarket] = {}
    problems = []
    for position, record in enumerate(found, start=1):
        which = f"row {position}"
        try:
            if not isinstance(record, Mapping):
                raise UnreadableError(f"is {record!r:.40}, which is no record")
            which = f"subnet {netuid(record.get('netuid'))}"
            row = read(record)
            if row.netuid == ROOT_NETUID:
                continue
            if rows.setdefault((row.netuid, row.observed_at), row) is not row:
                raise UnreadableError("is there twice")
        except UnreadableError as problem:
            problems.append(f"{which}: {problem}")
    return MarketTable(rows=list(rows.values()), problems=problems)


def _market(record: Mapping[str, Any], scales: Mapping[str, float]) -> SubnetMarket:
    figures: dict[str, Any] = {
        ours: _READERS[ours](record.get(theirs), theirs) for ours, theirs in (_AMOUNTS | _SIGNED).items()
    }
    for ours, theirs in _SHARES.items():
        share = amount(record.get(theirs), theirs)
        figures[ours] = None if share is None else share / scales[theirs]
        if share is not None and share > scales[theirs] * 1.000001:
            raise UnreadableError(f"{theirs} is {share:g}, more than all there is")
    hhi = amount(record.get("hhi"), "hhi")
    # Among fewer than 10,000 holders an index of 0 to 10,000 is never below 1, and one of 0 to 1 never above.
    figures["hhi_points"] = hhi * 10_000 if hhi is not None and hhi <= 1 else hhi
    return SubnetMarket(
        netuid=netuid(record.get("netuid")),
        name=line(record.get("subnet_name"), LONGEST_NAME),
        owner_coldkey=line(record.get("owner_coldkey"), 64),
        **figures,
    )


def _scales(found: Sequence[Any]) -> dict[str, float]:
    """{their field: 100 or 1}: whether a column of shares is in percent, told from the whole column.

    Shares of the network's emission add up to 1 or to 100; of the others some exceed 1 if they are percentages.
    """
    scales = {}
    for theirs in _SHARES.values():
        values = []
        for record in found:
            try:
                value = amount(record.get(theirs), theirs) if isinstance(record, Mapping) else None
            except UnreadableError:
                continue
            if value is not None and value <= 100:
                values.append(value)
        if theirs == "emission_pct":
            in_percent = sum(values) > 2
        else:
            in_percent = sum(value > 1 for value in values) > len(values) // 50  # a slip or two prove nothing
        scales[theirs] = 100.0 if in_percent else 1.0
    return scales


def _read_history(value: Any) -> MarketTable:
    found = records(value)
    if found is None:
        raise Permanent(f"{NAME} sent neither a list nor data with a list")
    return _table(found, _past)


def _past(record: Mapping[str, Any]) -> SubnetMarket:
    figures: dict[str, Any] = {ours: amount(record.get(_AMOUNTS[ours]), _AMOUNTS[ours]) for ours in _IN_HISTORY}
    return SubnetMarket(
        netuid=netuid(record.get("netuid")), observed_at=moment(record.get("timestamp"), "timestamp"), **figures
    )


def _next_page(value: Any, page: int) -> int | None:
    """The page after `page`, if the reply names one; never one that was read already."""
    after = value.get("next_page") if isinstance(value, Mapping) else None
    return after if isinstance(after, int) and after > page else None
