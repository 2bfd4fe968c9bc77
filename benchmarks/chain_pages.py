"""How fast the page of value chains answers on a table as large as the published ones.

    python -m benchmarks.chain_pages

A made table of 77 countries x 45 industries (3,465 rows) is put into a fresh database with its results, and served as
the product is: gunicorn, 2 processes x 4 threads. Every question is one that nobody asked before (another country, and
in the view "What if?" another shock), so each answer is worked out. The results are added to
``benchmarks/results/chain_pages.md``.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.hammer import hammer, request
from benchmarks.web import VIEWS, _question, _values, gunicorn
from config import ROOT, settings

RESULTS = ROOT / "benchmarks" / "results" / "chain_pages.md"
OURS = ("AL", "AT", "BG", "EL", "HR", "HU", "IT", "RO", "SI", "SK", "RS", "ME", "MK", "BA", "MD", "UA")
ASKED = 25
"""Questions a view: those of the first countries warm up the processes, the rest counts."""


def prepare(folder: Path) -> None:
    """A database with the starter data and the made table."""
    from tests.dashboard.made_chains import inter_country, store_table

    for arguments in (["init"], ["load", "--starter"]):
        subprocess.run([sys.executable, "-m", "etl.cli", *arguments, "--quiet"], cwd=ROOT, check=True)
    industries = [
        line.split(",")[0]
        for line in (ROOT / "data/catalogue/industries/ICIO45.csv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    others = [f"Q{first}{second}" for first in "ABCDEFGH" for second in "ABCDEFGH"]
    countries = [*[*OURS, *others][:76], "ROW"]
    store_table(settings().database_url, settings().tables_dir, inter_country(countries, industries), "ICIO")


def questions() -> dict[str, list[bytes]]:
    """For each view the questions of its controls, each about another country."""
    from dashboard.app import create_app
    from dashboard.exhibits import REGISTRY

    app = create_app()
    served = next(
        c
        for c in app._callback_list
        if '"page":"value_chain"' in str([i["id"] for i in c["inputs"]]) and not c.get("clientside_function")
    )
    with app.server.test_request_context("/"):
        app.server.preprocess_request()
        kinds = [entry.filters for key, entry in REGISTRY.items() if key.startswith("chain-")]
        usual = {name: value for kind in kinds for name, value in _values(kind).items()}
    return {view: [_question(served, usual | asked) for asked in _asked(view)] for view in VIEWS}


def _asked(view: str) -> Iterator[dict[str, Any]]:
    for number in range(ASKED):
        shock = {"size": -5 - number, "shock": ("demand", "supplier")[number % 2]} if view == "whatif" else {}
        yield {
            "view": view,
            "country": OURS[number % len(OURS)],
            "industry": ("C29", "F", "C10T12")[number % 3],
            **shock,
        }


def main() -> None:
    """Measure, print and keep."""
    with tempfile.TemporaryDirectory(prefix="polisee-chains-") as name:
        folder = Path(name)
        os.environ["POLISEE_DATABASE_URL"] = f"sqlite:///{folder / 'polisee.sqlite'}"
        settings.cache_clear()
        prepare(folder)
        asked = questions()
        rows = []
        with gunicorn("dashboard.wsgi:server") as port:
            for view, bodies in asked.items():
                for body in bodies[:4]:
                    _post(port, body)
                prepared = [request("/_dash-update-component", body) for body in bodies[4:]]
                for lines in (1, 2):
                    # The second time round the answers are other ones again: in the other language.
                    if lines == 2:
                        prepared = [
                            request("/_dash-update-component", body, {"Accept-Language": "hu"}) for body in bodies[4:]
                        ]
                    got = hammer(port, prepared, lines=lines, limit=len(prepared))
                    rows.append(f"| {view} | {lines} | {got.count} | {got.failed} | {got.row()} |")
            memory = _memory()
    report = "\n".join(
        [
            "# The page of value chains on a table of 77 × 45",
            "",
            f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores; Python {platform.python_version()}. Made by "
            "`python -m benchmarks.chain_pages` from a made table. Each question is new, nothing is kept. Load average "
            f"at the end: {os.getloadavg()[0]:.1f}.",
            "",
            "| view | people at once | answers | failed | requests/s | p50 ms | p95 ms | p99 ms | KiB |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
            *rows,
            "",
            f"Largest process of the server: {memory:,.0f} MB resident, of which the tables are mapped or shared.",
            "",
        ]
    )
    print(report)
    RESULTS.write_text(report, encoding="utf-8")


def _post(port: int, body: bytes) -> None:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/_dash-update-component", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=60) as reply:
        json.loads(reply.read())


def _memory() -> float:
    """Resident megabytes of the largest child process."""
    listed = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return max(int(line.split(None, 1)[0]) for line in listed if "dashboard.wsgi" in line) / 1024


if __name__ == "__main__":
    main()
