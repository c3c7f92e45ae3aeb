"""What staff see and do: categories are theirs, observations are not."""

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.urls import reverse

from subnets.curation import assign_category
from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.jobs.models import Generation
from tests.factories import a_subnet, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def subnet() -> Subnet:
    stored(a_subnet(1, name="<script>alert(1)</script>"), a_subnet(2))
    return Subnet.objects.get(netuid=1)


@pytest.fixture
def category() -> Category:
    return Category.objects.get(slug="llm-training")


def test_the_fourteen_categories_are_there_from_the_start():
    assert Category.objects.count() == 14
    assert len(set(Category.objects.values_list("family", "cut"))) == 14
    assert Category.objects.get(code="FIN").name == "Finance-Trading & Forecasting"


def test_every_list_and_form_of_the_admin_opens(admin_client, subnet, category):
    assign_category(subnet=subnet, category=category, source=CategoryAssignment.Source.RULES)
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert admin_client.get(reverse(f"{name}_changelist")).status_code == 200, name
        row = model._default_manager.first()
        if row is not None:
            assert admin_client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name


def test_a_hostile_name_is_text_in_the_admin(admin_client, subnet):
    page = admin_client.get(reverse("admin:subnets_subnet_changelist")).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_category_set_by_hand_is_published_and_on_record_with_who_set_it(admin_client, admin_user, subnet, category):
    before = Generation.objects.current()
    address = reverse("admin:subnets_subnet_change", args=[subnet.pk])
    form = {"category": category.pk} | {
        f"{prefix}-{field}": 0
        for prefix in ("category_assignments", "identities", "hyperparameter_sets")
        for field in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    assert admin_client.post(address, form).status_code == 302
    subnet.refresh_from_db()
    assignment = CategoryAssignment.objects.get()
    assert subnet.category == category
    assert (assignment.source, assignment.assigned_by) == ("curated", admin_user)
    assert Generation.objects.current() > before


def test_many_subnets_are_classified_and_unclassified_at_once(admin_client, subnet, category):
    address = reverse("admin:subnets_subnet_changelist")
    chosen = [str(pk) for pk in Subnet.objects.values_list("pk", flat=True)]
    for action, expected in ((f"classify_{category.slug}", category.pk), ("unclassify", None)):
        admin_client.post(address, {"action": action, "_selected_action": chosen}, follow=True)
        assert set(Subnet.objects.values_list("category", flat=True)) == {expected}
    assert CategoryAssignment.objects.count() == 4


@pytest.mark.parametrize("model", ["subnetsnapshot", "networksnapshot", "subnetidentity", "chain"])
def test_observations_cannot_be_added_changed_or_deleted(admin_client, subnet, model):
    assert admin_client.get(reverse(f"admin:subnets_{model}_add")).status_code == 403
    row = apps.get_model("subnets", model).objects.first()
    if row is not None:
        assert admin_client.post(reverse(f"admin:subnets_{model}_delete", args=[row.pk])).status_code == 403
        assert admin_client.post(reverse(f"admin:subnets_{model}_change", args=[row.pk]), {}).status_code == 403


def test_visitors_get_the_login_and_nothing_else(client, subnet):
    answer = client.get(reverse("admin:subnets_subnet_changelist"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_too_many_wrong_passwords_lock_the_login(client, admin_user, settings):
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(3):
        client.post(reverse("admin:login"), {"username": "admin", "password": "wrong"})
    answer = client.post(reverse("admin:login"), {"username": "admin", "password": "password"})
    assert answer.status_code == 429
