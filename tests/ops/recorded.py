"""Lines of recorded history, as files for import_history hold them."""

CANDLES = (
    "open_time,open,high,low,close,volume,close_time,quote_asset_volume,trades,"
    "taker_buy_base,taker_buy_quote,ignore,open_time.1,open_time"
)
BASE = {
    "observed_at": "2025-03-01T00:00:00Z",
    "block": "5000",
    "netuid": "1",
    "registered_at_block": "100",
    "name": "apex",
    "symbol": "α",
    "price_tao": "0.5",
    "moving_price_tao": "0.25",
    "tao_in_tao": "10",
    "alpha_in": "20",
    "alpha_out": "30",
    "tao_in_emission_tao": "0.1",
    "volume_tao_cumulative": "40",
    "validators": "11",
    "active_validators": "10",
    "active_miners": "240",
    "active_keys": "256",
    "max_uids": "256",
    "tempo": "360",
    "incentive_burn": "0.5",
    "owner_coldkey": "5Owner",
}
NETWORK = ",".join(BASE)


def line(**cells):
    return ",".join((BASE | {name: str(value) for name, value in cells.items()}).values())


def day(number, netuid=1, **cells):
    """A line of the given day of March 2025; a block is as high as its day is late."""
    return line(observed_at=f"2025-03-{number:02}T00:00:00Z", block=5000 + number, netuid=netuid, **cells)


def candle(close="230.4", closes="1767311999999", volume="7743970.5"):
    return f"2026-01-01 00:00:00+00:00,219.2,230.4,218.3,{close},34526.6,{closes},{volume},39222,1,2,0,,"


def counts(report):
    return report.seen, report.stored, report.skipped, report.failed
