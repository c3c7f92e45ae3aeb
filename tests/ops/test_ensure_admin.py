"""The first staff account, made at release."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(monkeypatch):
    monkeypatch.setenv("ADMIN_USERNAME", "ada")
    monkeypatch.setenv("ADMIN_PASSWORD", "correct-horse-battery")


def test_without_a_name_and_a_password_nothing_is_made_and_nothing_said(monkeypatch, capsys):
    monkeypatch.delenv("ADMIN_USERNAME", raising=False)
    monkeypatch.setenv("ADMIN_PASSWORD", "correct-horse-battery")
    call_command("ensure_admin")
    assert not User.objects.exists()
    assert not capsys.readouterr().out


def test_the_account_may_enter_the_admin(named, client):
    call_command("ensure_admin")
    client.post("/admin/login/", {"username": "ada", "password": "correct-horse-battery"})
    assert client.get("/admin/system/").status_code == 200


def test_a_changed_password_and_a_withdrawn_permission_stay(named):
    call_command("ensure_admin")
    ada = User.objects.get()
    ada.set_password("something-else-entirely")
    ada.is_superuser = False
    ada.save()
    call_command("ensure_admin")
    ada = User.objects.get()
    assert ada.check_password("something-else-entirely")
    assert not ada.is_superuser


def test_a_weak_password_is_refused_in_words(named, monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "12345678")
    with pytest.raises(CommandError, match="too weak"):
        call_command("ensure_admin")
    assert not User.objects.exists()
