"""Replies with the field names of the real services and figures of our own."""

from typing import Any

from taoanalytics.lib import clock

FIGURES: dict[str, Any] = {
    "symbol": "α",
    "price": 0.1,
    "price_1h_pct_change": 0.5,
    "price_1d_pct_change": -5.0,
    "price_7d_pct_change": 12.25,
    "price_1m_pct_change": None,
    "market_cap_tao": 100_000.0,
    "fdv_tao": 2_100_000.0,
    "tao_in": 10_000.0,
    "alpha_in": 100_000.0,
    "alpha_out": 900_000.0,
    "alpha_circ": 1_000_000.0,
    "alpha_prop": 0.25,
    "root_prop": 0.75,
    "emission_pct": 0.01,
    "alpha_emitted_pct": 0.05,
    "buy_volume_tao_1d": 60.0,
    "sell_volume_tao_1d": 40.0,
    "total_volume_tao_1d": 100.0,
    "net_volume_tao_1h": -1.5,
    "net_volume_tao_24h": 20.0,
    "net_volume_tao_7d": 0.0,
    "buy_volume_pct_change": 3.0,
    "sell_volume_pct_change": -3.0,
    "total_volume_pct_change": 0.0,
    "realized_pnl_tao": -7.0,
    "unrealized_pnl_tao": 7.0,
    "ath_60d": 0.2,
    "atl_60d": 0.05,
    "gini_coeff_top_100": 0.9,
    "hhi": 0.04,
    "github_repo": None,
    "subnet_website": "pending...",
    "owner_coldkey": "5Owner",
    "owner_hotkey": None,
}


def screened(netuid: int = 1, **figures: Any) -> dict[str, Any]:
    """A row of the screener."""
    return {"netuid": netuid, "subnet_name": f"Subnet {netuid}", **FIGURES, **figures}


def priced(**figures: Any) -> dict[str, Any]:
    """A price as /simple/price tells it, half a minute old."""
    told = {
        "usd": 412.5,
        "usd_market_cap": 4.1e9,
        "usd_24h_vol": 1.5e8,
        "last_updated_at": int(clock.now().timestamp()) - 30,
    }
    return {"bittensor": told | figures}
