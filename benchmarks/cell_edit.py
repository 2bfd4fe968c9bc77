"""How soon the consistent scenarios follow a key pressed in the cross-impact grid, in Chromium.

    python -m benchmarks.cell_edit [--keys 60]

The starter data are served by gunicorn as the product is (2 processes x 4 threads); Chromium opens the workshop view of
*SEE clusters 2035* and types judgements into one cell: once with a pause in between, as a room discusses, and once one
every half second, while the slower parts of the page still answer the key before. Measured in the page: from the key to
the change of the list of scenarios beside the grid. Results go to
``benchmarks/results/cell_edit.md``; the bar is 200 ms.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime

import numpy as np

from benchmarks.web import gunicorn
from config import ROOT, settings

RESULTS = ROOT / "benchmarks" / "results" / "cell_edit.md"
VIEW = "/futures?set=see2035&part=impact&lang=en"
BAR = 200.0
RHYTHMS = {"with a pause (4 s)": 4000, "two a second": 500}
"""Milliseconds between keys."""

WATCH = """() => {
  window.took = []; let down = 0;
  document.addEventListener('keydown', () => { down = performance.now(); }, true);
  new MutationObserver(() => { if (down) { window.took.push(performance.now() - down); down = 0; } })
    .observe(document.getElementById('impact-live-rest'), { childList: true, subtree: true });
}"""
"""Notes the milliseconds from each key to the next change of the answer."""


def measure(port: int, keys: int, pause: int) -> list[float]:
    """Milliseconds from key to answer, keys so far apart."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS

    with sync_playwright() as playwright:
        path = os.environ.get("POLISEE_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{port}{VIEW}", wait_until="networkidle")
        page.wait_for_selector("#impact-grid td.current")
        page.wait_for_timeout(4000)  # until what takes longer on arrival has been answered
        page.evaluate(WATCH)
        page.locator("#impact-grid td.current").focus()
        for number in range(keys):
            page.keyboard.press("321"[number % 3])
            page.wait_for_timeout(pause)
        took: list[float] = page.evaluate("window.took")
        browser.close()
    return took


def main() -> None:
    """Measure, print and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="polisee-bench-") as folder:
        os.environ["POLISEE_DATABASE_URL"] = f"sqlite:///{folder}/polisee.sqlite"
        settings.cache_clear()
        for arguments in (["init"], ["load", "--starter"]):
            subprocess.run([sys.executable, "-m", "etl.cli", *arguments, "--quiet"], cwd=ROOT, check=True)
        with gunicorn("dashboard.wsgi:server") as port:
            found = {name: measure(port, chosen.keys, pause) for name, pause in RHYTHMS.items()}
    lines = [
        "# From a key in the cross-impact grid to the new consistent scenarios",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, Chromium headless on the same machine (bar: {BAR:.0f} ms):",
        "",
        "| keys | answered | median ms | 95 of 100 within ms | slowest ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, took in found.items():
        p50, p95 = np.percentile(took, [50, 95])
        lines.append(f"| {name} | {len(took)} of {chosen.keys} | {p50:.0f} | {p95:.0f} | {max(took):.0f} |")
    text = "\n".join([*lines, ""])
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
