"""The curation queue and its desk: what staff see, in which order, and what each button does."""

import html
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.admin import site
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from enrichment.models import ContextSource, Correction, Curation, EnrichmentRun, LedgerEntry, ModelPrice, Profile
from enrichment.publish import correct_category, labels, publish
from subnets.curation import merge_categories
from subnets.models import Category, CategoryAssignment, CategoryMerge, Subnet
from taoanalytics.jobs.models import Generation
from tests.enrichment.test_publish import a_run, by_rules
from tests.factories import a_subnet, stored

QUEUE = "/admin/enrichment/curation/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def living(db: Any) -> dict[int, Subnet]:
    """Root and eight living subnets, and one that has left."""
    Subnet.objects.create(netuid=99, registered_at_block=1)
    stored(a_subnet(0, name="root", registered=0), *(a_subnet(netuid) for netuid in range(1, 9)))
    return {subnet.netuid: subnet for subnet in Subnet.objects.exclude(netuid=99)}


def text_of(response: HttpResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))).replace(" ,", ",")


def desk_of(subnet: Subnet) -> str:
    return reverse("admin:enrichment_curation_change", args=[subnet.pk])


def decide(client: Client, subnet: Subnet, field: str, do: str, value: Any = "", reason: str = "because") -> str:
    form = {"field": field, "do": do, "value": value, "reason": reason}
    response = client.post(desk_of(subnet), form, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_the_queue_holds_the_living_subnets_with_the_most_doubtful_first(
    living: dict[int, Subnet], admin_client: Client
) -> None:
    a_run(living[1], flags=["instructs"])
    a_run(living[2], "finance-trading")
    by_rules(living[2], "data-feeds")
    a_run(living[3], confidence=41)
    a_run(living[4], payload={"category_suggestion": "storage"})
    by_rules(living[5], None)
    a_run(living[6])
    by_rules(living[6], None)
    a_run(living[7], confidence=41)
    publish(living.values())
    decide(admin_client, living[7], "category", "accept")
    in_order = list(Curation.queue.living().with_doubts().order_by("-doubt", "confidence", "netuid"))
    assert [(each.netuid, each.doubts) for each in in_order] == [
        (1, ["its pages try to instruct the reader"]),
        (2, ["rules and model disagree"]),
        (3, ["low confidence"]),
        (4, ["the model suggests another category"]),
        (8, ["unclassified", "never enriched"]),
        (5, ["unclassified"]),
        (7, []),
        (6, []),
    ]
    page = admin_client.get(QUEUE).content.decode()
    assert page.index("its pages try to instruct") < page.index("rules and model disagree") < page.index("unclassified")


@pytest.mark.parametrize("query", ["doubt=any", "doubt=doubt_flagged", "decided=nobody", "decided=curated", "q=Subnet"])
def test_the_queue_is_filtered_and_searched(living: dict[int, Subnet], admin_client: Client, query: str) -> None:
    assert admin_client.get(f"{QUEUE}?{query}").status_code == 200


def test_the_queue_costs_a_handful_of_queries(
    living: dict[int, Subnet], admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for subnet in living.values():
        a_run(subnet)
    with django_assert_max_num_queries(12):
        admin_client.get(QUEUE)


def test_the_desk_marks_the_quotes_in_the_lines_and_escapes_what_strangers_wrote(
    living: dict[int, Subnet], admin_client: Client
) -> None:
    context = "W001 Here you Rent a card by the minute, yes\nW002 <script>alert(1)</script> <mark>fake</mark>"
    a_run(living[1], context=context)
    by_rules(living[1])
    ContextSource.objects.create(subnet=living[1], kind="website", text="x", reason="<b>odd</b>")
    page = admin_client.get(desk_of(living[1])).content.decode()
    assert "Here you <mark>Rent a card by the minute</mark>, yes" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;mark&gt;fake&lt;/mark&gt;" in page
    assert "&lt;b&gt;odd&lt;/b&gt;" in page
    assert "not found there" in page


def test_each_run_can_be_looked_at(living: dict[int, Subnet], admin_client: Client) -> None:
    old = a_run(living[1], context="W001 the older text")
    a_run(living[1], context="W001 the newer text")
    assert "the newer text" in admin_client.get(desk_of(living[1])).content.decode()
    assert "the older text" in admin_client.get(f"{desk_of(living[1])}?run={old.pk}").content.decode()
    assert "the newer text" in admin_client.get(f"{desk_of(living[1])}?run=99999'--").content.decode()


def test_looking_writes_nothing(living: dict[int, Subnet], admin_client: Client) -> None:
    a_run(living[1])
    before = Generation.objects.current()
    admin_client.get(QUEUE)
    admin_client.get(f"{desk_of(living[1])}?field=tagline&do=accept&reason=x")
    assert Generation.objects.current() == before
    assert not Correction.objects.exists()
    assert not CategoryAssignment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("tagline", "Cards by the minute", "Cards by the minute"),
        ("what_it_does", "It rents.\nCards.", "It rents. Cards."),
        ("key_features", "one\n\n two ", ["one", "two"]),
        ("tags", "GPU Rental, compute", ["gpu-rental", "compute"]),
        ("privacy", "true", True),
        ("privacy", "", None),
    ],
)
def test_a_field_is_corrected_and_on_record_with_who_and_why(
    living: dict[int, Subnet], admin_client: Client, admin_user: User, field: str, value: str, kept: Any
) -> None:
    a_run(living[1])
    publish([living[1]])
    page = decide(admin_client, living[1], field, "correct", value, "their page says so")
    assert "published and locked" in page
    assert "their page says so" in page
    correction = Correction.objects.get()
    assert (correction.value, correction.by, correction.reason) == (kept, admin_user, "their page says so")
    assert getattr(Profile.objects.get(), field) == kept


def test_a_field_is_accepted_as_it_is_and_released_again(living: dict[int, Subnet], admin_client: Client) -> None:
    a_run(living[1])
    publish([living[1]])
    decide(admin_client, living[1], "tags", "accept", "ignored", "")
    profile = Profile.objects.get()
    assert (profile.tags, profile.sources["tags"]) == (["gpu", "rental"], "curated")
    assert "handed back to the runs" in decide(admin_client, living[1], "tags", "release")
    assert Profile.objects.get().sources["tags"] == "model"


def test_a_category_is_accepted_corrected_and_released(living: dict[int, Subnet], admin_client: Client) -> None:
    a_run(living[1])
    publish([living[1]])
    decide(admin_client, living[1], "category", "accept", reason="")
    assert labels() == {living[1].pk: "serverless-compute"}
    other = Category.objects.get(slug="data-feeds")
    decide(admin_client, living[1], "category", "correct", other.pk)
    assert labels() == {living[1].pk: "data-feeds"}
    decide(admin_client, living[1], "category", "correct", "")
    assert Subnet.objects.get(pk=living[1].pk).category is None
    decide(admin_client, living[1], "category", "release")
    assert Subnet.objects.get(pk=living[1].pk).category == Category.objects.get(slug="serverless-compute")


@pytest.mark.parametrize("do", ["correct", "release"])
def test_a_correction_without_a_reason_is_refused(living: dict[int, Subnet], admin_client: Client, do: str) -> None:
    said = decide(admin_client, living[1], "tagline", do, "words that took a while to find", "")
    assert "Say why" in said
    assert "words that took a while to find" in said
    assert not Correction.objects.exists()


@pytest.mark.parametrize("form", [{"field": "run"}, {"field": "tagline", "do": "drop"}, {}, {"field": "x" * 9999}])
def test_a_nonsense_decision_is_refused(living: dict[int, Subnet], admin_client: Client, form: dict[str, str]) -> None:
    assert admin_client.post(desk_of(living[1]), form).status_code in (302, 404)
    assert not Correction.objects.exists()


def test_many_are_accepted_at_once_with_one_reason(living: dict[int, Subnet], admin_client: Client) -> None:
    for netuid in (1, 2):
        a_run(living[netuid])
    publish(living.values())
    chosen = [str(living[netuid].pk) for netuid in (1, 2, 3)]
    form = {"action": "accept_everything", "_selected_action": chosen, "reason": "read them all"}
    page = admin_client.post(QUEUE, form, follow=True).content.decode()
    assert "2 categories accepted and locked. 1 left alone" in page
    assert len(labels()) == 2
    assert set(Correction.objects.values_list("reason", flat=True)) == {"read them all"}
    assert set(Profile.objects.get(subnet=living[1]).sources.values()) == {"curated"}


def test_strangers_and_staff_without_permission_decide_nothing(living: dict[int, Subnet], client: Client) -> None:
    form = {"field": "tagline", "do": "correct", "value": "x", "reason": "x"}
    for _ in range(2):
        assert client.get(desk_of(living[1]))["Location"].startswith("/admin/login/")
        assert client.post(desk_of(living[1]), form)["Location"].startswith("/admin/login/")
        client.force_login(User.objects.get_or_create(username="eve")[0], backend=BACKEND)
    watcher = User.objects.create_user("bob", is_staff=True)
    client.force_login(watcher, backend=BACKEND)
    assert client.get(QUEUE).status_code == 403
    assert client.get(desk_of(living[1])).status_code == 403
    watcher.user_permissions.add(Permission.objects.get(codename="view_curation"))
    page = client.get(desk_of(living[1])).content.decode()
    assert "Publish this value" not in page
    assert client.post(desk_of(living[1]), form).status_code == 403
    assert not Correction.objects.exists()


def test_a_decision_needs_the_forms_token(living: dict[int, Subnet], admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user, backend=BACKEND)
    form = {"field": "tagline", "do": "correct", "value": "x", "reason": "x"}
    assert client.post(desk_of(living[1]), form).status_code == 403


def test_records_are_read_and_never_written_by_hand(living: dict[int, Subnet], admin_client: Client) -> None:
    run = a_run(living[1])
    Correction.objects.create(subnet=living[1], field="tagline", value="x")
    LedgerEntry.objects.create(purpose="classify", subnet=living[1], run=run, host="h", model_asked="m")
    ContextSource.objects.create(subnet=living[1], kind="website")
    for model in (EnrichmentRun, Correction, LedgerEntry, ContextSource):
        name = f"admin:enrichment_{model._meta.model_name}"
        row = model._default_manager.get()
        assert admin_client.get(reverse(f"{name}_changelist")).status_code == 200
        assert admin_client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert admin_client.get(reverse(f"{name}_add")).status_code == 403
        assert admin_client.post(reverse(f"{name}_delete", args=[row.pk])).status_code == 403
    assert site.is_registered(ModelPrice)
    assert admin_client.get("/admin/enrichment/modelprice/add/").status_code == 200


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
