"""Whom a model is asked about, and when again."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from enrichment import tasks
from enrichment.enrich import enrich, enrich_subnet, send_due
from enrichment.models import EnrichmentRun, LedgerEntry, Profile
from subnets.models import Category
from taoanalytics.jobs.errors import Transient
from taoanalytics.jobs.models import JobRun
from taoanalytics.lib import clock
from tests.enrichment import acts
from tests.enrichment.conftest import OTHER, SAYS, networks
from tests.enrichment.runs import aged, runs
from tests.enrichment.vendor import Vendor


def test_what_has_not_changed_is_not_asked_again_unless_by_force(model: Vendor) -> None:
    networks({1: SAYS, 2: OTHER})
    enrich()
    report = enrich()
    assert (report.stored, report.skipped, len(model.asked)) == (0, 2, 2)
    assert len(runs("rules")) == 2
    enrich(netuids=[1], force=True)
    assert len(model.asked) == 3
    assert model.asked[2].key not in {asked.key for asked in model.asked[:2]}


def test_after_a_refusal_the_same_question_is_put_again_only_days_later(model: Vendor) -> None:
    networks({1: SAYS})
    model.behave(acts.refused)
    enrich()
    enrich()
    assert len(model.asked) == 1
    aged(days=1.1)
    enrich()
    assert len(model.asked) == 2
    aged(days=1.1)
    enrich()
    assert len(model.asked) == 2  # twice as long now


def test_texts_that_changed_are_asked_about_after_a_week_and_only_if_they_differ(model: Vendor) -> None:
    networks({1: SAYS})
    enrich()
    networks({1: OTHER})
    enrich()
    assert len(model.asked) == 1  # it was looked at just now
    aged(days=8)
    enrich()
    assert len(model.asked) == 2
    aged(days=8)
    networks({1: OTHER.upper()})
    enrich()
    assert len(model.asked) == 2
    assert len(runs("rules")) == 3  # rules cost nothing: they follow at once


def test_a_changed_pipeline_or_age_makes_every_subnet_due(model: Vendor) -> None:
    networks({1: SAYS})
    enrich()
    Category.objects.filter(slug="dev-tooling").update(description="Tools, and nothing but tools.")
    enrich()
    assert len(model.asked) == 2
    aged(days=91)
    enrich()
    assert len(model.asked) == 3


def test_a_new_tenant_of_a_netuid_starts_from_nothing(model: Vendor) -> None:
    networks({1: SAYS})
    enrich()
    (tenant,) = networks({1: SAYS}, registered=6_000_000)
    enrich()
    assert len(model.asked) == 2
    assert EnrichmentRun.objects.filter(subnet=tenant, method="model").count() == 1


def test_what_says_nothing_is_not_asked_about(model: Vendor) -> None:
    networks({1: "", 2: SAYS})
    enrich()
    assert len(model.asked) == 1
    assert [run.thin for run in runs("rules")] == [True, False]


def test_max_bounds_how_many_are_asked_and_those_never_asked_come_first(model: Vendor, settings: LazySettings) -> None:
    settings.LLM_CONCURRENCY = 1
    networks({1: SAYS, 2: OTHER, 3: SAYS})
    enrich(netuids=[1])
    enrich(force=True, most=1)
    assert [asked.lines[0][1] for asked in model.asked] == ["Subnet 1", "Subnet 2"]


def test_tasks_go_out_for_what_is_due_and_repeating_one_asks_nothing_twice(model: Vendor) -> None:
    rows = networks({1: SAYS, 2: OTHER})
    sent: list[int] = []
    send_due(send=sent.append)
    assert sent == [row.pk for row in rows]
    for pk in (*sent, *sent):
        tasks.enrich_subnet(subnet=pk)
    assert len(model.asked) == 2
    assert Profile.objects.count() == 2


def test_before_the_first_collection_the_schedule_tries_again_soon(db: None) -> None:
    with pytest.raises(Transient):
        send_due(send=lambda pk: None)


def test_tasks_leave_a_gone_quota_alone_for_an_hour_and_never_ask_for_a_simulated_network(
    model: Vendor, settings: LazySettings
) -> None:
    first, second = networks({1: SAYS, 2: OTHER})
    model.behave(acts.quota_gone)
    assert enrich_subnet(subnet=first.pk).failed == 1
    assert enrich_subnet(subnet=second.pk).failed == 0
    assert len(model.asked) == 1
    LedgerEntry.objects.update(asked_at=clock.now() - timedelta(hours=2))
    settings.SIMULATED = True
    tasks.enrich_subnet(subnet=second.pk)
    assert len(model.asked) == 1


def test_a_task_leaves_its_subnet_to_a_run_that_is_under_way(model: Vendor) -> None:
    (row,) = networks({1: SAYS})
    JobRun.objects.create(job="enrich", host="elsewhere", pid=1)
    assert enrich_subnet(subnet=row.pk).skipped == 1
    assert model.asked == []


def test_a_position_in_the_list_of_categories_makes_nothing_due(model: Vendor) -> None:
    networks({3: SAYS})
    enrich()
    Category.objects.filter(slug="dev-tooling").update(position=0)
    assert (enrich().stored, len(model.asked)) == (0, 1)
    Category.objects.filter(slug="dev-tooling").update(description="Tools for those who write programs.")
    assert (enrich().stored, len(model.asked)) == (1, 2)
