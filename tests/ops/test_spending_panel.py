"""The System page on language models: what was spent, what is unknown, and what went wrong."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from enrichment.models import LedgerEntry
from taoanalytics.lib import clock
from taoanalytics.ops.spending_panel import panel

pytestmark = pytest.mark.django_db


def asked(**fields: Any) -> LedgerEntry:
    usual: dict[str, Any] = {"purpose": "classify", "host": "h", "model_asked": "small", "outcome": "ok"}
    return LedgerEntry.objects.create(**usual | fields)


def said(client: Client) -> str:
    page = client.get("/admin/system/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_what_is_unknown_is_charged_at_its_most_and_never_shown_as_nothing(admin_client: Client) -> None:
    asked(cost_usd=Decimal("0.25"), worst_case_usd=Decimal(1))
    asked(worst_case_usd=Decimal("0.5"), outcome="timeout", detail="<b>60 s</b>")
    today, month = panel().spans
    assert (today.charged, today.calls, today.unknown) == (Decimal("0.75"), 2, 1)
    assert month.charged >= today.charged
    page = said(admin_client)
    assert "$0.7500 of $2.00" in page
    assert "1, charged at the most they can have cost" in page
    assert "Timeout: &lt;b&gt;60 s&lt;/b&gt;" in page
    assert "unknown" in page


def test_models_and_purposes_stand_apart() -> None:
    asked(cost_usd=Decimal("0.1"), input_tokens=100, output_tokens=10)
    asked(cost_usd=Decimal("0.2"), input_tokens=100, output_tokens=10, model_asked="large", purpose="escalate")
    asked(outcome="invalid")
    asked(cost_usd=Decimal(9), asked_at=clock.now() - timedelta(days=40))
    large, small = panel().kinds
    assert (large["model_asked"], large["usd"], large["unusable"]) == ("large", Decimal("0.2"), 0)
    assert (small["calls"], small["unusable"], small["unknown"], small["tokens_in"]) == (2, 1, 1, 100)


def test_a_budget_that_is_used_up_is_marked(admin_client: Client, settings: Any) -> None:
    settings.LLM_DAILY_BUDGET_USD = 0.1
    asked(cost_usd=Decimal("0.1"))
    assert panel().spans[0].over
    assert 'class="nowrap bad"' in admin_client.get("/admin/system/").content.decode()


def test_without_a_model_the_page_says_why(admin_client: Client) -> None:
    page = said(admin_client)
    assert "No model is asked: no language model is set up" in page
    assert "Nothing was asked this month." in page


def test_the_panel_costs_seven_queries(django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        asked(outcome="failed")
    with django_assert_max_num_queries(7):
        panel()
