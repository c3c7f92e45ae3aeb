"""Pages for what went wrong."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.template.loader import render_to_string
from django.test import Client

from subnets.models import Chain


def test_an_unknown_address_is_told_so_within_the_frame(browser: Client, db: Any) -> None:
    Chain.objects.create(genesis_hash="0x00", simulated=True)
    response = browser.get("/nowhere/")
    assert response.status_code == 404
    html = response.content.decode()
    assert "There is nothing at this address" in html
    assert "Simulated network" in html


def test_an_unknown_address_is_told_so_even_without_a_database(browser: Client, db: Any) -> None:
    with patch("insights.pages.errors.current_publication", side_effect=OperationalError):
        assert browser.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_pages_of_failure_need_no_database_and_no_request(template: str) -> None:
    html = render_to_string(template)
    assert "<h1>" in html
    assert 'name="q"' in html


def test_a_fault_of_ours_gives_the_page_for_it(db: Any) -> None:
    forgiving = Client(SERVER_NAME="localhost", raise_request_exception=False)
    with patch("insights.pages.explorer.board_for", side_effect=RuntimeError("a fault")):
        response = forgiving.get("/explorer/")
    assert response.status_code == 500
    assert "This page could not be made" in response.content.decode()
    assert "a fault" not in response.content.decode()


def test_a_database_that_is_away_gives_503(browser: Client, db: Any) -> None:
    with patch("insights.pages.explorer.board_for", side_effect=OperationalError):
        response = browser.get("/explorer/")
    assert response.status_code == 503
    assert "The database does not answer" in response.content.decode()


def test_a_failure_of_the_page_for_failures_still_gets_an_answer(db: Any) -> None:
    forgiving = Client(SERVER_NAME="localhost", raise_request_exception=False)
    with (
        patch("insights.pages.explorer.board_for", side_effect=RuntimeError),
        patch("insights.pages.errors.render_to_string", side_effect=ValueError("no manifest")),
    ):
        response = forgiving.get("/explorer/")
    assert response.status_code == 500
    assert "The fault is ours" in response.content.decode()


@pytest.mark.parametrize("missing", ["RENAME TO elsewhere", "RENAME COLUMN complete TO whole"])
def test_a_database_that_was_not_migrated_says_so(browser: Client, db: Any, missing: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE subnets_networksnapshot {missing}")
    response = browser.get("/explorer/")
    assert response.status_code == 503
    assert "manage.py migrate" in response.content.decode()


def test_a_wrong_question_to_the_database_is_a_fault_of_ours(db: Any) -> None:
    forgiving = Client(SERVER_NAME="localhost", raise_request_exception=False)
    with patch("insights.pages.explorer.board_for", side_effect=ProgrammingError("syntax error")):
        assert forgiving.get("/explorer/").status_code == 500
