"""How what runs beside the site is reached: the database, the cache, the broker of the queue. As Django wants it."""

import ssl
from pathlib import Path
from typing import Any

CONNECT_SECONDS = 5  # a host that swallows packets would otherwise hold a page for minutes
_KEPT_SECONDS = 60  # a connection serves that long: to open SQLite anew costs more than a page that is kept
_SQLITE = "django.db.backends.sqlite3"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
    "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;"
)


def database(parsed: dict[str, Any], *, test_file: Path, encrypted: bool, statement_seconds: float) -> dict[str, Any]:
    """The entry of DATABASES for a parsed DATABASE_URL, whose own options prevail.

    PostgreSQL only: `encrypted` refuses a server without TLS; a statement that takes longer than `statement_seconds`
    is given up (0: none is).
    """
    if parsed["ENGINE"] == _SQLITE:
        return parsed | {
            "CONN_MAX_AGE": _KEPT_SECONDS,
            # A file, as in earnest: a database in memory locks whole tables where this one waits.
            "TEST": {"NAME": str(test_file)},
            # Without IMMEDIATE a reader that turns writer fails as "locked".
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": _PRAGMAS},
        }
    options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if encrypted:
        options["sslmode"] = "require"
    if statement_seconds:
        options["options"] = f"-c statement_timeout={round(statement_seconds * 1000)}"
    options |= parsed.get("OPTIONS", {})
    return parsed | {"CONN_MAX_AGE": _KEPT_SECONDS, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def redis_tls(url: str, *, verify: bool) -> dict[str, Any]:
    """What cache and broker are told of certificates; nothing where the address asks for no encryption."""
    if not url.startswith("rediss://"):
        return {}
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED if verify else ssl.CERT_NONE}


def cache(redis_url: str, tls: dict[str, Any]) -> dict[str, Any]:
    """The entry of CACHES: Redis, which pages can do without when it is away, or the memory of each process."""
    if not redis_url:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "TIMEOUT": 3600,
            "OPTIONS": {"MAX_ENTRIES": 500},
        }
    return {
        "BACKEND": "taoanalytics.lib.redis_cache.RestingRedisCache",
        "LOCATION": redis_url,
        "TIMEOUT": 3600,
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 1,
            "IGNORE_EXCEPTIONS": True,
            "CONNECTION_POOL_KWARGS": tls,
        },
    }


def broker(redis_url: str, *, visibility_seconds: int, folder: Path) -> tuple[str, dict[str, Any]]:
    """(address, transport options): Redis, or files in `folder`, read by one worker on this machine."""
    if redis_url:
        return redis_url, {
            "visibility_timeout": visibility_seconds,
            "unacked_restore_interval": min(10, visibility_seconds),
            "unacked_restore_throttle": 1,  # or it would be looked for at each tenth interval only
            "socket_connect_timeout": 2,
            "socket_timeout": 5,
        }
    messages, control = folder / "messages", folder / "control"
    for each in (messages, control):
        each.mkdir(parents=True, exist_ok=True)
    return "filesystem://localhost", {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
    }
