"""What the database holds, told without counting millions of rows."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

OURS = ("subnets", "markets", "enrichment", "insights", "jobs")
COUNTED_AT_MOST = 50_000  # rows of a table without an estimate: each on SQLite, what is new or small on PostgreSQL
COUNTED_BELOW_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a table: PostgreSQL's own estimate for large ones that it knows, else exact unless `more`."""

    name: str
    rows: int
    more: bool = False
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Database:
    """Sizes in bytes, tables from the largest."""

    kind: str
    version: str
    bytes: int
    estimated: bool
    tables: Sequence[Table]


def database() -> Database:
    """Three queries, whatever the history's length."""
    return _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _names() -> dict[str, str]:
    """{table in the database: what it is called}"""
    models = (model for model in apps.get_models() if model._meta.app_label in OURS)
    return {model._meta.db_table: str(model._meta.verbose_name_plural) for model in models}


def _postgresql() -> Database:
    names = _names()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone() or ("", 0)
        cursor.execute(
            "SELECT c.relname, coalesce(nullif(s.n_live_tup, 0), greatest(c.reltuples, 0))::bigint,"
            " pg_total_relation_size(c.oid)"
            " FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid"
            " WHERE c.relkind = 'r' AND c.relname = ANY(%s) AND pg_table_is_visible(c.oid)",
            [list(names)],
        )
        found = {table: (rows, size) for table, rows, size in cursor.fetchall()}
        counted = {}
        unsure = [table for table, (rows, size) in found.items() if size < COUNTED_BELOW_BYTES or not rows]
        if unsure:
            cursor.execute(_counts(unsure), [COUNTED_AT_MOST + 1] * len(unsure))
            counted = dict(cursor.fetchall())
    tables = [
        _counted(names[table], counted[table], size) if table in counted else Table(names[table], rows, bytes=size)
        for table, (rows, size) in found.items()
    ]
    tables.sort(key=lambda table: -(table.bytes or 0))
    return Database("PostgreSQL", version.split()[0], size, estimated=True, tables=tables)


def _sqlite() -> Database:
    names = _names()
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        (size,) = cursor.fetchone() or (0,)
        cursor.execute(_counts(names), [COUNTED_AT_MOST + 1] * len(names))
        found = cursor.fetchall()
    tables = [_counted(names[table], rows) for table, rows in found]
    tables.sort(key=lambda table: -table.rows)
    return Database("SQLite", sqlite3.sqlite_version, size, estimated=False, tables=tables)


def _counted(name: str, rows: int, size: int | None = None) -> Table:
    return Table(name, min(rows, COUNTED_AT_MOST), more=rows > COUNTED_AT_MOST, bytes=size)


def _counts(tables: Iterable[str]) -> str:
    """One query for the rows of each, with a limit for each as its parameter."""
    return " UNION ALL ".join(
        f"SELECT '{table}', (SELECT count(*) FROM (SELECT 1 FROM \"{table}\" LIMIT %s) AS found)"  # noqa: S608 (our own names)
        for table in tables
    )
