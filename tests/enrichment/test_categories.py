"""Categories in the admin: renamed, described, merged, and merges undone."""

from typing import Any

from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from enrichment.models import LedgerEntry
from enrichment.publish import correct_category, publish
from subnets.curation import merge_categories
from subnets.models import Category, CategoryAssignment, CategoryMerge, Subnet
from taoanalytics.jobs.models import Generation
from tests.answered import text_of
from tests.enrichment.runs import a_run

CATEGORIES = "admin:subnets_category_changelist"


def test_a_merge_says_first_what_moves_and_is_on_record(
    living: dict[int, Subnet], admin_client: Client, admin_user: User
) -> None:
    a_run(living[1])
    publish([living[1]])
    source, target = (Category.objects.get(slug=slug) for slug in ("serverless-compute", "confidential-compute"))
    form = {"action": "merge", "_selected_action": [source.pk], "into": target.pk, "reason": "one kind"}
    asked = text_of(admin_client.post(reverse(CATEGORIES), form, follow=True))
    assert "1 subnet would move" in asked
    assert f"{living[1].netuid} {living[1].name} (model)" in asked
    source.refresh_from_db()
    assert source.merged_into is None

    confirmed = form | {"confirmed": "yes"}
    assert "Say why" in text_of(admin_client.post(reverse(CATEGORIES), confirmed | {"reason": " "}, follow=True))
    assert "1 subnets moved" in text_of(admin_client.post(reverse(CATEGORIES), confirmed, follow=True))
    source.refresh_from_db()
    assert source.merged_into == target
    newest = CategoryAssignment.objects.newest().get(subnet=living[1])
    assert (newest.category, newest.assigned_by, newest.reason) == (target, admin_user, "one kind")
    merge = CategoryMerge.objects.get()
    assert (merge.source, merge.target, merge.by, merge.reason) == (source, target, admin_user, "one kind")
    assert [each["netuid"] for each in merge.moved] == [living[1].netuid]
    record = text_of(admin_client.get(reverse("admin:subnets_categorymerge_change", args=[merge.pk])))
    assert f"{living[1].netuid} {living[1].name} (model)" in record

    without = text_of(admin_client.post(reverse(CATEGORIES), confirmed | {"into": ""}, follow=True))
    assert "Choose beside the action" in without
    assert "must be in use" in text_of(admin_client.post(reverse(CATEGORIES), confirmed, follow=True))
    assert "Nothing would happen" in text_of(admin_client.post(reverse(CATEGORIES), form, follow=True))


def test_a_merge_is_undone_but_for_what_was_decided_since(
    living: dict[int, Subnet], admin_client: Client, admin_user: User
) -> None:
    for netuid in (1, 2):
        a_run(living[netuid])
    publish(living.values())
    source, target, third, old = (
        Category.objects.get(slug=slug)
        for slug in ("serverless-compute", "confidential-compute", "dev-tooling", "data-feeds")
    )
    merge_categories(source=old, target=source, by=admin_user, reason="earlier")
    merge_categories(source=source, target=target, by=admin_user, reason="one kind")
    correct_category(living[2], third, admin_user, "it is a tool")
    merge = CategoryMerge.objects.get(source=source)
    address = reverse("admin:subnets_categorymerge_changelist")
    form = {"action": "undo", "_selected_action": [merge.pk], "reason": ""}
    assert "Say beside the action why" in text_of(admin_client.post(address, form, follow=True))
    before = Generation.objects.current()
    form["reason"] = "they are two"
    said = text_of(admin_client.post(address, form, follow=True))
    assert "1 subnets went back. 1 stay, decided otherwise since." in said
    assert Generation.objects.current() > before
    held = {row.netuid: row.category for row in Subnet.objects.filter(pk__in=[living[1].pk, living[2].pk])}
    assert held == {living[1].netuid: source, living[2].netuid: third}
    newest = CategoryAssignment.objects.newest().get(subnet=living[1])
    assert (newest.source, newest.assigned_by, newest.reason) == ("model", admin_user, "they are two")
    source.refresh_from_db()
    old.refresh_from_db()
    merge.refresh_from_db()
    assert (source.merged_into, old.merged_into) == (None, source)
    assert (merge.undone_by, merge.undone_why) == (admin_user, "they are two")
    assert publish(living.values()) == 0
    assert "cannot be undone" in text_of(admin_client.post(address, form, follow=True))


def test_what_a_changed_category_costs_stands_beside_its_words(
    living: dict[int, Subnet], admin_client: Client, settings: LazySettings
) -> None:
    category = Category.objects.get(slug="data-feeds")
    address = reverse("admin:subnets_category_change", args=[category.pk])
    settings.LLM_ENABLED = False
    assert "nothing is due" in text_of(admin_client.get(address))

    settings.LLM_ENABLED, settings.LLM_API_KEY, settings.LLM_BASE_URL = True, "sk-x", "http://127.0.0.1:9/v1"
    settings.LLM_MODEL, settings.LLM_ASSUMED_USD = "nobody-knows-it", []
    a_run(living[1])
    assert "1 subnets, at an unknown cost: the price of nobody-knows-it is unknown" in text_of(
        admin_client.get(address)
    )
    settings.LLM_ASSUMED_USD = [1.0, 10.0]
    assert "at the assumed price" in text_of(admin_client.get(address))
    for purpose, usd in (("classify", "0.002"), ("classify", "0.004"), ("escalate", "0.03"), ("insight", "9")):
        LedgerEntry.objects.create(purpose=purpose, outcome="ok", host="h", model_asked="m", cost_usd=usd)
    said = text_of(admin_client.get(address))
    assert "1 subnets, about $0.0180: $0.01800 each, the mean of 2 classifications" in said
    asked = admin_client.post(
        reverse(CATEGORIES),
        {"action": "merge", "_selected_action": [category.pk], "into": Category.objects.get(slug="dev-tooling").pk},
    )
    assert "about $0.0180" in text_of(asked)


def test_a_category_is_renamed_and_recoloured_and_keeps_its_address(db: Any, admin_client: Client) -> None:
    category = Category.objects.get(slug="data-feeds")
    form = {"name": "Oracles", "code": "ORA", "family": "trust", "cut": "frame", "position": 3, "slug": "other"}
    before = Generation.objects.current()
    address = reverse("admin:subnets_category_change", args=[category.pk])
    assert admin_client.post(address, form).status_code == 302
    category.refresh_from_db()
    assert (category.name, category.family, category.slug) == ("Oracles", "trust", "data-feeds")
    assert Generation.objects.current() > before
