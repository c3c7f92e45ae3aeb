"""The curation queue and its desk: what staff see, in which order, and what each button does."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from enrichment.evaluation import Labelled
from enrichment.labels import curated
from enrichment.models import ContextSource, Correction, Curation, EnrichmentRun, LedgerEntry, ModelPrice, Profile
from enrichment.publish import publish
from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.jobs.models import Generation
from tests.enrichment.runs import a_run, by_rules

QUEUE = "/admin/enrichment/curation/"


BACKEND = "django.contrib.auth.backends.ModelBackend"


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
    assert curated(list(living.values())) == {living[1].pk: Labelled("serverless-compute")}
    other = Category.objects.get(slug="data-feeds")
    decide(admin_client, living[1], "category", "correct", other.pk)
    assert curated(list(living.values())) == {living[1].pk: Labelled("data-feeds")}
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
    assert len(curated(list(living.values()))) == 2
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
