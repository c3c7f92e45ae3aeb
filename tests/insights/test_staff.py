"""The ways from public pages into the admin, whose address is nobody else's business."""

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from subnets.models import Subnet


def test_a_subnets_page_leads_staff_and_nobody_else_to_its_curation(
    browser: Client, network: None, django_user_model: type[User]
) -> None:
    html = browser.get("/subnets/3/1000/").content.decode()
    door = "/subnets/3/1000/curate/"
    assert f'href="{door}"' in html
    assert reverse("admin:index") not in html
    visitor = django_user_model.objects.create_user("vic", password="vic-has-a-password")
    browser.force_login(visitor)
    refused = browser.get(door)
    assert refused.status_code == 404
    assert "This is for the staff of this site" in refused.content.decode()
    assert "This is for the staff" not in browser.get("/subnets/77/").content.decode()
    browser.force_login(django_user_model.objects.create_user("sam", password="sam-has-one-too", is_staff=True))
    tenant = Subnet.objects.get(netuid=3, registered_at_block=1000)
    assert browser.get(door).headers["Location"] == reverse("admin:enrichment_curation_change", args=[tenant.pk])
    assert browser.get("/subnets/3/999/curate/").status_code == 404
    assert browser.post(door).status_code == 405
