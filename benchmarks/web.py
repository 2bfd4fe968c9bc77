"""How fast the pages answer, beside three peers, in one run on one machine.

    make bench        or        python -m benchmarks.web [--seconds 5] [--lines 8]

Every server runs under the same gunicorn (2 processes x 4 threads), on the starter data, and is asked by the same load
generator. *warm*: the heaviest interaction of the page, asked again. *cold*: the same for regions and indicators that
nobody asked for before, so that nothing is kept. Peers: (a) the page written with Plotly Express and without a cache,
(b) a chart of it in Streamlit, through its own websocket, (c) a bare Flask view that returns the very same bytes.
"""

import argparse
import gzip
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hammer import Result, hammer, request
from config import ROOT, settings

PAGES = {"home": "home", "region": "region-page", "compare": "compare", "data": "data"}
"""Our pages, and the output of the naive application that shows the same."""

ALONE = {"specialisation": "specialisation-", "value_chain": "chain-", "futures": "futures-"}
"""Pages that no naive application was written for, and how the names of their exhibits begin."""

VIEWS = ("position", "participation", "chain", "linkages", "whatif")
"""Views of the page of chains, asked in turn."""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def gunicorn(module: str, **environment: str) -> Iterator[int]:
    """Serve a module as the product is served; gives the port."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", module]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"POLISEE_PORT": str(port), "POLISEE_LOG_LEVEL": "ERROR"} | environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(4)  # until every worker has imported its application
                return
        time.sleep(0.2)
    raise RuntimeError(f"nothing listens on port {port}")


def _question(callback: dict[str, Any], values: dict[str, Any]) -> bytes:
    output = callback["output"]
    parts = [part.rsplit(".", 1) for part in output.strip(".").split("...")]
    outputs = [{"id": json.loads(name) if name.startswith("{") else name, "property": field} for name, field in parts]

    def named(entry: dict[str, Any]) -> dict[str, Any]:
        name = json.loads(entry["id"]) if entry["id"].startswith("{") else entry["id"]
        value = values.get(name["name"] if isinstance(name, dict) else name)
        return {"id": name, "property": entry["property"], "value": value}

    content = {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [named(entry) for entry in callback["inputs"]],
        "changedPropIds": [],
        "parsedChangedPropsIds": [],
    }
    if callback["state"]:
        content["state"] = [named(entry) for entry in callback["state"]]
    return json.dumps(content).encode()


def _ask(port: int, body: bytes) -> tuple[float, bytes]:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/_dash-update-component",
        body,
        {"Content-Type": "application/json", "Accept-Encoding": "gzip"},
    )
    begun = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=60) as reply:
        got = reply.read()
    return time.perf_counter() - begun, got


def interactions() -> dict[str, tuple[list[bytes], int]]:
    """For each page its interactions: the questions of its controls for many regions and indicators."""
    from dashboard import frames
    from dashboard.app import create_app
    from dashboard.exhibits import REGISTRY

    app = create_app()
    with app.server.test_request_context("/"):
        app.server.preprocess_request()
        regions = list(frames.current_regions()["code"])
        loaded = sorted(set(frames.coverage()["indicator"]))
    found: dict[str, tuple[list[bytes], int]] = {}
    for page in (*PAGES, *ALONE):
        served = [c for c in app._callback_list if f'"page":"{page}"' in str([i["id"] for i in c["inputs"]])]
        served = [c for c in served if not c.get("clientside_function")]
        kinds = [entry.filters for key, entry in REGISTRY.items() if key.startswith(ALONE.get(page, page))]
        with app.server.test_request_context("/"):
            usual = {name: value for kind in kinds for name, value in _values(kind).items()}
        questions = [
            _question(
                callback,
                usual
                | {"region": region, "indicator": loaded[number % len(loaded)], "part": "indicator"}
                | {"country": region[:2], "view": VIEWS[number % len(VIEWS)] if page in ALONE else usual.get("view")},
            )
            for number, region in enumerate(regions)
            for callback in served
        ]
        found[page] = (questions, len(served))
    return found


def _values(kind: Any) -> dict[str, Any]:
    chosen = kind.parse()
    return {
        name: list(value) if isinstance(value, tuple) else ["1"] if value is True else [] if value is False else value
        for name, value in vars(chosen).items()
    }


def streamlit(url: str, seconds: float, lines: int) -> Result:
    """Ask Streamlit for its script again and again, as its own page does, over some websockets at once."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    port = _free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "benchmarks/peers/streamlit_page.py", *options],
        cwd=ROOT,
        env=os.environ | {"POLISEE_DATABASE_URL": url, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def line(number: int) -> tuple[list[float], int]:
        took, size = [], 0
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, open_timeout=60) as wire:
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                ask = BackMsg()
                ask.rerun_script.query_string = f"region=HU{31 + (number + len(took)) % 3}"
                begun, got = time.perf_counter(), 0
                wire.send(ask.SerializeToString())
                while True:
                    data = wire.recv(timeout=60)
                    got += len(data)
                    message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                    if message.WhichOneof("type") == "script_finished":
                        break
                took.append(time.perf_counter() - begun)
                size = max(size, got)
        return took, size

    try:
        _wait(port)
        with ThreadPoolExecutor(lines) as pool:
            begun = time.perf_counter()
            parts = list(pool.map(line, range(lines)))
            elapsed = time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(timeout=30)
    took = np.array([one * 1000 for part, _size in parts for one in part])
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    return Result(len(took) / elapsed, p50, p95, p99, len(took), 0, max(size for _took, size in parts))


def first_visit(port: int) -> list[str]:
    """Bytes over the wire and time to the first chart of each page, in Chromium with an empty cache."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS

    rows = []
    with sync_playwright() as playwright:
        path = os.environ.get("POLISEE_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for page_path, wanted in (
            ("/", ".js-plotly-plot .main-svg"),
            ("/region", ".js-plotly-plot .main-svg"),
            ("/compare", ".js-plotly-plot .main-svg"),
            ("/specialisation", ".js-plotly-plot .main-svg"),
            ("/value-chain", ".js-plotly-plot .main-svg"),
            ("/futures", ".js-plotly-plot .main-svg"),
            ("/data", "#content table"),
        ):
            times, answers, sizes, files = [], [], 0, 0
            for _try in range(3):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                page = context.new_page()
                session = context.new_cdp_session(page)
                session.send("Network.enable")
                got: list[float] = []
                session.on("Network.loadingFinished", lambda e, got=got: got.append(e["encodedDataLength"]))
                begun = time.perf_counter()
                page.goto(f"http://127.0.0.1:{port}{page_path}", wait_until="commit")
                page.wait_for_selector("#content h1")
                answers.append(time.perf_counter() - begun)
                page.wait_for_selector(wanted)
                times.append(time.perf_counter() - begun)
                page.wait_for_load_state("networkidle")
                sizes, files = int(sum(got)), len(got)
                context.close()
            rows.append(f"| `{page_path}` | {sizes / 1024:,.0f} | {files} | {min(answers):.2f} | {min(times):.2f} |")
        browser.close()
    return rows


def main() -> None:
    """Measure, print a report and keep it under ``benchmarks/results``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--lines", type=int, default=8)
    parser.add_argument("--no-browser", action="store_true")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="polisee-bench-"))
    url = f"sqlite:///{folder / 'polisee.sqlite'}"
    os.environ["POLISEE_DATABASE_URL"] = url
    settings.cache_clear()
    for arguments in (["init"], ["load", "--starter"]):
        subprocess.run([sys.executable, "-m", "etl.cli", *arguments, "--quiet"], cwd=ROOT, check=True)
    asked = interactions()
    bodies = folder / "bodies"
    bodies.mkdir()
    rows: dict[str, dict[str, Result]] = {page: {} for page in asked}
    heaviest: dict[str, bytes] = {}
    with gunicorn("dashboard.wsgi:server", POLISEE_REPLY_CACHE_MB="64") as port:
        for page, (questions, served) in asked.items():
            _ask(port, questions[0])
            # Where parts of a page share their work, the first that is asked is slow and need not be the heaviest.
            heavy = 0 if page in PAGES else 1
            replies = [_ask(port, question) for question in questions[served : 2 * served]]
            slow = max(range(served), key=lambda n: (replies[n][0], len(replies[n][1]))[heavy])
            own = questions[slow::served]
            prepared = [request("/_dash-update-component", body) for body in own[3:33]]
            rows[page]["PoliSEE, cold"] = hammer(port, prepared, lines=2, limit=len(prepared))
            kept = own[2] if page in PAGES else max(own[2:33], key=lambda body: len(_ask(port, body)[1]))
            heaviest[page] = kept
            reply = _ask(port, kept)[1]
            (bodies / page).write_bytes(reply if reply[:2] == b"\x1f\x8b" else gzip.compress(reply, 5))
            for _worker in range(20):
                _ask(port, kept)
            again = [request("/_dash-update-component", kept)]
            rows[page]["**PoliSEE, warm**"] = hammer(port, again, lines=chosen.lines, seconds=chosen.seconds)
            rows[page]["PoliSEE, warm, 50 people"] = hammer(port, again, lines=50, seconds=chosen.seconds)
        visits = [] if chosen.no_browser else first_visit(port)
    with gunicorn("benchmarks.peers.same_bytes:server", BENCH_BODIES=str(bodies)) as port:
        for page in asked:
            again = [request(f"/{page}", heaviest[page])]
            rows[page]["(c) bare Flask, same bytes"] = hammer(port, again, lines=chosen.lines, seconds=chosen.seconds)
    with gunicorn("benchmarks.peers.naive_dash:server") as port:
        for page, output in PAGES.items():
            body = _naive(output)
            _ask(port, body)
            again = [request("/_dash-update-component", body)]
            rows[page]["(a) naive Plotly Express"] = hammer(port, again, lines=2, limit=10)
    rows["region"]["(b) Streamlit, one chart"] = streamlit(url, max(chosen.seconds, 10), 2)
    report = _report(rows, visits)
    print(report)
    (ROOT / "benchmarks" / "results" / "web.md").write_text(report, encoding="utf-8")
    shutil.rmtree(folder)


def _naive(output: str) -> bytes:
    inputs = {"region-page": ["region", "indicator"], "compare": ["region"]}.get(output, ["indicator"])
    usual = {"region": "HU33", "indicator": "gdp_pps_per_head_eu"}
    return json.dumps(
        {
            "output": f"{output}.children",
            "outputs": {"id": output, "property": "children"},
            "inputs": [{"id": name, "property": "value", "value": usual[name]} for name in inputs],
            "changedPropIds": [],
            "parsedChangedPropsIds": [],
        }
    ).encode()


def _report(rows: dict[str, dict[str, Result]], visits: list[str]) -> str:
    cpu = next(iter(re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())), platform.processor())
    lines = [
        "# Answers of the pages",
        "",
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores ({cpu}), Python {platform.python_version()}, load "
        "generator on the same cores. Starter data, gunicorn 2 x 4, 8 lines at once; cold, (a) and (b): 2, since their "
        "answers would otherwise queue for longer than the server waits.",
        "",
        "| page | server | requests/s | p50 ms | p95 ms | p99 ms | KiB | against (a) | against (c) |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for page, results in rows.items():
        naive, bare = results.get("(a) naive Plotly Express"), results["(c) bare Flask, same bytes"].rate
        for name, result in results.items():
            against = f"{result.rate / naive.rate:,.1f} ×" if naive else "–"
            against += f" | {result.rate / bare:.0%}"
            failed = f" ({result.failed} failed)" if result.failed else ""
            lines.append(f"| {page} | {name}{failed} | {result.row()} | {against} |")
    if visits:
        lines += [
            "",
            "First visit, empty cache, Chromium on the same machine (best of three):",
            "",
            "| page | KiB over the wire | files | seconds to the answer | seconds to the first chart or table |",
            "|---|---:|---:|---:|---:|",
            *visits,
        ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
