"""How fast the workbook of a large programme gets into the database, and in how much memory.

    python -m benchmarks.programme_load [--partners 200]

The programme is made (``benchmarks.made_programme``): by default 200 partners report on 24 periods with 40 cost lines
each, 192,000 lines of expenditure and as many of budget. It is written once as our own workbook. Then PoliSEE loads it
(streamed, every check, comparison with what is stored, one transaction with ledger and quarantine), and beside it the
same is done in plain pandas and openpyxl: ``pandas.read_excel`` of the two long sheets and ``DataFrame.to_sql`` into
two bare tables, without any check. *again* loads the same workbook a second time and changes nothing; *half* is the
workbook of half as many partners, to show that memory does not grow with the rows. Each run is a process of its own on
a fresh database; imports are not counted. Peak memory is the largest resident set less what it was before the file was
opened. Results are added to ``benchmarks/results/programme_load.md``.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "programme_load.md"
LONG = ("budget", "expenditure")


def prepare(url: str) -> None:
    """Tables and catalogue."""
    from etl.catalogue import load_catalogue
    from store.engine import make_engine
    from store.migrate import upgrade

    engine = make_engine(url)
    upgrade(engine)
    load_catalogue(engine)
    engine.dispose()


def write(path: Path, partners: int) -> dict[str, int]:
    """The workbook of a made programme; rows by sheet."""
    from dataclasses import replace

    from benchmarks.made_programme import Scale, head, made
    from etl.programme_export import catalogue
    from etl.sources.programme_form import Filled, write_programme_form
    from store.engine import make_engine

    scale = replace(Scale(), partners=partners)
    tables = made(scale)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/catalogue.sqlite"
        prepare(url)
        with make_engine(url).connect() as connection:
            lists = catalogue(connection, "en")
    rows = {kind: [table.astype(object).where(table.notna(), None)] for kind, table in tables.items()}
    write_programme_form(path, lists, "en", Filled(head(scale), rows))
    return {kind: len(table) for kind, table in tables.items()}


def polisee(path: Path, url: str) -> int:
    """Load with PoliSEE; rows that are then stored as the file says."""
    from etl.programmes import load_programme_file
    from store.engine import make_engine

    done = load_programme_file(make_engine(url), path, force=True)
    if done.state != "done" or done.counts["rejected"]:
        raise RuntimeError(f"{done.state} {done.message} {done.counts}")
    return done.counts["new"] + done.counts["changed"] + done.counts["unchanged"]


def plain(path: Path, url: str) -> int:
    """Load the two long sheets with pandas and openpyxl into bare tables, without any check."""
    import pandas as pd

    from store.engine import make_engine

    engine, rows = make_engine(url), 0
    for name in LONG:
        frame = pd.read_excel(path, sheet_name=name, engine="openpyxl")
        with engine.execution_options(polisee_write=True).begin() as connection:
            frame.to_sql(f"bare_{name}", connection, index=False)
        rows += len(frame)
    return rows


def one(name: str, path: Path, url: str) -> dict[str, Any]:
    """One run in this process."""
    import openpyxl  # noqa: F401 - imports are not counted
    import pandas as pd  # noqa: F401

    import etl.programmes
    import etl.sources.programme_workbook  # noqa: F401

    before = _peak()
    began, spent = time.perf_counter(), time.process_time()
    rows = {"plain": plain}.get(name, polisee)(path, url)
    peak = _peak()
    facts = {"seconds": time.perf_counter() - began, "processor": time.process_time() - spent}
    return {**facts, "rows": rows, "peak": (peak - before) / 1024}


def _peak() -> int:
    """Largest resident set of this process so far in kB; what the parent had does not count, unlike in getrusage."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def run(name: str, path: Path, url: str) -> dict[str, Any]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.programme_load", "--one", name, str(path), url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Write the files, run all, add the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--partners", type=int, default=200)
    parser.add_argument("--one", nargs=3)
    chosen = parser.parse_args()
    if chosen.one:
        name, path, url = chosen.one
        print(json.dumps(one(name, Path(path), url)))
        return
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for share, partners in (("all", chosen.partners), ("half", chosen.partners // 2)):
            path = Path(folder) / f"{share}.xlsx"
            rows = write(path, partners)
            url = f"sqlite:///{folder}/{share}.sqlite"
            prepare(url)
            runs = [("PoliSEE", "polisee", url)]
            if share == "all":
                other = f"sqlite:///{folder}/plain.sqlite"
                prepare(other)
                runs += [("PoliSEE, again", "polisee", url), ("pandas + openpyxl", "plain", other)]
            for words, name, where in runs:
                found = run(name, path, where)
                size = path.stat().st_size / 2**20
                lines.append(
                    f"| {words} | {rows['expenditure']:,} + {rows['budget']:,} | {size:.1f} | {found['rows']:,} | "
                    f"{found['seconds']:.1f} | {found['processor']:.1f} | "
                    f"{found['rows'] / found['seconds']:,.0f} | {found['rows'] / found['processor']:,.0f} | "
                    f"{found['peak']:.0f} |"
                )
                print(lines[-1], flush=True)
    facts = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python {platform.python_version()}, SQLite"
    )
    head = (
        "| loader | long rows | MB | rows loaded | seconds | processor s | rows/s | rows/s of processor | more MB |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    if not RESULTS.exists():
        title = "# Workbooks of programmes\n\n" + "\n".join((__doc__ or "").strip().splitlines()[4:]) + "\n"
        RESULTS.write_text(title, encoding="utf-8")
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(f"\n## {facts}\n\n{head}\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
