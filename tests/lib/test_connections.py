"""How database, cache and broker are reached."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from taoanalytics.lib.connections import broker, cache, database, redis_tls

POSTGRES = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example", "NAME": "tao"}


def options(*, encrypted: bool = False, statement_seconds: float = 0, **told: Any) -> dict[str, Any]:
    parsed = POSTGRES | ({"OPTIONS": told} if told else {})
    entry = database(parsed, test_file=Path("x"), encrypted=encrypted, statement_seconds=statement_seconds)
    found: dict[str, Any] = entry["OPTIONS"]
    return found


def test_postgresql_is_given_up_soon_where_nobody_answers():
    assert options() == {"connect_timeout": 5}


def test_statements_are_bounded_and_tls_is_asked_for_where_told():
    assert options(encrypted=True, statement_seconds=2.5) == {
        "connect_timeout": 5,
        "sslmode": "require",
        "options": "-c statement_timeout=2500",
    }


def test_the_address_has_the_last_word():
    told = options(encrypted=True, sslmode="verify-full", connect_timeout=30)
    assert (told["sslmode"], told["connect_timeout"]) == ("verify-full", 30)


def test_sqlite_knows_nothing_of_it():
    entry = database(
        {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"},
        test_file=Path("t.sqlite3"),
        encrypted=True,
        statement_seconds=10,
    )
    assert set(entry["OPTIONS"]) == {"transaction_mode", "init_command"}
    assert entry["TEST"] == {"NAME": "t.sqlite3"}
    assert entry["CONN_MAX_AGE"] > 0, "a connection serves more than one page"


@pytest.mark.parametrize(
    ("url", "verify", "told"),
    [
        ("redis://h:6379", True, {}),
        ("rediss://h:6379", True, {"ssl_cert_reqs": ssl.CERT_REQUIRED}),
        ("rediss://h:6379", False, {"ssl_cert_reqs": ssl.CERT_NONE}),
        ("", False, {}),
    ],
)
def test_certificates_matter_where_there_are_any(url, verify, told):
    assert redis_tls(url, verify=verify) == told


def test_without_redis_there_are_memory_and_files(tmp_path):
    assert "locmem" in cache("", {})["BACKEND"]
    address, told = broker("", visibility_seconds=60, folder=tmp_path)
    assert address == "filesystem://localhost"
    assert told["data_folder_in"] == told["data_folder_out"]
    assert Path(told["data_folder_in"]).is_dir()
    assert Path(told["control_folder"]).is_dir()
