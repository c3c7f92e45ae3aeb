"""A misconfigured model says so before it costs anything."""

from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks

from enrichment.checks import ENDS, ends_on


def found(settings: LazySettings, **changed: Any) -> set[str]:
    settings.LLM_ENABLED, settings.LLM_BASE_URL = True, "https://api.openai.com/v1"
    for name, value in changed.items():
        setattr(settings, name, value)
    return {message.id for message in run_checks() if message.id and message.id.startswith("enrichment.")}


@pytest.mark.parametrize(
    ("changed", "identifier"),
    [
        ({"LLM_BASE_URL": "http://models.example/v1"}, "enrichment.E001"),
        ({"LLM_API": "telepathy"}, "enrichment.E002"),
        ({"LLM_SCHEMA_DIALECT": "xml"}, "enrichment.E003"),
        ({"LLM_ASSUMED_USD": [1.0]}, "enrichment.E004"),
        ({"LLM_DAILY_BUDGET_USD": float("nan")}, "enrichment.E005"),
        ({"LLM_MONTHLY_BUDGET_USD": -1.0}, "enrichment.E005"),
        ({"LLM_MODEL": "gpt-4o"}, "enrichment.W001"),
        ({"LLM_ESCALATION_MODEL": "gpt-5-mini-2025-08-07"}, "enrichment.W001"),
    ],
)
def test_each_mistake_has_its_number(settings: LazySettings, changed: dict[str, Any], identifier: str) -> None:
    assert identifier in found(settings, **changed)
    assert identifier not in found(settings, **changed, LLM_ENABLED=False)


def test_the_defaults_are_fine(settings: LazySettings) -> None:
    settings.CONTEXT_ALLOWED_ADDRESSES = []
    assert found(settings, LLM_MODEL="gpt-6-luna", LLM_ESCALATION_MODEL="gpt-6.1-terra") == set()
    assert found(settings, LLM_BASE_URL="http://127.0.0.1:8080/v1", LLM_MODEL="llama") == set()


def test_a_dated_name_ends_with_its_model_and_a_longer_name_does_not() -> None:
    assert ends_on("gpt-4o-2024-08-06") == ENDS["gpt-4o"] == date(2027, 1, 14)
    assert ends_on("gpt-4o-mini") == ENDS["gpt-4o-mini"]
    assert ends_on("gpt-5.4") is None
    assert ends_on("gpt-4o-audio-preview") is None


def test_an_exception_for_private_addresses_is_warned_of_in_production(settings: LazySettings) -> None:
    settings.CONTEXT_ALLOWED_ADDRESSES = ["127.0.0.1:8080"]
    warned = {message.id: message for message in run_checks(include_deployment_checks=True)}
    assert "127.0.0.1:8080" in warned["enrichment.W002"].msg
    settings.CONTEXT_ALLOWED_ADDRESSES = []
    assert "enrichment.W002" not in {message.id for message in run_checks(include_deployment_checks=True)}
