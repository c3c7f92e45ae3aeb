"""A whole network in a real browser: as a simulated node tells it, and as the real one was recorded."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from math import floor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from insights.judge import recompute_scores
from insights.registry import SCORE
from insights.screening.columns import PRESETS
from subnets.backfill import backfill_chain
from subnets.localnet.world import World
from subnets.models import SubnetSnapshot
from taoanalytics.ops.import_history import import_history
from tests.browser.conftest import Visit, Visitor
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/explorer/",
    "/explorer/?view=cards",
    "/screener/",
    "/screener/?preset=risk&heat=category",
    "/screener/?view=scatter",
    f"/screener/?view=histogram&x={SCORE.key}",
    "/screener/?view=signals",
    "/subnets/1/?range=all",
    "/subnets/{newest}/?range=all",
    "/trends/?range=all",
    "/trends/?metric=market_cap_tao&by=category&range=all",
    "/correlation/",
    "/compare/?netuid=1&netuid=19&netuid=64&netuid={newest}",
    "/categories/",
    "/status/",
    f"/methodology/{SCORE.key}/",
)
DAYS = 5
SCALES = {"": 1, "%": 1, "of 5": 1, "mτ": 1e-3, "k": 1e3, "M": 1e6, "B": 1e9}


@pytest.fixture
def simulated(chromium: Browser, transactional_db: Any, localnet: Any) -> None:
    """128 subnets and root over a few days, read by the SDK from a simulated node."""
    newest = datetime(2026, 11, 1, tzinfo=UTC)
    localnet.start(head=World.height_at(newest.timestamp()) + 10, subnets=129, uids=16)
    with ThreadPoolExecutor(1) as beside:  # the browser's event loop runs in this thread, the SDK wants its own
        beside.submit(backfill_and_disconnect, newest - timedelta(days=DAYS), newest).result()
    recompute_scores()


def backfill_and_disconnect(start: datetime, end: datetime) -> None:
    try:
        backfill_chain(start=start, end=end)
    finally:
        connections.close_all()


@pytest.fixture
def recorded(chromium: Browser, transactional_db: Any, real_data: Path, tmp_path: Path) -> None:
    """The last days of the recording: names, holes and changes of tenant as they were."""
    part = tmp_path / "recorded.csv"
    with gzip.open(real_data / "data" / "network_history_daily.csv.gz", "rt") as whole, part.open("w") as last:
        last.write(next(whole))
        last.writelines(line for line in whole if line >= "2026-01-25")
    import_history(file=part)
    import_history(file=next((real_data / "data" / "tao_usd").glob("*.csv")))
    recompute_scores()


@pytest.fixture(params=["simulated", "recorded"])
def whole_network(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(request.param)


def newest_tenant() -> int:
    rows = SubnetSnapshot.objects.order_by("-subnet__registered_at_block", "-observed_at")
    return int(rows.values_list("subnet__netuid", flat=True)[0])


def test_every_page_of_a_whole_network_is_sound(visitor: Visitor, whole_network: None) -> None:
    addresses = [address.format(newest=newest_tenant()) for address in PAGES]
    with visitor(1280) as visit:
        for address in addresses:
            assert violations(opened(visit, address)) == [], address
    with visitor(360, "dark") as visit:
        for address in addresses:
            page = opened(visit, address)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def opened(visit: Visit, address: str) -> Page:
    page = visit.open(address)
    expect(page.locator("h1")).to_be_visible()
    assert "nan" not in re.findall(r"\b\w+\b", page.locator("main").inner_text().lower()), address
    return page


def test_each_cell_of_the_screener_is_in_its_file(visitor: Visitor, recorded: None) -> None:
    with visitor() as visit:
        for preset in PRESETS:
            page = visit.open(f"/screener/?preset={preset}&trade=250&sort=-market_cap_tao")
            keys, shown = table_of(page)
            address = page.get_by_role("link", name="JSON", exact=True).first.get_attribute("href")
            file = page.request.get(visit.origin + str(address)).json()
            units = {column["key"]: column["unit"] for column in file["columns"]}
            assert len(shown) == 128
            assert [row["netuid"] for row in file["rows"]] == [netuid for netuid, _ in shown]
            for (netuid, cells), row in zip(shown, file["rows"], strict=True):
                for key, text in zip(keys, cells, strict=True):
                    assert text is None or agree(text, row[key], units[key]), (preset, netuid, key, text, row[key])


def table_of(page: Page) -> tuple[list[str], list[tuple[int, list[str | None]]]]:
    """The keys of the columns, and (netuid, what each of its cells says; None is a drawing) of each row."""
    buttons = page.locator("#power thead button.q")
    keys = buttons.evaluate_all("buttons => buttons.map(each => each.getAttribute('popovertarget').slice(2))")
    rows = page.locator("#power tbody tr").evaluate_all(
        """(rows, columns) => rows.map(row => [
            Number(row.querySelector(".nid").textContent),
            [...row.cells].slice(-columns).map(cell => cell.querySelector("svg") ? null : cell.textContent),
        ])""",
        len(keys),
    )
    return keys, [(netuid, cells) for netuid, cells in rows]


def agree(text: str, value: float | None, unit: str) -> bool:
    """Whether the text is the value as far as it is written out."""
    if value is None:
        return text.startswith("—")
    if unit == "percentile":
        return int(text) == max(1, floor(value))
    found = re.fullmatch(r"[<+]?\$?([\u2212\d,.]+) ?(%|mτ|k|M|B|of 5)?", text)
    assert found is not None, text
    number, end = found.groups(default="")
    digits = number.replace(",", "").replace("\u2212", "-")
    written = float(digits) * SCALES[end]
    last_place = 10.0 ** -len(digits.partition(".")[2]) * SCALES[end]
    exact = value * 100 if unit == "share" and end == "%" else value
    return 0 < abs(exact) < written if text.startswith("<") else abs(written - exact) <= last_place * 0.5001
