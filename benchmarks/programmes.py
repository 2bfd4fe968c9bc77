"""How fast the pages on a programme answer at scale, beside the same in plain pandas.

    python -m benchmarks.programmes [--seconds 4] [--lines 8] [--share 1.0] [--database path] [--pages strategy ...]

A made programme of 200 partners, 24 periods and 40 cost lines (192,000 lines of expenditure), 300 pilots with 20
indicators each and 5,000 deliverables (``benchmarks.made_programme``) is loaded beside the starter data, its results
are computed as a load does, and every page is served by gunicorn (2 processes x 4 threads) on this machine.

*warm*: the page asked again, its filters' callback and its first layout, many lines at once. *other filters*: choices
that nobody made before on data that are in use. *cold*: a server that throws away all it keeps before each question,
one question at a time; beside the seconds stands the time of the processor, to which other work on the machine adds
less. Peer, also one at a time: a query and pandas in each callback (``benchmarks/peers/plain_programmes.py``).
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hammer import Result, hammer, request
from benchmarks.web import _ask, _question, gunicorn
from config import ROOT, settings

RESULTS = ROOT / "benchmarks" / "results" / "programmes.md"
PAGES = ("pilots", "money", "workplan", "decisions", "strategy", "outreach")
PLAIN = PAGES[:4]
WARM, COLD = 150.0, 1000.0
"""Milliseconds within which 95 of 100 answers have to be there."""

COLD_QUESTIONS = 12


def prepare(url: str, share: float) -> dict[str, Any]:
    """Catalogue, starter figures and the made programme with its results; gives sizes."""
    from benchmarks.made_programme import Scale, load, made, scaled
    from etl.derive import run_jobs
    from store.engine import make_engine

    for arguments in (["init"], ["load", "--starter"]):
        subprocess.run([sys.executable, "-m", "etl.cli", *arguments, "--quiet"], cwd=ROOT, check=True)
    scale = Scale() if share >= 1 else scaled("made", share)
    engine = make_engine(url)
    load(engine, scale)
    begun = time.perf_counter()
    run_jobs(engine)
    engine.dispose()
    sizes = {kind: len(table) for kind, table in made(scale).items()}
    return {"sizes": sizes, "derive": time.perf_counter() - begun}


def questions() -> dict[str, dict[str, Any]]:
    """For each page: its filters' callback with many choices, and the router's question for its first layout."""
    from dash import page_registry

    from dashboard import frames, programmes
    from dashboard.app import create_app

    app = create_app()
    found: dict[str, dict[str, Any]] = {}
    paths = {page["path"] for page in page_registry.values()}
    router = next(c for c in app._callback_list if "_pages_content" in c["output"])
    with app.server.test_request_context("/"):
        app.server.preprocess_request()
        partners = list(programmes.partner_names("made"))
        themes = [option.value for option in programmes.theme_options()]
        pilots = list(frames.programme_part("pilots", "made")["code"])
    for page in PAGES:
        if f"/{page}" not in paths:
            continue
        served = [c for c in app._callback_list if f'"page":"{page}"' in str([i["id"] for i in c["inputs"]])]
        served = [c for c in served if not c.get("clientside_function") and "answer" in c["output"]]
        with app.server.test_request_context("/"):
            usual = _usual(page)
        choices = [{}, *({"theme": theme} for theme in themes[1:]), *({"partner": code} for code in partners[:20])]
        if page == "pilots":
            choices += [{"pilot": code} for code in pilots[:20]]
        bodies = [_question(c, usual | {"programme": "made"} | choice) for choice in choices for c in served]
        layout = _router(router, f"/{page}", "?programme=made")
        found[page] = {"bodies": bodies, "layout": layout}
    return found


def _usual(page: str) -> dict[str, Any]:
    from dashboard.exhibits import REGISTRY

    values: dict[str, Any] = {}
    for key, entry in REGISTRY.items():
        if key.startswith(page):
            for name, value in vars(entry.filters.parse({"programme": "made"})).items():
                values[name] = (
                    list(value)
                    if isinstance(value, tuple)
                    else []
                    if value is False
                    else ["1"]
                    if value is True
                    else value
                )
    return values


def _router(callback: dict[str, Any], path: str, search: str) -> bytes:
    said = {"pathname": path, "search": search}
    question = json.loads(_question(callback, {}))
    for entry in (*question["inputs"], *question.get("state", [])):
        if entry["property"] in said:
            entry["value"] = said[entry["property"]]
    return json.dumps(question).encode()


def cold(port: int, bodies: list[bytes], count: int) -> tuple[Result, float]:
    """One question after the other to a server that forgets everything in between; and the processor's milliseconds."""
    took, failed, size, busy = [], 0, 0, _busy()
    for number in range(count):
        try:
            spent, reply = _ask(port, bodies[number % len(bodies)])
        except OSError:
            failed += 1
            continue
        took.append(spent * 1000)
        size = max(size, len(reply))
    p50, p95, p99 = np.percentile(took or [np.nan], [50, 95, 99])
    used = (_busy() - busy) / max(len(took), 1) * 1000
    return Result(len(took) / (sum(took) / 1000) if took else 0, p50, p95, p99, len(took), failed, size), used


def _busy() -> float:
    """Seconds that the processes below this one have used the processor."""
    ticks, mine, parents = os.sysconf("SC_CLK_TCK"), {os.getpid()}, {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.parent.name)] = (int(fields[1]), (int(fields[11]) + int(fields[12])) / ticks)
    total, found = 0.0, [os.getpid()]
    while found:
        found = [pid for pid, (parent, _used) in parents.items() if parent in mine and pid not in mine]
        mine |= set(found)
        total += sum(parents[pid][1] for pid in found)
    return total


Used = dict[tuple[str, str], float]
"""Milliseconds of the processor that an answer took, by page and question."""


def measure(seconds: float, lines: int, found: dict[str, dict[str, Any]]) -> tuple[dict[str, dict[str, Result]], Used]:
    """All servers, all pages."""
    used: Used = {}
    rows: dict[str, dict[str, Result]] = {page: {} for page in found}
    with gunicorn("benchmarks.peers.forgetful:server", POLISEE_REPLY_CACHE_MB="0") as port:
        for page, asked in found.items():
            for _worker in range(4):
                _ask(port, asked["layout"])  # what is imported on first use is no part of an answer
            for name, bodies in (("first layout, cold", [asked["layout"]]), ("filters, cold", asked["bodies"])):
                rows[page][name], used[page, name] = cold(port, bodies, COLD_QUESTIONS)
    with gunicorn("dashboard.wsgi:server", POLISEE_REPLY_CACHE_MB="64") as port:
        for page, asked in found.items():
            layout, bodies = asked["layout"], asked["bodies"]
            for _worker in range(12):
                _ask(port, bodies[0]), _ask(port, layout)
            prepared = [request("/_dash-update-component", body) for body in bodies[1:]]
            rows[page]["other filters"] = hammer(port, prepared, lines=2, limit=len(prepared))
            for name, body in (("**first layout, warm**", layout), ("**filters, warm**", bodies[0])):
                again = [request("/_dash-update-component", body)]
                hammer(port, again, lines=lines, limit=40)  # so that both processes have been asked
                rows[page][name] = hammer(port, again, lines=lines, seconds=seconds)
    with gunicorn("benchmarks.peers.plain_programmes:server") as port:
        for page in (page for page in found if page in PLAIN):
            body = json.dumps(
                {
                    "output": f"{page}.children",
                    "outputs": {"id": page, "property": "children"},
                    "inputs": [{"id": "programme", "property": "value", "value": "made"}],
                    "changedPropIds": [],
                    "parsedChangedPropsIds": [],
                }
            ).encode()
            _ask(port, body)
            rows[page]["plain pandas"], used[page, "plain pandas"] = cold(port, [body], 8)
    return rows, used


def report(rows: dict[str, dict[str, Result]], used: Used, facts: dict[str, Any]) -> str:
    """The results as Markdown."""
    cpu = next(iter(re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())), platform.processor())
    sizes = facts["sizes"]
    out = [
        "# Pages on a programme, at scale",
        "",
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores ({cpu}), Python {platform.python_version()}, load "
        f"average {os.getloadavg()[0]:.1f} with this run's own load, load generator on the same cores. Made programme: "
        f"{sizes['partners']} partners, {sizes['periods']} periods, {sizes['expenditure']:,} lines of expenditure, "
        f"{sizes['budget']:,} of budget, {sizes['pilots']} pilots, {sizes['result_indicators']:,} indicators with "
        f"{sizes['result_values']:,} values, {sizes['deliverables']:,} deliverables. Results that a load computes "
        f"beforehand: {facts['derive']:.1f} s.",
        "",
        "Cold: nothing is kept between two questions, one at a time, as is plain pandas. "
        f"Wanted: 95 of 100 answers within {WARM:.0f} ms warm and {COLD:.0f} ms cold.",
        "",
        "| page | question | requests/s | p50 ms | p95 ms | p99 ms | KiB | processor ms | as wanted |",
        "|---|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for page, results in rows.items():
        for name, result in results.items():
            bar = COLD if "cold" in name else WARM if "warm" in name else None
            verdict = "" if bar is None else "yes" if result.p95 <= bar and not result.failed else "**no**"
            failed = f" ({result.failed} failed)" if result.failed else ""
            busy = f"{used[page, name]:,.0f}" if (page, name) in used else ""
            out.append(f"| {page} | {name}{failed} | {result.row()} | {busy} | {verdict} |")
    return "\n".join([*out, ""])


def main() -> None:
    """Measure, print a report and keep it under ``benchmarks/results``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--lines", type=int, default=8)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--database", help="a SQLite file that holds what ``prepare`` makes, or that is made anew")
    parser.add_argument("--pages", nargs="+", choices=PAGES, help="only these; the results are not kept then")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="polisee-bench-") as folder:
        path = Path(chosen.database or Path(folder) / "polisee.sqlite")
        url, kept = f"sqlite:///{path.resolve()}", path.with_suffix(".json")
        os.environ["POLISEE_DATABASE_URL"] = url
        settings.cache_clear()
        if path.exists() and kept.exists():
            facts = json.loads(kept.read_text())
        else:
            facts = prepare(url, chosen.share)
            kept.write_text(json.dumps(facts))
        asked = {page: one for page, one in questions().items() if page in (chosen.pages or PAGES)}
        text = report(*measure(chosen.seconds, chosen.lines, asked), facts)
    print(text)
    if not chosen.pages:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
