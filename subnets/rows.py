"""Many rows at once, written out: rows of many columns take longer to pass the ORM than to be calculated."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, whose values are in the order of `columns` and as the database takes them; known ones stay."""
    _execute(model, columns, rows, "DO NOTHING")


def insert_or_replace(
    model: type[Model], key: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert `rows`, whose values are in the order of `key` and `columns`; a known key's columns are replaced."""
    replaced = ", ".join(f"{column} = EXCLUDED.{column}" for column in map(connection.ops.quote_name, columns))
    _execute(model, (*key, *columns), rows, f"({_listed(key)}) DO UPDATE SET {replaced}")


def _execute(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], on_conflict: str) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({_listed(columns)}) VALUES ({places}) ON CONFLICT {on_conflict}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))
