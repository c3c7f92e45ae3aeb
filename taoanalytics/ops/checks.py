"""Misconfiguration as numbered system checks, each with what to do about it."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from insights.scores import VERSIONS


@register(Tags.security, deploy=True)
def secret_key_is_set(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if os.environ.get("SECRET_KEY"):
        return []
    return [
        Error(
            "SECRET_KEY is not set; the one kept in VAR_DIR differs between machines and is lost with them.",
            hint="Set SECRET_KEY to 50 random characters.",
            id="tao.E001",
        )
    ]


@register(Tags.database)
def time_zone_is_utc(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.TIME_ZONE == "UTC" and settings.USE_TZ:
        return []
    return [Error("Observations are dated in UTC.", hint='TIME_ZONE = "UTC", USE_TZ = True.', id="tao.E002")]


@register()
def endpoints_are_websockets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"A chain endpoint is a ws:// or wss:// address; {urlsplit(endpoint).hostname or 'one'} is not.",
            hint="Mend CHAIN_ENDPOINTS or CHAIN_ARCHIVE_ENDPOINTS.",
            id="tao.E003",
        )
        for endpoint in (*settings.CHAIN_ENDPOINTS, *settings.CHAIN_ARCHIVE_ENDPOINTS)
        if urlsplit(endpoint).scheme not in ("ws", "wss") or not urlsplit(endpoint).hostname
    ]


@register()
def score_version_is_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.TAO_SCORE_VERSION in VERSIONS:
        return []
    return [
        Error(
            f"There is no score version {settings.TAO_SCORE_VERSION!r}.",
            hint=f"TAO_SCORE_VERSION is one of {', '.join(VERSIONS)}.",
            id="tao.E005",
        )
    ]


@register(Tags.database, deploy=True)
def database_is_shared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3" or not settings.ON_HEROKU:
        return []
    return [
        Error(
            "SQLite on a dyno is lost at every restart and not seen by the worker.",
            hint="Attach PostgreSQL; it sets DATABASE_URL.",
            id="tao.E004",
        )
    ]


@register(Tags.caches, deploy=True)
def cache_is_shared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.REDIS_URL:
        return []
    return [
        checks.Warning(
            "REDIS_URL is not set: each process caches for itself and Celery has no broker.",
            hint="Set REDIS_URL, or run collection by `manage.py collect` from a scheduler.",
            id="tao.W001",
        )
    ]
