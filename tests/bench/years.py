"""Five years of hourly history, 5.6 million rows, added to the database in the settings (SQLite): shape, not sense.

Each row is a copy of its subnet's oldest observation, moved back in time, so that pages read as much as in earnest.
"""

import json
import os
import sys

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Min  # noqa: E402

from subnets.models import NetworkSnapshot, SubnetSnapshot  # noqa: E402

HOURS = 5 * 365 * 24

_NETWORKS = """
WITH RECURSIVE hour(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM hour WHERE n < %s)
INSERT INTO subnets_networksnapshot (block, observed_at, source, endpoint, complete, stored_at)
SELECT %s - n * %s, datetime(%s, '-' || n || ' hours'), 'chain', '', 1, %s FROM hour ORDER BY n DESC
"""
_SUBNETS = """
INSERT INTO subnets_subnetsnapshot (network_id, observed_at, {columns})
SELECT network.id, network.observed_at, {columns} FROM subnets_networksnapshot network
CROSS JOIN (SELECT {columns} FROM subnets_subnetsnapshot WHERE network_id = %s) oldest WHERE network.endpoint = ''
"""


def main() -> None:
    oldest = NetworkSnapshot.objects.aggregate(block=Min("block"))["block"]
    first = NetworkSnapshot.objects.get(block=oldest)
    names = [f.column for f in SubnetSnapshot._meta.concrete_fields]
    columns = ", ".join(name for name in names if name not in ("id", "network_id", "observed_at"))
    at = first.observed_at.strftime("%Y-%m-%d %H:%M:%S")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NETWORKS, [HOURS, oldest, oldest // (HOURS + 1), at, at])
        cursor.execute(_SUBNETS.format(columns=columns), [first.pk])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.sync()  # or the disk is still busy with it when pages are measured
    sys.stdout.write(json.dumps({"rows": SubnetSnapshot.objects.count()}) + "\n")


if __name__ == "__main__":
    main()
