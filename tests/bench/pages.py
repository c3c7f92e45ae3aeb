"""Server time of the main pages on the database in the settings. Prints its figures as JSON, in milliseconds."""

import json
import sys
import time
from collections.abc import Callable
from itertools import count
from statistics import median
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.test import Client  # noqa: E402

from insights import registry  # noqa: E402
from insights.board import board  # noqa: E402
from insights.screening.columns import MOST_COLUMNS  # noqa: E402

PAGES = {"home": "/", "explorer": "/explorer/", "screener": "/screener/", "subnet": "/subnets/1/"}
ROUNDS = 15


def milliseconds(work: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> float:
    """The median of some rounds, `before` each of which something is done that does not count."""
    taken = []
    for _ in range(ROUNDS):
        before()
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def part_that_changed(reader: Client) -> dict[str, float]:
    """A sort and a filter of the screener as htmx asks for them, of addresses that nobody asked for before."""
    htmx, number = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "view"}, count()
    columns = ",".join(list(registry.BY_KEY)[:MOST_COLUMNS])
    largest = reader.get(f"/screener/?sort=-price_tao&col={columns}", **htmx)  # type: ignore[arg-type]  # headers
    filtered = reader.get("/screener/?min_pool_tao=1", **htmx)  # type: ignore[arg-type]
    return {
        "sort": milliseconds(lambda: reader.get(f"/screener/?sort=-change_7d_pct&name=n{next(number)}", **htmx)),  # type: ignore[arg-type]
        "sort kb": len(largest.content) / 1024,
        "filter": milliseconds(lambda: reader.get(f"/screener/?min_pool_tao={2 + next(number)}", **htmx)),  # type: ignore[arg-type]
        "filter kb": len(filtered.content) / 1024,
    }


def main() -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    reader = Client(SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
    board()  # the first query of a process opens the database
    figures = {"board": milliseconds(board)}
    for name, address in PAGES.items():
        first = reader.get(address)
        if first.status_code != 200:
            raise SystemExit(f"{address} answered {first.status_code}")
        figures[f"{name} cold"] = milliseconds(lambda address=address: reader.get(address), before=cache.clear)  # type: ignore[misc]
        figures[f"{name} warm"] = milliseconds(lambda address=address: reader.get(address))  # type: ignore[misc]
        etag = first.headers["ETag"]
        again = reader.get(address, HTTP_IF_NONE_MATCH=etag)
        if again.status_code != 304:
            raise SystemExit(f"{address} answered {again.status_code} to its own ETag")
        figures[f"{name} 304"] = milliseconds(lambda a=address, e=etag: reader.get(a, HTTP_IF_NONE_MATCH=e))  # type: ignore[misc]
        figures[f"{name} kb"] = len(first.content) / 1024
    figures |= part_that_changed(reader)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
