import os
from collections.abc import Iterator

import psycopg
import pytest

from tests.ops.engine import POSTGRES, gap


@pytest.fixture
def database() -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    name = f"engine_{os.getpid()}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        gap("PostgreSQL (TEST_POSTGRES_URL)")
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
