"""Misconfigured markets as numbered system checks, each with what to do about it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from markets.coingecko import ROOTS, missing
from taoanalytics.lib.http import is_loopback


@register()
def addresses_are_https(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name in ("TAO_APP_URL", "COINGECKO_URL"):
        parts = urlsplit(getattr(settings, name))
        if parts.scheme and (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname))):
            found.append(
                Error(
                    f"{name} is not an https:// address: a key would travel readable.",
                    hint="Use https://; plain http is for this machine alone.",
                    id="markets.E001",
                )
            )
    return found


@register()
def coingecko_plan_is_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.COINGECKO_PLAN not in ROOTS:
        return [
            Error(
                "COINGECKO_PLAN is none that CoinGecko has.",
                hint=f"Use one of: {', '.join(ROOTS)}.",
                id="markets.E002",
            )
        ]
    if reason := missing():
        return [checks.Warning(f"{reason}.", hint="Set the key, or COINGECKO_PLAN=public.", id="markets.W001")]
    return []
