"""The recorded history of the real network, once as a whole and once for one subnet."""

import gzip
from datetime import UTC, datetime

import pytest

from markets.models import TaoPrice
from subnets.models import NetworkSnapshot, Subnet, SubnetSnapshot
from taoanalytics.ops.import_history import import_history
from tests.ops.recorded import counts

pytestmark = pytest.mark.real_data


def test_a_year_of_the_real_network_imports_once(recordings, db):
    file = recordings / "network_history_daily.csv.gz"
    report = import_history(file=file)

    assert counts(report) == (40_333, 40_329, 0, 4)
    assert [problem.split(":")[0] for problem in report.problems] == [
        *("line 28,607", "line 31,852", "line 33,640", "line 37,115")
    ]
    assert all("later than block" in problem for problem in report.problems)
    assert NetworkSnapshot.objects.filter(complete=True).count() == NetworkSnapshot.objects.count() == 349
    assert Subnet.objects.count() == 148
    assert SubnetSnapshot.objects.filter(price_rao=None).count() == 9
    assert Subnet.objects.living(NetworkSnapshot.objects.newest_complete()).count() == 128
    first = SubnetSnapshot.objects.get(network__block=4_924_601, subnet__netuid=4)
    assert (first.price_rao, first.tao_in_rao, first.volume_rao) == (328_676_760, 429_333_300_000, 2_158_549_500_000)

    assert counts(import_history(file=file)) == (40_333, 0, 40_329, 4)
    assert SubnetSnapshot.objects.count() == 40_329


def test_one_real_subnet_on_its_own_hides_none_of_the_others(recordings, table, db):
    with gzip.open(recordings / "network_history_daily.csv.gz", "rt", encoding="utf-8") as text:
        header, *lines = text.read().splitlines()
    april = [one for one in lines if one.startswith("2025-04-1")]
    import_history(file=table(*april, header=header))
    later = [one for one in lines if one.startswith("2025-04-2") and one.split(",")[2] == "64"]
    import_history(file=table(*later, header=header))

    newest = NetworkSnapshot.objects.newest_complete()
    assert newest.observed_at == datetime(2025, 4, 19, tzinfo=UTC)
    assert Subnet.objects.get(netuid=64).last_seen_at == datetime(2025, 4, 29, tzinfo=UTC)


def test_real_candles_import_once(recordings, db):
    (file,) = (recordings / "tao_usd").glob("binance_TAOUSDT_1d_*.csv")

    assert counts(import_history(file=file)) == (632, 632, 0, 0)
    assert counts(import_history(file=file)) == (632, 0, 632, 0)
    newest = TaoPrice.objects.at(datetime(2026, 1, 3, tzinfo=UTC))
    assert (newest.price_usd, newest.volume_24h_usd) == (249.2, 24545205.77537)
    assert TaoPrice.objects.at(datetime(2024, 4, 11, 12, tzinfo=UTC)) is None
