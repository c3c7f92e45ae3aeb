"""A first visit to the list pages in Chromium on loopback, nothing kept from before. Prints its figures as JSON.

Bytes are what the browser says it received, heads and all; seconds are the largest contentful paint. Without Chromium
there are no figures.
"""

import json
import shutil
import sys
from statistics import median
from typing import Any

import django

PAGES = {"home": "/", "explorer": "/explorer/", "screener": "/screener/"}
_ROUNDS = 3
_ARGUMENTS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking"]
_LARGEST_PAINT = """() => new Promise(done => new PerformanceObserver(
    seen => done(seen.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))"""


def first_visit(browser: Any, address: str) -> dict[str, float]:
    """With a browser that has never been there."""
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    received: list[float] = []
    asked: list[str] = []
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    network.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    network.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    figures = {
        "kb": sum(received) / 1024,
        "paint": page.evaluate(_LARGEST_PAINT) / 1000,
        "requests": len(asked),
        "plotly": sum("plotly" in url for url in asked),
    }
    context.close()
    return figures


def main() -> None:
    django.setup()
    executable = shutil.which("chromium")
    figures: dict[str, float] = {}
    if executable is not None:
        from playwright.sync_api import sync_playwright

        from tests.bench.serving import site

        with site() as (port, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
            for name, path in PAGES.items():
                rounds = [first_visit(browser, f"http://127.0.0.1:{port}{path}") for _ in range(_ROUNDS)]
                figures |= {f"{name} {what}": median(each[what] for each in rounds) for what in rounds[0]}
            browser.close()
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
