"""What is published of a subnet: whose word holds, field by field, and that every page follows."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from enrichment.evaluation import Labelled
from enrichment.labels import curated
from enrichment.models import Correction, Profile
from enrichment.publish import correct, correct_category, publish, release, release_category
from subnets.curation import assign_category, merge_categories
from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.jobs.models import Generation
from tests.enrichment.runs import ANSWER, a_run, by_rules, category


@pytest.fixture
def subnet(db: Any) -> Subnet:
    return Subnet.objects.create(netuid=7, registered_at_block=100)


@pytest.fixture
def staff(db: Any) -> User:
    return User.objects.create_user("ada", is_staff=True)


def published(subnet: Subnet) -> tuple[str | None, str]:
    """(slug of the category, its source) as the record has it; what the subnet row says is the same."""
    newest = CategoryAssignment.objects.newest().get(subnet=subnet)
    assert Subnet.objects.get(pk=subnet.pk).category == newest.category
    return newest.category.slug if newest.category else None, newest.source


def test_an_accepted_run_of_a_model_is_published_with_its_source_and_its_verified_quotes(subnet: Subnet) -> None:
    run = a_run(subnet)
    assert publish([subnet]) == 1
    profile = Profile.objects.get(subnet=subnet)
    assert (profile.tagline, profile.tags, profile.privacy) == ("Rents out graphics cards", ["gpu", "rental"], False)
    assert set(profile.sources.values()) == {"model"}
    assert (profile.confidence, profile.run, profile.flagged) == (72, run, False)
    assert [quote["field"] for quote in profile.evidence] == ["category"]
    assert published(subnet) == ("serverless-compute", "model")


def test_a_run_that_was_not_accepted_changes_nothing_that_was_published_before(subnet: Subnet) -> None:
    a_run(subnet)
    publish([subnet])
    a_run(subnet, "finance-trading", accepted=False, payload=ANSWER | {"tagline": "Buy now"})
    assert publish([subnet]) == 0
    assert Profile.objects.get().tagline == "Rents out graphics cards"


def test_the_generation_moves_once_when_something_changed_and_not_otherwise(subnet: Subnet) -> None:
    a_run(subnet)
    before = Generation.objects.current()
    publish([subnet])
    assert Generation.objects.current() == before + 1
    assert publish([subnet]) == 0
    assert Generation.objects.current() == before + 1


def test_the_same_answer_again_keeps_the_day_of_publication_and_names_the_newer_run(subnet: Subnet) -> None:
    a_run(subnet)
    publish([subnet])
    before = Profile.objects.get().published_at
    again = a_run(subnet)
    assert publish([subnet]) == 0
    profile = Profile.objects.get()
    assert (profile.published_at, profile.run) == (before, again)


def test_without_a_model_the_rules_category_and_the_subnets_own_words_are_published(subnet: Subnet) -> None:
    by_rules(subnet)
    publish([subnet])
    profile = Profile.objects.get()
    assert (profile.tagline, profile.sources, profile.quoted_from) == (
        "We serve data.",
        {"tagline": "quoted"},
        "readme",
    )
    assert published(subnet) == ("data-feeds", "rules")


def test_rules_that_abstain_leave_a_subnet_unclassified_and_still_quote_it(subnet: Subnet) -> None:
    by_rules(subnet, None)
    publish([subnet])
    assert not CategoryAssignment.objects.exists()
    assert Profile.objects.get().tagline == "We serve data."


def test_rules_that_abstain_today_take_back_what_they_said_before(subnet: Subnet) -> None:
    by_rules(subnet)
    publish([subnet])
    by_rules(subnet, None)
    publish([subnet])
    assert published(subnet) == (None, "rules")


def test_a_model_overrules_the_simulated_network_and_the_rules_do_not(subnet: Subnet) -> None:
    assign_category(subnet=subnet, category=category("consumer-ai"), source=CategoryAssignment.Source.SIMULATED)
    by_rules(subnet)
    publish([subnet])
    assert published(subnet) == ("consumer-ai", "simulated")
    a_run(subnet)
    publish([subnet])
    assert published(subnet) == ("serverless-compute", "model")


def test_a_person_s_category_holds_against_every_run_until_it_is_released(subnet: Subnet, staff: User) -> None:
    a_run(subnet)
    correct_category(subnet, category("finance-trading"), staff, "it trades")
    a_run(subnet, "data-feeds")
    publish([subnet])
    assert published(subnet) == ("finance-trading", "curated")
    assert Profile.objects.get().evidence == []
    assert curated([subnet]) == {subnet.pk: Labelled("finance-trading")}
    release_category(subnet, staff, "the run is right")
    assert published(subnet) == ("data-feeds", "model")
    newest = CategoryAssignment.objects.first()
    assert newest is not None
    assert (newest.assigned_by, newest.reason) == (staff, "the run is right")
    assert curated([subnet]) == {}


def test_a_corrected_field_holds_against_every_run_until_it_is_released(subnet: Subnet, staff: User) -> None:
    a_run(subnet)
    correct(subnet, "tagline", "Cards  by the minute", staff, "shorter")
    a_run(subnet, payload=ANSWER | {"tagline": "Another one", "primary_use": "Rendering"})
    publish([subnet])
    profile = Profile.objects.get()
    assert (profile.tagline, profile.sources["tagline"]) == ("Cards by the minute", "curated")
    assert (profile.primary_use, profile.sources["primary_use"]) == ("Rendering", "model")
    release(subnet, "tagline", staff, "")
    assert Profile.objects.get().tagline == "Another one"
    assert [c.released for c in Correction.objects.all()] == [True, False]


def test_a_field_that_a_person_emptied_is_published_empty_and_without_a_source(subnet: Subnet, staff: User) -> None:
    a_run(subnet)
    correct(subnet, "tagline", "", staff, "untrue")
    profile = Profile.objects.get()
    assert profile.tagline == ""
    assert "tagline" not in profile.sources


def test_a_flag_of_a_published_run_is_published_with_it(subnet: Subnet) -> None:
    a_run(subnet, flags=["instructs"])
    publish([subnet])
    assert Profile.objects.get().flagged


def test_a_new_tenant_of_the_netuid_starts_from_nothing(subnet: Subnet) -> None:
    a_run(subnet)
    publish([subnet])
    newcomer = Subnet.objects.create(netuid=7, registered_at_block=200)
    assert publish([newcomer]) == 0
    assert not Profile.objects.filter(subnet=newcomer).exists()
    assert newcomer.category is None


def test_texts_that_break_every_rule_are_cut_and_cleaned(subnet: Subnet) -> None:
    hostile = {
        "tagline": "\u202eevil " + "x" * 500,
        "key_features": "not a list",
        "tags": ["a" * 500, 7, "ok", "ok", *map(str, range(20))],
        "privacy": "yes",
        "what_it_does": None,
    }
    a_run(subnet, payload=hostile, provenance=[], evidence={"field": "tagline"})
    publish([subnet])
    profile = Profile.objects.get()
    assert len(profile.tagline) == 160
    assert "\u202e" not in profile.tagline
    assert (profile.key_features, profile.privacy, profile.what_it_does) == ([], None, "")
    assert len(profile.tags) == 6
    assert max(map(len, profile.tags)) <= 32


def test_a_hundred_subnets_are_read_in_seven_queries(subnet: Subnet, django_assert_max_num_queries: Any) -> None:
    others = Subnet.objects.bulk_create(Subnet(netuid=n, registered_at_block=1) for n in range(10, 110))
    for each in others:
        a_run(each)
    publish(others)
    with django_assert_max_num_queries(7 + 2):  # and the savepoint
        assert publish(others) == 0


def test_merging_moves_every_subnet_and_the_runs_follow(subnet: Subnet, staff: User) -> None:
    a_run(subnet)
    publish([subnet])
    source, target = category("serverless-compute"), category("confidential-compute")
    assert merge_categories(source=source, target=target, by=staff, reason="one kind") == 1
    assert published(subnet) == ("confidential-compute", "model")
    a_run(subnet)
    publish([subnet])
    assert published(subnet) == ("confidential-compute", "model")
    assert source not in Category.objects.in_use()
    source.refresh_from_db()
    with pytest.raises(ValueError, match="in use"):
        merge_categories(source=source, target=target)
