"""Recorded candles of TAO in dollars."""

from datetime import UTC, datetime

import pytest

from markets.models import TaoPrice
from taoanalytics.jobs.errors import Permanent
from tests.ops.recorded import CANDLES, candle, counts


def test_candles_become_prices_at_their_close(imported):
    report = imported(candle(), candle(close="249.2", closes="1767398399999", volume=""), header=CANDLES)

    assert counts(report) == (2, 2, 0, 0)
    later, earlier = TaoPrice.objects.all()
    assert (earlier.source, earlier.price_usd, earlier.volume_24h_usd) == ("import", 230.4, 7743970.5)
    assert earlier.observed_at == datetime(2026, 1, 1, 23, 59, 59, 999000, tzinfo=UTC)
    assert (later.price_usd, later.volume_24h_usd) == (249.2, None)
    assert counts(imported(candle(), header=CANDLES)) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (candle(close="abc"), "close is 'abc', which is not an amount"),
        (candle(close="nan"), "close is 'nan', which is not an amount"),
        (candle(close="-1"), "close is '-1', which is not an amount"),
        (candle(close="1e999"), "close is '1e999', which is not an amount"),
        (candle(close="0"), "close is empty or zero"),
        (candle(close=""), "close is empty or zero"),
        (candle(volume="inf"), "quote_asset_volume is 'inf'"),
        (candle(closes="soon"), "close_time is 'soon'"),
        (candle(closes="9" * 30), "close_time is '999"),
        (candle(closes="250000000000000"), "yet to come"),
        (candle(close="231"), "says otherwise than line 2 of the same close_time"),
        (candle()[:30], "cells under 14 column names"),
    ],
)
def test_a_bad_candle_is_named_with_its_reason_and_costs_only_itself(imported, bad, reason):
    report = imported(candle(), bad, candle(closes="1767398399999"), header=CANDLES)

    assert counts(report) == (3, 2, 0, 1)
    assert report.problems[0].startswith("line 3: ")
    assert reason in report.problems[0]


def test_candles_with_a_moved_column_are_refused(imported):
    with pytest.raises(Permanent, match=r"differs at low, close$"):
        imported(header=CANDLES.replace("low,close", "close,low"))
