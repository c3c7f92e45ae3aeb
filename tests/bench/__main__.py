"""`make bench`: each figure of the speed table beside its yardstick. Prints, and judges nothing.

The machine's speed drifts, so a figure counts only together with the reference loop measured in the same run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORT = 9975
PAGES = ("home", "explorer", "screener", "subnet")
LISTS = PAGES[:3]
TURNS = 3
SDK_CACHE = tempfile.mkdtemp()  # metadata is read once per runtime upgrade, so it is warm as a rule


@contextmanager
def simulated_network() -> Iterator[Path]:
    """The full simulated network in a process of its own; gives the file in which it counts its calls."""
    log = Path(tempfile.mkdtemp()) / "calls"
    command = [sys.executable, "manage.py", "localnet", "--port", str(PORT), "--count"]
    with log.open("w") as out:
        node = subprocess.Popen(command, cwd=ROOT, stdout=out)
        while "on ws" not in log.read_text():
            time.sleep(0.1)
        yield log
        node.terminate()
        node.wait()


def calls_counted(log: Path) -> int:
    time.sleep(1.5)  # the node counts once a second
    return sum(int(count) for count in re.findall(r"^(\d+) calls", log.read_text(), re.MULTILINE))


def measured(work: str, var: str) -> dict[str, float]:
    """The figures that `tests.bench.<work>` prints as JSON, run in a fresh process."""
    url = f"ws://127.0.0.1:{PORT}"
    environment = os.environ | {
        "VAR_DIR": var,
        "SIMULATED": "true",
        "CHAIN_ENDPOINTS": url,
        "CHAIN_ARCHIVE_ENDPOINTS": url,
        "BITTENSOR_RUNTIME_CACHE_DIR": SDK_CACHE,
        "BTCLI_TOKEN_SYMBOLS_CACHE": f"{SDK_CACHE}/symbols.json",
        "DJANGO_SETTINGS_MODULE": "taoanalytics.settings",
    }
    command = [sys.executable, "-m", f"tests.bench.{work}"]
    output = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    figures: dict[str, float] = json.loads(output.splitlines()[-1])
    return figures


def reference_loop() -> float:
    """Seconds of a fixed piece of pure Python: how fast this machine is at the moment."""
    start = time.process_time()
    total = 0
    for number in range(5_000_000):
        total += number & 7
    return time.process_time() - start


def show(what: str, value: str, to_reach: str) -> None:
    sys.stdout.write(f"{what:<58}{value:>14}   {to_reach}\n")
    sys.stdout.flush()


def show_pages(figures: dict[str, float]) -> None:
    show("board, 128 subnets", f"{figures['board']:.0f} ms", "≤ 60 ms")
    for page in PAGES:
        show(f"{page}: cold", f"{figures[f'{page} cold']:.0f} ms", "≤ 200 ms")
        show("  warm", f"{figures[f'{page} warm']:.1f} ms", "≤ 25 ms")
        show("  304", f"{figures[f'{page} 304']:.1f} ms", "≤ 5 ms")
        show("  page, compressed", f"{figures[f'{page} kb']:.1f} KB", "")
    show("screener: sort by htmx", f"{figures['sort']:.0f} ms", "≤ 60 ms")
    show("screener: filter by htmx", f"{figures['filter']:.0f} ms", "≤ 60 ms")
    show("  that part of the page, compressed", f"{figures['filter kb']:.1f} KB", "≤ 30 KB")
    show("  40 columns, compressed", f"{figures['sort kb']:.1f} KB", "≤ 30 KB")


def show_visits(figures: dict[str, float]) -> None:
    if not figures:
        show("first visit of the list pages", "skipped", "no chromium on this machine")
        return
    for page in LISTS:
        show(f"{page}: all bytes of a first visit, {figures[f'{page} requests']:.0f} replies", "", "")
        show("  compressed, with their heads", f"{figures[f'{page} kb']:.1f} KB", "≤ 60 KB")
        show("  files of Plotly", f"{figures[f'{page} plotly']:.0f}", "0")
        show("  largest contentful paint", f"{figures[f'{page} paint']:.2f} s", "≤ 0.8 s")


def show_load(figures: dict[str, float]) -> None:
    show("sustained load, 2 processes, every kind of page", f"{figures['rate']:.0f}/s", "≥ 300/s")
    show("  errors", f"{figures['errors']:.0f}", "0")
    show(
        "  pages that nobody had asked for; 304",
        f"{figures['misses_pct']:.0f}%; {figures['unchanged_pct']:.0f}%",
        "20%",
    )
    show("  until answered, hit and miss", f"{figures['hit_ms']:.0f}, {figures['miss_ms']:.0f} ms", "")
    show(
        "  processor time of a request, site and client",
        f"{figures['site_ms']:.1f}, {figures['client_ms']:.1f} ms",
        "",
    )


def show_growth(short: str, long: str) -> None:
    """Measured in turn and the best of each compared: from one minute to the next the machine may change by more."""
    turns = [(measured("pages", short), measured("pages", long)) for _ in range(TURNS)]
    for what in ("board", *(f"{page} cold" for page in PAGES)):
        before, after = (min(figures[what] for figures in each) for each in zip(*turns, strict=True))
        show(f"  {what}", f"{after / before:.2f} ×", "≤ 1.3 ×")


def main() -> None:
    show("work", "measured", "to reach")
    show("reference loop (pure Python, this machine, now)", f"{reference_loop():.2f} s", "(yardstick of the run)")
    with tempfile.TemporaryDirectory() as var, tempfile.TemporaryDirectory() as trial, simulated_network() as log:
        measured("snapshot", trial)  # warms the node and its metadata
        before = calls_counted(log)
        figures = measured("snapshot", var)
        calls = calls_counted(log) - before
        show("whole-network snapshot, connect to commit: wall", f"{figures['wall']:.2f} s", "≤ 3 s")
        show("  processor time of the collector", f"{figures['cpu']:.2f} s", "≤ 2 s")
        show("  peak memory of its process", f"{figures['peak_mb']:.0f} MB", "≤ 350 MB")
        show("  calls to the node", f"{calls}", "≤ 25")
        show("  subnets, neurons", f"{figures['subnets']:.0f}, {figures['neurons']:,.0f}", "129, ~30,000")
        figures = measured("backfill", var)
        show("backfill of 30 daily snapshots, each", f"{figures['each']:.2f} s", "≤ 2.5 s")
        show("  peak memory of its process", f"{figures['peak_mb']:.0f} MB", "")
        measured("score", var)
        figures = measured("enrichment", var)
        show(
            f"{figures['subnets']:.0f} subnets enriched, 8 at once, a model of 0.25 s",
            f"{figures['wall']:.1f} s",
            "≤ 60 s",
        )
        show("  processor time, the model's included", f"{figures['cpu']:.1f} s", "")
        show_pages(measured("pages", var))
        show_visits(measured("visit", var))
        show_load(measured("load", var))
        month = shutil.copytree(var, Path(trial) / "month")
        rows = measured("years", var)["rows"]
        show(f"the same with {rows:,.0f} rows of history, against 30 days", "", "")
        show_growth(str(month), var)


if __name__ == "__main__":
    main()
