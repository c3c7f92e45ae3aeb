"""Scores beside the observations they judge: whole, repeatable, and never of a tenant's predecessor."""

from datetime import timedelta
from typing import Any

import pytest

from insights.board import Board, board
from insights.judge import judge, judge_after, judge_newest, recompute_scores, score_inputs
from insights.judged import judged
from insights.models import ScoreRow
from insights.scores import SIGNAL_VERSION, buy_signals, score_v3
from subnets.backfill import backfill_chain
from subnets.collect import collect_chain
from subnets.models import NetworkSnapshot
from taoanalytics.jobs.models import Generation, JobRun
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, stored

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
V3 = "tao-score-3.0"


@pytest.fixture
def month() -> None:
    """Twelve subnets over 31 days, each with a price path and a pool of its own, that fits its price."""
    for days in range(31, -1, -1):
        stored(*(_subnet(netuid, days) for netuid in range(1, 13)), at=T0 - days * DAY)


def _subnet(netuid: int, days: int) -> Any:
    price = RAO // 10 + netuid * 1_000_000 + (days * netuid * 7919) % 5_000_000
    pool = (1_000 + 500 * netuid) * RAO
    return a_subnet(
        netuid,
        price_rao=price,
        tao_in_rao=pool,
        alpha_in_rao=pool * RAO // price,
        pool_tao_weight=0.5,
        miner_burn=netuid / 20,
        active_validator_count=netuid,
        active_miner_count=20 * netuid,
    )


def scores(version: str = V3) -> dict[int, ScoreRow]:
    newest = NetworkSnapshot.objects.newest_complete()
    rows = ScoreRow.objects.filter(snapshot__network=newest, version=version).select_related("snapshot__subnet")
    return {row.snapshot.subnet.netuid: row for row in rows}


def test_every_subnet_has_a_score_or_the_reason_why_not(month: None) -> None:
    judge_newest()
    found = scores()
    assert sorted(found) == list(range(1, 13))
    assert all((row.value is None) == bool(row.reason) for row in found.values())


def test_what_is_stored_is_what_the_pure_function_says(month: None) -> None:
    judge_newest()
    inputs = score_inputs(NetworkSnapshot.objects.newest_complete())
    expected = score_v3(list(inputs.values()), draws=0)
    for netuid, row in scores().items():
        assert (row.value, row.shown, row.reason) == (
            expected[netuid].value,
            expected[netuid].shown,
            expected[netuid].reason,
        )


def test_a_page_judges_all_subnets_once_whether_or_not_they_are_on_its_board(
    month: None, django_assert_num_queries: Any
) -> None:
    newest, now = NetworkSnapshot.objects.newest_complete(), board()
    rows = list(score_inputs(newest).values())
    assert judged(newest, Board(network=None)).scores == score_v3(rows, draws=0)
    assert judged(newest, now).signals == buy_signals(rows)
    with django_assert_num_queries(0):
        assert judged(newest, now).scores == score_v3(rows, draws=0)


def test_scores_read_the_same_off_the_board(month: None, django_assert_max_num_queries: Any) -> None:
    newest, snapshots = NetworkSnapshot.objects.newest_complete(), [row.snapshot for row in board().rows]
    with django_assert_max_num_queries(1):
        off_the_board = score_inputs(newest, snapshots)
    read = score_inputs(newest)
    assert list(off_the_board) == list(read)
    for judge_all in (score_v3, buy_signals):
        assert judge_all(list(off_the_board.values())) == judge_all(list(read.values()))


def test_when_a_subnet_started_is_its_first_moving_price(month: None) -> None:
    newest = NetworkSnapshot.objects.newest_complete()
    started = a_subnet(20, registered=newest.block - 20 * 7200, moving_price_rao=RAO)
    waiting = a_subnet(20, registered=newest.block - 20 * 7200, moving_price_rao=0)
    for days, facts in ((9, waiting), (5, started), (2, waiting), (1, started)):
        stored(facts, at=T0 + (10 - days) * DAY)
    inputs = {row.netuid: row for row in score_inputs(NetworkSnapshot.objects.newest_complete()).values()}
    assert inputs[20].days_since_start == 4


def test_judging_again_changes_nothing(month: None) -> None:
    assert judge_newest().stored == 1
    generation = Generation.objects.current()
    assert judge_newest().stored == 0
    assert Generation.objects.current() == generation


def test_a_dry_run_counts_and_writes_nothing(month: None) -> None:
    assert recompute_scores(dry_run=True).stored == 32
    assert not ScoreRow.objects.exists()
    assert not JobRun.objects.filter(job="recompute scores").exists()


def test_only_the_newest_snapshot_gets_the_interval_of_its_ranks(month: None) -> None:
    judge(NetworkSnapshot.objects.order_by("observed_at"))
    ranked = ScoreRow.objects.filter(version=V3, rank__isnull=False)
    assert ranked
    newest = NetworkSnapshot.objects.newest_complete()
    assert {row.snapshot.network_id for row in ranked.filter(best_rank__isnull=False)} <= {newest.pk}


def test_an_old_version_that_cannot_tell_leaves_no_row(month: None) -> None:
    judge_newest()
    assert not ScoreRow.objects.exclude(version__in=(V3, SIGNAL_VERSION)).filter(value=None).exists()


def test_a_subnet_that_started_days_ago_is_not_compared(month: None) -> None:
    young = a_subnet(1, registered=7_437_291 - 3 * 7200, price_rao=RAO // 10, pool_tao_weight=0.5)
    stored(young, *(_subnet(netuid, 0) for netuid in range(2, 13)), at=T0 + timedelta(hours=1))
    judge_newest()
    assert "less than 7 days" in scores()[1].reason


def test_history_that_arrives_late_changes_the_scores_that_look_back_at_it(localnet: Any) -> None:
    localnet.start(subnets=12)
    collect_chain()
    judge_newest()
    newest = NetworkSnapshot.objects.newest_complete()
    coverage = {netuid: row.coverage for netuid, row in scores().items()}
    start, end = newest.observed_at - 31 * DAY, newest.observed_at - DAY
    backfill_chain(start=start, end=end)
    judge_after(start, end)
    assert any(row.coverage > coverage[netuid] for netuid, row in scores().items())


def test_queries_do_not_grow_with_history(month: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        judge_newest()
