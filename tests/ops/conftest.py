"""What files of recorded history and a PostgreSQL of one's own take."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from taoanalytics.ops.import_history import import_history
from tests.ops.engine import POSTGRES, gap
from tests.ops.recorded import NETWORK


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


@pytest.fixture
def table(tmp_path):
    """A file with the given lines under a header: the network's, if no other is given."""

    def write(*lines, header=NETWORK):
        file = tmp_path / "history.csv"
        file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return file

    return write


@pytest.fixture
def imported(table, db):
    def run(*lines, **kwargs):
        return import_history(file=table(*lines, **kwargs))

    return run


@pytest.fixture
def recordings(real_data: Path) -> Path:
    """The folder of what was recorded of the real network and of TAO's price."""
    return real_data / "data"
