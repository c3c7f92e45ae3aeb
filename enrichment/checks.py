"""A misconfigured model as numbered system checks, each with what to do about it."""

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from enrichment.llm import wrong_address
from enrichment.replies import APIS, DIALECTS

ENDS = {
    "gpt-3.5-turbo": date(2026, 10, 23),
    "gpt-4": date(2026, 10, 23),
    "gpt-4.1": date(2027, 1, 14),
    "gpt-4.1-mini": date(2027, 1, 14),
    "gpt-4.1-nano": date(2026, 10, 23),
    "gpt-4o": date(2027, 1, 14),
    "gpt-4o-mini": date(2027, 1, 14),
    "gpt-5": date(2026, 12, 11),
    "gpt-5-mini": date(2026, 12, 11),
    "gpt-5-nano": date(2026, 12, 11),
    "gpt-5.1": date(2027, 4, 1),
    "gpt-5.4-nano": date(2027, 4, 1),
    "o1": date(2026, 10, 23),
    "o3": date(2026, 12, 11),
    "o4-mini": date(2026, 10, 23),
}
"""{model: the day on which OpenAI has announced to end it}; a dated name of a model ends with it."""


@register()
def model_service_is_reachable_safely(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.LLM_ENABLED:
        return []
    found: list[CheckMessage] = []
    if reason := wrong_address(settings.LLM_BASE_URL):
        hint = "Use https://; plain http is for this machine alone."
        found.append(Error(f"{reason}.", hint=hint, id="enrichment.E001"))
    if settings.LLM_API not in ("", *APIS):
        found.append(_unknown("LLM_API", APIS, "enrichment.E002"))
    if settings.LLM_SCHEMA_DIALECT not in DIALECTS:
        found.append(_unknown("LLM_SCHEMA_DIALECT", DIALECTS, "enrichment.E003"))
    if len(settings.LLM_ASSUMED_USD) not in (0, 2):
        hint = "LLM_ASSUMED_USD=2.5,10: US dollars per million input and output tokens; empty to assume nothing."
        found.append(Error("LLM_ASSUMED_USD is not two numbers.", hint=hint, id="enrichment.E004"))
    for name in ("LLM_DAILY_BUDGET_USD", "LLM_MONTHLY_BUDGET_USD"):
        if not 0 <= getattr(settings, name) < inf:
            hint = "US dollars, 0 or more; 0 asks no model that costs anything."
            found.append(Error(f"{name} is no amount of money.", hint=hint, id="enrichment.E005"))
    return found


@register()
def models_go_on(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.LLM_ENABLED:
        return []
    return [
        checks.Warning(
            f"{name}={model} ends, or has ended, on {end:%d %B %Y}.",
            hint="Choose a model that goes on; `manage.py enrich` then looks at every subnet anew.",
            id="enrichment.W001",
        )
        for name in ("LLM_MODEL", "LLM_ESCALATION_MODEL")
        if (end := ends_on(model := getattr(settings, name))) is not None
    ]


def ends_on(model: str) -> date | None:
    """The announced end of a model, by its own name or its name with a date behind it."""
    name = model.lower()
    known = {each for each in ENDS if name == each or name.startswith(f"{each}-20")}
    return ENDS[max(known, key=len)] if known else None


def _unknown(name: str, known: Sequence[str], identifier: str) -> CheckMessage:
    return Error(f"{name} is none that there is.", hint=f"Use one of: {', '.join(known)}.", id=identifier)


@register(checks.Tags.security, deploy=True)
def subnets_lead_to_no_machine_of_ours(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.CONTEXT_ALLOWED_ADDRESSES:
        return []
    return [
        checks.Warning(
            "CONTEXT_ALLOWED_ADDRESSES lets whoever registers a subnet have these fetched: "
            f"{', '.join(settings.CONTEXT_ALLOWED_ADDRESSES)}.",
            hint="Leave it empty in production; it is for an intranet or a test.",
            id="enrichment.W002",
        )
    ]
