"""A real Chromium on a live server, which notices whatever a page does that it should not."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from subnets.measure import recompute_metrics
from subnets.models import Category, Subnet
from taoanalytics.lib.units import RAO
from tests.factories import T0, a_subnet, some_neurons, stored_unmeasured

PATIENCE_MS = 120_000  # a busy machine fails no test

expect.set_options(timeout=PATIENCE_MS)

_ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_OBSERVED = [
    model
    for app in ("jobs", "subnets", "markets", "insights")
    for model in apps.get_app_config(app).get_models()
    if model is not Category
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, or a skip that names it; where CI=true its absence is a failure.

    Playwright keeps an event loop running in this thread: Django must be told that its use here is safe, and no other
    module's tests may find the loop there.
    """
    executable = shutil.which("chromium")
    if executable is None:
        reason = "no chromium on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS, timeout=PATIENCE_MS)
        yield browser
        browser.close()


class Visit:
    """One page of one visitor, and the complaints it gave rise to."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.page: Page = context.new_page()
        self.origin = origin
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._requested)

    def _requested(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.complaints.append(f"request to {request.url}")

    def open(self, address: str) -> Page:
        self.page.goto(self.origin + address, wait_until="load")
        return self.page

    def netuids(self) -> list[str]:
        self.page.wait_for_load_state("load")
        return self.page.locator("#results tbody .nid").all_inner_texts()

    def lists(self, *netuids: str) -> None:
        """Within the patience of a test it shows these rows, in this order."""
        expect(self.page.locator("#results tbody .nid")).to_have_text(netuids)


Visitor = Callable[..., Any]


@pytest.fixture
def visitor(chromium: Browser, live_server: Any) -> Visitor:
    """`with visitor(width=…, theme=…, javascript=…) as visit:` and at its end nothing must have gone wrong."""

    @contextmanager
    def visiting(width: int = 1280, theme: str = "light", *, javascript: bool = True) -> Iterator[Visit]:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=javascript,
            reduced_motion="reduce",  # or a check of the colours finds them half-way from one to the other
        )
        context.set_default_timeout(PATIENCE_MS)
        visit = Visit(context, live_server.url)
        yield visit
        context.close()
        assert visit.complaints == []

    return visiting


@pytest.fixture
def network(chromium: Browser, transactional_db: Any) -> None:
    """Twelve subnets over a month, one with a hostile name, one with Greek letters, one unclassified."""
    with transaction.atomic():
        for rows in _made_once():
            type(rows[0])._base_manager.bulk_create(rows)
        # A flushed database has lost the seeded categories.
        for position, (slug, family) in enumerate((("inference", "models"), ("storage", "compute"))):
            category, _ = Category.objects.get_or_create(
                slug=slug, defaults={"name": slug.title(), "code": f"X{position}", "family": family, "cut": "split"}
            )
            Subnet.objects.filter(netuid__in=range(1 + position * 5, 6 + position * 5)).update(category=category)


@cache
def _made_once() -> list[list[Any]]:
    """The rows of a month of observations, made the slow way once, and taken back: every test puts in the same."""
    with transaction.atomic():
        _make_a_month()
        made = [list(model._base_manager.all()) for model in _OBSERVED]
        transaction.set_rollback(True)
    return [rows for rows in made if rows]


def _make_a_month() -> None:
    names = [
        "Apex",
        "Plaτform",
        '"><img src=x onerror=alert(1)>',
        "404—GEN",
        "FlameWire 🔥",
        "A name that goes on and on",
    ]
    for days in range(30, -1, -1):
        stored_unmeasured(
            a_subnet(0, name="root", registered=0),
            *(
                a_subnet(
                    netuid,
                    name=names[netuid % len(names)] + (f" {netuid}" if netuid > len(names) else ""),
                    price_rao=RAO // 50 * netuid + (days - 15) * netuid**2 * 10**4,
                    volume_rao=(100 - days) * netuid * RAO,
                    neurons=some_neurons(12),
                )
                for netuid in range(1, 13)
            ),
            at=T0 - timedelta(days=days),
        )
    recompute_metrics()
